"""The editors' desk: applications by their term, what is compared, what is decided; by editors who are no superuser."""

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Application, Check, JournalEntry, MerchantManager, MerchantPage, ReasonTemplate, Vetting
from directory.vetting import acts
from directory.vetting.desk.comparison import compared, look_alikes
from directory.vetting.kinds import Kind, Means, Result, State, Step
from directory.vetting.likeness import alike, street
from tests.directory.vetting.applications import DECLARED, FOUND, check_by_hand, draft
from tests.directory.vetting.evidence import required_checks, verify
from tests.factories import make_merchant, make_user

pytestmark = pytest.mark.django_db
LIST = "/gestion/verifications/"


@pytest.fixture
def desk(client, editor):
    """Jeanne at her desk."""
    client.force_login(editor)
    return client


@pytest.fixture
def sent(places, shopper):
    application = draft(shopper)
    acts.submit(application)
    return application


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def page_of(application):
    return f"{LIST}dossier/{application.number}/"


def decide(desk, application, act, reasons="", **more):
    seen = {"seen": application.changed_at.isoformat()}
    return desk.post(page_of(application), {"act": act, "reasons": reasons, **seen, **more}, follow=True)


def test_applications_are_listed_by_their_term_with_those_that_wait(desk, places, shopper, baker):
    for number, applicant in enumerate((shopper, baker, make_user())):
        application = draft(
            applicant, siret=f"7328293200007{number}", declared=DECLARED | {"title": f"Boutique {number}"}
        )
        acts.submit(application)
        Application.objects.filter(pk=application.pk).update(due_on=f"2026-12-{20 - number}")
    draft(make_user(), siret="54210765113030", declared=DECLARED | {"title": "Brouillon"})

    listed = text(desk.get(LIST))

    assert listed.index("Boutique 2") < listed.index("Boutique 1") < listed.index("Boutique 0")
    assert "Brouillon" not in listed


def test_the_list_asks_the_same_for_many(desk, places, shopper):
    def count(number):
        for _ in range(number):
            draft(make_user(), state=Step.DRAFT)
        Application.objects.filter(state=Step.DRAFT).update(
            state=Step.SUBMITTED, submitted_at=timezone.now(), due_on=timezone.localdate()
        )
        desk.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(LIST).status_code == 200
        return len(queries)

    assert count(2) == count(9)


def test_what_was_declared_stands_beside_the_register_with_differences_marked(desk, places, shopper):
    found = FOUND | {"name": "SARL MARTIN", "postal_code": "26150", "insee_code": "75108", "town_name": "PARIS"}
    application = draft(shopper, found=found)
    acts.submit(application)

    shown = text(desk.get(page_of(application)))
    differing = {line.label for line in compared(application) if line.differs}

    assert differing == {"Nom", "Code postal", "Commune"}
    assert "PARIS (75108), hors de la région" in shown
    assert "Je tiens aussi un étal." in shown


@pytest.mark.parametrize(
    ("declared", "found", "differing"),
    [
        ({}, {}, set()),
        ({"title": "Ruches du Coiron"}, {}, set()),
        ({}, {"trade_name": "Au Rucher", "name": "DUPONT SAS"}, {"Nom"}),
        ({"street": "4, pl. du Foiral"}, {}, set()),
        ({"street": "14 place du Foiral"}, {}, {"Adresse"}),
        ({}, {"is_active": False}, {"État"}),
        ({}, {"unit_is_active": False}, {"État"}),
        ({"town": "26113", "town_name": "Die"}, {}, {"Commune"}),
        ({"town": "69123"}, {"insee_code": "69383"}, set()),
    ],
)
def test_a_difference_is_one_of_meaning_not_of_writing(places, shopper, declared, found, differing):
    application = draft(shopper, declared=DECLARED | declared, found=FOUND | found)

    assert {line.label for line in compared(application) if line.differs} == differing


