"""Closing the portal and pausing it: two people, days that are told, what stops when, who is written to."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from home.closing import acts, letters
from home.closing.models import ClosingLetter, ClosingPlan
from home.closing.phases import Kind, Phase, Plan
from home.site_settings import _read
from portal.models import QueuedMail
from shop.models import Purchase
from tests.browser_forms import filled_in
from tests.factories import PASSWORD, SAME_ORIGIN, make_user
from tests.shop.factories import make_product, order_and_confirm, put_in_basket

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 1)
NOON = "2027-03-01T12:00:00+01:00"
DAY = TODAY + timedelta(days=40)
DESK = "/gestion/fermeture/"
REASON = "La Région met fin à ce service."
STAYS = (
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/compte/connexion/",
    "/boutique/renoncer/",
    "/robots.txt",
    "/fermeture/",
)


@pytest.fixture(autouse=True)
def portal(settings):
    """E-mails wait in the database, and no process remembers a plan of another test."""
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    yield
    _read.cache_clear()


@pytest.fixture
def proposer(db):
    return closer("claire@region.example")


@pytest.fixture
def signer(db):
    return closer("samir@region.example")


def closer(email):
    user = make_user(email, first_name=email.split("@")[0].capitalize())
    user.groups.add(*Group.objects.filter(name__in=["Fermeture du portail", "Plumes"]))
    return user


@pytest.fixture
def announced(proposer, signer, bakery, baker):
    """A closing that is announced on 1 March 2027 for 10 April."""
    with time_machine.travel(NOON, tick=False):
        return announce(proposer, signer, day=DAY)


def announce(proposer, signer, **fields):
    plan = acts.propose(ClosingPlan(**{"day": DAY, "reason": REASON, **fields}), proposer)
    acts.sign(plan.pk, signer)
    return ClosingPlan.objects.get(pk=plan.pk)


def on(day):
    return time_machine.travel(f"{day}T12:00:00+02:00", tick=False)


@pytest.mark.parametrize(
    ("days_after", "phase"),
    [
        (-60, Phase.ANNOUNCED),
        (-16, Phase.ANNOUNCED),
        (-15, Phase.ANNOUNCED),  # the last day for orders
        (-14, Phase.NO_ORDERS),
        (-1, Phase.NO_ORDERS),
        (0, Phase.READ_ONLY),
        (29, Phase.READ_ONLY),
        (30, Phase.CLOSED),
        (400, Phase.CLOSED),
    ],
)
def test_what_a_closing_stops_day_by_day(days_after, phase):
    assert Plan(Kind.CLOSING, DAY, REASON).phase(DAY + timedelta(days=days_after)) == phase


@pytest.mark.parametrize(
    ("back_on", "days_after", "phase"),
    [
        (None, -1, Phase.ANNOUNCED),
        (None, 0, Phase.NO_ORDERS),
        (None, 500, Phase.NO_ORDERS),
        (DAY + timedelta(days=7), 6, Phase.NO_ORDERS),
        (DAY + timedelta(days=7), 7, Phase.OPEN),
    ],
)
def test_a_pause_stops_orders_only_and_ends(back_on, days_after, phase):
    assert Plan(Kind.PAUSE, DAY, REASON, back_on).phase(DAY + timedelta(days=days_after)) == phase


def test_nothing_is_announced_before_a_second_person_signs(client, proposer, signer):
    with time_machine.travel(NOON, tick=False):
        plan = acts.propose(ClosingPlan(day=DAY, reason=REASON), proposer)
        assert "ferme le" not in client.get("/classement/").text
        with pytest.raises(ValidationError, match="Une autre personne"):
            acts.sign(plan.pk, proposer)

        acts.sign(plan.pk, signer)

        assert "Le portail ferme le 10 avril 2027" in client.get("/classement/").text
        page = client.get("/fermeture/").text
    assert REASON in page
    for told in ("26 mars 2027", "10 avril 2027", "10 mai 2027"):
        assert told in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("days", [0, 1, 29])
def test_a_closing_comes_thirty_days_after_its_announcement_or_not_at_all(proposer, signer, days):
    with time_machine.travel(NOON, tick=False):
        with pytest.raises(ValidationError) as refusal:
            acts.propose(ClosingPlan(day=TODAY + timedelta(days=days), reason=REASON), proposer)
        assert "31/03/2027" in refusal.value.message_dict["day"][0]
        plan = acts.propose(ClosingPlan(day=TODAY + timedelta(days=30), reason=REASON), proposer)

    with on(TODAY + timedelta(days=1)), pytest.raises(ValidationError, match="30 jours"):
        acts.sign(plan.pk, signer)  # the days count from the announcement


def test_an_exception_is_named_and_proved(proposer, signer):
    with time_machine.travel(NOON, tick=False):
        with pytest.raises(IntegrityError), transaction.atomic():
            ClosingPlan.objects.create(day=TODAY, reason=REASON, ground="danger", proposer="Claire")
        plan = announce(proposer, signer, day=TODAY, ground="danger", proof="Constat de l’ANSSI du 28 février.")

        assert plan.plan.phase(TODAY) == Phase.READ_ONLY


@pytest.mark.parametrize(
    "change",
    [
        {"day": DAY + timedelta(days=90)},
        {"reason": "Autre chose."},
        {"announced_on": None, "signer": ""},
    ],
)
def test_the_database_keeps_a_signed_plan_as_it_was_signed(announced, change):
    with pytest.raises(IntegrityError, match="is signed"), transaction.atomic():
        ClosingPlan.objects.filter(pk=announced.pk).update(**change)
    with pytest.raises(IntegrityError, match="is signed"), transaction.atomic():
        ClosingPlan.objects.filter(pk=announced.pk).delete()


def test_the_database_wants_two_people_thirty_days_and_one_plan(announced, proposer):
    plan = {"day": DAY, "reason": REASON, "proposer": "Claire", "proposed_by": proposer}
    for wrong, constraint in (
        ({}, "one_plan_at_a_time"),
        ({"ended_at": timezone.now(), "announced_on": TODAY, "signer": "C", "signed_by": proposer}, "two_people"),
        ({"ended_at": timezone.now(), "announced_on": DAY, "signer": "Samir"}, "announced_in_time"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            ClosingPlan.objects.create(**plan, **wrong)


def test_orders_stop_fifteen_days_before_and_the_basket_stays(client, announced, bakery):
    loaf = make_product(bakery, title="Pain de seigle")
    with on(announced.plan.last_orders_on):
        put_in_basket(client, loaf)
        assert client.get("/boutique/commande/").status_code == 200

    with on(announced.plan.last_orders_on + timedelta(days=1)):
        for answer in (
            client.get("/boutique/commande/"),
            client.post(f"/boutique/panier/ajouter/{loaf.pk}/", headers=SAME_ORIGIN),
        ):
            assert answer.status_code == 403
            assert "10 avril 2027" in answer.text
        assert "Pain de seigle" in client.get("/boutique/panier/").text
        assert client.get("/commercants/le-fournil-des-mines-privas/").status_code == 200


def test_the_database_takes_no_purchase_once_orders_are_stopped(client, proposer, signer, bakery):
    loaf = make_product(bakery, title="Pain de seigle")
    put_in_basket(client, loaf)
    assert order_and_confirm(client).status_code == 303
    plan = announce(proposer, signer, kind=Kind.PAUSE, day=timezone.localdate())

    with pytest.raises(IntegrityError, match="orders are stopped"), transaction.atomic():
        Purchase.objects.create(number="ABCD-EFGH", name="Léa", email="lea@exemple.fr", confirm_by=timezone.now())

    acts.withdraw(plan.pk, signer)
    Purchase.objects.create(number="ABCD-EFGH", name="Léa", email="lea@exemple.fr", confirm_by=timezone.now())


def test_then_pages_are_read_and_nothing_is_changed_but_orders_end(client, announced, baker, bakery, shopper):
    with on(DAY):
        assert client.get("/commercants/le-fournil-des-mines-privas/").status_code == 200
        client.force_login(baker)
        assert client.post(f"/espace/{bakery.pk}/fiche/", {}).status_code == 403
        assert client.post(f"/espace/{bakery.pk}/commandes/etat/", {}).status_code != 403
        assert client.get(f"/espace/{bakery.pk}/fiche/").status_code == 200
        assert Client().post("/boutique/renoncer/", {}, headers=SAME_ORIGIN).status_code == 200
        credentials = {"login": shopper.email, "password": PASSWORD}
        assert Client().post("/compte/connexion/", credentials, headers=SAME_ORIGIN).status_code == 302


@pytest.mark.parametrize(
    "path",
    ["/", "/commercants/", "/commercants/le-fournil-des-mines-privas/", "/recherche/?q=pain", "/boutique/panier/"],
)
def test_at_last_every_public_page_is_gone_and_says_why_and_what_becomes_of_orders(client, announced, path):
    with on(announced.plan.closed_on):
        response = client.get(path)

    page = response.text
    assert response.status_code == 410
    assert REASON in page
    assert "10 avril 2027" in page
    assert "Votre commande" in page
    assert page.count("<h1") == 1


def test_what_the_law_and_the_people_need_stays_open(client, announced, baker, bakery, editor):
    with on(announced.plan.closed_on):
        for path in STAYS:
            assert client.get(path).status_code == 200, path
        client.force_login(baker)
        mine = client.get(f"/espace/{bakery.pk}/mes-donnees.json")
        assert mine.json()["fiche"]["title"] == "Le Fournil des Mines"
        client.force_login(editor)
        assert client.get("/gestion/").status_code == 200


def test_everybody_concerned_is_written_to_once_and_told_when_it_is_withdrawn(announced, baker, shopper, signer):
    def written():
        with time_machine.travel(NOON, tick=False):
            while letters.write_due():
                pass
        return sorted((mail.content["to"][0], mail.content["subject"]) for mail in QueuedMail.objects.all())

    first = written()
    assert (baker.email, "Le portail fermera le 10/04/2027") in first
    assert (shopper.email, "Le portail fermera le 10/04/2027") in first
    assert written() == first
    body = QueuedMail.objects.get(content__to=[baker.email]).content["body"]
    assert "26 mars 2027" in body
    assert "/espace/" in body

    acts.withdraw(announced.pk, signer)
    late = make_user("trop.tard@exemple.fr")
    again = written()
    assert (baker.email, "Le portail ne ferme pas") in again
    assert late.email not in {address for address, _ in again}


def test_merchants_are_told_when_orders_stop(announced, baker, shopper):
    with on(announced.plan.last_orders_on + timedelta(days=1)):
        letters.write_due()

    told = ClosingLetter.objects.filter(occasion=ClosingLetter.Occasion.LAST_ORDERS)
    assert [letter.address for letter in told] == [baker.email]


def test_who_could_not_be_reached_is_listed(announced, baker, signer, client):
    letters.write_due()
    stuck = QueuedMail.objects.filter(content__to=[baker.email])
    stuck.update(made_at=timezone.now() - timedelta(days=4))

    letters.write_due()

    assert [letter.address for letter in letters.unreached(announced)] == [baker.email]
    client.force_login(signer)
    assert f"{baker.email}, tient un commerce" in client.get(DESK).text


def test_two_people_close_through_the_admin(client, proposer, signer):
    office = Client()
    client.force_login(proposer)
    office.force_login(signer)
    day = timezone.localdate() + timedelta(days=31)
    form = filled_in(client.get(DESK), having="reason") | {"day": f"{day:%d/%m/%Y}", "reason": REASON, "proposer": ""}

    early = client.post(DESK, form | {"day": f"{day - timedelta(days=5):%d/%m/%Y}"})
    assert "au moins 30" in early.text
    assert REASON in early.text  # nothing typed is lost
    assert client.post(DESK, form).status_code == 302
    assert 'name="signer"' not in client.get(DESK).text
    plan = ClosingPlan.objects.get()
    assert "Une autre personne" in client.post(DESK, {"plan": plan.pk, "signer": ""}, follow=True).text

    assert office.post(DESK, {"plan": plan.pk, "signer": ""}).status_code == 302
    plan.refresh_from_db()
    assert (plan.proposer, plan.signer) == ("Claire", "Samir")
    assert client.post(DESK, {"plan": plan.pk, "retirer": ""}).status_code == 302
    assert "Le portail ferme" not in Client().get("/classement/").text
    assert "retirée par Claire" in client.get(DESK).text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ground": "court"}, "Écrivez ce qui établit l’exception"),
        ({"kind": "pause", "ground": "court", "proof": "x"}, "Une pause n’a pas de préavis"),
        ({"back_on": "01/01/2099"}, "Une fermeture ne finit pas"),
        ({"kind": "pause", "back_on": "01/01/2020"}, "Le retour vient après"),
        ({"reason": ""}, "Remplissez ce champ"),
    ],
)
def test_what_makes_no_sense_is_told(client, proposer, wrong, told):
    client.force_login(proposer)
    day = timezone.localdate() + timedelta(days=31)
    form = {"kind": "closing", "day": f"{day:%d/%m/%Y}", "reason": REASON, "proposer": ""}

    assert told in client.post(DESK, form | wrong).text
    assert not ClosingPlan.objects.exists()


def test_an_editor_has_no_such_desk(client, editor):
    client.force_login(editor)

    assert client.get(DESK).status_code in (302, 403)
    assert DESK not in client.get("/gestion/").text


def test_an_open_portal_pays_no_query_for_its_doors(client, django_assert_num_queries):
    client.get("/opensearch.xml")

    with django_assert_num_queries(0):
        client.get("/opensearch.xml")
