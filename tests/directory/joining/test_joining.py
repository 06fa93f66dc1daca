"""A merchant joins: SIRET, shop, hours, sent; whatever the register answers, and nothing typed is lost."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from deploy.local.fake_register import scenarios, siret_of
from directory.joining import terms
from directory.joining.views import LOOK_UPS
from directory.models import MerchantManager
from directory.people.models import AccessRequest
from directory.vetting.calendar import months_after
from directory.vetting.kinds import Step
from directory.vetting.models import Application, JournalEntry
from directory.vetting.register import look_up
from tests.directory.joining.forms import SHOP, hours_of, opened, send_siret
from tests.factories import PASSWORD, SAME_ORIGIN, make_merchant, make_user
from tests.jobs import bring_forward, do_jobs, stored

BY_KEY = {scenario.key: scenario for scenario in scenarios()}
START = "/espace/inscription/"


@pytest.fixture
def applicant(db):
    """Solène wants to join."""
    return make_user("solene@fournil.example", first_name="Solène", last_name="Giraud")


@pytest.fixture
def phone(client, applicant, places, register, strict_templates):
    """Her telephone: logged in, its forms sent from our own pages."""
    client.force_login(applicant)
    client.defaults |= {"HTTP_SEC_FETCH_SITE": "same-origin"}
    return client


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("typed", ["{}", "{:.3} {:.3}", "siret : {}", "{}\u00a0", "N° {}"])
def test_from_siret_to_a_sent_application_in_three_screens(phone, applicant, places, typed):
    siret = BY_KEY["F1"].siret
    written = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}" if ":.3" in typed else typed.format(siret)

    response = send_siret(phone, written)
    application = Application.objects.get(applicant=applicant, siret=siret)
    assert response.url == reverse("joining:shop", args=[application.number])

    shown = phone.get(response.url).context["form"]
    assert {name: shown[name].value() for name in ("title", "category", "street", "postal_code", "town")} == {
        "title": "Le Fournil des Mines",
        "category": "boulangerie-patisserie",
        "street": "12 cours du Palais",
        "postal_code": "07000",
        "town": "Privas",
    }
    response = phone.post(response.url, SHOP)
    assert response.url == reverse("joining:opening", args=[application.number])

    week = hours_of(phone.get(response.url).context["form"])
    assert week["mardi_1_de"] == "06:30"
    response = phone.post(response.url, {**week, "certified": "on", "send": "1"})
    assert response.url == reverse("joining:status", args=[application.number])

    application.refresh_from_db()
    assert application.state == Step.SUBMITTED
    assert (application.terms_version, application.terms_sha256) == (terms.VERSION, terms.sha256())
    assert application.declared["opening_hours"].startswith("Tu-Sa 06:30-13:00,15:30-19:00")
    assert (application.declared["latitude"], application.declared["town"]) == (44.7354, "07186")
    assert "Dossier déposé" in text_of(phone.get(response.url))
    assert f"SIRET{siret}" in "".join(text_of(phone.get(response.url)).split())
    assert application.due_on == months_after(timezone.localdate(), 2)
    page = application.merchant
    assert (page.title, page.town, page.live, page.source) == ("Le Fournil des Mines", places.privas, False, "merchant")
    assert page.get_latest_revision_as_object().opening_hours == application.declared["opening_hours"]
    assert phone.get(page.public_path).status_code == 404
    entry = JournalEntry.objects.get(application_number=application.number)
    assert (entry.act, entry.actor, entry.merchant_number) == ("submitted", applicant, page.pk)
    assert application.number in mail.outbox[-1].subject
    assert reverse("joining:status", args=[application.number]) in mail.outbox[-1].body


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Écrivez les 14 chiffres"),
        ("12345", "nous en comptons 5"),
        ("bonjour", "ne contient que des chiffres"),
        ("7,32829E+13", "Le tableur a arrondi ce SIRET"),
        ("88087814500016", "le dernier se calcule d’après les autres"),
        ("12345678900003", "le dernier se calcule d’après les autres"),
    ],
)
def test_a_number_that_is_none_is_explained_and_stays(phone, typed, told):
    response = send_siret(phone, typed)

    assert told in text_of(response).replace("\u00a0", " ")
    assert response.context["form"]["siret"].value() == typed
    assert not Application.objects.exists()


def test_a_wrong_checksum_goes_on_once_it_was_read_again(phone, settings):
    siret = "88087814500016"
    assert "c’est bien le SIRET" in text_of(send_siret(phone, siret))

    response = send_siret(phone, siret, confirmed="on")

    assert Application.objects.get().siret == siret
    assert response.status_code == 302


def test_a_real_number_without_a_checksum_and_la_poste_s_are_looked_up(phone):
    for key in ("F22a", "F22b"):
        assert send_siret(phone, BY_KEY[key].siret).status_code == 302

    assert Application.objects.filter(register_status="found").count() == 2


@pytest.mark.parametrize("key", ["F2", "F3", "F6", "F10b"])
def test_what_is_closed_or_elsewhere_begins_nothing(phone, key):
    response = send_siret(phone, BY_KEY[key].siret, confirmed="on")

    assert response.status_code == 200
    assert response.context["form"].errors["siret"]
    assert not Application.objects.exists()


def test_an_unknown_number_goes_on_once_it_was_read_again(phone):
    siret = BY_KEY["F4"].siret
    assert "Le registre ne connaît pas" in text_of(send_siret(phone, siret)).replace("\u00a0", " ")

    send_siret(phone, siret, confirmed="on")

    assert Application.objects.get().register_status == "not_found"


@pytest.mark.parametrize("key", ["F7", "F8", "F9"])
def test_of_who_is_masked_nothing_masked_is_shown_or_stored(phone, key):
    response = phone.get(send_siret(phone, BY_KEY[key].siret).url)

    application = Application.objects.get()
    kept = json.dumps([application.found, application.declared])
    for text in (kept, text_of(response)):
        assert "NON-DIFFUSIBLE" not in text.upper()
        assert "[ND]" not in text
        assert "COURS DU PALAIS" not in text.upper()
    form = response.context["form"]
    assert form["town"].value() == "Privas"
    assert not form["street"].value()
    phone.post(response.request["PATH_INFO"], SHOP)
    application.refresh_from_db()
    assert application.declared["latitude"] is None


@pytest.mark.parametrize("key", ["F19", "F20a", "F20b", "F20d", "F20e", "F16", "F17"])
def test_a_register_that_is_unwell_stops_nobody_and_is_asked_again(phone, register, key, monkeypatch):
    monkeypatch.setattr("directory.joining.views.look_up", _impatient())

    response = send_siret(phone, BY_KEY[key].siret)

    application = Application.objects.get()
    assert application.register_status == "unavailable"
    assert [job.args for job in stored("ask_register_again")] == [{"application_id": application.pk}]
    assert "ne répond pas en ce moment" in text_of(phone.get(response.url))


def test_once_the_register_answers_what_was_typed_stays_and_the_rest_is_learnt(phone, register):
    register.is_away = True
    url = send_siret(phone, BY_KEY["F1"].siret).url
    phone.post(url, {**SHOP, "title": "Le Fournil de Solène"})

    register.is_away = False
    bring_forward()
    do_jobs("clock")

    application = Application.objects.get()
    assert application.register_status == "found"
    assert application.found["trade_name"] == "LE FOURNIL DES MINES"
    assert application.declared["title"] == "Le Fournil de Solène"
    assert stored("ask_register_again") == []


def test_what_the_register_says_late_is_recorded_of_the_merchant(phone, register):
    register.is_away = True
    send_siret(phone, BY_KEY["F1"].siret)
    application = Application.objects.get()
    phone.post(reverse("joining:shop", args=[application.number]), SHOP)
    opening = reverse("joining:opening", args=[application.number])
    phone.post(opening, {"later": "on", "send": "1", "certified": "on"})
    application.refresh_from_db()
    assert not application.merchant.checks.filter(kind="register_active").exists()

    register.is_away = False
    bring_forward()
    do_jobs("clock")

    results = dict(application.merchant.checks.values_list("kind", "result"))
    assert results["register_active"] == results["in_region"] == "passed"


def test_while_the_register_stays_away_it_is_asked_again_later(phone, register):
    register.is_away = True
    send_siret(phone, BY_KEY["F1"].siret)

    do_jobs("clock")

    (job,) = stored("ask_register_again")
    assert (job.status, job.attempts) == ("todo", 1)
    assert Application.objects.get().register_status == "unavailable"


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("title", "  ", "Écrivez le nom"),
        ("category", "", "Choisissez la catégorie"),
        ("category", "banque", "Choisissez"),
        ("street", "", "Écrivez où vos clients vous trouvent"),
        ("postal_code", "0700", "Un code postal compte cinq chiffres"),
        ("postal_code", "75008", "Le code postal de Privas est 07000"),
        ("town", "Nulle-Part", "Les communes du 07000 sont"),
        ("phone", "04 75", "Un numéro français compte dix chiffres"),
        ("phone", "", "Écrivez un numéro"),
    ],
)
def test_a_fault_is_explained_and_all_that_was_typed_is_there_again_even_later(phone, field, typed, told):
    url = send_siret(phone, BY_KEY["F1"].siret).url

    response = phone.post(url, {**SHOP, "title": "Chez Solène", field: typed})

    assert told in text_of(response).replace("\u00a0", " ")
    again = phone.get(url).context["form"]
    assert again[field].value() == typed
    assert again["phone"].value() == (typed if field == "phone" else SHOP["phone"])
    assert "Chez Solène" in text_of(phone.get(url)) or field == "title"


def test_what_is_typed_after_the_session_has_ended_is_there_after_the_login(client, applicant, places, register):
    client.force_login(applicant)
    url = send_siret(client, BY_KEY["F1"].siret).url
    client.logout()

    response = client.post(url, {**SHOP, "title": "Chez Solène"}, headers=SAME_ORIGIN)
    assert response.url == f"/compte/connexion/?next={url}"
    login = client.post(response.url, {"login": applicant.email, "password": PASSWORD}, headers=SAME_ORIGIN)
    assert login.url == url

    shown = client.get(url)
    assert shown.context["form"]["title"].value() == "Chez Solène"
    assert shown.context["form"]["phone"].value() == SHOP["phone"]
    assert "Votre session s’était terminée" in text_of(shown)
    assert client.get(url).context["form"]["title"].value() == "Le Fournil des Mines"  # shown once


def test_what_one_person_typed_is_not_shown_to_another_who_logs_in(client, applicant, neighbour, places, register):
    client.force_login(applicant)
    url = send_siret(client, BY_KEY["F1"].siret).url
    client.logout()
    client.post(url, SHOP, headers=SAME_ORIGIN)

    client.force_login(neighbour)

    assert client.get(url).status_code == 404


def test_the_hours_can_wait_and_the_certification_cannot(phone):
    application, url = opened(phone, BY_KEY["F1"].siret)
    week = hours_of(phone.get(url).context["form"])

    response = phone.post(url, {**week, "send": "1", "remark": "Un atelier derrière la maison."})
    assert "Lisez ces engagements" in text_of(response)
    assert "Un atelier derrière la maison." in text_of(phone.get(url))

    phone.post(url, {"later": "on", "send": "1", "certified": "on"})
    application.refresh_from_db()
    assert (application.state, application.declared["opening_hours"]) == (Step.SUBMITTED, "")


def test_a_draft_is_kept_without_being_sent(phone):
    application, url = opened(phone, BY_KEY["F1"].siret)
    week = hours_of(phone.get(url).context["form"]) | {"lundi_ferme": "", "lundi_1_de": "8h30", "lundi_1_a": "12h"}

    assert phone.post(url, week).url == reverse("joining:status", args=[application.number])

    application.refresh_from_db()
    assert application.state == Step.DRAFT
    assert application.declared["opening_hours"].startswith("Mo 08:30-12:00")
    assert hours_of(phone.get(url).context["form"])["lundi_1_de"] == "08:30"


def test_the_hours_come_after_the_shop(phone):
    url = send_siret(phone, BY_KEY["F1"].siret).url
    number = Application.objects.get().number

    assert phone.get(reverse("joining:opening", args=[number])).url == url


def test_a_number_tried_twice_leads_to_the_open_application(phone):
    send_siret(phone, BY_KEY["F1"].siret)

    response = send_siret(phone, BY_KEY["F1"].siret)

    assert response.url == reverse("joining:status", args=[Application.objects.get().number])


def test_one_person_may_have_several_shops(phone, applicant):
    for key in ("F1", "F5", "F10"):
        send_siret(phone, BY_KEY[key].siret)

    assert Application.objects.filter(applicant=applicant).count() == 3
    assert text_of(phone.get(START)).count("/espace/inscription/C-") == 3


@pytest.mark.parametrize("page", ["shop", "opening", "status", "withdraw"])
def test_another_s_application_is_not_found(phone, neighbour, page):
    send_siret(phone, BY_KEY["F1"].siret)
    url = reverse(f"joining:{page}", args=[Application.objects.get().number])
    phone.force_login(neighbour)

    assert (phone.post(url) if page == "withdraw" else phone.get(url)).status_code == 404


def test_what_the_region_asks_for_is_added_and_the_clock_goes_on(phone, places):
    application, url = opened(phone, BY_KEY["F1"].siret)
    phone.post(url, {"later": "on", "send": "1", "certified": "on"})
    application.refresh_from_db()
    due_on = application.due_on
    paused_on = timezone.localdate() - timedelta(days=9)
    Application.objects.filter(pk=application.pk).update(
        state=Step.INCOMPLETE, paused_on=paused_on, reasons="Où se trouve votre atelier ?"
    )

    assert "Où se trouve votre atelier" in text_of(phone.get(reverse("joining:status", args=[application.number])))
    phone.post(reverse("joining:shop", args=[application.number]), {**SHOP, "title": "Le Fournil neuf"})
    phone.post(url, {"later": "on", "remark": "Derrière la maison.", "send": "1", "certified": "on"})

    application.refresh_from_db()
    assert (application.state, application.paused_on) == (Step.SUBMITTED, None)
    assert application.due_on == due_on + timedelta(days=9)
    assert application.merchant.get_latest_revision_as_object().title == "Le Fournil neuf"
    assert JournalEntry.objects.filter(application_number=application.number).count() == 2


def test_a_siret_without_a_checksum_is_sent_too(phone):
    application, url = opened(phone, "88087814500016", confirmed="on")

    phone.post(url, {"later": "on", "send": "1", "certified": "on"})

    application.refresh_from_db()
    assert application.merchant.siret == "88087814500016"


def test_of_two_who_apply_for_one_shop_the_second_is_told_and_loses_nothing(phone, applicant, neighbour):
    numbers = {}
    for user in (applicant, neighbour):
        phone.force_login(user)
        send_siret(phone, BY_KEY["F1"].siret)
        application = Application.objects.get(applicant=user)
        phone.post(reverse("joining:shop", args=[application.number]), SHOP)
        numbers[user] = reverse("joining:opening", args=[application.number])
    phone.post(numbers[neighbour], {"later": "on", "send": "1", "certified": "on"})

    phone.force_login(applicant)
    response = phone.post(numbers[applicant], {"later": "on", "send": "1", "certified": "on", "remark": "Mot"})

    assert "a déjà une fiche" in text_of(response)
    assert Application.objects.get(applicant=applicant).state == Step.DRAFT
    assert "Mot" in text_of(phone.get(numbers[applicant]))


@pytest.mark.parametrize("page", ["shop", "opening"])
def test_a_sent_application_is_no_longer_written_in(phone, page):
    application, url = opened(phone, BY_KEY["F1"].siret)
    phone.post(url, {"later": "on", "send": "1", "certified": "on"})

    assert phone.get(reverse(f"joining:{page}", args=[application.number])).status_code == 404


def test_an_application_is_withdrawn_at_any_time(phone):
    application, url = opened(phone, BY_KEY["F1"].siret)
    phone.post(url, {"later": "on", "send": "1", "certified": "on"})

    response = phone.post(reverse("joining:withdraw", args=[application.number]), follow=True)

    application.refresh_from_db()
    assert application.state == Step.WITHDRAWN
    assert "Dossier retiré" in text_of(response)
    assert send_siret(phone, application.siret).url != response.request["PATH_INFO"]


def test_a_stranger_s_form_from_another_site_is_refused(client, applicant, places, register):
    client.force_login(applicant)

    assert client.post(START, {"siret": BY_KEY["F1"].siret}).status_code == 403


def test_nobody_tries_numbers_without_end(phone, monkeypatch):
    monkeypatch.setattr("directory.joining.views.LOOK_UPS", _once())
    send_siret(phone, siret_of(1))

    response = send_siret(phone, siret_of(5))

    assert "Vous avez essayé beaucoup de numéros" in text_of(response)


def test_a_siret_that_has_a_page_is_asked_for_at_who_keeps_it(phone, applicant, bakery, baker):
    url = send_siret(phone, bakery.siret).url
    assert url == reverse("joining:taken", args=[bakery.siret])
    assert "Le Fournil des Mines" in text_of(phone.get(url))

    phone.post(url, {"kind": "join", "text": "Je suis la nouvelle vendeuse."})
    phone.post(url, {"kind": "join", "text": "Encore."})

    (asked,) = AccessRequest.objects.all()
    assert [message.to for message in mail.outbox] == [[baker.email]]
    assert "Votre demande est en attente" in text_of(phone.get(url))

    phone.force_login(baker)
    page = phone.get(reverse("people:list", args=[bakery.pk]))
    assert "Je suis la nouvelle vendeuse." in text_of(page)
    phone.post(reverse("people:answer", args=[bakery.pk, asked.pk]), {"answer": "give"})
    assert MerchantManager.objects.filter(merchant=bakery, user=applicant).exists()
    assert mail.outbox[-1].to == [applicant.email]


def test_a_page_that_she_claims_is_for_the_region_to_say(phone, applicant, bakery, baker, editor):
    url = send_siret(phone, bakery.siret).url
    phone.post(url, {"kind": "own", "text": "J’ai repris la boulangerie en avril."})

    (asked,) = AccessRequest.objects.all()
    assert [message.to for message in mail.outbox] == [[editor.email]]
    phone.force_login(baker)
    assert "J’ai repris" not in text_of(phone.get(reverse("people:list", args=[bakery.pk])))
    answer = reverse("people:answer", args=[bakery.pk, asked.pk])
    assert phone.post(answer, {"answer": "give"}).status_code == 404


def test_a_keeper_refuses_and_the_other_is_told(phone, applicant, bakery, baker):
    phone.post(send_siret(phone, bakery.siret).url, {"kind": "join", "text": "Bonjour"})
    (asked,) = AccessRequest.objects.all()
    phone.force_login(baker)

    phone.post(reverse("people:answer", args=[bakery.pk, asked.pk]), {"answer": "refuse"})

    assert not MerchantManager.objects.filter(user=applicant).exists()
    assert "n’a pas été acceptée" in mail.outbox[-1].body


@pytest.mark.parametrize("answered_by", ["applicant", "neighbour"])
def test_nobody_answers_for_a_page_they_do_not_keep(phone, applicant, neighbour, bakery, baker, answered_by):
    phone.post(send_siret(phone, bakery.siret).url, {"kind": "join", "text": "Bonjour"})
    (asked,) = AccessRequest.objects.all()
    phone.force_login({"applicant": applicant, "neighbour": neighbour}[answered_by])

    assert phone.post(reverse("people:answer", args=[bakery.pk, asked.pk]), {"answer": "give"}).status_code == 404
    assert phone.get(reverse("people:list", args=[bakery.pk])).status_code == 404


def test_a_page_that_is_not_online_is_not_named_to_strangers(phone, places):
    page = make_merchant(title="Boutique secrète", siret=siret_of(50), live=False)

    shown = text_of(phone.get(send_siret(phone, page.siret).url))

    assert "Boutique secrète" not in shown
    assert "pas en ligne" in shown


def test_her_own_page_is_where_her_siret_leads(phone, baker, bakery):
    phone.force_login(baker)

    assert send_siret(phone, bakery.siret).url == reverse("space:profile", args=[bakery.pk])


@pytest.mark.parametrize("path", ["/espace/", "/commerces/privas-07/"])
def test_the_way_in_is_shown_to_everybody_and_sets_no_cookie(client, places, path):
    response = client.get(path)

    assert f'href="{START}"' in text_of(response)
    assert not response.cookies


def test_who_is_not_logged_in_is_led_back(client, db):
    assert client.get(START).url == f"/compte/connexion/?next={START}"


def _impatient():
    return lambda siret: look_up(siret, patience=1)


def _once():
    return replace(LOOK_UPS, most=1)
