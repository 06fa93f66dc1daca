import re

import pytest
import time_machine
from django.urls import reverse

from directory.models import MerchantManager
from directory.space.reviews import review
from tests.factories import make_merchant


def test_a_change_waits_for_an_editor(space):
    response = space.send(phone="0475640101")

    assert response.status_code == 302
    assert space.live().phone == ""
    assert space.draft().phone == "04 75 64 01 01"
    assert space.live().workflow_in_progress


def test_another_merchant_gets_nothing(client, neighbour, cheesemonger, bakery):
    client.force_login(neighbour)

    for name in ("profile", "preview"):
        url = reverse(f"space:{name}", args=[bakery.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"phone": "0475640101"}).status_code in (404, 405)
    bakery.refresh_from_db()
    assert not bakery.has_unpublished_changes


def test_a_stranger_is_asked_who_she_is(client, bakery):
    url = reverse("space:profile", args=[bakery.pk])

    assert client.get(url).headers["Location"] == f"{reverse('account_login')}?next={url}"


def test_what_was_vetted_cannot_be_changed(space, places):
    before = space.live()

    space.send(
        phone="0475640101", title="Chez Moi", town=places.die.pk, category="1", siret="11111111111111", street="ici"
    )

    draft = space.draft()
    assert (draft.title, draft.town, draft.category, draft.siret, draft.street, draft.slug) == (
        before.title, before.town, before.category, before.siret, before.street, before.slug,
    )  # fmt: skip


def test_a_saved_draft_is_shown_and_kept_for_later(space):
    response = space.save(story="Du pain.\n\nEt <b>du</b> beurre.")

    assert response.headers["Location"] == space.preview_url
    assert "Et &lt;b&gt;du&lt;/b&gt; beurre." in space.client.get(space.preview_url).content.decode()
    assert "Du pain." not in space.live().story
    assert space.fields()["story"] == "Du pain.\n\nEt <b>du</b> beurre."
    assert not space.live().workflow_in_progress


def test_a_draft_saved_before_can_be_sent_later_unchanged(space):
    space.save(phone="0475640101")

    space.send()

    assert space.live().workflow_in_progress


def test_sending_nothing_new_starts_no_review(space):
    response = space.client.post(space.url, space.fields() | {"send": "1"}, follow=True)

    assert "Rien n’a changé" in response.content.decode()
    assert not space.live().workflow_in_progress
    assert space.live().revisions.count() == 1


def test_an_unchanged_story_keeps_its_markup(space):
    page = space.live()
    page.story = "<p>Du pain <b>au levain</b></p>"
    page.save_revision().publish()

    shown = space.client.get(space.url).content.decode()
    space.send(phone="0475640101")

    assert "Ce texte a une mise en forme" in shown
    assert space.draft().story == "<p>Du pain <b>au levain</b></p>"


def test_hours_are_filled_in_a_table(space, closed_all_week):
    del closed_all_week["lundi_ferme"]

    space.fill_in(**closed_all_week, send="1", lundi_1_de="08:00", lundi_1_a="12h30", feries_ferme="on")

    assert space.draft().opening_hours == "Mo 08:00-12:30; PH off"


@pytest.mark.parametrize(
    ("filled", "stored", "printed"),
    [
        ({}, "Tu-Sa 08:00-12:30", ["8 h – 12 h 30"]),
        ({"feries_ferme": "on", "feries_1_de": "9h"}, "Tu-Sa 08:00-12:30; PH off", ["Fermé"]),
        (
            {"feries_1_de": "09:00", "feries_1_a": "12:00", "feries_2_de": "15h", "feries_2_a": "17h30"},
            "Tu-Sa 08:00-12:30; PH 09:00-12:00,15:00-17:30",
            ["9 h – 12 h", "15 h – 17 h 30"],
        ),
    ],
)
def test_a_merchant_says_when_she_opens_on_public_holidays(space, client, filled, stored, printed):
    week = {"lundi_ferme": "on", "dimanche_ferme": "on"}
    for day in ("mardi", "mercredi", "jeudi", "vendredi", "samedi"):
        week |= {f"{day}_1_de": "08:00", f"{day}_1_a": "12:30"}

    space.fill_in(**week, **filled, send="1")
    space.draft().get_latest_revision().publish()

    assert space.live().opening_hours == stored
    with time_machine.travel("2026-12-21T10:00:00+01:00"):
        page = client.get(space.live().public_path).content.decode()
    form = space.fields()
    christmas = page[: page.rindex("Noël")].rpartition("<tr")[2].replace("\xa0", " ")
    assert re.findall(r"Fermé|\d+ h – [\d h]*[\dh]", christmas) == printed
    assert ("feries_ferme" in form) is ("feries_ferme" in filled)
    assert form.get("feries_2_a", "") == ("17:30" if "feries_2_a" in filled else "")


def test_hours_of_public_holidays_alone_do_not_make_a_week(space):
    page = space.live()
    page.opening_hours = ""
    page.save_revision().publish()

    response = space.client.post(space.url, {"send": "1", "feries_1_de": "09:00", "feries_1_a": "12:00"})

    assert "Indiquez les heures de lundi, ou cochez «\u00a0Fermé\u00a0»." in response.content.decode()


def test_unchanged_hours_stay_as_they_were_written(space):
    page = space.live()
    page.opening_hours = "Tu-Sa 7:00-12:30, 15:00-19:00; PH closed"
    page.save_revision().publish()

    space.send(phone="0475640101")

    assert space.draft().opening_hours == "Tu-Sa 7:00-12:30, 15:00-19:00; PH closed"


