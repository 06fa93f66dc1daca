"""Pictures of every kind that people send, made on the fly."""

from io import BytesIO
from pathlib import Path

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

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
    import struct

    def fixed(number):
        return struct.pack(">i", round(number * 65536))

    def tag(kind, body):
        return kind + b"\0\0\0\0" + body

    # Adapted to D50, from the public specification of the profile.
    red, green, blue = (0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)
    curve = tag(
        b"para", struct.pack(">HH", 3, 0) + b"".join(map(fixed, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))
    )
    text = "P3".encode("utf-16-be")
    words = tag(b"mluc", struct.pack(">IIHHII", 1, 12, 0x656E, 0x5553, len(text), 28) + text)
    xyz = {name: tag(b"XYZ ", b"".join(map(fixed, value))) for name, value in
           ((b"rXYZ", red), (b"gXYZ", green), (b"bXYZ", blue), (b"wtpt", (0.9642, 1.0, 0.8249)))}  # fmt: skip
    tags = {b"desc": words, b"cprt": words, **xyz, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    table, body, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        value += b"\0" * (-len(value) % 4)
        table += name + struct.pack(">II", start + len(body), len(value))
        body += value
    head = bytearray(128)
    struct.pack_into(">I", head, 0, 128 + len(table) + len(body))
    head[8:12], head[12:24], head[36:40] = b"\x04\0\0\0", b"mntrRGB XYZ ", b"acsp"
    head[68:80] = b"".join(map(fixed, (0.9642, 1.0, 0.8249)))
    return bytes(head) + table + body


def grey_profile() -> bytes:
    """Return an ICC profile of sRGB, to sit wrongly on a grey picture."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
