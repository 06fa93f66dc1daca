"""A shopper asks for their data, then leaves; a guest does the same by a link."""

import os
import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from portal.models import PersonalDataCopy, User
from search.alerts.models import Alert
from tests.factories import PASSWORD
from tests.journeys.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("SHOTS", "")  # a folder, for whoever wants to look at them


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.viewport_size['width']}.png", full_page=True)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_shopper_takes_her_data_and_leaves(page, site, shopper):
    page.goto("/compte/donnees/")
    log_in(page, shopper)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos données")
    page.get_by_role("button", name="Télécharger mes données").click()
    expect(page.get_by_text("Nous préparons vos données")).to_be_visible()
    assert PersonalDataCopy.objects.count() == 1
    assert fits(page)
    shoot(page, "donnees")

    page.get_by_role("link", name="Supprimer mon compte").click()
    page.wait_for_load_state()
    if "/confirmation/" in page.url:
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Supprimer votre compte")
    assert fits(page)
    shoot(page, "supprimer")
    page.get_by_role("button", name="Supprimer mon compte, pour toujours").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("C’est effacé")
    shoot(page, "efface")
    assert not User.objects.filter(email=shopper.email).exists()


def test_somebody_without_an_account_erases_an_alert(page, site):
    now = timezone.now()
    Alert.objects.create(email="maud@exemple.fr", what="luthier", made_at=now, searched_at=now, confirmed_at=now)
    page.goto("/donnees-personnelles/")
    shoot(page, "page-publique")
    page.get_by_role("link", name="sans compte").click()
    page.get_by_label("Votre adresse e-mail").fill("maud@exemple.fr")
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un e-mail à ouvrir")

    page.goto(re.search(r"/compte/donnees/adresse/\S+", mail.outbox[-1].body)[0])
    expect(page.get_by_text("Vos alertes")).to_be_visible()
    assert fits(page)
    shoot(page, "lien")
    page.get_by_role("button", name="Effacer mes données, pour toujours").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("C’est effacé")
    assert not Alert.objects.exists()