def test_what_the_register_masks_is_neither_shown_nor_a_difference(places, shopper):
    masked = {"is_diffusible": False, "name": "", "trade_name": "", "address": "", "postal_code": ""}
    lines = {line.label: line for line in compared(draft(shopper, found=FOUND | masked))}

    assert not any(line.differs for line in lines.values())
    assert lines["Adresse"].found == lines["Nom"].found == "non publié, à la demande de l’entreprise"


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"phone": "04 75 64 01 01"}, "même téléphone"),
        ({"street": "4 PLACE DU FOIRAL", "postal_code": "07000"}, "même adresse"),
        ({"website": "https://www.ruches.example/contact"}, "même site"),
        ({"siret": "73282932000082"}, "même entreprise"),
        ({"phone": "04 75 64 01 01", "street": "4 place du Foiral"}, "même téléphone, même adresse"),
        ({"phone": "04 75 64 01 02"}, None),
        ({"street": "4 place du Foiral", "postal_code": "07200"}, None),
    ],
)
def test_who_looks_like_an_applicant_is_named_with_what_they_share(places, shopper, fields, what):
    make_merchant(title="Autre boutique", vouch=list, live=False, **fields)
    application = draft(shopper, declared=DECLARED | {"website": "https://ruches.example"})

    assert [one.what for one in look_alikes(application)] == ([what] if what else [])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Le Fournil", "LE FOURNIL DES MINES", True),
        ("Crèmerie du Gier", "CREMERIE DU GIER SARL", True),
        ("Le Fournil", "La Fournée", False),
        ("", "Le Fournil", False),
        ("L’Épicerie", "EPICERIE L", True),
    ],
)
def test_names_that_may_be_of_one_shop(one, other, same):
    assert alike(one, other) is same


def test_addresses_are_compared_as_people_abbreviate_them():
    assert street("12, bd. Voltaire") == street("12 BOULEVARD VOLTAIRE")
    assert street("12 av du Rhône") != street("12 rue du Rhône")


def test_an_editor_records_a_check_and_accepts(desk, sent, editor, shopper):
    for kind in (Kind.ACTIVITY, Kind.IDENTITY):
        data = {"act": "check", "kind": kind, "source": Means.VISIT, "result": Result.PASSED, "day": "2026-11-20"}
        assert "Contrôle enregistré" in text(desk.post(page_of(sent), data, follow=True))
    sent.refresh_from_db()

    told = text(decide(desk, sent, "accept"))

    assert "est en ligne, et la personne qui a candidaté en tient la page" in told
    assert MerchantPage.objects.get().live
    assert MerchantManager.objects.get().user == shopper
    assert Check.objects.filter(by=editor).count() == 2


def test_accepting_is_not_offered_and_not_done_while_a_check_lacks(desk, sent):
    assert "Accepter et publier" not in text(desk.get(page_of(sent)))

    assert "Il manque : « Activité réelle sur place »" in text(decide(desk, sent, "accept"))
    assert not MerchantPage.objects.get().live


@pytest.mark.parametrize("act", ["ask", "refuse"])
def test_reasons_are_wanted_and_what_was_typed_stays(desk, sent, act):
    assert "Écrivez les motifs" in text(decide(desk, sent, act))
    sent.refresh_from_db()
    assert sent.state == Step.SUBMITTED

    decide(desk, sent, act, "Envoyez une photo de l’atelier.")
    sent.refresh_from_db()
    assert (sent.state, sent.reasons) == (
        Step.INCOMPLETE if act == "ask" else Step.REFUSED,
        "Envoyez une photo de l’atelier.",
    )
    assert "Envoyez une photo" in mail.outbox[-1].body


def test_a_template_fills_the_reasons_in(desk, sent):
    template = ReasonTemplate.objects.create(use="ask", title="Photo", text="Une photo de votre étal, s’il vous plaît.")

    assert template.text in text(desk.get(f"{page_of(sent)}?motif={template.pk}"))
    for odd in ("0", "x", "-1", "99999999999999999999"):
        assert desk.get(f"{page_of(sent)}?motif={odd}").status_code == 200


