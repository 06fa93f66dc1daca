"""Pages that somebody read stay readable without network once they asked for it, until they have them forgotten."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SCREENS, log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = """async () => (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys())))
  .flat().map(({url}) => new URL(url).pathname)"""
REGISTERED = "async () => (await navigator.serviceWorker.getRegistrations()).length"


@pytest.fixture
def screen():
    return SCREENS["phone"]


def test_pages_read_stay_readable_without_network_until_they_are_forgotten(page, bakery, cheesemonger):
    def kept():
        return {path for path in page.evaluate(KEPT) if path.startswith(("/comm", "/compte", "/espace", "/boutique"))}

    page.goto(bakery.public_path)
    assert page.evaluate(REGISTERED) == 0
    assert page.evaluate(KEPT) == []

    page.get_by_role("button", name="Garder les pages lues hors connexion").click()
    expect(page.get_by_text("C’est fait.")).to_be_visible()
    page.wait_for_function("async path => Boolean(await caches.match(path))", arg=bakery.public_path)
    page.goto(bakery.town.get_absolute_url())
    page.wait_for_function("async path => Boolean(await caches.match(path))", arg=bakery.town.get_absolute_url())
    for private in ("/compte/connexion/", "/boutique/panier/", "/espace/"):
        page.goto(private)
    assert kept() == {bakery.public_path, bakery.town.get_absolute_url()}

    page.context.set_offline(True)
    page.goto(bakery.public_path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Le Fournil des Mines")
    expect(page.get_by_text("Vous êtes hors connexion")).to_have_text(
        re.compile(r"Page vue le \d+ \S+ \d{4} à \d\d:\d\d : horaires et prix ont pu changer\.")
    )
    assert page.evaluate("getComputedStyle(document.querySelector('.announcement')).display") == "block"
    page.goto(cheesemonger.public_path)
    expect(page.get_by_role("link", name=re.compile("^Le Fournil des Mines"))).to_be_visible()

    page.context.set_offline(False)
    page.goto("/donnees-personnelles/")
    page.get_by_role("button", name="Ne plus garder les pages lues").click()
    expect(page.get_by_text("Plus aucune page n’est gardée")).to_be_visible()
    page.goto(bakery.public_path)
    assert page.evaluate(REGISTERED) == 0
    assert page.evaluate(KEPT) == []


def test_pages_of_somebody_logged_in_are_not_kept(page, bakery, baker):
    page.goto("/compte/connexion/")
    log_in(page, baker)
    page.goto(bakery.town.get_absolute_url())
    page.get_by_role("button", name="Garder les pages lues hors connexion").click()
    expect(page.get_by_text("C’est fait.")).to_be_visible()
    page.wait_for_function("() => navigator.serviceWorker.controller")

    page.goto(bakery.public_path)
    page.goto("/espace/")
    page.goto(bakery.town.get_absolute_url())

    assert [path for path in page.evaluate(KEPT) if not path.startswith(("/static/", "/media/"))] == []
