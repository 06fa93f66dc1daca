"""What the name of a stored product picture tells, so that no page asks the database or the storage for it.

``images/products/2026/11/picodon.1600x1200.jpg`` is a photograph of that many pixels, ``….webp`` a drawing with
transparency (portal/picture_intake.py); its sizes lie under ``renditions/`` as ``<name>.320x240.webp``, each with what
it really measures. A picture under ``images/new/`` waits for its sizes and is shown as it is.
"""

import re
from dataclasses import dataclass

from django.core.files.storage import default_storage

from portal.picture_sizes import PRODUCT

NEW = "images/new/"
RENDITIONS = "renditions/"
_NAME = re.compile(r"\.(\d+)x(\d+)\.(jpg|webp)$")
_SIZE = re.compile(rf"(?<=/){RENDITIONS}(.+)\.(\d+)x(\d+)\.webp$")
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """A product picture as pages draw it.

    srcset: "" where there is one size. width, height: pixels of what ``src`` leads to.
    """

    src: str
    srcset: str
    width: int
    height: int
    is_photo: bool


def told(name: str) -> tuple[Pair, bool] | None:
    """Return the size of a picture and whether it is a photograph; None for a name that was given before the door."""
    found = _NAME.search(name)
    return ((int(found[1]), int(found[2])), found[3] == "jpg") if found else None


def is_waiting(name: str) -> bool:
    return name.startswith(NEW)


def sizes(name: str) -> list[Pair]:
    """Return the sizes in which a picture is made, narrowest first: never larger than it is."""
    known = told(name)
    if known is None:
        return [(side, side) for side in PRODUCT]
    made = [within(known[0], side) for side in PRODUCT]
    return list(dict.fromkeys(made))


def within(size: Pair, side: int) -> Pair:
    """Return the size reduced to at most ``side`` × ``side``, its proportions kept."""
    factor = min(1, side / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def target(name: str, size: Pair) -> str:
    """Return the name of one size in the media storage."""
    return f"{RENDITIONS}{name}.{size[0]}x{size[1]}.webp"


def url(name: str, side: int) -> str:
    """Return the address of a picture of at most ``side`` × ``side`` pixels. side: one of picture_sizes.PRODUCT."""
    if is_waiting(name):
        return default_storage.url(name)
    known = told(name)
    return default_storage.url(target(name, within(known[0], side) if known else (side, side)))


def shown(address: str) -> Shown | None:
    """Return what an address that ``url`` gave tells; None for any other, such as a drawing of ours."""
    if found := _SIZE.search(address):
        name, chosen = found[1], (int(found[2]), int(found[3]))
        before = address[: found.start()]
        known = told(name)
        made = sizes(name) if known else [chosen]
        srcset = ", ".join(f"{before}{target(name, size)} {size[0]}w" for size in made) if len(made) > 1 else ""
        return Shown(address, srcset, *chosen, bool(known and known[1]))
    known = told(address) if f"/{NEW}" in address else None
    return Shown(address, "", *known[0], known[1]) if known else None
