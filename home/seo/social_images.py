"""Draws social images, 1200 × 630.

A picture is made the first time a robot asks for it, never while a visitor waits for a page, and kept in the media
storage under a name that follows from all it shows: what changes gets another name, and can be cached for ever.
"""

import hashlib
import io
import math
from dataclasses import astuple, dataclass
from functools import cache
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont, ImageOps

from directory.models import Town
from portal.fonts import FOLDER, printable

EDITION = 1  # raised when the drawing changes: every picture is then drawn again
WIDTH, HEIGHT, MARGIN = 1200, 630, 72  # pixels
BOLD, REGULAR = ("bricolage-ara.ttf", 800), ("atkinson-ara.ttf", 400)

NEIGE, BASALTE, BEAUJOLAIS, CHARTREUSE, CREAM = "#fffdfb", "#241c21", "#4a1030", "#d8e84a", "#fff6ee"
# Ground and stripe of each accent color (tokens.css, light theme).
ACCENTS = {
    "miel": ("#fae7ae", "#b47a00"),
    "abricot": ("#fbdfc8", "#d4621b"),
    "chartreuse": ("#e9f0b0", "#7d9014"),
    "gentiane": ("#d9e3f3", "#2c5797"),
    "rose": ("#f6dbe4", "#8a2353"),
    "verveine": ("#d8e8d3", "#2f6b45"),
}


@dataclass(frozen=True)
class SocialCard:
    """All that a picture shows.

    accent: an accent color, "" for the portal's own panel. image: the name of a picture in the media storage, or "".
    awning: the sign of a merchant, which nobody else may wear. price: what the price tag says, or "".
    region: whether the region's towns are drawn, a dot each; place: (latitude, longitude) of the one to point out.
    """

    title: str
    line: str
    accent: str = ""
    image: str = ""
    awning: bool = False
    price: str = ""
    region: bool = False
    place: tuple[float, float] | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr((EDITION, astuple(self))).encode()).hexdigest()[:12]


def stored(sign: SocialCard) -> str:
    """Return the name of its picture in the media storage, drawn now unless it is there."""
    name = f"partage/{sign.digest}.png"
    if not default_storage.exists(name):
        file = io.BytesIO()
        draw(sign).save(file, "PNG", optimize=True)
        default_storage.save(name, ContentFile(file.getvalue()))
    return name


