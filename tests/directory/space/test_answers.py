"""Every way in which an editor ends a review, through Wagtail's own views, and what both are told."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from directory.answers import Answer
from directory.models import MerchantPage, MerchantPicture
from directory.space.reviews import review
from tests.directory.vetting.procedures import impose_at_once
from tests.factories import make_picture, make_user
from tests.shop.factories import make_product

pytestmark = pytest.mark.django_db

HOURS = "Tu-Sa 07:00-12:30,15:00-19:00; Su 07:00-12:30; PH off"
SHOPS = {  # what a merchant's page may hold, and the form of the admin must not take for a change
    "bare": {"opening_hours": "", "story": "", "siret": None},
    "labels": {"labels": ["bio", "artisan"]},
    "every label": {"labels": ["bio", "aop", "igp", "artisan"], "delivers": True, "delivery_note": "À vélo."},
    "hours": {"opening_hours": "Mo-Fr 08:00-12:00,14:00-18:00; PH off; 2027 Jan 02-2027 Jan 09 off"},
    "story": {"story": "<p>Un.</p><p>Deux &amp; trois.</p>", "email": "bonjour@fournil.example"},
    "rich story": {"story": "<h3>Titre</h3><p>Un <b>gras</b><br/>et <i>maigre</i></p><ul><li>a</li><li>b</li></ul>"},
    "place": {"latitude": 44.7354, "longitude": 4.599, "website": "https://fournil.example", "step_free": True},
    "pictures": {"pictures": 2, "labels": ["igp"]},
    "products": {"products": 2, "labels": ["aop"]},
}


@pytest.fixture
def give(bakery):
    """A function that gives the bakery's live page what a kind of shop holds."""

    def give(pictures=0, products=0, **fields):
        for name, value in fields.items():
            setattr(bakery, name, value)
        for number in range(pictures):
            bakery.pictures.add(MerchantPicture(image=make_picture(f"Vitrine {number}")))
        bakery.save_revision().publish()
        for _ in range(products):
            make_product(bakery)

    return give


def told(merchant_space):
    """Return what the last e-mail and the page of their space say."""
    return mail.outbox[-1].subject, merchant_space.client.get(merchant_space.url).content.decode()


def said(response):
    return [str(message).strip() for message in response.context["messages"]]


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("button", ["form", "list"])
def test_approving_publishes_what_was_sent_whatever_the_page_holds(space, give, desk, shop, button):
    shop = SHOPS[shop]
    give(**shop)
    before = space.live()
    space.send(delivery_note="Le mardi.")
    sent = space.live().latest_revision
    mail.outbox.clear()

    response = desk.approve() if button == "form" else desk.act("approve")

    live = space.live()
    assert (live.delivery_note, live.has_unpublished_changes) == ("Le mardi.", False)
    assert live.live_revision == sent
    for name in ("labels", "opening_hours", "story", "latitude", "delivers", "siret", "website"):
        assert getattr(live, name) == getattr(before, name), name
    assert live.pictures.count() == shop.get("pictures", 0)
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED
    assert any("est approuvée et publiée" in message for message in said(response))
    subject, shown = told(space)
    assert subject == "En ligne : Le Fournil des Mines"
    assert len(mail.outbox) == 1
    assert "Fiche relue, en ligne depuis" in shown


def test_an_editor_s_own_correction_is_approved_with_what_she_read(space, desk):
    space.send(delivery_note="Le mardi.", labels=["bio"])

    response = desk.approve(street="14 cours du Palais")

    live = space.live()
    assert (live.delivery_note, live.street, live.labels) == ("Le mardi.", "14 cours du Palais", ["bio"])
    assert review(live).kind == "published"
    assert any("est approuvée et publiée" in message for message in said(response))


