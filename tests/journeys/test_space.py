"""What a merchant does in ten minutes a week: pictures from the telephone, and figures that follow nobody."""

import re

import pytest
from playwright.sync_api import expect

from directory.audience import counting
from directory.audience.models import AudienceWeek
from directory.models import MerchantPage, MerchantPicture
from tests.journeys.conftest import log_in
from tests.portal.pictures import photo, saved, with_gps

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def picture(name):
    return {"name": name, "mimeType": "image/jpeg", "buffer": saved(photo(), "JPEG", exif=with_gps())}


def test_a_merchant_sends_pictures_from_a_telephone(page, baker, bakery):
    page.goto("/compte/connexion/?next=/espace/")
    log_in(page, baker)
    page.get_by_role("link", name="Mes photos").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos photos")
    page.get_by_label("Photo", exact=True).set_input_files(picture("vitrine.jpg"))
    page.get_by_role("button", name="Ajouter la photo").click()
    expect(page.get_by_text("tout le monde ne voit pas la photo").first).to_be_visible()
    expect(page.get_by_text("vitrine.jpg")).to_be_visible()
    page.get_by_label("Ce qu’on y voit").fill("La vitrine")
    page.get_by_role("button", name="Ajouter la photo").click()
    expect(page.get_by_text("Votre photo est en ligne")).to_be_visible()
    page.get_by_label("Photo", exact=True).set_input_files(picture("four.jpg"))
    page.get_by_label("Ce qu’on y voit").fill("Le four à bois")
    page.get_by_role("button", name="Ajouter la photo").click()
    page.get_by_role("button", name="Mettre avant la photo 2").click()
    expect(page.get_by_label("Ce qu’on voit sur la photo 1")).to_have_value("Le four à bois")
    page.get_by_role("button", name="Retirer la photo 2").click()
    expect(page.get_by_label("Ce qu’on voit sur la photo 2")).to_have_count(0)
    assert [row.alt for row in MerchantPicture.objects.all()] == ["Le four à bois"]


def test_a_press_on_the_telephone_counts_without_a_cookie(page, bakery):
    counting.give()  # what a first try has left in this process
    AudienceWeek.objects.all().delete()
    MerchantPage.objects.filter(pk=bakery.pk).update(phone="04 75 64 01 01")
    page.goto(bakery.public_path)
    with page.expect_request(re.compile("/appui/appel/")) as told:
        page.locator(".contact-list").get_by_role("link", name="04 75 64 01 01").click()
    assert told.value.response().status == 204
    page.get_by_text("Itinéraire", exact=True).click()
    with page.expect_request(re.compile("/appui/itineraire/")):
        page.get_by_role("link", name="Application du téléphone").click()

    counting.give()
    row = AudienceWeek.objects.get()
    assert (row.views, row.calls, row.directions) == (1, 1, 1)
    assert page.context.cookies() == []


def test_a_merchant_reads_the_figures(page, baker, bakery):
    page.goto("/compte/connexion/?next=/espace/")
    log_in(page, baker)
    page.get_by_role("link", name="Statistiques").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Statistiques")
    expect(page.get_by_role("table", name="Semaine par semaine").get_by_role("row")).to_have_count(13)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