def draw(sign: SocialCard) -> Image.Image:
    """Return the picture of a sign, 1200 × 630 pixels."""
    ground, stripe = ACCENTS.get(sign.accent, (BEAUJOLAIS, CHARTREUSE))
    ink = BASALTE if sign.accent else NEIGE
    picture = Image.new("RGB", (WIDTH, HEIGHT), ground)
    pen = ImageDraw.Draw(picture)
    top = MARGIN
    if sign.awning:
        top = _awning(picture, stripe) + 56
    width = WIDTH - 2 * MARGIN
    if sign.image and (image := _opened(sign.image)):
        side = 440
        image = ImageOps.contain(image, (side, side))
        place = (WIDTH - MARGIN - side + (side - image.width) // 2, (HEIGHT - image.height) // 2)
        picture.paste(image, place, image)
        width -= side + 48
    if sign.region:
        width -= _region(pen, sign.place) + 24
    top = _text(pen, sign.title, BOLD, 84, 48, width, 2 if sign.price else 3, (MARGIN, top), ink)
    top = _text(pen, sign.line, REGULAR, 40, 32, width, 2, (MARGIN, top + 20), ink)
    if sign.price:
        _price_tag(pen, sign.price, (MARGIN, top + 28))
    _signature(picture, pen, ink)
    return picture


def _awning(picture: Image.Image, stripe: str) -> int:
    """Draw the awning over the whole width and return where it ends; drawn larger, then reduced, for smooth edges."""
    scale, width, height = 3, 100, 132
    canvas = Image.new("RGBA", (WIDTH * scale, height * scale))
    pen = ImageDraw.Draw(canvas)
    for number, left in enumerate(range(0, WIDTH, width)):
        color = CREAM if number % 2 else stripe
        right, middle = (left + width) * scale, (height - width // 2) * scale
        pen.rectangle((left * scale, 0, right, middle), fill=color)
        pen.pieslice((left * scale, (height - width) * scale, right, height * scale), 0, 180, fill=color)
    canvas = canvas.resize((WIDTH, height), Image.Resampling.LANCZOS)
    picture.paste(canvas, (0, 0), canvas)
    return height


def _region(pen: ImageDraw.ImageDraw, place: tuple[float, float] | None) -> int:
    """Draw every town of the region at the right, larger with its population, and return the width it takes."""
    width, top = 560, 96
    towns = list(Town.objects.filter(parent=None).values_list("latitude", "longitude", "population"))
    if not towns:
        return 0
    north, west = max(town[0] for town in towns), min(town[1] for town in towns)
    stretch = math.cos(math.radians(45.4))  # a degree of longitude, in degrees of latitude, amid the region
    scale = width / ((max(town[1] for town in towns) - west) * stretch)

    def dot(point: tuple[float, float], radius: float, color: str) -> None:
        latitude, longitude = point
        x = WIDTH - MARGIN / 2 - width + (longitude - west) * stretch * scale
        y = top + (north - latitude) * scale
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)

    for latitude, longitude, population in towns:
        dot((latitude, longitude), 1.5 + math.sqrt(population) / 110, "#8a2353" if place else CHARTREUSE)
    if place:
        dot(place, 20, BEAUJOLAIS)
        dot(place, 14, CHARTREUSE)
    return width


def _price_tag(pen: ImageDraw.ImageDraw, price: str, corner: tuple[int, int]) -> None:
    x, y = corner
    font = _font(*BOLD, 56)
    pen.rounded_rectangle((x, y, x + font.getlength(price) + 64, y + 88), 12, fill=CHARTREUSE)
    pen.text((x + 32, y + 44), printable(price), font=font, fill=BEAUJOLAIS, anchor="lm")


def _signature(picture: Image.Image, pen: ImageDraw.ImageDraw, ink: str) -> None:
    """Write the portal's name at the bottom, beside its mark."""
    side, y = 48, HEIGHT - MARGIN - 24
    pen.rounded_rectangle((MARGIN, y, MARGIN + side, y + side), 10, fill=BEAUJOLAIS if ink == BASALTE else CHARTREUSE)
    band = CHARTREUSE if ink == BASALTE else BEAUJOLAIS
    pen.rounded_rectangle((MARGIN + 8, y + 11, MARGIN + 40, y + 27), 5, fill=band)
    pen.rectangle((MARGIN + 19, y + 32, MARGIN + 29, y + 40), fill=band)
    name = "J’achète dans ma région"
    pen.text((MARGIN + side + 20, y + side // 2), name, font=_font(*BOLD, 34), fill=ink, anchor="lm")


def _text(
    pen: ImageDraw.ImageDraw,
    text: str,
    face: tuple[str, int],
    size: int,
    least: int,
    width: int,
    most_lines: int,
    corner: tuple[int, int],
    ink: str,
) -> int:
    """Write a text as large as it fits in so many lines, and return where it ends."""
    text = printable(text)
    while True:
        font = _font(*face, size)
        lines = _lines(text, font, width)
        fits = len(lines) <= most_lines and all(font.getlength(line) <= width for line in lines)
        if fits or size <= least:
            break
        size -= 4
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], f"{lines[most_lines - 1].rstrip(' ,–')}…"]
    x, y = corner
    for line in lines:
        pen.text((x, y), line, font=font, fill=ink)
        y += round(size * 1.16)
    return y


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):  # a no-break space keeps its words together
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _opened(name: str) -> Image.Image | None:
    """Return a stored picture with its transparency, or None when the file is gone or broken."""
    try:
        with default_storage.open(name) as file:
            return ImageOps.exif_transpose(Image.open(file)).convert("RGBA")
    except OSError:
        return None


@cache
def _font(file: Any, weight: Any, size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FOLDER / file, size)
    font.set_variation_by_axes([weight])
    return font