def test_two_editors_do_not_decide_on_what_one_of_them_has_not_read(desk, sent):
    stale = {"seen": "2026-01-01T00:00:00+00:00"}

    told = text(desk.post(page_of(sent), {"act": "refuse", "reasons": "Hors de la région.", **stale}, follow=True))

    assert "a changé pendant que vous le lisiez" in told
    assert "Hors de la région." in told
    sent.refresh_from_db()
    assert sent.state == Step.SUBMITTED


@pytest.mark.parametrize(
    ("field", "value"),
    [("day", "2999-01-01"), ("day", "hier"), ("kind", "x"), ("source", Means.FICTION), ("result", "")],
)
def test_a_check_that_makes_no_sense_is_not_recorded(desk, sent, field, value):
    data = {"act": "check", "kind": Kind.ACTIVITY, "source": Means.VISIT, "result": Result.PASSED, "day": "2026-11-20"}

    assert desk.post(page_of(sent), data | {field: value}).status_code == 200
    assert not Check.objects.filter(kind=Kind.ACTIVITY).exists()


def test_an_editor_verifies_a_merchant_of_before(desk, bakery, editor):
    where = f"{LIST}fiche/{bakery.pk}/"
    assert "Déclarer vérifié" not in text(desk.get(where))
    required_checks(bakery)
    assert "Déclarer vérifié" in text(desk.get(where))

    desk.post(where, {"act": "verify"})

    bakery.vetting.refresh_from_db()
    assert (bakery.vetting.state, bakery.vetting.decided_by) == (State.VERIFIED, editor)
    assert "Local vérifié" in text(desk.get(bakery.public_path))


def test_merchants_who_will_be_hidden_are_listed_beforehand(desk, bakery, cheesemonger):
    verify(cheesemonger)

    listed = text(desk.get(f"{LIST}commercants/?hides_soon=true"))

    assert bakery.title in listed
    assert cheesemonger.title not in listed


def test_access_is_given_and_withdrawn_by_editors_and_journalled(desk, bakery, shopper):
    desk.post("/gestion/merchant_accesses/new/", {"merchant": bakery.pk, "user": shopper.pk, "role": "helper"})
    access = MerchantManager.objects.get(user=shopper)

    desk.post(f"/gestion/merchant_accesses/delete/{access.pk}/")

    assert not MerchantManager.objects.filter(user=shopper).exists()
    entries = JournalEntry.objects.filter(merchant_number=bakery.pk).order_by("pk")
    assert [(entry.act, entry.facts["account"]) for entry in entries] == [
        ("access_given", shopper.pk),
        ("access_withdrawn", shopper.pk),
    ]


def test_the_journal_is_read_by_editors(desk, sent):
    assert "Candidature déposée" in text(desk.get(f"{LIST}journal/"))


def test_nobody_else_comes_in(client, sent, cheesemonger, baker):
    writer = make_user()
    writer.groups.add(Group.objects.get(name="Plumes"))
    places_of_it = [LIST, page_of(sent), f"{LIST}fiche/{cheesemonger.pk}/", f"{LIST}commercants/", f"{LIST}journal/"]
    for user in (None, baker, writer):
        if user:
            client.force_login(user)
        for where in places_of_it:
            response = client.get(where)
            assert response.status_code in (302, 403, 404), (user, where)
            assert "Ruches" not in text(response)
        client.post(page_of(sent), {"act": "refuse", "reasons": "Rien."})
    sent.refresh_from_db()
    assert sent.state == Step.SUBMITTED
    assert Vetting.objects.get(merchant=cheesemonger).state == State.PENDING


def test_an_editor_s_visit_shows_checks_made_by_her(desk, sent, editor):
    check_by_hand(sent, editor)

    assert "Jeanne" in text(desk.get(page_of(sent)))
