"""What else an editor does to a merchant's page, by its form: what is refused, and what the merchant is told."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction, TaskState

from directory.models import DirectoryPage, MerchantPage
from directory.space.reviews import submit
from home.models import HomePage, StoryIndexPage
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db


def admin(name, *args):
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def subjects():
    return [message.subject for message in mail.outbox]


@pytest.mark.parametrize("destination", [StoryIndexPage, DirectoryPage, MerchantPage])
def test_her_page_stays_where_it_is(desk, cheesemonger, destination):
    before = desk.page()
    to = cheesemonger if destination is MerchantPage else destination.objects.get()

    for answer in (
        desk.client.post(admin("move", desk.pk), {"new_parent_page": to.pk}, follow=True),
        desk.client.post(admin("move_confirm", desk.pk, to.pk), follow=True),
        desk.client.post(
            f"/gestion/bulk/wagtailcore/page/move/?id={desk.pk}&next=/gestion/", {"chooser": to.pk}, follow=True
        ),
    ):
        assert answer.status_code in (200, 403, 404)

    assert (desk.page().path, desk.page().url_path) == (before.path, before.url_path)


def test_her_page_cannot_be_hidden_behind_a_password(desk):
    sent = {"restriction_type": "password", "password": "noix", "groups": ""}

    answer = desk.client.post(admin("set_privacy", desk.pk), sent)

    assert answer.status_code in (200, 302, 403, 404)
    assert not PageViewRestriction.objects.exists()
    assert 'data-a11y-dialog-show="set-privacy"' not in desk.client.get(admin("edit", desk.pk)).content.decode()


def test_she_is_neither_copied_nor_mirrored_and_neither_is_offered(desk):
    listing = desk.client.get(admin("edit", desk.pk)).content.decode()
    explored = desk.client.get(reverse("wagtailadmin_explore", args=[DirectoryPage.objects.get().pk])).content.decode()

    assert admin("copy", desk.pk) not in listing
    assert admin("copy", desk.pk) not in explored
    assert admin("move", desk.pk) not in listing
    assert admin("move", desk.pk) not in explored
    assert admin("delete", desk.pk) not in explored  # nor deleted: they are closed by a procedure


def test_an_old_revision_comes_back_by_the_rules(space, desk):
    old = space.live().save_revision()
    old.content["postal_code"] = "75001"  # as it could be written before there were rules
    old.save()
    desk.edit(**{"action-publish": "action-publish", "street": "1 rue Neuve"})

    shown = desk.client.get(admin("revisions_revert", desk.pk, old.pk))
    assert shown.status_code == 200
    answer = desk.edit(**{"action-publish": "action-publish", "postal_code": "75001", "revision": old.pk})

    assert "75001 n’est pas celui de Privas" in answer.content.decode().replace("\u00a0", " ")
    assert space.live().postal_code == "07000"


def test_an_old_revision_never_takes_a_confirmation_back(space, desk):
    old = space.live().latest_revision
    today = timezone.localdate()
    space.live().confirm_hours(today)

    answer = desk.client.get(admin("revisions_revert", desk.pk, old.pk))
    form = answer.context["form"]
    assert form.initial["confirmed_on"] == today


@pytest.mark.parametrize("pair", [("earliest", "latest"), ("live", "latest"), ("live", "live")])
def test_any_two_revisions_are_compared_in_french(space, desk, pair):
    space.send(delivery_note="Le mardi.", labels=["artisan"])

    page = desk.client.get(admin("revisions_compare", desk.pk, *pair))

    assert page.status_code == 200
    assert ("Le mardi." in page.content.decode()) == (pair != ("live", "live"))


def test_the_editor_is_led_to_what_she_has_to_read(space, desk):
    lead = "attendent votre relecture"
    compare = admin("revisions_compare", desk.pk, "live", "latest")
    edit = admin("edit", desk.pk)
    assert lead not in desk.client.get(edit).content.decode()

    space.send(delivery_note="Le mardi.")
    shown = desk.client.get(edit).content.decode()
    assert lead in shown
    assert compare in shown

    desk.act("reject", "Quel jour fermez-vous ?")
    assert lead not in desk.client.get(edit).content.decode()


def test_the_page_of_the_directory_takes_nobody_offline(desk):
    desk.client.post(admin("unpublish", DirectoryPage.objects.get().pk), {"include_descendants": "on"})

    assert desk.page().live


@pytest.mark.parametrize("model", [HomePage, DirectoryPage, StoryIndexPage])
def test_what_the_site_stands_on_is_not_offered_to_be_withdrawn_moved_or_deleted(desk, model):
    page = model.objects.get()
    shown = desk.client.get(admin("edit", page.pk)).content.decode()
    shown += desk.client.get(reverse("wagtailadmin_explore", args=[HomePage.objects.get().pk])).content.decode()

    for act in ("unpublish", "delete", "move"):
        assert admin(act, page.pk) not in shown


@pytest.mark.parametrize("way", ["form", "list"])
def test_who_waits_for_an_answer_is_told_that_her_page_is_deleted(desk, baker, places, way):
    page = make_merchant(title="La Huche", town=places.die, managers=[baker], live=False)
    submit(page, baker)
    mail.outbox.clear()

    if way == "form":
        answer = desk.client.post(admin("delete", page.pk), follow=True)
    else:
        answer = desk.client.post(f"/gestion/bulk/wagtailcore/page/delete/?id={page.pk}&next=/gestion/", follow=True)

    assert answer.status_code == 200
    assert not MerchantPage.objects.filter(pk=page.pk).exists()
    assert [message.to for message in mail.outbox] == [[baker.email]]
    assert subjects() == ["Supprimée : La Huche"]
    assert "La Région a supprimé votre fiche « La Huche »" in mail.outbox[0].body


def test_a_page_that_is_locked_is_approved_all_the_same(space, desk, editor):
    space.send(delivery_note="Le mardi.")
    assert desk.client.post(admin("lock", desk.pk), follow=True).status_code == 200
    mail.outbox.clear()

    answer = desk.act("approve")

    assert answer.status_code == 200
    assert space.live().delivery_note == "Le mardi."
    assert subjects() == ["En ligne : Le Fournil des Mines"]
    assert desk.client.post(admin("unlock", desk.pk), follow=True).status_code == 200


def test_who_finds_her_page_locked_reads_why(space, desk):
    desk.client.post(admin("lock", desk.pk))

    shown = space.client.get(space.url)
    answer = space.send(delivery_note="Le mardi.")

    assert shown.status_code == 200
    assert answer.status_code < 500
    assert space.draft().delivery_note == ""


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_a_review_is_ended_once(space, desk, act):
    space.send(delivery_note="Le mardi.")
    state = desk.page().current_workflow_task_state
    mail.outbox.clear()
    url = admin("workflow_action", desk.pk, act, state.pk)

    answers = [desk.client.post(url, {"comment": "Quel jour fermez-vous ?"}, follow=True) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(mail.outbox) == 1
    assert TaskState.objects.get(pk=state.pk).status != TaskState.STATUS_IN_PROGRESS


def test_a_publication_that_is_called_off_leaves_her_waiting_for_nothing(space, desk):
    space.send(delivery_note="Le mardi.")
    tomorrow = timezone.localtime() + timedelta(days=1)
    desk.approve(go_live_at=f"{tomorrow:%Y-%m-%d %H:%M}")
    revision = desk.page().scheduled_revision
    mail.outbox.clear()

    answer = desk.client.post(admin("revisions_unschedule", desk.pk, revision.pk), follow=True)

    assert answer.status_code == 200
    with time_machine.travel(tomorrow + timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert space.live().delivery_note == ""
    assert subjects() == ["Relecture arrêtée : Le Fournil des Mines"]
