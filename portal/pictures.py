"""Addresses of pictures in the sizes that pages show."""

from collections.abc import Collection

from wagtail.images.models import SourceImageIOError

from portal.models import Picture, Rendition


def rendition_urls(pictures: Collection[int], spec: str) -> dict[int, str]:
    """Return the address of one size of each picture there is, by its id: one query, and the making of those not made yet.

    Wagtail's own ``get_rendition`` asks and writes the cache once a picture. A picture whose file is lost is left out.
    """
    if not pictures:
        return {}
    made = Rendition.objects.filter(image__in=pictures, filter_spec=spec).order_by("pk")
    urls = {rendition.image_id: rendition.url for rendition in made}
    if missing := set(pictures) - urls.keys():
        for picture in Picture.objects.filter(pk__in=missing):
            try:
                urls[picture.pk] = picture.get_rendition(spec).url
            except SourceImageIOError:
                continue
    return urls
