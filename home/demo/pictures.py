"""Pictures in the media storage: goods for the shelves, landscapes and still lifes for the stories."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFilter

from home.demo import DATA
from home.demo.sample_products import picture_name
from home.demo.scenes import CREAM, LEAF, NIGHT, ORANGE, PEACH, SAND, SCENES
from portal.models import Picture
from portal.picture_intake import clean_picture
from shop import thumbnails

PICTURES = DATA / "pictures"
CREDIT = "Dessin de démonstration"
GOODS_CREDIT = "Fluent Emoji (Microsoft, licence MIT)"
GROUNDS = (PEACH, SAND, "#dfe8b0", "#d5cfe8", "#f6cfd2", "#f2dcae")
SIZE = (1200, 675)
GOOD = 300  # pixels


def stock_goods() -> int:
    """Store the pictures of goods that are missing, with the sizes pages show; return how many."""
    added = 0
    for file in sorted(PICTURES.glob("*.webp")):
        name = picture_name(file.stem)
        if not default_storage.exists(name):
            default_storage.save(name, clean_picture(ContentFile(file.read_bytes(), file.name)))
            thumbnails.make(name)
            added += 1
    return added


def landscape(scene: str, alt: str) -> Picture:
    """Return the picture of one of SCENES, drawn and stored once. alt: its description."""
    return _picture(f"demo-{scene}", alt, CREDIT, lambda: SCENES[scene]().finished())


def still_life(goods: list[str], alt: str) -> Picture:
    """Return a picture of goods in a row on a coloured ground, composed and stored once."""
    return _picture(f"demo-{'-'.join(goods)}", alt, GOODS_CREDIT, lambda: _composed(goods))


def _picture(name: str, alt: Any, credit: Any, draw: Any) -> Picture:
    known = Picture.objects.filter(file=f"original_images/{name}.jpg").first()
    if known is not None:
        return known
    content = BytesIO()
    draw().save(content, "WEBP", quality=82, method=6)
    # The description is what a screen reader says: the name of a file says nothing.
    file = ImageFile(content, name=f"{name}.webp")
    picture = Picture.objects.create(title=alt, description=alt, credit=credit, file=file)
    picture.make_renditions()  # the demo is whole before its worker runs
    return picture


def _composed(goods: list[str]) -> Image.Image:
    width, height = SIZE
    ground = GROUNDS[sum(map(ord, "".join(goods))) % len(GROUNDS)]
    image = Image.new("RGB", SIZE, ground)
    pen = ImageDraw.Draw(image)
    stripe = width // 15
    for number in range(15):  # the awning of every shop of the portal
        colour = CREAM if number % 2 else (ORANGE if ground != SAND else LEAF)
        left, right = number * stripe, (number + 1) * stripe
        pen.rectangle((left, 0, right, 90), fill=colour)
        pen.ellipse((left, 90 - stripe // 2, right, 90 + stripe // 2), fill=colour)
    pen.rectangle((0, height - 120, width, height), fill=CREAM)
    shadow = Image.new("L", SIZE, 0)
    step = width // (len(goods) + 1)
    for number in range(1, len(goods) + 1):
        ImageDraw.Draw(shadow).ellipse((number * step - 130, height - 104, number * step + 130, height - 60), fill=90)
    image.paste(NIGHT, mask=shadow.filter(ImageFilter.GaussianBlur(12)))
    for number, good in enumerate(goods, start=1):
        with Image.open(PICTURES / f"{good}.webp") as file:
            sprite = file.convert("RGBA").resize((GOOD, GOOD), Image.Resampling.LANCZOS)
        image.paste(sprite, (number * step - GOOD // 2, height - 80 - GOOD), sprite)
    return image
