"""Every way in leads through the one door: merchants' and editors' forms, profile pictures."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from oscar.core.loading import get_model
from PIL import Image
from wagtail.models import Collection, UploadedFile
from wagtail.users.models import UserProfile

from portal.models import Picture
from shop.products import open_storefront
from tests.portal.pictures import DATA, photo, saved, upload, with_gps
from tests.shop.test_space_products import CHEESE

ProductImage = get_model("catalogue", "ProductImage")
Category = get_model("catalogue", "Category")
pytestmark = pytest.mark.django_db

TAKEN = ["chrome.jfif", "sans-extension", "photo.jpg", "photo-avec-gps.jpg", "logo-1bit-transparent.png"]
REFUSED = ["coupee-moitie.jpg", "coupee-fin.jpg", "texte.jpg", "bande.png", "dessin.svg", "vide.jpg"]


def sent(name):
    """Return an upload: a file of tests/portal/data/pictures/, or one made for its name."""
    made = {
        "texte.jpg": lambda: b"Bonjour, voici ma photo.",
        "bande.png": lambda: saved(Image.new("1", (1, 20_000)), "PNG"),
        "dessin.svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "vide.jpg": lambda: b"",
        "photo.heic": lambda: saved(photo(), "HEIF", exif=with_gps()),
        "heic.jpg": lambda: saved(photo(), "HEIF", exif=with_gps()),
        "photo.avif": lambda: saved(photo(), "AVIF", exif=with_gps()),
        "photo.webp": lambda: saved(photo(), "WEBP", exif=with_gps()),
        "photo.png": lambda: saved(photo(), "PNG", exif=with_gps()),
        "cmyk.jpg": lambda: saved(photo(mode="CMYK"), "JPEG"),
    }
    return upload(made[name]() if name in made else (DATA / name).read_bytes(), name)


MADE = ["photo.heic", "heic.jpg", "photo.avif", "photo.webp", "photo.png", "cmyk.jpg"]


def printed_errors(html):
    """Return the errors that Wagtail printed beside the fields of a form."""
    return [
        unescape(error).strip()
        for error in re.findall(r'class="error-message">(?:\s*<svg.*?</svg>)?(.*?)</', html, re.S)
    ]


def merchant_form(client, request):
    merchant = request.getfixturevalue("cheesemonger")
    open_storefront(merchant)
    client.force_login(request.getfixturevalue("neighbour"))

    def send(name):
        response = client.post(reverse("new_product", args=[merchant.pk]), CHEESE | {"image": sent(name)})
        return list(response.context["form"].errors.get("image", [])) if response.status_code == 200 else []

    return send, lambda: ProductImage.objects.get().original


def editors_form(client, request):
    client.force_login(request.getfixturevalue("editor"))

    def send(name):
        filled = {"title": "Vitrine", "collection": Collection.get_first_root_node().pk, "file": sent(name)}
        response = client.post("/gestion/images/add/", filled)
        return list(response.context["form"].errors.get("file", [])) if response.status_code == 200 else []

    return send, lambda: Picture.objects.get().file


def editors_several(client, request):
    client.force_login(request.getfixturevalue("editor"))

    def send(name):
        filled = {"title": name, "collection": Collection.get_first_root_node().pk, "files[]": sent(name)}
        told = client.post(
            "/gestion/images/multiple/add/", filled, headers={"X-Requested-With": "XMLHttpRequest"}
        ).json()
        return [] if told["success"] else told["error_message"].split("\n")

    return send, lambda: Picture.objects.get().file


def editors_chooser(client, request):
    client.force_login(request.getfixturevalue("editor"))

    def send(name):
        filled = {
            "image-chooser-upload-title": "Vitrine",
            "image-chooser-upload-collection": Collection.get_first_root_node().pk,
            "image-chooser-upload-file": sent(name),
        }
        told = client.post("/gestion/images/chooser/create/", filled).json()
        return [] if told["step"] == "chosen" else printed_errors(told["htmlFragment"])

    return send, lambda: Picture.objects.get().file


def editors_replacement(client, request):
    client.force_login(request.getfixturevalue("editor"))
    before = Picture.objects.create(title="Vitrine", file=ContentFile(saved(photo(), "JPEG"), "avant.jpg"))

    def send(name):
        filled = {"title": "Vitrine", "collection": before.collection_id, "file": sent(name)}
        response = client.post(f"/gestion/images/{before.pk}/", filled)
        return list(response.context["form"].errors.get("file", [])) if response.status_code == 200 else []

    return send, lambda: Picture.objects.get().file


def profile_picture(client, request):
    user = request.getfixturevalue("editor")
    client.force_login(user)

    def send(name):
        page = client.get("/gestion/account/")
        filled = {
            f"{panel.name}-{field.name}": field.value() or ""
            for panels in page.context["panels_by_tab"].values()
            for panel in panels
            for field in panel.get_form()
            if field.value() is not True
        }
        response = client.post("/gestion/account/", filled | {"avatar-avatar": sent(name)})
        return printed_errors(response.content.decode()) if response.status_code == 200 else []

    return send, lambda: UserProfile.objects.get(user=user).avatar


WAYS = [merchant_form, editors_form, editors_several, editors_chooser, editors_replacement, profile_picture]


@pytest.fixture
def files():
    """Every file in the media storage, temporary ones too."""
    root = Path(default_storage.location)
    return lambda: {path for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", [*TAKEN, *MADE])
def test_what_is_a_picture_is_taken_and_tells_nothing(client, request, way, name):
    send, stored = way(client, request)

    assert send(name) == []

    with stored() as file:
        content = file.read()
    picture = Image.open(BytesIO(content))
    assert picture.format in ({"JPEG", "WEBP"})
    assert (picture.format == "WEBP") == name.startswith("logo")
    assert stored().name.endswith(".webp" if picture.format == "WEBP" else ".jpg")
    assert not picture.getexif()
    assert b"Exif" not in content
    if way is not profile_picture:  # Wagtail makes those smaller
        assert (stored().width, stored().height) == picture.size


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_none_is_refused_in_one_sentence_and_leaves_no_file(client, request, way, name, files):
    send, _ = way(client, request)
    before = files()

    (sentence,) = send(name)

    assert "\u00a0: " in sentence or name == "vide.jpg"
    assert "http" not in sentence
    assert files() == before
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("path", ["", "chooser/", "multiple/add/", "add/", "?layout=list"])
def test_the_library_opens_whatever_was_sent(client, request, path):
    send, _ = editors_form(client, request)
    send("logo-1bit-transparent.png")
    broken = Picture.objects.create(title="cassée", file=ContentFile(saved(photo(), "JPEG"), "cassee.jpg"))
    default_storage.delete(broken.file.name)
    default_storage.save(broken.file.name, ContentFile((DATA / "coupee-moitie.jpg").read_bytes()))

    page = client.get(f"/gestion/images/{path}")

    assert page.status_code == 200
    shown = page.json()["html"] if path == "chooser/" else page.content.decode()
    assert ("cassée" in shown) == (path in ("", "chooser/", "?layout=list"))


def test_of_a_form_that_fails_elsewhere_no_file_stays(client, request, cheesemonger, files):
    merchant_form(client, request)
    before = files()

    response = client.post(
        reverse("new_product", args=[cheesemonger.pk]), CHEESE | {"title": "", "image": sent("photo.jpg")}
    )

    assert "title" in response.context["form"].errors
    assert files() == before


def test_what_wagtail_keeps_while_a_title_is_missing_has_passed_the_door(client, editor):
    client.force_login(editor)
    filled = {
        "title": "a" * 300,
        "collection": Collection.get_first_root_node().pk,
        "files[]": sent("photo-avec-gps.jpg"),
    }

    assert client.post("/gestion/images/multiple/add/", filled).json()["success"]

    with UploadedFile.objects.get().file.open() as file:
        assert not Image.open(file).getexif()


@pytest.mark.parametrize("name", REFUSED)
def test_code_that_stores_what_is_no_picture_is_stopped(bakery, loaf, name, files):
    before = files()

    with pytest.raises(ValidationError):
        Picture.objects.create(title="x", file=sent(name)) if name.endswith("png") else loaf.images.create(
            original=sent(name)
        )

    assert files() == before
