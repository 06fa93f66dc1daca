"""What makes editors look twice at an application: told, sorted by, and deciding nothing."""

from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from stdnum import luhn

from directory.models import MerchantPage
from directory.tasks import compare_applications
from directory.vetting import acts
from directory.vetting.kinds import Step
from directory.vetting.likeness import street
from directory.vetting.models import Application, JournalEntry, ReasonTemplate
from directory.vetting.signals import Signal, signals
from directory.vetting.sirene import StockEstablishment
from tests.directory.vetting.applications import DECLARED, FOUND, check_by_hand, draft
from tests.factories import make_merchant, make_user

pytestmark = pytest.mark.django_db
LIST, TOGETHER = "/gestion/verifications/", "/gestion/verifications/ensemble/"
TODAY = date(2026, 11, 30)
SIRETS = ("54210765113030", "48744469700428", "30002576400048", "88087814500015", "35600000000048")


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def sent(number=0, declared=None, found=None, **fields):
    """Return an application of a company of its own, sent."""
    siret = SIRETS[number]
    own = {"phone": f"04 75 64 02 {number:02}", "street": f"{30 + number} rue du Bac", "title": f"Boutique {number}"}
    register = {"siret": siret, "name": f"BOUTIQUE {number}", "address": f"{30 + number} RUE DU BAC"}
    application = draft(
        make_user(),
        siret=siret,
        declared=DECLARED | own | (declared or {}),
        found=FOUND | register | (found or {}),
        **fields,
    )
    acts.submit(application)
    return application


def told(application):
    return set(signals(application, TODAY))


def another_siret(siret):
    """Return another establishment of the same company."""
    base = f"{siret[:9]}0099"
    return base + luhn.calc_check_digit(base)


def office(address, code="07000", naf="82.11Z"):
    return StockEstablishment.objects.create(
        siret="73282932000074", address=address, postal_code=code, insee_code="07186", naf=naf,
        is_head_office=True, is_diffusible=True, loaded_at=timezone.now(),
    )  # fmt: skip


def test_a_plain_application_has_none(places):
    assert sent().signals == []


@pytest.mark.parametrize(
    ("found", "signal"),
    [
        ({"is_active": False}, Signal.CLOSED),
        ({"unit_is_active": False}, Signal.CLOSED),
        ({"insee_code": "75108"}, Signal.ELSEWHERE),
        ({"name": "HOLDING DUPONT"}, Signal.NAME),
        ({"address": "1 RUE DE RIVOLI"}, Signal.ADDRESS),
        ({"is_diffusible": False, "address": "", "name": ""}, Signal.MASKED),
        ({"head_office_is_abroad": True}, Signal.ABROAD),
        ({"created_on": "2026-11-25"}, Signal.NEW),
        ({"created_on": "2026-06-01"}, Signal.NEW),
        ({"created_on": "2026-05-30"}, None),
        ({"naf": "47.91B"}, Signal.DISTANCE),
        ({"naf": "47.91Y"}, Signal.DISTANCE),
        ({"naf": "47.11F"}, None),
        ({"address": "30 R DU BAC"}, None),
        ({"trade_name": "BOUTIQUE 0", "name": "HOLDING DUPONT"}, None),
    ],
)
def test_what_the_register_says(places, found, signal):
    assert told(sent(found=found)) == ({signal} if signal else set())


def test_a_register_that_knows_nothing_or_says_nothing(places):
    assert told(draft(make_user(), found={}, register_status="not_found")) == {Signal.UNKNOWN}
    assert told(draft(make_user(), found={}, register_status="unavailable")) == {Signal.SILENT}
    wrong = draft(make_user(), siret="12345678900003", found={}, register_status="not_found")
    assert told(wrong) == {Signal.UNKNOWN, Signal.CHECKSUM}


@pytest.mark.parametrize(
    ("declared", "other", "signal"),
    [
        ({"phone": "04 75 64 09 09"}, {"phone": "04 75 64 09 09"}, Signal.PHONE),
        ({"phone": "04 75 64 09 09"}, {"phone": "04 75 64 09 10"}, None),
        ({"website": "https://www.ruche.example/"}, {"website": "https://ruche.example/boutique"}, Signal.SITE),
        ({"website": "https://ruche.example"}, {"website": "https://laruche.example"}, None),
        ({"email": "Contact@Ruche.example"}, {"email": "contact@ruche.example"}, Signal.EMAIL),
        ({"email": "a@ruche.example"}, {"email": "b@ruche.example"}, None),
    ],
)
def test_what_is_shared_with_another_company(places, declared, other, signal):
    make_merchant(title="Autre", siret="73282932000074", **other)
    sister = make_merchant(title="Même entreprise", siret=another_siret(SIRETS[0]))  # no signal
    MerchantPage.objects.filter(pk=sister.pk).update(**declared)

    assert told(sent(declared=declared)) == ({signal} if signal else set())


