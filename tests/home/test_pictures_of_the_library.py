"""Pictures that an editor adds: what is refused, and what is stored can always be opened, mended and deleted."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from home.checks.alternatives import fault_of
from portal.models import Picture
from tests.factories import make_picture

pytestmark = pytest.mark.django_db


def png(size):
    content = io.BytesIO()
    Image.new("RGB", size, "red").save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


@pytest.mark.parametrize("size", [(1, 20_000), (20_000, 1), (1, 300), (21, 1000), (2, 60)])
@pytest.mark.parametrize("address", ["add", "multiple/add"])
def test_a_band_is_refused_before_it_is_stored(office, size, address):
    file = SimpleUploadedFile("bande.png", png(size), "image/png")
    name = "file" if address == "add" else "files[]"

    answer = office.post(f"/gestion/images/{address}/", {"title": "Bande", name: file, "collection": 1},
                         headers={"x-requested-with": "XMLHttpRequest"})  # fmt: skip

    assert answer.status_code == 200
    assert "bande trop" in answer.text
    assert not Picture.objects.exists()


@pytest.mark.parametrize("size", [(1, 20_000), (20_000, 1)])
def test_one_that_was_stored_before_can_be_opened_mended_and_deleted(office, size):
    picture = make_picture()
    with picture.file.storage.open(picture.file.name, "wb") as file:
        file.write(png(size))
    Picture.objects.filter(pk=picture.pk).update(width=size[0], height=size[1])
    picture.renditions.all().delete()
    for address in ("", f"{picture.pk}/", f"{picture.pk}/delete/", f"usage/{picture.pk}/", "chooser/"):
        assert office.get(f"/gestion/images/{address}").status_code == 200, address

    form = {"title": "Mieux", "description": "Le marché de Die, un samedi", "collection": 1, "tags": ""}
    assert office.post(f"/gestion/images/{picture.pk}/", form).status_code == 302
    assert Picture.objects.get().title == "Mieux"
    assert office.post(f"/gestion/images/{picture.pk}/", form | {"file": SimpleUploadedFile("a.png", png((40, 30)))})
    assert Picture.objects.get().width == 40
    Picture.objects.get().delete()


@pytest.mark.parametrize("name", ["a" * 240 + ".png", "Étal du marché n° 12 à Die (juillet).PNG", "💐.png"])
def test_a_picture_may_have_any_name(office, name):
    file = SimpleUploadedFile(name, png((40, 30)), "image/png")

    answer = office.post("/gestion/images/add/", {"title": "Étal", "file": file, "collection": 1, "tags": ""})

    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert len(Picture.objects.get().file.name) <= 100


@pytest.mark.parametrize(
    "text",
    ["", "  ", "petit", "IMG_2031.jpg", "DSC 0042", "photo.heic", "image", "Photo", "une photo", "Illustration", "a b",
     "Sans titre", "PXL_20260704", "capture-2", "vitrine"],
)  # fmt: skip
def test_what_describes_nothing_is_told(text):
    assert fault_of(text)


@pytest.mark.parametrize(
    "text", ["Un four à bois", "Du pain", "Maud façonne ses pains", "Photo d’une vitrine de fromages à Die"]
)
def test_what_describes_a_picture_passes(text):
    assert fault_of(text) == ""


def test_the_name_of_its_file_is_no_description():
    picture = make_picture()
    stem = picture.file.name.rpartition("/")[2].rpartition(".")[0]

    assert "nom de fichier" in fault_of(stem, picture)
