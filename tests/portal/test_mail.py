"""E-mails wait in the database until the mail server takes them."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.core.mail.message import BadHeaderError
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from portal import database_clock, jobs
from portal.job_reports import failed, run_again
from portal.mail import GIVEN_UP_AFTER, send_forgotten
from portal.models import QueuedMail
from tests.jobs import bring_forward, do_jobs, stored

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


@pytest.fixture
def no_patience(monkeypatch):
    """A worker that is told to stop while it waits for a mail server."""
    monkeypatch.setattr(jobs, "should_stop", lambda: True)


def send_due():
    """Do the jobs of e-mails that are due; return how many messages left."""
    before = len(mail.outbox)
    do_jobs("mail")
    return len(mail.outbox) - before


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


def test_a_message_and_its_job_are_stored_together_and_the_job_names_nobody():
    write()

    (job,) = stored("send_mail")
    assert job.args == {"mail_id": QueuedMail.objects.get().pk}


def test_a_server_out_of_reach_keeps_all_waiting(queue, no_patience):
    queue.MAIL_TRANSPORT = "tests.portal.test_mail.Unreachable"
    write()
    write("idris@exemple.fr")
    assert send_due() == 0
    assert not failed()

    queue.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    bring_forward()
    assert send_due() == 2


def test_a_job_waits_for_a_server_out_of_reach_in_its_place(queue, monkeypatch):
    tries = []

    class Back(EmailBackend):
        def open(self):
            tries.append(1)
            if len(tries) < 3:
                raise ConnectionRefusedError(111, "Connection refused")

    slept = []
    monkeypatch.setattr("portal.mail.get_connection", lambda transport: Back())
    monkeypatch.setattr("portal.mail.sleep", slept.append)
    monkeypatch.setattr("portal.mail.connection.close", lambda: None)
    write()

    assert send_due() == 1
    assert sum(slept) == 2 * 60


def test_one_refused_address_holds_nobody_up_and_is_tried_later_and_later(queue):
    queue.MAIL_TRANSPORT = "tests.portal.test_mail.Choosy"
    write("inconnue@exemple.fr")
    write()
    assert send_due() == 1

    waits = []
    for _ in range(9):
        (refused,) = stored("send_mail")
        waits.append(refused.scheduled_at - database_clock.now())
        bring_forward()
        assert send_due() == 0
    assert waits == sorted(waits)
    assert waits[-1] - timedelta(seconds=1) < timedelta(hours=4) < waits[-1] + timedelta(minutes=1)
    assert stored("send_mail")[0].attempts == 10


def test_after_three_days_a_refused_message_is_given_up_and_an_editor_may_try_again(queue, caplog):
    queue.MAIL_TRANSPORT = "tests.portal.test_mail.Choosy"
    write("inconnue@exemple.fr")

    with time_machine.travel(timezone.now() + GIVEN_UP_AFTER + timedelta(minutes=1)):
        send_due()

    (given_up,) = failed()
    assert "Refusé pendant trois jours" in given_up.failure
    assert "inconnue" not in given_up.failure + caplog.text

    queue.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    assert run_again(given_up.id)
    bring_forward()
    assert send_due() == 1
    assert not failed()
    assert not QueuedMail.objects.exists()


def test_a_message_whose_sender_was_killed_is_not_sent_twice_unless_an_editor_says_so():
    write()
    QueuedMail.objects.update(handed_at=database_clock.now())

    assert send_due() == 0

    (doubtful,) = failed()
    assert "on ne sait pas si l’e-mail est parti" in doubtful.failure
    assert run_again(doubtful.id)
    bring_forward()
    assert send_due() == 1


def test_what_left_is_never_sent_again_though_the_database_is_away_just_then(monkeypatch):
    write()
    monkeypatch.setattr("portal.mail.STUBBORN", (0, 0, 0))
    delete, tries = QuerySet.delete, []

    def fail_twice(rows):
        tries.append(1)
        if rows.model is QueuedMail and len(tries) < 3:
            raise OperationalError("terminating connection")
        return delete(rows)

    monkeypatch.setattr(QuerySet, "delete", fail_twice)

    assert send_due() == 1
    assert len(tries) == 3
    assert not QueuedMail.objects.exists()


def test_a_message_without_a_job_gets_one():
    write()
    ProcrastinateJob.objects.all()._raw_delete("default")
    QueuedMail.objects.update(made_at=timezone.now() - timedelta(minutes=2))

    assert [send_forgotten(), send_forgotten()] == [1, 0]
    assert send_due() == 1


@pytest.mark.parametrize("hours", [-3, -1, 1, 3, 26])
def test_the_clock_of_who_writes_a_message_neither_delays_nor_hastens_it(monkeypatch, hours, clock_of_the_database):
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        monkeypatch.setattr(database_clock, "now", clock_of_the_database)
        write()
    assert abs(QueuedMail.objects.get().made_at - clock_of_the_database()) < timedelta(minutes=1)

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

    (refused,) = stored("send_mail")
    assert refused.attempts == 1
    assert timedelta(0) < refused.scheduled_at - clock_of_the_database() <= timedelta(minutes=2)


def test_a_header_that_breaks_its_line_is_refused_when_written():
    with pytest.raises(BadHeaderError):
        EmailMessage("Deux\nlignes", "…", to=["maud@exemple.fr"]).send()


def test_attachments_are_refused():
    with pytest.raises(ValueError, match="attachment"):
        write(attachments=[("recu.txt", "12 €", "text/plain")])
