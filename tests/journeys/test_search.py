"""Searching by keyboard: what is proposed while one types, and what is found around the visitor."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_town_and_a_merchant_are_chosen_with_the_keyboard(page, refresh_search, bakery, cheesemonger):
    refresh_search()
    page.goto("/recherche/")

    where = page.get_by_label("Où ?")
    where.press_sequentially("saint-et")
    expect(where).to_have_attribute("aria-expanded", "true")
    where.press("ArrowDown")
    proposed = page.get_by_role("listbox", name="Suggestions").get_by_role("option")  # the filters have lists too
    expect(proposed.and_(page.get_by_role("option", selected=True))).to_contain_text("Saint-Étienne (42)")
    where.press("Enter")
    expect(where).to_have_value("Saint-Étienne (42)")
    expect(where).to_have_attribute("aria-expanded", "false")

    what = page.get_by_role("combobox", name="Que cherchez-vous ?")
    what.press_sequentially("fourni")
    option = page.get_by_role("option", name="Le Fournil des Mines Commerçant, Privas")
    expect(option).to_be_visible()
    what.press("Escape")
    expect(option).to_be_hidden()
    expect(what).to_have_value("fourni")
    what.press("l")
    expect(proposed).to_have_count(3)  # the trade of which this is a word, the word itself, then names
    for _ in range(3):
        what.press("ArrowDown")
    expect(proposed.and_(page.get_by_role("option", selected=True))).to_contain_text("Le Fournil des Mines")
    what.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le Fournil des Mines")


def test_the_visitor_s_position_is_rounded_before_it_leaves_the_browser(page, site, refresh_search, bakery):
    refresh_search()
    page.context.grant_permissions(["geolocation"], origin=site)
    page.context.set_geolocation({"latitude": 44.735123, "longitude": 4.599876})
    page.goto("/recherche/")

    page.get_by_role("button", name="Autour de moi").click()

    page.wait_for_url("**/recherche/?autour=44.74%2C4.60")
    expect(page.get_by_role("link", name="Le Fournil des Mines").first).to_be_visible()
    unfold = page.get_by_text("Voir la carte")
    if unfold.is_visible():  # on a telephone
        unfold.click()
    page.locator(".results-map__pin").first.click()
    assert page.url.endswith("#resultat-1")


def test_near_me_typed_as_a_place_leads_to_the_visitor_s_own_position(page, site, refresh_search, bakery):
    refresh_search()
    page.context.grant_permissions(["geolocation"], origin=site)
    page.context.set_geolocation({"latitude": 44.735123, "longitude": 4.599876})
    page.goto("/recherche/?q=fournil&ou=pr%C3%A8s+de+chez+moi")
    expect(page.get_by_role("heading", level=1)).to_have_text("« fournil » : à quel endroit ?")

    page.get_by_role("main").get_by_role("button", name="Autour de moi").last.click()

    page.wait_for_url("**/recherche/?q=fournil&autour=44.74%2C4.60")
    expect(page.get_by_role("link", name="Le Fournil des Mines").first).to_be_visible()


def test_a_trade_taken_from_the_suggestions_stays_in_the_town(page, refresh_search, bakery, cheesemonger):
    refresh_search()
    page.goto("/recherche/?ou=Privas")

    what = page.get_by_role("combobox", name="Que cherchez-vous ?")
    what.press_sequentially("boulang")
    expect(page.get_by_role("option", name="Boulangerie – pâtisserie Métier")).to_be_visible()
    what.press("ArrowDown")
    what.press("Enter")

    page.wait_for_url("**/recherche/?categorie=boulangerie-patisserie&ou=Privas+%2807%29")
    expect(page.get_by_role("heading", level=1)).to_have_text("Boulangerie – pâtisserie à Privas")


def test_a_very_long_word_stays_within_the_screen(page, site, refresh_search, bakery):
    refresh_search()
    for what, where in [("pain", "x" * 180), ("y" * 180, ""), ("y" * 180, "Paris")]:
        page.goto(f"{site}/recherche/?q={what}&ou={where}")
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (what[:4], where[:5])
