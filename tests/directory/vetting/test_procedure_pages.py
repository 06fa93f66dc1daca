"""A procedure through its pages: the Region opens it, the owner answers, the Region decides, they appeal."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import MerchantManager, MerchantPage, Sanction
from directory.vetting.sanctions import acts, answers
from directory.vetting.sanctions.kinds import Measure, Outcome, Stage
from tests.directory.vetting.evidence import verify
from tests.directory.vetting.procedures import FACTS, GRIEVANCE, PROOF, REASONS, case, impose_at_once
from tests.factories import make_user

pytestmark = pytest.mark.django_db
OPENED = {"measure": "warning", "rule": "true", "facts": FACTS, "grievance": GRIEVANCE, "answer_days": "15"}


@pytest.fixture
def shop(bakery):
    return verify(bakery)


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def client_of():
    """A client in which somebody is logged in."""

    def logged_in(user):
        client = Client()
        client.force_login(user)
        return client

    return logged_in


def told(answer):
    return answer.content.decode().replace("\u00a0", " ")


def open_one(client, shop, **fields):
    return client.post(reverse("vetting:sanction_new", args=[shop.pk]), OPENED | fields, follow=True)


def test_a_procedure_from_the_first_letter_to_the_decision(desk, client_of, shop, baker):
    assert reverse("vetting:sanction_new", args=[shop.pk]) in told(
        desk.get(reverse("vetting:merchant", args=[shop.pk]))
    )
    assert "Les griefs sont envoyés" in told(open_one(desk, shop))
    sanction = Sanction.objects.get()
    owner, where = client_of(baker), f"/espace/{shop.pk}/decisions/{sanction.number}/"
    assert where in mail.outbox[0].body
    assert f"/espace/{shop.pk}/decisions/" in told(owner.get(f"/espace/{shop.pk}/personnes/"))
    assert sanction.number in told(owner.get(f"/espace/{shop.pk}/decisions/"))
    shown = told(owner.get(where))
    assert FACTS in shown
    assert "Rien n’est décidé" in shown
    assert "Écrivez votre réponse" in told(owner.post(where, {"act": "observe", "text": " "}))
    answered = owner.post(where, {"act": "observe", "text": "Un dépôt-vente.", "wants_hearing": "on"}, follow=True)
    assert "Un dépôt-vente." in told(answered)

    page = reverse("vetting:sanction", args=[sanction.number])
    assert "demande à être entendu" in told(desk.get(page))
    assert "notez d’abord l’audition" in told(desk.post(page, {"act": "impose", "reasons": REASONS}))
    desk.post(page, {"act": "hear", "day": timezone.localdate().isoformat(), "minutes": "Elle explique."})
    kept = told(desk.post(page, {"act": "impose", "reasons": " "}))
    assert "Écrivez les motifs" in kept
    assert "La décision est prise" in told(desk.post(page, {"act": "impose", "reasons": REASONS}, follow=True))
    assert REASONS in told(owner.get(where))

    owner.post(where, {"act": "appeal", "text": "Je conteste."})
    assert "une autre personne répond" in told(desk.get(page))
    desk.post(page, {"act": "answer", "outcome": "upheld", "reasons": REASONS})
    assert Sanction.objects.get().appeal.outcome == ""


def test_a_colleague_answers_the_appeal_on_the_page(client_of, shop, editor, baker):
    decided = impose_at_once(shop, editor)
    owner, where = client_of(baker), f"/espace/{shop.pk}/decisions/{decided.number}/"
    owner.post(where, {"act": "appeal", "text": "Je conteste."})
    samir = make_user("samir@region.example", first_name="Samir", last_name="Bel")
    samir.groups.set(editor.groups.all())

    page = reverse("vetting:sanction", args=[decided.number])
    client_of(samir).post(page, {"act": "answer", "outcome": "overturned", "reasons": "Elle a raison."})

    decided.refresh_from_db()
    assert (decided.stage, decided.appeal.outcome) == (Stage.LIFTED, Outcome.OVERTURNED)
    assert MerchantPage.objects.get(pk=shop.pk).live
    assert "Elle a raison." in told(owner.get(where))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"facts": ""}, "Écrivez les faits"),
        ({"grievance": " "}, "Écrivez ce qui est reproché"),
        ({"answer_days": "5"}, "au moins 15 jours"),
        ({"urgency": "fraud", "proof": ""}, "Écrivez ce qui établit l’urgence"),
        ({"measure": "suspension", "urgency": "fraud", "proof": PROOF}, "Écrivez la durée"),
        ({"measure": "suspension", "urgency": "fraud", "proof": PROOF, "days": "40"}, "de 1 à 15 jours"),
    ],
)
def test_what_lacks_is_said_and_nothing_typed_is_lost(desk, shop, fields, said):
    answer = told(open_one(desk, shop, **fields))

    assert said in answer
    assert (FACTS in answer) == ("facts" not in fields)
    assert (GRIEVANCE in answer) == ("grievance" not in fields)
    assert not Sanction.objects.exists()


def test_an_urgency_on_the_page_takes_the_merchant_offline(desk, shop):
    answer = open_one(desk, shop, measure="suspension", urgency="fraud", proof=PROOF, days="10")

    assert "La décision est prise" in told(answer)
    assert not MerchantPage.objects.get(pk=shop.pk).live
    page = reverse("vetting:sanction", args=[Sanction.objects.get().number])
    assert "Lever la mesure" in told(desk.get(page))
    desk.post(page, {"act": "lift", "reasons": "Erreur."})
    assert MerchantPage.objects.get(pk=shop.pk).live


def test_only_the_owners_of_that_shop_read_and_answer(client_of, shop, cheesemonger, editor, neighbour, shopper):
    decided = impose_at_once(shop, editor)
    helper = make_user()
    MerchantManager.objects.create(merchant=shop, user=helper, role="helper")
    where = f"/espace/{shop.pk}/decisions/{decided.number}/"

    for user in (helper, neighbour, shopper):
        assert client_of(user).get(where).status_code == 404
        assert client_of(user).post(where, {"act": "observe", "text": "Moi."}).status_code == 404
    crossed = f"/espace/{cheesemonger.pk}/decisions/{decided.number}/"
    assert client_of(neighbour).get(crossed).status_code == 404
    assert not decided.observations.exists()


def test_procedures_are_listed_those_that_wait_first(desk, shop, cheesemonger, editor, baker):
    waiting = acts.open_hearing(verify(cheesemonger), editor, case(Measure.WARNING))
    appealed = impose_at_once(shop, editor)
    answers.appeal(appealed, baker, "Je conteste.")

    listed = told(desk.get("/gestion/verifications/procedures/"))

    assert listed.index(appealed.number) < listed.index(waiting.number)
    assert "à examiner" in listed
    assert waiting.number not in told(desk.get("/gestion/verifications/procedures/?stage=in_force"))


@pytest.mark.parametrize("who", ["shopper", "baker"])
def test_nobody_else_enters_the_desk(request, client_of, shop, editor, who):
    decided = impose_at_once(shop, editor)
    client = client_of(request.getfixturevalue(who))
    for address in (
        reverse("vetting:sanction", args=[decided.number]),
        reverse("vetting:sanction_new", args=[shop.pk]),
        "/gestion/verifications/procedures/",
    ):
        assert client.get(address).status_code in (302, 403)
        assert client.post(address, OPENED).status_code in (302, 403, 405)
    assert Sanction.objects.count() == 1