def test_what_another_editor_saved_meanwhile_is_not_approved_from_the_list_and_that_is_said(space, desk):
    space.send(delivery_note="Le mardi.")
    unread = space.draft()
    unread.delivery_note = "Le samedi."
    unread.save_revision(user=make_user())

    response = desk.act("approve")

    assert space.live().delivery_note == ""
    assert any("n’est pas encore publiée" in message for message in said(response))


@pytest.mark.parametrize("extra", ['{"comment": ""}', "{}", '{"comment": "   "}'])
def test_a_refusal_without_a_word_is_not_taken(space, desk, extra):
    space.send(delivery_note="Le mardi.")
    mail.outbox.clear()

    response = desk.reject(extra)

    assert review(space.live()).kind == "waiting"
    assert any("Dites au commerçant" in message for message in said(response))
    assert mail.outbox == []


@pytest.mark.parametrize("comment", ["", "  "])
def test_nor_from_the_list(space, desk, comment):
    space.send(delivery_note="Le mardi.")

    response = desk.act("reject", comment)

    assert review(space.live()).kind == "waiting"
    assert any("Dites au commerçant" in message for message in said(response))


def test_a_reason_reaches_her_by_mail_and_in_her_space(space, desk):
    space.send(delivery_note="Le mardi.")
    mail.outbox.clear()

    response = desk.reject()

    subject, shown = told(space)
    assert (subject, len(mail.outbox)) == ("À revoir : Le Fournil des Mines", 1)
    assert "Quel jour fermez-vous ?" in mail.outbox[0].body
    assert "Quel jour fermez-vous\u00a0?" in shown
    assert any("votre réponse part au commerçant" in message for message in said(response))


def test_publishing_past_the_review_answers_her(space, desk):
    space.send(delivery_note="Le mardi.", labels=["artisan"])
    mail.outbox.clear()

    desk.edit(**{"action-publish": "action-publish"})

    assert space.live().delivery_note == "Le mardi."
    subject, shown = told(space)
    assert (subject, len(mail.outbox)) == ("En ligne : Le Fournil des Mines", 1)
    assert "Mise en ligne par la Région" in shown


def test_stopping_the_review_answers_her_and_loses_nothing(space, desk):
    space.send(delivery_note="Le mardi.")
    mail.outbox.clear()

    desk.edit(**{"action-cancel-workflow": "1"})

    assert (space.live().delivery_note, space.draft().delivery_note) == ("", "Le mardi.")
    subject, shown = told(space)
    assert (subject, len(mail.outbox)) == ("Relecture arrêtée : Le Fournil des Mines", 1)
    assert "Relecture arrêtée par la Région" in shown
    space.send(delivery_note="Le lundi.")
    assert review(space.live()).kind == "waiting"


def test_taking_her_page_offline_tells_her(space, desk, editor):
    mail.outbox.clear()

    impose_at_once(space.live(), editor)

    assert not space.live().live
    _, shown = told(space)
    assert "Hors ligne : Le Fournil des Mines" in [message.subject for message in mail.outbox]
    assert "Fiche mise hors ligne par la Région" in shown


def test_publishing_from_the_list_answers_her(space, desk):
    space.send(delivery_note="Le mardi.")
    mail.outbox.clear()

    desk.bulk("publish")

    assert space.live().delivery_note == "Le mardi."
    assert [message.subject for message in mail.outbox] == ["En ligne : Le Fournil des Mines"]


