"""Addresses of pictures in the sizes that pages show. Nothing is made here: no visitor waits for a picture."""

from collections.abc import Collection

from django.core.files.storage import default_storage

from portal.models import Picture, Rendition
from portal.page_cache import shows


def rendition_urls(pictures: Collection[int], spec: str) -> dict[int, str]:
    """Return the address of one size of each picture, by its id; one query.

    Wagtail's own ``get_rendition`` asks and writes the cache once a picture. A picture without this size (its file is
    lost, or nobody ran ``make_renditions`` since the size was added) is left out.
    """
    return urls_by_size(pictures, spec)[spec]


def urls_by_size(pictures: Collection[int], *specs: str) -> dict[str, dict[int, str]]:
    """Return the same for several sizes, by size; one query."""
    found: dict[str, dict[int, str]] = {spec: {} for spec in specs}
    if pictures:
        shows("picture", *pictures)
        made = Rendition.objects.filter(image__in=pictures, filter_spec__in=specs).order_by("pk")
        for image, spec, file in made.values_list("image", "filter_spec", "file"):
            found[spec][image] = default_storage.url(file)
    return found


def renditions_of(picture: Picture, specs: Collection[str]) -> list[Rendition]:
    """Return a picture's renditions of these sizes that are made, the narrowest first.

    One query, or none when the picture's ``renditions`` were prefetched.
    """
    shows("picture", picture.pk)
    if "renditions" in getattr(picture, "_prefetched_objects_cache", {}):
        made = [rendition for rendition in picture.renditions.all() if rendition.filter_spec in specs]
    else:
        made = list(Rendition.objects.filter(image=picture, filter_spec__in=specs).order_by("pk"))
    return sorted({rendition.filter_spec: rendition for rendition in made}.values(), key=lambda found: found.width)
