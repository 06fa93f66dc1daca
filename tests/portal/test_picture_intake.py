"""The one door for pictures: what comes in from telephones, browsers and scanners, and what comes out."""

import subprocess
import sys
import zlib
from io import BytesIO
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from portal.picture_intake import KEPT_SIDE, MOST_BYTES, clean_picture
from tests.portal.pictures import (
    DATA,
    RED,
    case,
    cmyk_profile,
    deep_png,
    display_p3,
    drawing,
    grey_profile,
    photo,
    saved,
    turned,
    upload,
    with_gps,
)

KINDS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")


def out(content: bytes, name="photo.jpg") -> Image.Image:
    """Return what comes out, as a browser would read it."""
    return Image.open(clean_picture(upload(content, name)))


def refusal(content: bytes, name="photo.jpg") -> str:
    with pytest.raises(ValidationError) as refused:
        clean_picture(upload(content, name))
    (sentence,) = refused.value.messages
    return sentence


def near(picture, place, colour, most=6):
    return all(abs(a - b) <= most for a, b in zip(picture.convert("RGB").getpixel(place), colour, strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["photo.jpg", "PHOTO.JPEG", "chrome.jfif", "sans-extension", "image.heic", "cv.pdf"])
def test_what_a_file_is_is_told_by_its_content(kind, name):
    picture = out(saved(photo(), kind), name)

    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (640, 400))
    assert near(picture, (20, 20), (220, 20, 20), 12)


@pytest.mark.parametrize("name", ["chrome.jfif", "sans-extension", "photo.jpg", "photo-avec-gps.jpg"])
def test_files_that_browsers_and_telephones_made_are_taken(name):
    assert clean_picture(case(name)).name.endswith(".jpg")


@pytest.mark.parametrize("name", ["coupee-moitie.jpg", "coupee-fin.jpg"])
def test_files_that_were_cut_are_refused_in_words(name):
    assert "incomplète ou abîmée\u00a0: envoyez-la de nouveau" in refusal((DATA / name).read_bytes())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_whatever_is_cut_is_refused_in_words(kind, part):
    content = saved(photo(), kind)

    assert "envoyez-la de nouveau" in refusal(content[: int(len(content) * part)])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Bonjour, voici ma photo.", "n’est pas une photo"),
        (b"\0" * 40, "est vide"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "un dessin SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "un dessin SVG"),
        (b"%PDF-1.7 ...", "un PDF"),
        (saved(Image.new("P", (8, 8)), "GIF"), "un GIF"),
        (saved(Image.new("RGB", (8, 8)), "TIFF"), "un TIFF"),
        (saved(Image.new("RGB", (8, 8)), "BMP"), "un BMP"),
        (b"\xff\xd8\xff", "abîmée"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 30, "abîmée"),
        (b"RIFF0000WEBPVP8 ", "abîmée"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "abîmée"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "une vidéo ou un son"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "une vidéo ou un son"),
    ],
)
def test_what_is_no_picture_is_refused_in_one_sentence(content, words):
    sentence = refusal(content)

    assert words in sentence
    assert "\u00a0: " in sentence


@pytest.mark.parametrize(
    ("width", "height", "kind"),
    [(6200, 5000, "PNG"), (31_000, 1600, "PNG"), (1, 20_000, "PNG"), (20_000, 1, "PNG"), (4100, 200, "JPEG"),
     (5000, 4000, "WEBP"), (200, 4100, "WEBP")],
)  # fmt: skip
def test_what_is_too_large_or_too_narrow_is_refused_by_its_header(width, height, kind, monkeypatch):
    content = saved(Image.new("1" if kind == "PNG" else "L", (width, height)), kind)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded before it was measured"))

    sentence = refusal(content)

    assert ("millions de pixels" in sentence) == (width * height > 13_000_000)
    assert "choisissez-en une autre" in sentence


def test_a_file_that_is_too_heavy_is_refused_unread():
    sentence = refusal(saved(photo(), "JPEG") + b"\0" * MOST_BYTES)

    assert "pèse plus de 12\u00a0Mo\u00a0: réduisez-la" in sentence


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("quality", [80, 95])
def test_the_colours_of_a_telephone_become_those_of_the_web(kind, quality):
    options = {} if kind == "PNG" else {"quality": quality}
    picture = out(saved(Image.new("RGB", (64, 64), RED), kind, icc_profile=display_p3(), **options))

    assert near(picture, (30, 30), (251, 0, 0), 4)
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize("profile", [b"", b"not a profile", display_p3()[:200]])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_profile_that_is_broken_or_of_another_kind_changes_nothing(profile, mode):
    plain = photo(mode=mode)
    picture = out(saved(plain, "JPEG", quality=95, icc_profile=profile))

    assert near(picture, (30, 30), plain.convert("RGB").getpixel((30, 30)), 12)


