"""An editor builds a campaign of six blocks, from its first word to its last day, in a real browser."""

import re
from datetime import timedelta
from time import monotonic

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from home.models import CampaignPage, HomePage
from tests.journeys.conftest import log_in
from tests.journeys.test_editor import add_block, publish

TEN_MINUTES = 600  # seconds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("screen", ["desk"], indirect=True)
def test_an_editor_builds_a_campaign_of_six_blocks_and_schedules_it(desk, page, editor, bakery):
    started = monotonic()
    tomorrow = timezone.localtime() + timedelta(days=1)
    last_day = tomorrow + timedelta(days=20)
    desk.goto("/gestion/")
    log_in(desk, editor)
    expect(desk).to_have_url(re.compile("/gestion/$"))

    desk.goto(f"/gestion/pages/{HomePage.objects.get().pk}/")
    desk.get_by_role("link", name="Ajouter une sous-page", exact=True).click()
    desk.locator("[name=title]").fill("Noël se prépare au comptoir")
    desk.locator("[name=intro]").fill("Douze marchés, trois semaines.")
    add_block(desk, "Intertitre")
    desk.locator("[name=body-0-value]").fill("Où aller samedi")
    add_block(desk, "Texte")
    desk.locator("[data-contentpath=body] [contenteditable=true]").click()
    desk.keyboard.type("Les boutiques ouvrent plus tard.")
    add_block(desk, "Citation")
    desk.locator("[name=body-2-value-text]").fill("Décembre, c’est la moitié de mon année.")

    # The picker shows a block with real merchants before they take it.
    desk.get_by_role("button", name="Insérer un bloc").last.click()
    chosen = desk.get_by_role("option", name="Commerçants choisis", exact=True)
    desk.locator(".w-combobox__option-row", has=chosen).get_by_role("button", name="Prévisualiser").click()
    example = desk.frame_locator(".w-combobox-preview iframe")
    expect(example.get_by_role("link", name="Le Fournil des Mines")).to_be_visible()
    chosen.click()

    desk.locator("[name=body-3-value-title]").fill("L’adresse")
    desk.get_by_role("button", name="Choisissez une page (Commerçant)").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Terme de recherche").fill("fournil")
    dialog.get_by_role("link", name="Le Fournil des Mines").click()
    expect(dialog).to_have_count(0)
    add_block(desk, "Recherche")
    desk.locator("[name=body-4-value-words]").fill("jouet")
    add_block(desk, "Appel à l’action")
    desk.locator("[name=body-5-value-title]").fill("Trouvez le marché d’à côté")
    desk.locator("[name=body-5-value-button]").fill("Voir les communes")
    desk.locator("[name=body-5-value-link]").fill("/commerces/")

    # The whole page as it will be, with what the checker has to say of it.
    desk.get_by_role("button", name="Afficher/masquer la prévisualisation").click()
    preview = desk.frame_locator("#w-preview-iframe")
    expect(preview.get_by_role("heading", level=1)).to_have_text("Noël se prépare au comptoir")
    expect(preview.get_by_role("link", name="Le Fournil des Mines")).to_be_visible()

    desk.get_by_role("button", name="Afficher/masquer le statut").click()
    desk.get_by_role("button", name="Programmer").click()
    dialog = desk.get_by_role("dialog", name="Définir la programmation de publication")
    dialog.get_by_label("Date/heure de publication").fill(f"{tomorrow:%Y-%m-%d %H:%M}")
    dialog.get_by_label("Date/heure d'expiration").fill(f"{last_day:%Y-%m-%d %H:%M}")
    # By keyboard: the calendar may open late, over the button.
    dialog.get_by_role("button", name="Enregistrer la programmation").press("Enter")
    publish(desk, "Programmer pour publication")
    assert monotonic() - started < TEN_MINUTES
    campaign = CampaignPage.objects.get()
    assert page.request.get(campaign.public_path).status == 404

    with time_machine.travel(tomorrow + timedelta(minutes=1), tick=True):
        call_command("publish_scheduled")

    page.goto(campaign.public_path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Noël se prépare au comptoir")
    expect(page.get_by_role("heading", name="Où aller samedi")).to_be_visible()
    expect(page.get_by_text("Les boutiques ouvrent plus tard.")).to_be_visible()
    expect(page.get_by_text("la moitié de mon année")).to_be_visible()
    expect(page.get_by_role("link", name="Le Fournil des Mines")).to_be_visible()
    expect(page.locator("main [name=q]")).to_have_value("jouet")
    expect(page.get_by_role("link", name="Voir les communes")).to_have_attribute("href", "/commerces/")
    assert page.context.cookies() == []

    with time_machine.travel(last_day + timedelta(minutes=1), tick=True):
        call_command("publish_scheduled")
    assert page.request.get(campaign.public_path).status == 404
