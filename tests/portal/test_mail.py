"""E-mails wait in the database until the mail server takes them."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.core.mail.message import BadHeaderError
from django.db import transaction
from django.utils import timezone

from portal import database_clock
from portal.mail import GIVEN_UP_AFTER, send_due
from portal.models import QueuedMail

pytestmark = pytest.mark.django_db


class Unreachable(EmailBackend):
    def open(self):
        raise ConnectionRefusedError(111, "Connection refused")


class Choosy(EmailBackend):
    """Refuses one address, as a server does with somebody it does not know."""

    def send_messages(self, messages):
        if messages[0].to == ["inconnue@exemple.fr"]:
            raise OSError("550 no such user")
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    return settings


def write(to="maud@exemple.fr", **more):
    EmailMessage("Votre commande", "Elle est prête.", to=[to], **more).send()


def test_a_message_arrives_whole_and_nothing_is_kept_of_it():
    message = EmailMultiAlternatives(
        "C’est prêt", "Texte", "Région <bonjour@exemple.fr>", ["maud@exemple.fr"], headers={"X-Part": "D 114"}
    )
    message.attach_alternative("<p>Texte</p>", "text/html")
    message.send()
    assert mail.outbox == []

    assert send_due() == 1

    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.from_email, sent.to) == (
        "C’est prêt", "Texte", "Région <bonjour@exemple.fr>", ["maud@exemple.fr"]
    )  # fmt: skip
    assert sent.alternatives == [("<p>Texte</p>", "text/html")]
    assert sent.message()["X-Part"] == "D 114"
    assert not QueuedMail.objects.exists()


def test_what_is_rolled_back_is_never_written_of():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert send_due() == 0


def test_a_server_out_of_reach_keeps_all_waiting_for_a_minute(queue):
    queue.MAIL_TRANSPORT = "tests.portal.test_mail.Unreachable"
    write()
    write("idris@exemple.fr")
    assert send_due() == 0

    queue.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert send_due() == 2


def test_one_refused_address_holds_nobody_up_and_is_tried_later_and_later(queue):
    queue.MAIL_TRANSPORT = "tests.portal.test_mail.Choosy"
    write("inconnue@exemple.fr")
    write()
    assert send_due() == 1

    waits = []
    for _ in range(3):
        refused = QueuedMail.objects.get()
        waits.append(refused.due_at - timezone.now())
        with time_machine.travel(refused.due_at):
            assert send_due() == 0
    assert waits == sorted(waits)
    assert QueuedMail.objects.get().attempts == 4


def test_after_three_days_a_refused_message_is_given_up(queue, caplog):
    queue.MAIL_TRANSPORT = "tests.portal.test_mail.Choosy"
    write("inconnue@exemple.fr")

    with time_machine.travel(timezone.now() + GIVEN_UP_AFTER + timedelta(minutes=1)):
        send_due()

    assert not QueuedMail.objects.exists()
    assert "mail_given_up" in caplog.text


@pytest.mark.parametrize("hours", [-3, -1, 1, 3, 26])
def test_the_clock_of_who_writes_a_message_neither_delays_nor_hastens_it(monkeypatch, hours, clock_of_the_database):
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        monkeypatch.setattr(database_clock, "now", clock_of_the_database)
        write()
    queued = QueuedMail.objects.get()
    for moment in (queued.made_at, queued.due_at):
        assert abs(moment - clock_of_the_database()) < timedelta(minutes=1)

    assert send_due() == 1


@pytest.mark.parametrize("hours", [-100, -3, 3, 100])
def test_the_clock_of_who_sends_neither_hurries_nor_gives_up(queue, monkeypatch, hours, clock_of_the_database):
    queue.MAIL_TRANSPORT = "tests.portal.test_mail.Choosy"
    write("inconnue@exemple.fr")
    write()

    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        monkeypatch.setattr(database_clock, "now", clock_of_the_database)
        assert send_due() == 1
        assert send_due() == 0

    refused = QueuedMail.objects.get()
    assert refused.attempts == 1
    assert timedelta(0) < refused.due_at - clock_of_the_database() <= timedelta(minutes=2)


def test_a_header_that_breaks_its_line_is_refused_when_written():
    with pytest.raises(BadHeaderError):
        EmailMessage("Deux\nlignes", "…", to=["maud@exemple.fr"]).send()


def test_attachments_are_refused():
    with pytest.raises(ValueError, match="attachment"):
        write(attachments=[("recu.txt", "12 €", "text/plain")])
