"""From the merchant's click to the public page: what editors get, what they are told, what goes live."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from directory.space.reviews import review
from home.models import HomePage
from portal.models import User


@pytest.fixture
def desk(client, editor):
    """A function by which the editor acts on a page's review, in Wagtail's admin."""

    def act(page, action, comment=""):
        client.force_login(editor)
        task_state = page.current_workflow_task_state
        url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, task_state.pk])
        return client.post(url, {"comment": comment})

    return act


def test_an_editor_s_approval_puts_the_change_live(space, desk):
    space.send(delivery_note="Le mardi.", story="Du seigle, à présent.")

    desk(space.live(), "approve")

    live = space.live()
    assert (live.delivery_note, live.story) == ("Le mardi.", "<p>Du seigle, à présent.</p>")
    assert review(live).kind == "published"


def test_the_page_waits_on_the_editor_s_dashboard_before_her_own(client, space, editor):
    space.send(delivery_note="Le mardi.")
    home = HomePage.objects.get()
    home.save_revision(user=editor, log_action=True)
    client.force_login(editor)

    dashboard = client.get("/gestion/").content.decode()

    waiting, own = dashboard.index("En attente de votre vérification"), dashboard.index("recent-edits")
    assert waiting < dashboard.index("Le Fournil des Mines") < own


def test_what_was_not_read_does_not_go_live(space, desk, editor):
    space.send(delivery_note="Le mardi.")
    read = space.live().current_workflow_task_state
    unread = space.draft()
    unread.delivery_note = "Le samedi."
    unread.save_revision(user=editor)

    desk(space.live(), "approve")

    assert space.live().delivery_note == ""
    waiting = space.live().current_workflow_task_state
    assert waiting.status == TaskState.STATUS_IN_PROGRESS
    assert waiting.revision != read.revision

    desk(space.live(), "approve")
    assert space.live().delivery_note == "Le samedi."


def test_a_merchant_cannot_slip_a_change_in_during_the_review(space, desk, client, baker):
    space.send(delivery_note="Le mardi.")
    space.send(delivery_note="Le samedi.")

    desk(space.live(), "approve")

    assert space.live().delivery_note == "Le mardi."


def test_editors_are_told_in_french_that_a_page_waits(space, editor, settings):
    User.objects.create_superuser("racine@region.example")

    space.send(delivery_note="Le mardi.")

    [message] = mail.outbox
    assert message.to == [editor.email]
    assert message.subject == "À relire : Le Fournil des Mines, Privas"
    assert "Bonjour Jeanne," in message.body
    assert f"{settings.SITE_URL}/gestion/pages/{space.pk}/edit/" in message.body


def test_the_merchant_is_told_that_her_page_is_online(space, desk, baker):
    space.send(delivery_note="Le mardi.")
    mail.outbox.clear()

    desk(space.live(), "approve")

    [message] = mail.outbox
    assert message.to == [baker.email]
    assert message.subject == "En ligne : Le Fournil des Mines"
    assert space.live().full_url in message.body
    assert "/gestion/" not in message.body


def test_the_merchant_is_told_what_to_mend_and_where(space, desk, baker, settings):
    space.send(delivery_note="Le mardi.")
    mail.outbox.clear()

    desk(space.live(), "reject", comment="Quel jour fermez-vous, l’été ?")

    [message] = mail.outbox
    assert message.to == [baker.email]
    assert message.subject == "À revoir : Le Fournil des Mines"
    assert "Quel jour fermez-vous, l’été ?" in message.body
    assert f"{settings.SITE_URL}{space.url}" in message.body
    assert "/gestion/" not in message.body


def test_a_mail_server_that_is_down_loses_no_change(space, settings, editor):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    response = space.send(delivery_note="Le mardi.")

    assert response.status_code == 302
    assert review(space.live()).kind == "waiting"


@pytest.mark.django_db(transaction=True)
def test_a_double_click_starts_one_review(space, baker):
    sent = space.fields() | {"send": "1", "delivery_note": "Le mardi."}
    start = Barrier(2)

    def click():
        client = Client()
        client.force_login(baker)
        start.wait()
        try:
            return client.post(space.url, sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = [click.result() for click in [pool.submit(click), pool.submit(click)]]

    assert sorted(answers) == [200, 302]
    assert WorkflowState.objects.filter(object_id=str(space.pk)).count() == 1