def test_a_page_approved_for_a_later_day_is_told_twice(space, desk):
    space.send(delivery_note="Le mardi.")
    mail.outbox.clear()
    tomorrow = timezone.localtime() + timedelta(days=1)

    desk.approve(go_live_at=f"{tomorrow:%Y-%m-%d %H:%M}")

    assert space.live().delivery_note == ""
    subject, shown = told(space)
    assert subject == "Acceptée : Le Fournil des Mines"
    assert "Fiche relue et acceptée" in shown
    with time_machine.travel(tomorrow + timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert space.live().delivery_note == "Le mardi."
    assert [message.subject for message in mail.outbox] == [
        "Acceptée : Le Fournil des Mines",
        "En ligne : Le Fournil des Mines",
    ]


def test_a_page_whose_time_is_over_tells_her(space, desk):
    MerchantPage.objects.filter(pk=space.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    mail.outbox.clear()

    call_command("publish_scheduled")

    assert [message.subject for message in mail.outbox] == ["Hors ligne : Le Fournil des Mines"]


def test_all_her_page_s_managers_are_told_and_nobody_else(space, desk, neighbour):
    second = make_user("paul@fournil.example")
    space.live().accesses.create(user=second)
    left = make_user("parti@fournil.example", is_active=False)
    space.live().accesses.create(user=left)
    space.send(delivery_note="Le mardi.")
    mail.outbox.clear()

    desk.approve()

    assert sorted(message.to[0] for message in mail.outbox) == ["maud@fournil.example", "paul@fournil.example"]


def test_an_editor_s_own_publication_promises_nobody_an_answer(space, desk):
    mail.outbox.clear()

    desk.edit(**{"action-publish": "action-publish", "street": "1 rue Neuve"})

    assert space.live().street == "1 rue Neuve"
    assert mail.outbox == []
    assert not Answer.objects.exists()


def test_a_page_with_faults_is_not_approved_from_the_list_and_the_editor_reads_why(space, desk):
    space.send(delivery_note="Le mardi.")
    MerchantPage.objects.filter(pk=space.pk).update(postal_code="26000")
    draft = space.live().latest_revision
    draft.content["postal_code"] = "75001"
    draft.save()

    response = desk.act("approve")

    assert space.live().delivery_note == ""
    assert space.live().current_workflow_task_state.status == TaskState.STATUS_IN_PROGRESS
    assert any("75001" in message for message in said(response))


def test_a_correction_neither_shows_nor_publishes_the_draft_she_has_not_sent(space, desk):
    space.save(delivery_note="Le mardi.", story="Un secret.")

    response = desk.edit(**{"action-publish": "action-publish", "street": "14 cours du Palais"})

    assert "brouillon qu’il n’a pas envoyé" in response.content.decode() or response.status_code == 200
    live, draft = space.live(), space.draft()
    assert (live.street, live.delivery_note) == ("14 cours du Palais", "")
    assert "secret" not in live.story
    assert (draft.street, draft.delivery_note, draft.story) == ("14 cours du Palais", "Le mardi.", "<p>Un secret.</p>")
    assert review(live).kind == "draft"


def test_the_editor_reads_that_there_is_a_draft_and_sees_the_page_online(space, desk):
    space.save(delivery_note="Le mardi.")

    page = desk.client.get(reverse("wagtailadmin_pages:edit", args=[space.pk])).content.decode()

    assert "brouillon qu’il n’a pas envoyé" in page
    assert "Le mardi." not in page


@pytest.mark.parametrize("button", ["save", "submit"])
def test_a_draft_beside_hers_is_refused_and_nothing_typed_is_lost(space, desk, button):
    space.save(delivery_note="Le mardi.")

    response = desk.edit(street="14 cours du Palais", **({"action-submit": "1"} if button == "submit" else {}))

    assert space.draft().delivery_note == "Le mardi."
    assert space.draft().street == "12 cours du Palais"
    assert "14 cours du Palais" in response.content.decode()
    assert any("Rien n’est enregistré" in message for message in said(response))


def test_both_changed_the_same_and_each_keeps_her_own(space, desk):
    space.save(delivery_note="Le mardi.")

    desk.edit(**{"action-publish": "action-publish", "delivery_note": "Le jeudi."})

    assert (space.live().delivery_note, space.draft().delivery_note) == ("Le jeudi.", "Le mardi.")


def test_her_unsent_draft_is_left_out_of_a_publication_in_bulk(space, desk):
    space.save(delivery_note="Le mardi.")

    response = desk.bulk("publish")

    assert space.live().delivery_note == ""
    assert any("n’a pas envoyé" in message for message in said(response))