def test_a_grey_picture_with_a_colour_profile_stays_grey():
    plain = photo(mode="L")

    assert near(out(saved(plain, "PNG", icc_profile=display_p3())), (600, 300), [plain.getpixel((600, 300))] * 3, 3)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "I;16"])
def test_a_profile_of_grey_is_heeded_whatever_the_grey_is_stored_in(mode):
    sent = Image.new("L", (64, 64), 128)
    sent = sent.convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else sent.convert(mode)

    assert near(out(saved(sent, "PNG", icc_profile=grey_profile())), (30, 30), (188, 188, 188), 3)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
@pytest.mark.parametrize(("inks", "colour"), [((0, 255, 255, 0), (214, 60, 55)), ((0, 0, 0, 0), (255, 255, 255))])
def test_the_inks_of_a_printer_become_the_colours_of_the_web(inks, colour, options):
    content = saved(Image.new("CMYK", (64, 64), inks), "JPEG", quality=95, icc_profile=cmyk_profile(), **options)

    assert near(out(content), (30, 30), colour, 6)


@pytest.mark.parametrize(
    ("kind", "pixel", "hidden", "shown"),
    [
        (0, (0x8000,), (), (128, 128, 128, 255)),
        (0, (0x8000,), (0x8000,), None),
        (0, (0x8000,), (0x8001,), (128, 128, 128, 255)),
        (2, (0xDCDC, 0x1414, 0x1414), (), (220, 20, 20, 255)),
        (2, (0xDCDC, 0x1414, 0x1414), (0xDCDC, 0x1414, 0x1414), None),
        (4, (0x8000, 0x4000), (), (128, 128, 128, 64)),
        (6, (0xDCDC, 0x1414, 0x1414, 0x4000), (), (220, 20, 20, 64)),
        (6, (0xDCDC, 0x1414, 0x1414, 0xFFFF), (), (220, 20, 20, 255)),
    ],
)
def test_sixteen_bits_become_eight(kind, pixel, hidden, shown):
    got = out(deep_png(kind, 40, 30, pixel, hidden)).convert("RGBA").getpixel((20, 15))

    assert got[3] == 0 if shown is None else all(abs(a - b) <= 2 for a, b in zip(got, shown, strict=True))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_a_png_keeps_what_it_shows(mode):
    grey = photo(mode="L")
    if mode == "I;16":
        sent = grey.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        sent = (photo() if mode == "RGBA" else grey).convert(mode)
    picture = out(saved(sent, "PNG"))

    shown = sent.convert("RGB") if mode != "I;16" else grey.convert("RGB")
    assert picture.format == "JPEG"
    assert near(picture, (30, 30), shown.getpixel((30, 30)))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_transparency_of_a_png_is_kept_without_loss(mode):
    sent, options = drawing().convert("LA" if mode in ("1", "L", "LA") else "RGBA"), {}
    if mode == "LA":
        pass
    elif mode in ("1", "L", "RGB"):
        sent = Image.new("RGB", sent.size, "white")
        sent.paste("black", (100, 75, 200, 150))
        sent = sent.convert(mode)
        options["transparency"] = sent.getpixel((0, 0))
    elif mode == "P":
        sent = sent.quantize(8)
    picture = out(saved(sent, "PNG", **options))

    assert (picture.format, picture.mode) == ("WEBP", "RGBA")
    assert picture.getpixel((5, 5))[3] == 0
    assert picture.getpixel((150, 100))[3] == 255


def test_the_logo_that_broke_the_editors_library_is_taken():
    assert clean_picture(case("logo-1bit-transparent.png")).name == "logo-1bit-transparent.webp"


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "HEIF"])
def test_transparency_of_other_kinds_is_kept(kind):
    assert out(saved(drawing(), kind)).getpixel((5, 5))[3] == 0


