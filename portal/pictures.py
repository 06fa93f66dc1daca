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
    if not pictures:
        return {}
    shows("picture", *pictures)
    made = Rendition.objects.filter(image__in=pictures, filter_spec=spec).order_by("pk")
    return {image: default_storage.url(file) for image, file in made.values_list("image", "file")}


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
