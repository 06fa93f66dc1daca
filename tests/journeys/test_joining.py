"""A merchant joins, from « Vendre ici » to an application that is sent, with the register played here."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from deploy.local.fake_register import scenarios
from directory.vetting.models import Application
from tests.factories import PASSWORD
from tests.journeys.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIRET = {scenario.key: scenario.siret for scenario in scenarios()}


def test_from_selling_here_to_a_sent_application(page, places, register):
    # They read what selling here means; nothing is kept of them.
    page.goto("/espace/")
    assert page.context.cookies() == []
    page.get_by_role("link", name="Inscrire mon commerce").click()

    # They make an account, and open the link that comes by e-mail.
    page.get_by_role("link", name="Créer un compte").click()
    page.locator("[name=email]").fill("solene@fournil.example")
    page.locator("[name=password1]").fill(PASSWORD)
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    link = re.search(r"/compte/adresse/verifier/\S+", mail.outbox[-1].body)
    page.goto(link[0])
    page.get_by_role("button", name="Oui, confirmer").click()
    page.locator("[name=login]").fill("solene@fournil.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quel est le SIRET")

    # A digit is wrong: they are told which number cannot be, and it is still there.
    siret = SIRET["F1"]
    page.get_by_label("SIRET de votre commerce").fill(f"{siret[:-1]}9")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("le dernier se calcule")
    page.get_by_label("SIRET de votre commerce").fill(f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}")
    page.get_by_role("button", name="Continuer").click()

    # The register has filled in nearly all.
    expect(page.get_by_label("Nom du commerce")).to_have_value("Le Fournil des Mines")
    expect(page.get_by_label("Catégorie")).to_have_value("boulangerie-patisserie")
    expect(page.get_by_label("Commune")).to_have_value("Privas")
    page.get_by_label("Téléphone du commerce").fill("0475640101")
    page.get_by_role("button", name="Continuer").click()

    # Hours to start from; what is certified; sent.
    tuesday = page.get_by_role("group", name="Mardi")
    expect(tuesday.get_by_label("Mardi, premier créneau, ouverture")).to_have_value("06:30")
    tuesday.get_by_label("Mardi, premier créneau, ouverture").fill("07:00")
    page.get_by_label("Je certifie ce qui précède").check()
    page.get_by_role("button", name="Envoyer mon dossier").click()
    expect(page.get_by_text("Dossier déposé")).to_be_visible()

    application = Application.objects.get()
    assert application.state == "submitted"
    assert application.declared["opening_hours"].startswith("Tu 07:00-13:00")


def test_a_session_that_ends_loses_nothing(page, places, register, shopper):
    page.goto("/espace/inscription/")
    log_in(page, shopper)
    page.get_by_label("SIRET de votre commerce").fill(SIRET["F7"])
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom du commerce").fill("Les Pains de Camille")
    page.get_by_label("Adresse").fill("3 place des Arts")
    page.get_by_label("Téléphone du commerce").fill("04 75 64 01 02")

    page.context.clear_cookies()
    page.get_by_role("button", name="Continuer").click()
    log_in(page, shopper)

    expect(page.get_by_label("Nom du commerce")).to_have_value("Les Pains de Camille")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vos horaires")