def test_hours_a_table_cannot_say_stay_until_it_is_filled(space, closed_all_week):
    special = 'Apr-Sep: Mo-Sa 08:00-12:30; Oct-Mar: "sur rendez-vous"'
    page = space.live()
    page.opening_hours = special
    page.save_revision().publish()

    shown = space.client.get(space.url).content.decode()
    space.save(phone="0475640101")
    assert "Vos horaires sont particuliers" in shown
    assert space.draft().opening_hours == special

    space.save(**closed_all_week)
    assert space.draft().opening_hours == "Mo-Su off"


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("phone", "04 75 64", "Un numéro français compte dix chiffres"),
        ("email", "maud@fournil", "Écrivez une adresse entière"),
        ("website", "mon site", "Écrivez une adresse entière"),
        ("lundi_1_de", "huit heures", "Écrivez une heure, par exemple 08:30."),
        ("mardi_2_a", "14:00", "Ces heures ne se suivent pas"),
        ("mardi_2_a", "", "Il manque l’heure de fermeture"),
        ("fermeture_1_du", "en août", "Écrivez une date, par exemple 24/12/2026."),
    ],
)
def test_bad_input_says_how_to_mend_it_and_loses_nothing(space, field, value, advice):
    sent = {"lundi_ferme": "", "story": "Un texte long que personne ne veut retaper."} | {field: value}

    response = space.send(**sent)

    html = response.content.decode()
    assert response.status_code == 200
    assert advice in html
    assert f'href="#id_{field}"' in html
    assert f'value="{value}"' in html or value == ""
    assert "Un texte long que personne ne veut retaper." in html
    assert not space.live().has_unpublished_changes


def test_a_day_without_hours_must_say_it_is_closed(space):
    fields = {name: value for name, value in space.fields().items() if name != "lundi_ferme"}

    response = space.client.post(space.url, fields)

    assert "Indiquez les heures de lundi, ou cochez «\u00a0Fermé\u00a0»." in response.content.decode()


def test_the_phone_fault_says_nothing_of_hours_left_empty(space, bakery):
    page = space.live()
    page.opening_hours = ""
    page.save_revision().publish()

    response = space.client.post(space.url, {"phone": "12"})

    assert set(response.context["form"].errors) == {"phone"}


@pytest.mark.parametrize(
    "typed", ["04 75 64 01 01", "04.75.64.01.01", "+33 4 75 64 01 01", "0033475640101", "+33 (0)4 75 64 01 01"]
)
def test_a_phone_number_is_written_one_way(space, typed):
    space.save(phone=typed)

    assert space.draft().phone == "04 75 64 01 01"


def test_what_was_sent_cannot_be_changed_during_its_review(space):
    space.send(phone="0475640101")

    shown = space.client.get(space.url).content.decode()
    response = space.client.post(space.url, {"phone": "0475640202", "send": "1"})

    assert "En relecture depuis le" in shown
    assert "Envoyer pour relecture" not in shown
    assert "0475640202" in response.content.decode()
    assert space.draft().phone == "04 75 64 01 01"


def test_a_page_an_editor_has_locked_says_so(space, editor):
    page = space.live()
    page.locked, page.locked_by = True, editor
    page.save()

    response = space.client.post(space.url, {"phone": "0475640101", "story": "Pain au levain."})

    page = response.content.decode()
    assert "La Région travaille sur votre fiche" in page
    assert "Votre saisie n’est pas enregistrée" in page
    assert "Pain au levain." in page
    assert "<fieldset disabled" not in page.replace(' class="stack stack--loose"', "")  # it can be copied
    assert not space.live().has_unpublished_changes


def test_a_refusal_is_shown_and_can_be_mended(space, editor):
    space.send(phone="0475640101")
    space.live().current_workflow_state.current_task_state.specific.reject(
        user=editor, comment="Quel jour fermez-vous ?"
    )

    shown = space.client.get(space.url).content.decode()
    space.send(phone="0475640202")

    assert "À revoir" in shown
    assert "Quel jour fermez-vous\u00a0?" in shown
    assert space.fields()["phone"] == "04 75 64 02 02"
    assert review(space.live()).kind == "waiting"
    state = space.live().current_workflow_state
    assert state.current_task_state.revision == space.live().latest_revision


def test_the_space_is_private_and_unknown_to_search_engines(space):
    for url in (space.url, space.preview_url):
        response = space.client.get(url)
        assert "noindex" in response.content.decode()
        assert "no-store" in response.headers["Cache-Control"]


def test_the_only_shop_is_opened_at_once(space):
    assert space.client.get("/espace/").headers["Location"] == reverse("merchant_today", args=[space.pk])


def test_several_pages_are_listed_in_the_same_number_of_queries(space, baker, bakery, django_assert_num_queries):
    make_merchant(title="Le Fournil du Marché", managers=[baker])
    response = space.client.get("/espace/")
    assert [page["merchant"].title for page in response.context["pages"]] == [
        "Le Fournil des Mines",
        "Le Fournil du Marché",
    ]

    for _ in range(5):
        make_merchant(managers=[baker])
    with django_assert_num_queries(6):  # session, user, pages, reviews, answers, orders
        response = space.client.get("/espace/")
    assert len(response.context["pages"]) == 7


def test_anybody_reads_how_to_sell_here_without_a_cookie(client, db):
    response = client.get("/espace/")

    assert "<h1>Vendre ici</h1>" in response.content.decode()
    assert "bonjour@jachete.example" in response.content.decode()
    assert not response.cookies


def test_an_account_without_a_page_learns_what_to_do(client, shopper):
    client.force_login(shopper)

    assert 'href="/espace/inscription/"' in client.get("/espace/").content.decode()


def test_a_manager_no_longer_is_one_the_moment_her_access_ends(space, baker, bakery):
    MerchantManager.objects.filter(user=baker, merchant=bakery).delete()

    assert space.client.get(space.url).status_code == 404
