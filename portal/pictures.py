"""Addresses of pictures in the sizes that pages show. Nothing is made here: no visitor waits for a picture."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.files.storage import default_storage

from portal.dependencies import depends_on
from portal.models import Picture, Rendition


@dataclass(frozen=True, slots=True)
class Size:
    """One size of a picture, made. width, height: pixels."""

    url: str
    width: int
    height: int


def rendition_urls(pictures: Collection[int], spec: str) -> dict[int, str]:
    """Return the address of one size of each picture, by its id; one query.

    Wagtail's own ``get_rendition`` asks and writes the cache once a picture. A picture without this size (its file is
    lost, or nobody ran ``make_renditions`` since the size was added) is left out.
    """
    return urls_by_size(pictures, spec)[spec]


def urls_by_size(pictures: Collection[int], *specs: str) -> dict[str, dict[int, str]]:
    """Return the same for several sizes, by size; one query."""
    found = sizes_of(pictures, specs)
    return {spec: {image: sizes[spec].url for image, sizes in found.items() if spec in sizes} for spec in specs}


def sizes_of(pictures: Collection[int], specs: Collection[str]) -> dict[int, dict[str, Size]]:
    """Return those of these sizes of each picture that are made, by picture and spec; one query, none for nothing."""
    found: dict[int, dict[str, Size]] = {picture: {} for picture in pictures}
    if pictures:
        depends_on("picture", *pictures)
        made = Rendition.objects.filter(image__among=pictures, filter_spec__among=specs).order_by("pk")
        for image, spec, file, width, height in made.values_list("image", "filter_spec", "file", "width", "height"):
            found[image][spec] = Size(default_storage.url(file), width, height)
    return found


def renditions_of(picture: Picture, specs: Collection[str]) -> list[Size]:
    """Return a picture's sizes of these that are made, the narrowest first; while none is, the picture as it is stored.

    A picture that is smaller than two sizes has one of them. One query, or none when ``read_sizes`` read them before.
    """
    if "sizes" not in picture.__dict__:
        read_sizes([picture], specs)
    sizes = picture.__dict__["sizes"]
    made = {sizes[spec].width: sizes[spec] for spec in specs if spec in sizes}
    if not made and picture.file:
        return [Size(picture.file.url, picture.width, picture.height)]
    return [made[width] for width in sorted(made)]


def read_sizes(pictures: Collection[Picture], specs: Collection[str]) -> None:
    """Read these sizes of several pictures at once, for ``renditions_of``; one query."""
    found = sizes_of([picture.pk for picture in pictures], specs)
    for picture in pictures:
        picture.__dict__["sizes"] = found[picture.pk]