def test_two_applications_are_compared_and_the_earlier_learns_it_at_night(places):
    first, second = sent(0, {"phone": "04 75 64 09 09"}), sent(1, {"phone": "04 75 64 09 09"})
    assert (first.signals, second.signals) == ([], ["phone"])

    compare_applications()

    first.refresh_from_db()
    assert first.signals == ["phone"]
    assert first.changed_at == Application.objects.get(pk=first.pk).changed_at


@pytest.mark.parametrize("written", ["12, bd. Voltaire", "12 BOULEVARD VOLTAIRE", "12 bd de Voltaire"])
def test_many_companies_at_one_address(places, written):
    here = {"street": "12 boulevard Voltaire", "postal_code": "07000"}
    sent(0, here, {"address": ""})
    assert told(sent(1, here, {"address": ""})) == set()  # two are neighbours

    third = sent(2, {"street": written}, {"address": ""})
    assert told(third) == {Signal.CROWDED}
    assert told(sent(3, {"street": "14 boulevard Voltaire"}, {"address": ""})) == set()


@pytest.mark.parametrize(
    ("address", "code", "naf", "is_told"),
    [
        ("30 RUE DU BAC", "07000", "82.11Z", True),
        ("30 R DU BAC", "07000", "82.10Y", True),
        ("32 RUE DU BAC", "07000", "82.11Z", False),
        ("30 RUE DU BAC", "26150", "82.11Z", False),
        ("30 RUE DU BAC", "07000", "10.71C", False),
        ("", "07000", "82.11Z", False),
    ],
)
def test_an_address_that_is_lent_to_companies(places, address, code, naf, is_told):
    office(address, code, naf)

    assert told(sent()) == ({Signal.DOMICILED} if is_told else set())


def test_the_register_s_address_counts_as_the_one_that_is_declared(places):
    office("9 COURS DE L'ESTURGEON")

    assert told(sent(found={"address": "9 CRS DE L ESTURGEON"})) == {Signal.ADDRESS, Signal.DOMICILED}


def test_addresses_are_compared_as_the_register_abbreviates_them():
    assert street("9 CRS DE L ESTURGEON") == street("9, cours de l’Esturgeon")
    assert street("3 IMP DES LILAS") != street("3 rue des Lilas")


def test_signals_change_no_state_and_sort_the_list_when_asked(desk, places, shopper):
    office("31 RUE DU BAC")
    quiet, loud = sent(0), sent(1, found={"naf": "47.91B", "head_office_is_abroad": True, "created_on": "2026-11-25"})
    Application.objects.filter(pk=quiet.pk).update(due_on=timezone.localdate())
    assert loud.state == Step.SUBMITTED

    listed = text(desk.get(LIST))
    assert listed.index("Boutique 0") < listed.index("Boutique 1")  # by their term
    assert "siège à l’étranger" in listed
    most = text(desk.get(LIST, {"ordering": "-signal_count"}))
    assert most.index("Boutique 1") < most.index("Boutique 0")
    assert "Boutique 1" not in text(desk.get(LIST, {"plain": "true"}))
    assert "Boutique 0" not in text(desk.get(LIST, {"signal": "domiciled"}))


def test_no_number_of_signals_keeps_a_person_from_accepting(places, editor):
    office("31 RUE DU BAC")
    loud = sent(1, found={"naf": "47.91B", "head_office_is_abroad": True, "created_on": "2026-11-25"})
    check_by_hand(loud, editor)

    acts.accept(loud, editor)

    assert loud.state == Step.ACCEPTED


def test_the_signals_of_one_cost_the_same_whatever_there_is(places, django_assert_max_num_queries):
    for number in range(4):
        sent(number, {"phone": "04 75 64 09 09"})
        office(f"{number} RUE DU BAC") if not number else None
    last = sent(4, {"phone": "04 75 64 09 09"})

    with django_assert_max_num_queries(5):
        told(last)


