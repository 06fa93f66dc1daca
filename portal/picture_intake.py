"""The one door for pictures: whatever people send becomes a light, upright sRGB picture that tells nothing of them.

``clean_picture`` is what forms, Wagtail's library, imports and the demo go through; the fields of
portal/picture_fields.py call it for them. What is opaque leaves as JPEG, what has transparency as lossless WebP: the
name of a stored picture thus tells a photograph from a cut-out drawing.
"""

import math
import threading
from contextlib import suppress
from io import BytesIO
from pathlib import PurePath
from typing import Any

import pillow_heif
import structlog
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import AvifImagePlugin, ExifTags, Image, ImageCms

from portal.slugs import slug_of

MEGABYTE = 1024 * 1024
MOST_BYTES = 12 * MEGABYTE
MOST_PIXELS = 30_000_000
# Decoders that hold a picture several times over: a process must stay below 400 MB.
MOST_PIXELS_WEBP, MOST_PIXELS_HEIC_WITH_ALPHA = 13_000_000, 26_000_000
MOST_PIXELS_AVIF, MOST_PIXELS_AVIF_WITH_ALPHA = 24_000_000, 19_000_000
MOST_COEFFICIENTS = 185_000_000  # bytes, of a progressive JPEG, held until its last scan: CMYK alone exceeds it
LONGEST_SIDE = 20_000  # pixels
NARROWEST = 20  # times longer than wide
KEPT_SIDE = 2560  # pixels: twice what any page shows
HALVED_FROM = 20_000_000  # pixels: a JPEG is then decoded at half its size, even where a little less is kept
STRIP = 128  # rows of the kept picture, made at a time
QUALITY = 88

KINDS = "JPEG, PNG, WebP, AVIF ou HEIC"
ACCEPT = "image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,.jfif,.heic,.heif,.avif"
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"miaf", b"avif", b"avis")
_OTHERS = {
    b"GIF8": "un GIF",
    b"%PDF": "un PDF",
    b"BM": "un BMP",
    b"II*\0": "un TIFF ou une photo brute (RAW)",
    b"MM\0*": "un TIFF ou une photo brute (RAW)",
    b"8BPS": "un fichier Photoshop",
    b"<svg": "un dessin SVG",
    b"<?xml": "un dessin SVG ou un texte",
}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)  # each thread decodes with buffers of its own
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
_one_at_a_time = threading.BoundedSemaphore()  # two pictures of 30 million pixels would double a process

log = structlog.get_logger(__name__)


class CleanPicture(ContentFile):
    """What came out of the door. width, height: pixels. is_opaque: nothing shines through; name ends accordingly."""

    def __init__(self, content: bytes, name: str, size: tuple[int, int], is_opaque: bool):
        super().__init__(content, name)
        self.width, self.height = size
        self.is_opaque = is_opaque
        self.content_type = "image/jpeg" if is_opaque else "image/webp"


def clean_picture(file: Any) -> CleanPicture:
    """Return what people sent, ready to be stored: of at most KEPT_SIDE pixels, upright, sRGB, without metadata.

    file: an open Django File; its name and declared type are not believed. Of an animation the first picture is kept.
    Raises ValidationError with one French sentence that says what to do; nothing has been stored then.
    """
    if isinstance(file, CleanPicture):
        return file
    if file.size > MOST_BYTES:
        raise refusal(
            f"Cette photo pèse plus de {MOST_BYTES // MEGABYTE}\u00a0Mo :"
            " réduisez-la, ou choisissez-en une plus légère."
        )
    file.seek(0)
    data = file.read()
    if not _is_known(data):
        raise refusal(f"{_what(data)} : choisissez une photo en {KINDS}.")
    if size := _webp_size(data):  # Pillow's decoder takes its memory before it tells the size
        _check_size(*size, MOST_PIXELS_WEBP, "WebP")
    with _one_at_a_time:
        try:
            return _encoded(_decoded(data), PurePath(file.name or "").stem)
        except ValidationError:
            raise
        except Image.DecompressionBombError:
            raise _too_large() from None
        except Exception as error:  # decoders raise whatever they like on what is broken
            log.info("picture_refused", reason=repr(error)[:200])
            raise refusal(
                "Cette photo est incomplète ou abîmée : envoyez-la de nouveau, ou choisissez-en une autre."
            ) from error


