"""A merchant keeps her page, in a real browser, with the editor who reads it in another."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_merchant_s_change_is_read_by_an_editor_then_live_and_searchable(
    page, desk, open_page, refresh_search, baker, bakery, cheesemonger, editor
):
    visitor = open_page()

    # She logs in, sees what waits today, and goes to her own page's form.
    page.goto("/espace/")
    assert page.context.cookies() == []
    page.get_by_role("link", name="Me connecter à mon espace").click()
    log_in(page, baker)
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")
    page.get_by_role("link", name="Ma fiche").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma fiche")
    assert page.request.get(f"/espace/{cheesemonger.pk}/fiche/").status == 404

    # A fault is explained, and nothing typed is lost.
    page.get_by_label("Votre histoire").fill("Pain au levain.\n\nDepuis ce matin, une fouace aux noix.")
    page.get_by_label("Téléphone").fill("04 75 64")
    page.get_by_role("button", name="Envoyer pour relecture").click()
    expect(page.get_by_role("alert")).to_contain_text("Un numéro français compte dix chiffres")
    expect(page.get_by_label("Votre histoire")).to_have_value(
        "Pain au levain.\n\nDepuis ce matin, une fouace aux noix."
    )

    # She mends it, opens on Mondays too, and looks at her draft. The public sees nothing yet.
    page.get_by_label("Téléphone").fill("04 75 64 01 01")
    monday = page.get_by_role("group", name="Lundi")
    monday.get_by_label("Fermé").uncheck()
    monday.get_by_label("Lundi, premier créneau, ouverture").fill("07:00")
    monday.get_by_label("Lundi, premier créneau, fermeture").fill("12:30")
    page.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    expect(page.get_by_text("une fouace aux noix")).to_be_visible()
    visitor.goto(bakery.public_path)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Le Fournil des Mines")
    expect(visitor.get_by_text("une fouace aux noix")).to_have_count(0)

    # She sends it: from now on it waits, and she cannot change it.
    page.get_by_role("link", name="Ma fiche").click()
    page.get_by_role("button", name="Envoyer pour relecture").click()
    expect(page.get_by_text("En relecture depuis le")).to_be_visible()
    expect(page.get_by_role("button", name="Envoyer pour relecture")).to_have_count(0)
    expect(page.get_by_label("Téléphone")).to_be_disabled()

    # An editor, who is no superuser, finds it on her dashboard, reads it and approves it.
    desk.goto("/gestion/")
    log_in(desk, editor)
    waiting = desk.get_by_role("row").filter(has_text="Le Fournil des Mines").filter(has_text="Maud Vernet")
    waiting.get_by_role("button", name="Actions").click()
    desk.get_by_role("button", name="Approuver et publier", exact=True).click()
    expect(desk.get_by_text("En attente de votre vérification")).to_have_count(0)

    # It is live, searchable, and she is told so.
    refresh_search()
    visitor.reload()
    expect(visitor.get_by_text("une fouace aux noix")).to_be_visible()
    expect(visitor.get_by_role("row", name="Lundi")).to_contain_text("7 h – 12 h 30")
    visitor.goto("/recherche/?q=fouace&ou=Privas")
    expect(visitor.get_by_role("link", name="Le Fournil des Mines").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("En relecture depuis le")).to_have_count(0)
    expect(page.get_by_label("Téléphone")).to_be_enabled()