def seen(*applications):
    found = Application.objects.filter(pk__in=[one.pk for one in applications])
    return {
        "number": [one.number for one in found],
        **{f"seen-{one.number}": one.changed_at.isoformat() for one in found},
    }


def test_several_plain_ones_are_accepted_each_with_its_own_decision(desk, editor, places):
    ready = [sent(0), sent(1)]
    for one in ready:
        check_by_hand(one, editor)
    signalled, lacking, untouched = sent(2, found={"naf": "47.91B"}), sent(3), sent(4)
    check_by_hand(signalled, editor)
    check_by_hand(untouched, editor)
    mail.outbox.clear()
    shown = text(desk.get(TOGETHER))
    assert shown.count("prêt à accepter") == 3

    response = desk.post(TOGETHER, {"act": "accept", **seen(*ready, signalled, lacking)}, follow=True)

    assert [Application.objects.get(pk=one.pk).state for one in [*ready, signalled, lacking, untouched]] == [
        Step.ACCEPTED, Step.ACCEPTED, Step.SUBMITTED, Step.SUBMITTED, Step.SUBMITTED,
    ]  # fmt: skip
    told_each = text(response)
    assert f"« Boutique 0 » ({ready[0].number}) : accepté et en ligne." in told_each
    assert f"« Boutique 2 » ({signalled.number}) : Ce dossier porte des signaux" in told_each
    assert f"« Boutique 3 » ({lacking.number}) : Il manque" in told_each
    entries = JournalEntry.objects.filter(act="accepted")
    assert {entry.application_number for entry in entries} == {one.number for one in ready}
    assert {entry.actor for entry in entries} == {editor}
    assert all(MerchantPage.objects.get(pk=one.merchant_id).live for one in ready)
    assert len(mail.outbox) == 2


def test_several_are_asked_the_same(desk, editor, places):
    chosen = [sent(0), sent(1, found={"naf": "47.91B"})]
    template = ReasonTemplate.objects.create(use="ask", title="Photo", text="Une photo de la devanture.")
    assert "Une photo de la devanture." in text(desk.get(TOGETHER, {"motif": template.pk}))
    mail.outbox.clear()

    desk.post(TOGETHER, {"act": "ask", "reasons": "Une photo de la devanture.", **seen(*chosen)})

    assert set(Application.objects.values_list("state", "reasons")) == {(Step.INCOMPLETE, "Une photo de la devanture.")}
    assert {entry.actor for entry in JournalEntry.objects.filter(act="asked")} == {editor}
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("data", "told_so"),
    [
        ({"act": "accept"}, "Cochez au moins un dossier"),
        ({"act": "ask", "reasons": "  ", "number": "x"}, "Écrivez les motifs"),
    ],
)
def test_nothing_is_done_of_nothing(desk, places, data, told_so):
    one = sent()
    if "number" in data:
        data = data | seen(one)

    assert told_so in text(desk.post(TOGETHER, data))
    assert Application.objects.get().state == Step.SUBMITTED


def test_what_changed_since_it_was_read_is_left_alone(desk, editor, places):
    one = sent()
    check_by_hand(one, editor)
    old = seen(one)
    one.save()  # the applicant added something

    assert "relisez-le" in text(desk.post(TOGETHER, {"act": "accept", **old}))
    assert Application.objects.get().state == Step.SUBMITTED
    assert "relisez-le" in text(desk.post(TOGETHER, {"act": "accept", "number": one.number}))  # without a stamp


def test_what_another_editor_decided_meanwhile_is_told(desk, editor, places):
    one = sent()
    stamp = seen(one)
    acts.refuse(one, editor, "Hors sujet.")
    stamp[f"seen-{one.number}"] = Application.objects.get().changed_at.isoformat()

    assert "plus ouvert" in text(desk.post(TOGETHER, {"act": "ask", "reasons": "Une photo.", **stamp}))


def test_the_page_of_several_asks_the_same_for_many(desk, places):
    def count():
        desk.get(TOGETHER)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(TOGETHER).status_code == 200
        return len(queries)

    sent(0)
    one = count()
    for number in range(1, 5):
        sent(number, {"phone": "04 75 64 09 09"})

    assert count() == one


def test_only_those_who_decide_see_it(client, places, shopper):
    assert client.get(TOGETHER).status_code == 302
    client.force_login(shopper)
    assert client.get(TOGETHER).status_code in (302, 403)
    assert reverse("vetting:together") == TOGETHER
