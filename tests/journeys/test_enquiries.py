"""A visitor asks a merchant who sells nothing online, confirms, and is answered; on a telephone and on a desk."""

import os
import re
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import expect

from shop.models import Enquiry
from tests.journeys.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS")  # a folder, to look at


def seen(page, name):
    """Whether nothing sticks out of the screen; a picture of it where somebody wants to look."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def path_in_last_email():
    """Return the path that the reader of the last e-mail follows."""
    return re.search(r"https?://[^/]+(/boutique/demande/\S+)", mail.outbox[-1].body)[1]


def test_from_the_merchants_page_to_the_answer(page, open_page, bakery, baker):
    page.goto(bakery.public_path)
    seen(page, "merchant")
    page.get_by_role("link", name="Réserver sans acheter").click()
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez ce que vous voulez faire mettre de côté")
    seen(page, "ask-errors")
    page.get_by_label("Que faut-il mettre de côté").fill("Deux pains de campagne")
    page.get_by_label("Quand viendriez-vous").fill("Samedi vers 10 h")
    page.get_by_label("Nom et prénom").fill("Camille Moulin")
    page.get_by_label("Votre adresse e-mail").fill("camille@voisins.example")
    seen(page, "ask")
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("heading", name="Plus qu’un e-mail à ouvrir")).to_be_visible()
    seen(page, "asked")

    page.goto(path_in_last_email())
    seen(page, "enquiry-waits")
    page.get_by_role("button", name="Oui, envoyer ma demande").click()
    expect(page.get_by_text("pour vous répondre par e-mail")).to_be_visible()
    seen(page, "enquiry-sent")

    counter = open_page()
    counter.goto(f"/espace/{bakery.pk}/demandes/")
    log_in(counter, baker)
    expect(counter.get_by_text("Deux pains de campagne")).to_be_visible()
    seen(counter, "space")
    counter.get_by_role("button", name="Envoyer ce mot").click()
    expect(counter.get_by_role("alert")).to_contain_text("Écrivez votre réponse")
    seen(counter, "space-errors")
    counter.get_by_label("Un mot pour cette personne").fill("Demandez Maud au comptoir.")
    counter.get_by_role("button", name="Oui, c’est mis de côté").click()
    expect(counter.get_by_text("Votre réponse part vers Camille Moulin")).to_be_visible()
    seen(counter, "space-answered")

    page.goto(path_in_last_email())
    expect(page.get_by_text("Demandez Maud au comptoir.")).to_be_visible()
    seen(page, "enquiry-answered")
    page.get_by_role("button", name="Retirer ma demande").click()
    expect(page.get_by_text("Retirée.")).to_be_visible()
    assert Enquiry.objects.get().state == Enquiry.State.GIVEN_UP