def test_an_alpha_that_hides_nothing_is_none():
    assert clean_picture(upload(saved(photo(mode="RGBA"), "PNG"))).is_opaque


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright(kind, orientation):
    upright = photo(320, 200)
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what undoes each turn: members of Image.Transpose
    lying = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    picture = out(saved(lying, kind, exif=turned(orientation)))

    assert picture.size == (320, 200)
    assert near(picture, (20, 20), (220, 20, 20), 14)
    assert not picture.getexif()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_told_of_who_took_it(kind):
    options = {"exif": with_gps(), "xmp": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Jeanne</x:xmpmeta>"}
    content = saved(photo(), kind, icc_profile=display_p3(), **options)
    made = clean_picture(upload(content))

    stored = made.read()
    assert not any(word in stored for word in (b"Exif", b"Marque", b"Jeanne", b"ICC_PROFILE", b"xmp", b"http"))
    assert not Image.open(BytesIO(stored)).getexif()


def segment(marker, content):
    return b"\xff" + bytes([marker]) + (len(content) + 2).to_bytes(2, "big") + content


def chunk(name, content):
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


WRITTEN_ON_THE_BACK = {
    "IPTC, by-line": ("JPEG", segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0b\x1c\x02P\0\x06Jeanne\0")),
    "XMP": ("JPEG", segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Jeanne</x:xmpmeta>")),
    "XMP, extended": ("JPEG", segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0Jeanne")),
    "maker's note": ("JPEG", segment(0xEA, b"Jeanne")),
    "comment": ("JPEG", segment(0xFE, b"Jeanne")),
    "text": ("PNG", chunk(b"tEXt", b"Author\0Jeanne")),
    "compressed text": ("PNG", chunk(b"zTXt", b"Author\0\0" + zlib.compress(b"Jeanne"))),
    "international text": ("PNG", chunk(b"iTXt", b"Author\0\0\0fr\0\0Jeanne")),
    "XMP in a PNG": ("PNG", chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>Jeanne</x:xmpmeta>")),
    "time": ("PNG", chunk(b"tIME", b"\x07\xea\x0b\x1e\x11\x0a\x00")),
}


@pytest.mark.parametrize("kind", WRITTEN_ON_THE_BACK)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_what_is_written_on_the_back_of_a_picture_is_gone(kind, mode):
    form, extra = WRITTEN_ON_THE_BACK[kind]
    content = saved(photo(mode=mode if form == "PNG" else "RGB"), form)
    start = 2 if form == "JPEG" else 33  # after the first marker, or the header
    stored = clean_picture(upload(content[:start] + extra + content[start:])).read()

    assert not any(word in stored for word in (b"Jeanne", b"8BIM", b"adobe", b"tEXt", b"zTXt", b"iTXt", b"tIME"))
    technical = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert set(Image.open(BytesIO(stored)).info) <= technical


def test_no_comment_and_no_second_picture_stays():
    content = saved(photo(), "MPO", save_all=True, append_images=[Image.new("RGB", (640, 400), "blue")])
    content = content[:2] + b"\xff\xfe\x00\x0cJeanne....."[:14] + content[2:]
    picture = out(content + b"PK\x03\x04 derri\xc3\xa8re")

    assert picture.format == "JPEG"
    assert [name for name, _ in picture.applist] == ["APP0"]
    assert near(picture, (20, 20), (220, 20, 20), 12)


def test_a_position_is_gone_from_the_file_of_a_telephone():
    assert Image.open(case("photo-avec-gps.jpg")).getexif().get_ifd(0x8825)
    assert not Image.open(clean_picture(case("photo-avec-gps.jpg"))).getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIF"])
def test_of_an_animation_the_first_picture_is_kept(kind):
    picture = out(saved(photo(), kind, save_all=True, append_images=[Image.new("RGB", (640, 400), "blue")]))

    assert getattr(picture, "n_frames", 1) == 1
    assert near(picture, (20, 20), (220, 20, 20), 12)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "CMYK"])
def test_a_large_picture_is_kept_smaller_with_its_proportions(mode):
    large = photo(6000, 3000).convert(mode)
    picture = out(saved(large, "JPEG" if mode == "CMYK" else "PNG"))

    assert picture.size == (KEPT_SIDE, KEPT_SIDE // 2)
    assert near(picture, (400, 300), large.convert("RGB").getpixel((930, 700)), 8)


@pytest.mark.parametrize("size", [(2561, 1700), (5200, 300), (300, 5200), (2600, 2600), (5119, 2559)])
def test_what_is_made_strip_by_strip_shows_no_seam(size):
    slope = Image.linear_gradient("L").resize(size, Image.Resampling.BICUBIC).convert("RGB")
    made = out(saved(slope, "PNG", compress_level=1)).convert("L")

    column = [made.getpixel((made.width // 2, row)) for row in range(made.height)]
    assert max(made.size) == KEPT_SIDE
    assert all(abs(after - before) <= 256 // made.height + 5 for before, after in pairwise(column))


@pytest.mark.parametrize(("kind", "size"), [("WEBP", (3700, 3600)), ("AVIF", (5400, 5200))])
def test_a_kind_of_which_less_is_taken_is_told_with_what_helps(kind, size):
    options = {"method": 0} if kind == "WEBP" else {"speed": 10, "quality": 10}

    sentence = refusal(saved(Image.new("L", size), kind, **options))

    assert "enregistrez-la en JPEG (jusqu’à 30 millions)" in sentence


def test_letters_of_a_name_are_written_out():
    assert clean_picture(upload(saved(photo(), "JPEG"), "À l’œuvre.JPG")).name == "a-l-oeuvre.jpg"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "Été à Privas (1).JPG", "a" * 300 + ".jpg", "\u202egpj.exe"])
def test_no_name_is_believed(name):
    file = upload(saved(photo(), "JPEG"))
    file._name = name
    made = clean_picture(file).name

    assert made.endswith(".jpg")
    assert made.isascii()
    assert 5 <= len(made) <= 60
    assert "/" not in made


def test_what_came_out_of_the_door_passes_unchanged():
    made = clean_picture(case("photo.jpg"))

    assert clean_picture(made) is made


THIRTY_MILLION = """
import sys
import django
django.setup()
from django.core.files.base import ContentFile
from portal.picture_intake import clean_picture
made = clean_picture(ContentFile(open(sys.argv[1], "rb").read(), "photo"))
assert 2236 <= max(made.width, made.height) <= 2560
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")))  # kilobytes, of this process alone
"""


LARGEST = {
    "a telephone's": lambda: saved(Image.new("RGB", (6700, 4470), RED), "JPEG"),
    "progressive 4:2:0": lambda: saved(Image.new("RGB", (6700, 4470), RED), "JPEG", progressive=True),
    "progressive 4:2:2": lambda: saved(Image.new("RGB", (6700, 4470), RED), "JPEG", progressive=True, subsampling=1),
    "progressive 4:4:4": lambda: saved(Image.new("RGB", (6700, 4470), RED), "JPEG", progressive=True, subsampling=0),
    "square 4:4:4": lambda: saved(Image.new("RGB", (5470, 5470), RED), "JPEG", progressive=True, subsampling=0),
    "progressive CMYK": lambda: saved(Image.new("CMYK", (5500, 4190), (0, 200, 100, 0)), "JPEG", progressive=True),
    "PNG of 16 bits": lambda: deep_png(6, 6700, 4470, (0x8000, 0x4000, 0x2000, 0xFF00)),
    "PNG of grey with an alpha": lambda: saved(Image.new("LA", (5470, 5470), (100, 50)), "PNG", compress_level=1),
    "PNG of a palette": lambda: saved(Image.new("P", (5100, 5100)), "PNG", transparency=0),
    "PNG of one bit": lambda: saved(Image.new("1", (6700, 4470)), "PNG"),
    "HEIC": lambda: saved(Image.new("RGB", (6700, 4470), RED), "HEIF"),
    "HEIC with an alpha": lambda: saved(Image.new("RGBA", (5090, 5090), (*RED, 9)), "HEIF"),
    "AVIF": lambda: saved(Image.new("RGB", (6200, 3870), RED), "AVIF", speed=10, quality=40),
    "AVIF with an alpha": lambda: saved(Image.new("RGBA", (4350, 4350), (*RED, 9)), "AVIF", speed=10, quality=40),
    "WebP": lambda: saved(Image.new("RGB", (4140, 3130), RED), "WEBP", method=0),
    "WebP without loss": lambda: saved(Image.new("RGBA", (3600, 3600), (*RED, 9)), "WEBP", lossless=True, method=0),
}


@pytest.mark.process
@pytest.mark.parametrize("made", LARGEST.values(), ids=LARGEST)
def test_a_process_that_takes_in_the_largest_picture_stays_below_400_megabytes(made, tmp_path):
    file = tmp_path / "photo"
    file.write_bytes(made())

    told = subprocess.run(
        [sys.executable, "-c", THIRTY_MILLION, file], check=True, capture_output=True, text=True, timeout=120
    )

    assert int(told.stdout.split()[-2]) < 400_000
