"""The kit for the shop window: what the PDF says, and where its code leads, under any name."""

import io

import pytest
from django.urls import reverse
from fontTools.ttLib import TTFont

from directory.models import MerchantPage
from directory.posters.drawing import MILLIMETRES, Poster, draw
from directory.posters.links import short_url
from portal import fonts


def path(bakery):
    return short_url(bakery).removeprefix("http://127.0.0.1:8000")


def test_the_short_address_leads_to_the_page_as_it_is_called_today(client, bakery):
    assert client.get(path(bakery)).url == bakery.public_path

    bakery.slug = "le-fournil-de-maud"
    bakery.save()

    assert client.get(path(bakery)).url.endswith("/le-fournil-de-maud/")
    assert client.get(path(bakery).upper().replace("/M/", "/m/")).status_code == 302  # typed from a poster


@pytest.mark.parametrize("code", ["zzzzzz", "é", "0", "a-b", "9" * 40])
def test_a_code_of_nobody_leads_nowhere(client, bakery, code):
    assert client.get(f"/m/{code}/").status_code == 404


def test_the_code_of_who_is_gone_says_so(client, bakery):
    bakery.unpublish()

    assert client.get(path(bakery), follow=True).status_code == 410


def test_the_code_of_a_page_that_was_never_online_leads_nowhere(client, bakery):
    MerchantPage.objects.filter(pk=bakery.pk).update(live=False, first_published_at=None)

    assert client.get(path(bakery)).status_code == 404


@pytest.mark.parametrize("size", MILLIMETRES)
def test_who_keeps_the_page_gets_one_page_of_that_size(client, baker, bakery, size):
    client.force_login(baker)
    assert (
        reverse("poster_file", args=[bakery.pk, size])
        in client.get(reverse("posters", args=[bakery.pk])).content.decode()
    )

    file = client.get(reverse("poster_file", args=[bakery.pk, size]))

    width, height = (round(side * 72 / 25.4, 2) for side in MILLIMETRES[size])
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF-")
    assert file.content.count(b"/Type /Page\n") == 1
    assert f"/MediaBox [0 0 {width:.2f} {height:.2f}]".encode() in file.content


@pytest.mark.parametrize("name", ["posters", "poster_file"])
def test_others_get_neither(client, shopper, bakery, name):
    arguments = [bakery.pk] if name == "posters" else [bakery.pk, "a4"]
    assert client.get(reverse(name, args=arguments)).status_code == 302
    client.force_login(shopper)
    assert client.get(reverse(name, args=arguments)).status_code == 404


def test_there_is_no_other_size(client, baker, bakery):
    client.force_login(baker)
    assert client.get(reverse("poster_file", args=[bakery.pk, "a1"])).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "Au Pain",
        "Anticonstitutionnellement Bon",
        "Groupement agricole d’exploitation en commun de la Ferme des Trois Sœurs et de leurs cousins d’en face",
        "Ğüzel Şarküteri Łódź",
    ],
)
def test_any_name_fits_on_the_poster(name):
    for size in MILLIMETRES:
        drawn = draw(Poster(name, "Saint-Étienne", "https://region.example/m/1z/", "region.example/m/1z"), size)
        assert drawn.count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("font", [fonts.BRICOLAGE, fonts.ATKINSON])
def test_what_is_printable_is_in_our_fonts(font):
    known = set(TTFont(io.BytesIO(font.read_bytes())).getBestCmap())

    assert not {
        letter for letter in fonts.printable("Ğüzel Łódź, l’œuf à 5 € : « ça va » — 1 % Ÿ") if ord(letter) not in known
    }
