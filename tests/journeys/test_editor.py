"""An editor writes a story, in a real browser, in Wagtail's admin."""

import re
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from playwright.sync_api import TimeoutError, expect

from home.models import StoryIndexPage, StoryPage
from search.models import IndexedEntry
from tests.journeys.conftest import log_in
from tests.shop.factories import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def oven(tmp_path):
    """A picture on the editor's computer."""
    Image.new("RGB", (1200, 800), "#a3401f").save(tmp_path / "four.png")
    return tmp_path / "four.png"


def add_block(page, name):
    page.get_by_role("button", name="Insérer un bloc").last.click()
    page.get_by_role("option", name=name, exact=True).click()


def choose(page, button):
    """Open a chooser and return its dialog. A field losing the focus may move the button from under the first click."""
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name=button).click()
    with suppress(TimeoutError):
        dialog.wait_for(timeout=4000)
        return dialog
    page.get_by_role("button", name=button).click()
    return dialog


def write_story(page, title):
    """Open the form of a new story from the list of stories, and fill in its head."""
    page.goto(f"/gestion/pages/{StoryIndexPage.objects.get().pk}/")
    page.get_by_role("link", name="Ajouter une sous-page").click()
    page.locator("[name=title]").fill(title)
    page.locator("[name=intro]").fill("Une farine, un four, une voisine.")


def publish(page, button):
    page.get_by_role("button", name="Plus d'actions").click()
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()


@pytest.mark.filterwarnings("ignore:Exception ignored.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
def test_an_editor_publishes_a_story_with_live_cards(desk, page, refresh_search, editor, bakery, oven):
    make_product(bakery, title="Pain de seigle", price=Decimal("4.90"), stock=5)
    assert not editor.is_superuser
    desk.goto("/gestion/")
    log_in(desk, editor)
    expect(desk).to_have_url(re.compile("/gestion/$"))

    write_story(desk, "Le pain de seigle revient")
    add_block(desk, "Intertitre")
    desk.locator("[name=body-0-value]").fill("Six heures du matin")
    add_block(desk, "Texte")
    desk.locator("[data-contentpath=body] [contenteditable=true]").click()
    desk.keyboard.type("Le four ronronne depuis la nuit.")

    add_block(desk, "Image")
    desk.get_by_role("button", name="Choisir une image").nth(1).click()  # the first is the page’s own
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("tab", name="Transférer").click()
    dialog.locator("input[type=file]").set_input_files(oven)
    expect(dialog.get_by_label("Titre")).to_have_value("four")  # Wagtail proposes the file's name
    dialog.get_by_label("Titre").fill("Un four à bois")
    dialog.get_by_role("button", name="Transférer").click()
    expect(dialog).to_have_count(0)
    expect(desk.get_by_label("Texte alternatif")).to_have_value("Un four à bois")

    add_block(desk, "Commerçants choisis")
    desk.locator("[name=body-3-value-title]").fill("L’adresse")
    dialog = choose(desk, "Choisissez une page (Commerçant)")
    dialog.get_by_label("Terme de recherche").fill("fournil")
    dialog.get_by_role("link", name="Le Fournil des Mines").click()
    expect(dialog).to_have_count(0)

    add_block(desk, "Produits choisis")
    desk.locator("[name=body-4-value-title]").fill("Au comptoir")
    dialog = choose(desk, "Choisir un produit")
    dialog.get_by_label("Produit ou commerçant").fill("seigle")
    dialog.get_by_role("link", name="Pain de seigle").click()
    expect(dialog).to_have_count(0)
    publish(desk, "Publier")

    # It is on the site…
    page.goto("/histoires/")
    page.get_by_role("link", name="Le pain de seigle revient").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le pain de seigle revient")
    expect(page.get_by_role("heading", name="Six heures du matin")).to_be_visible()
    expect(page.get_by_text("Le four ronronne depuis la nuit.")).to_be_visible()
    expect(page.get_by_role("img", name="Un four à bois")).to_be_visible()
    expect(page.get_by_role("link", name="Le Fournil des Mines")).to_be_visible()
    expect(page.locator(".product-card")).to_contain_text("4,90")

    # … and in the search.
    refresh_search()
    page.goto("/recherche/?q=four+ronronne")
    expect(page.get_by_role("link", name="Le pain de seigle revient").first).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("screen", ["desk"], indirect=True)
def test_a_scheduled_story_appears_when_its_hour_has_come(desk, page, refresh_search, editor):
    tomorrow = timezone.localtime() + timedelta(days=1)
    desk.goto("/gestion/")
    log_in(desk, editor)
    expect(desk).to_have_url(re.compile("/gestion/$"))
    write_story(desk, "La foire de demain")
    desk.get_by_role("button", name="Afficher/masquer le statut").click()
    desk.get_by_role("button", name="Programmer").click()
    dialog = desk.get_by_role("dialog", name="Définir la programmation de publication")
    dialog.get_by_label("Date/heure de publication").fill(f"{tomorrow:%Y-%m-%d %H:%M}")
    # By keyboard: the calendar may open late, over the button.
    dialog.get_by_role("button", name="Enregistrer la programmation").press("Enter")
    publish(desk, "Programmer pour publication")
    story = StoryPage.objects.get()
    assert page.request.get(story.public_path).status == 404

    with time_machine.travel(tomorrow + timedelta(minutes=1), tick=True):
        call_command("publish_scheduled")
    refresh_search()

    page.goto(story.public_path)
    expect(page.get_by_role("heading", level=1)).to_have_text("La foire de demain")
    assert IndexedEntry.objects.filter(kind="story", object_id=story.pk).exists()
