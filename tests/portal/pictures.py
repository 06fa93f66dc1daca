"""Pictures of every kind that people send, made on the fly."""

import struct
import zlib
from io import BytesIO
from itertools import product
from pathlib import Path

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

pillow_heif.register_heif_opener()

DATA = Path(__file__).parent / "data" / "pictures"  # from phones, browsers and logo makers, one fault each
# « Display P3 », the profile of every iPhone photo, as lcms writes it: primaries and curve of the standard.
RED, SAND = (230, 40, 30), (200, 160, 90)


def saved(image: Image.Image, kind: str, **options) -> bytes:
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def photo(width=640, height=400, mode="RGB") -> Image.Image:
    """Return a picture with edges and smooth parts, its left upper quarter red."""
    picture = Image.linear_gradient("L").resize((width, height))
    picture = Image.merge("RGB", (picture, picture.transpose(Image.Transpose.ROTATE_180), picture))
    picture.paste((220, 20, 20), (0, 0, width // 2, height // 2))
    return picture.convert(mode)


def drawing(width=400, height=300) -> Image.Image:
    """Return a square on nothing."""
    picture = Image.new("RGBA", (width, height))
    picture.paste((200, 120, 40, 255), (width // 4, height // 4, width // 2, height // 2))
    return picture


def upload(content: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def case(name: str) -> SimpleUploadedFile:
    return upload((DATA / name).read_bytes(), name)


def with_gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Marque"
    exif.get_ifd(0x8825).update({1: "N", 2: (45.0, 45.0, 0.0), 3: "E", 4: (4.0, 51.0, 0.0)})
    return exif


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def display_p3() -> bytes:
    """Return an ICC profile of « Display P3 »: sRGB's curve and white, wider primaries."""
    # Adapted to D50, from the public specification of the profile.
    red, green, blue = (0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)
    curve = _curve(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    xyz = {name: _white(value) for name, value in ((b"rXYZ", red), (b"gXYZ", green), (b"bXYZ", blue))}
    return _profile(b"mntr", b"RGB ", b"XYZ ", {**xyz, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})


def grey_profile() -> bytes:
    """Return an ICC profile of grey whose values are proportional to light: 128 of 255 is 188 in sRGB."""
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": _curve(1.0)})


def cmyk_profile() -> bytes:
    """Return an ICC profile of four inks that are dull: full magenta and yellow is L*a*b* (50, 60, 40), as in print."""
    colours = {(0, 0): (100, 0, 0), (0, 1): (90, 0, 80), (1, 0): (50, 70, 0), (1, 1): (50, 60, 40)}
    grid = bytearray()
    for inks in product((0, 1), repeat=4):
        light, a, b = colours[inks[1], inks[2]]
        light = light * (1 - 0.5 * inks[0]) * (1 - 0.9 * inks[3])
        grid += bytes([round(light * 255 / 100), a + 128, b + 128])
    straight = bytes(range(256))
    unit = b"".join(_fixed(number) for number in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    table = _tag(b"mft1", struct.pack(">BBBB", 4, 3, 2, 0) + unit + straight * 4 + bytes(grid) + straight * 3)
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table})


def _fixed(number: float) -> bytes:
    return struct.pack(">i", round(number * 65536))


def _tag(kind: bytes, body: bytes) -> bytes:
    return kind + b"\0\0\0\0" + body


def _curve(*numbers: float) -> bytes:
    return _tag(b"para", struct.pack(">HH", 3 if len(numbers) == 5 else 0, 0) + b"".join(map(_fixed, numbers)))


def _white(value: tuple[float, float, float]) -> bytes:
    return _tag(b"XYZ ", b"".join(map(_fixed, value)))


def _profile(use: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Return an ICC profile (ICC.1:2022, sections 7 to 10)."""
    text = "T".encode("utf-16-be")
    words = _tag(b"mluc", struct.pack(">IIHHII", 1, 12, 0x656E, 0x5553, len(text), 28) + text)
    d50 = (0.9642, 1.0, 0.8249)
    tags = {b"desc": words, b"cprt": words, b"wtpt": _white(d50), **tags}
    table, body, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        padded = value + b"\0" * (-len(value) % 4)
        table += name + struct.pack(">II", start + len(body), len(value))
        body += padded
    head = bytearray(128)
    struct.pack_into(">I", head, 0, 128 + len(table) + len(body))
    head[8:12], head[12:24], head[36:40] = b"\x04\0\0\0", use + space + connection, b"acsp"
    head[68:80] = b"".join(map(_fixed, d50))
    return bytes(head) + table + body


def deep_png(kind: int, width: int, height: int, pixel: tuple[int, ...], hidden: tuple[int, ...] = ()) -> bytes:
    """Return a PNG of 16 bits a channel, all of one colour: Pillow reads them all, and writes the grey ones only.

    kind: 0 is grey, 2 RGB, 4 grey with an alpha, 6 RGBA. hidden: the value that is transparent.
    """

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    row = b"\0" + struct.pack(f">{len(pixel)}H", *pixel) * width
    packed = zlib.compressobj(1)
    body = b"".join([*(packed.compress(row) for _ in range(height)), packed.flush()])
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0))
    if hidden:
        head += chunk(b"tRNS", struct.pack(f">{len(hidden)}H", *hidden))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")