def refusal(sentence: str) -> ValidationError:
    return ValidationError(sentence.replace(" :", "\u00a0:"), code="invalid_image")


def _is_known(data: bytes) -> bool:
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data[4:8] == b"ftyp" and any(brand in data[8:64] for brand in _BRANDS))
    )


def _what(data: bytes) -> str:
    if not data.strip(b"\0"):
        return "Ce fichier est vide"
    if data[4:8] == b"ftyp":
        return "Ce fichier est une vidéo ou un son"
    start = data[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    name = next((name for sign, name in _OTHERS.items() if start.startswith(sign)), None)
    return f"Ce fichier est {name}" if name else "Ce fichier n’est pas une photo"


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Return the size that the header of a WebP tells, None for what is none (RFC 9649, section 2.5 to 2.7)."""
    if data[8:12] != b"WEBP":
        return None

    def number(start: int, length: int) -> int:
        return int.from_bytes(data[start : start + length], "little")

    match data[12:16]:
        case b"VP8X":
            return number(24, 3) + 1, number(27, 3) + 1
        case b"VP8L":
            return (number(21, 4) & 0x3FFF) + 1, (number(21, 4) >> 14 & 0x3FFF) + 1
        case _:
            return number(26, 2) & 0x3FFF, number(28, 2) & 0x3FFF


def _too_large(most: int = MOST_PIXELS, kind: str = "") -> ValidationError:
    """kind: the name of a format that may be smaller than others, when another may help."""
    if kind and most < MOST_PIXELS:
        return refusal(
            f"Cette photo a plus de {most // 1_000_000} millions de pixels, trop pour une image {kind} :"
            f" enregistrez-la en JPEG (jusqu’à {MOST_PIXELS // 1_000_000} millions), ou choisissez-en une autre."
        )
    return refusal(
        f"Cette photo a plus de {most // 1_000_000} millions de pixels : réduisez-la, ou choisissez-en une autre."
    )


def _decoded(data: bytes) -> Image.Image:
    """Return the picture, no larger than it will be kept, upright and in sRGB: "RGB", or "RGBA" if it has an alpha."""
    reduced, turn, profile = _read(data)
    upright = reduced.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else reduced
    return _in_srgb(upright, profile)


def _read(data: bytes) -> tuple[Image.Image, int | None, bytes | None]:
    """Return the picture, no larger than it will be kept, its EXIF orientation and its profile; let go of the rest."""
    with Image.open(BytesIO(data), formats=_FORMATS) as image:
        _check_size(*image.size, *_most_pixels(image))
        image.draft(None, _drafted_size(image.size))  # a JPEG is decoded at half or a quarter of its size where it may
        image.load()
        return _reduced(image), _orientation(image), image.info.get("icc_profile")


def _most_pixels(image: Image.Image) -> tuple[int, str]:
    """Return how many pixels are taken, and of what kind of file when that is less than of others."""
    if image.format == "AVIF":
        return MOST_PIXELS_AVIF if image.mode == "RGB" else MOST_PIXELS_AVIF_WITH_ALPHA, "AVIF"
    if image.format == "HEIF" and image.mode != "RGB":
        return MOST_PIXELS_HEIC_WITH_ALPHA, "HEIC"
    if image.info.get("progressive"):
        areas = [across * down for _, across, down, *_ in getattr(image, "layer", [])]
        return min(MOST_PIXELS, MOST_COEFFICIENTS * max(areas) // (2 * sum(areas))), "JPEG progressive"
    return MOST_PIXELS, ""


def _check_size(width: int, height: int, most: int = MOST_PIXELS, kind: str = "") -> None:
    if width * height > most:
        raise _too_large(most, kind if width * height <= MOST_PIXELS else "")
    if max(width, height) > LONGEST_SIDE or max(width, height) > NARROWEST * min(width, height):
        raise refusal("Cette image est une bande trop étroite : recadrez-la, ou choisissez-en une autre.")


def _orientation(image: Image.Image) -> int | None:
    with suppress(Exception):  # broken EXIF is no reason to refuse a photo
        return image.getexif().get(ExifTags.Base.Orientation)
    return None


def _kept_size(size: tuple[int, int]) -> tuple[int, int]:
    factor = min(1.0, KEPT_SIDE / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _drafted_size(size: tuple[int, int]) -> tuple[int, int]:
    half = size[0] // 2, size[1] // 2
    return min(_kept_size(size), half) if size[0] * size[1] > HALVED_FROM else _kept_size(size)


def _reduced(image: Image.Image) -> Image.Image:
    """Return the picture in a mode that can be scaled and saved, at most KEPT_SIDE wide and high.

    Made strip by strip: Pillow copies all that it converts, and what has an alpha once more when it scales it.
    """
    size = _kept_size(image.size)
    if size == image.size:
        return _scalable(image)
    strips = [(top, min(top + STRIP, size[1])) for top in range(0, size[1], STRIP)]
    pieces = [_strip(image, size, top, bottom) for top, bottom in strips]
    smaller = Image.new(pieces[0].mode, size)
    for (top, _), piece in zip(strips, pieces, strict=True):
        smaller.paste(piece, (0, top))
    return smaller


def _strip(image: Image.Image, size: tuple[int, int], top: int, bottom: int) -> Image.Image:
    """Return the rows ``top`` to ``bottom`` of the picture scaled to ``size``."""
    scale = image.height / size[1]
    reach = math.ceil(3 * scale)  # of Lanczos' filter, beyond the strip
    start, end = max(0, int(top * scale) - reach), min(image.height, math.ceil(bottom * scale) + reach)
    part = _scalable(image.crop((0, start, image.width, end)))
    box = (0, top * scale - start, image.width, min(bottom * scale - start, part.height))
    return part.resize((size[0], bottom - top), Image.Resampling.LANCZOS, box)


def _scalable(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return _in_eight_bits(image)
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("L" if image.mode == "1" else "RGB")


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits as "L", or as "RGBA" where one of its values is transparent."""
    grey = image.convert("I")
    hidden = image.info.get("transparency")
    eight = grey.point(lambda value: value / 256).convert("L")
    if not isinstance(hidden, int):
        return eight
    colours = eight.convert("RGBA")
    colours.putalpha(grey.point([0 if value == hidden else 255 for value in range(65536)], "L"))
    return colours


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    converted = None
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):  # a profile that is broken, or of another kind of picture
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if source.profile.xcolor_space.strip() == "GRAY" and colours.mode == "RGB":  # grey with an alpha or palette
                colours = colours.convert("L")
            converted = ImageCms.profileToProfile(colours, source, _SRGB, outputMode="RGB")
    image = converted or colours.convert("RGB")
    if alpha:
        image.putalpha(alpha)
    return image


def _encoded(image: Image.Image, stem: str) -> CleanPicture:
    is_opaque = image.mode == "RGB" or image.getchannel("A").getextrema()[0] == 255
    bare = Image.new("RGB" if is_opaque else "RGBA", image.size)  # info, and with it all metadata, stays behind
    bare.paste(image.convert(bare.mode))
    content = BytesIO()
    if is_opaque:
        bare.save(content, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    else:
        bare.save(content, "WEBP", lossless=True, quality=30, method=2)
    name = f"{slug_of(stem)[:50] or 'photo'}.{'jpg' if is_opaque else 'webp'}"
    return CleanPicture(content.getvalue(), name, bare.size, is_opaque)
