"""A merchant keeps their page, in a real browser, with the editor who reads it in another."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_merchant_s_change_is_read_by_an_editor_then_live_and_searchable(
    page, desk, open_page, refresh_search, baker, bakery, cheesemonger, editor
):
    visitor = open_page()

    # They log in, see what waits today, and go to their own page's form.
    page.goto("/espace/")
    assert page.context.cookies() == []
    page.get_by_role("link", name="Me connecter à mon espace").click()
    log_in(page, baker)
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")
    page.get_by_role("link", name="Ma fiche").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma fiche")
    assert page.request.get(f"/espace/{cheesemonger.pk}/fiche/").status == 404

    # The telephone is online at once; a fault is explained, and nothing typed is lost.
    page.get_by_role("link", name="Changer mes contacts").click()
    page.get_by_label("Téléphone").fill("04 75 64")
    page.get_by_label("Adresse e-mail publique").fill("maud@fournil.example")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Un numéro français compte dix chiffres")
    expect(page.get_by_label("Adresse e-mail publique")).to_have_value("maud@fournil.example")
    page.get_by_label("Téléphone").fill("04 75 64 01 01")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Vos contacts sont en ligne.")).to_be_visible()
    visitor.goto(bakery.public_path)
    expect(visitor.get_by_role("link", name="04 75 64 01 01").first).to_be_visible()

    # The story waits: they look at their draft, and the public sees nothing yet.
    page.get_by_label("Votre histoire").fill("Pain au levain.\n\nDepuis ce matin, une fouace aux noix.")
    page.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    expect(page.get_by_text("une fouace aux noix")).to_be_visible()
    visitor.goto(bakery.public_path)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Le Fournil des Mines")
    expect(visitor.get_by_text("une fouace aux noix")).to_have_count(0)

    # They send it: from now on it waits, and they cannot change it.
    page.get_by_role("link", name="Ma fiche").click()
    page.get_by_role("button", name="Envoyer pour relecture").click()
    expect(page.get_by_text("En relecture depuis le")).to_be_visible()
    expect(page.get_by_role("button", name="Envoyer pour relecture")).to_have_count(0)
    expect(page.get_by_label("Votre histoire")).to_be_disabled()

    # An editor, who is no superuser, finds it on their dashboard, reads it and approves it.
    desk.goto("/gestion/")
    log_in(desk, editor)
    waiting = desk.get_by_role("row").filter(has_text="Le Fournil des Mines").filter(has_text="Maud Vernet")
    waiting.get_by_role("button", name="Actions").click()
    desk.get_by_role("button", name="Approuver et publier", exact=True).click()
    expect(desk.get_by_text("En attente de votre vérification")).to_have_count(0)

    # It is live, searchable, and they are told so.
    refresh_search()
    visitor.reload()
    expect(visitor.get_by_text("une fouace aux noix")).to_be_visible()
    visitor.goto("/recherche/?q=fouace&ou=Privas")
    expect(visitor.get_by_role("link", name="Le Fournil des Mines").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("En relecture depuis le")).to_have_count(0)
    expect(page.get_by_label("Votre histoire")).to_be_enabled()


def test_a_baker_keeps_her_hours_from_a_telephone_and_visitors_see_them_at_once(page, open_page, baker, bakery):
    visitor = open_page()
    visitor.goto(bakery.public_path)
    page.goto("/compte/connexion/?next=/espace/")
    log_in(page, baker)
    page.get_by_role("link", name="Horaires").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos horaires")

    # Mondays as Tuesdays, closed one day, open on another; a mistake is explained.
    page.get_by_label("Copier", exact=True).select_option("Mardi")
    page.get_by_role("group", name="Copier les heures").get_by_label("Lundi").check()
    page.get_by_role("button", name="Copier", exact=True).click()
    expect(page.get_by_label("Lundi, premier créneau, ouverture")).to_have_value("07:00")
    page.get_by_role("group", name="Fermeture 1").get_by_label("Premier jour").fill("2099-08-03")
    page.get_by_role("group", name="Fermeture 1").get_by_label("Dernier jour").fill("2099-08-01")
    page.get_by_role("button", name="Relire avant de mettre en ligne").click()
    expect(page.get_by_role("alert")).to_contain_text("Le dernier jour vient avant le premier")
    page.get_by_role("group", name="Fermeture 1").get_by_label("Dernier jour").fill("2099-08-10")
    page.get_by_role("button", name="Relire avant de mettre en ligne").click()

    expect(page.get_by_text("Lundi à samedi : 7 h – 12 h 30, 15 h – 19 h")).to_be_visible()
    expect(page.get_by_text("Fermé du 3 août 2099 au 10 août 2099.")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Mettre en ligne", exact=True).click()
    expect(page.get_by_text("Vos horaires sont en ligne.")).to_be_visible()

    visitor.reload()
    expect(visitor.get_by_role("row", name="Lundi")).to_contain_text("7 h – 12 h 30")
