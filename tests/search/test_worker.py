"""The background process outlives what its duties meet."""

import signal
import socket
from datetime import timedelta
from threading import Event

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from portal import background, database_clock, mail
from portal.background import Duty
from portal.models import DutyReport, QueuedMail
from search.health import LATE
from search.management.commands.worker import ClocksApart, Command
from search.models import IndexedEntry
from tests.factories import make_merchant
from tests.search.test_index import process, wait_for  # noqa: F401


@pytest.fixture
def mail_folder(tmp_path, monkeypatch):
    """Where the worker's e-mails go."""
    monkeypatch.setenv("EMAIL_URL", f"file:///{tmp_path}")
    return tmp_path


@pytest.fixture
def queue(settings):
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"


def is_indexed(merchant):
    return IndexedEntry.objects.filter(object_id=merchant.pk, deleted=False).exists()


def end_other_connections():
    """Do to every other connection what a restart of PostgreSQL does; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(pg_terminate_backend(pid)) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()"""
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_worker_outlives_restarts_of_the_database(without_elasticsearch, places, process, mail_folder, queue):  # noqa: F811
    worker = process("worker")
    for number in range(3):
        merchant = make_merchant(title=f"Four {number}")
        EmailMessage("Votre commande", "Elle est prête.", to=["maud@exemple.fr"]).send()
        wait_for(lambda merchant=merchant: is_indexed(merchant) and not QueuedMail.objects.exists())
        assert end_other_connections()

    worker.send_signal(signal.SIGTERM)
    assert "worker_stopped" in worker.communicate(timeout=30)[0].decode()
    assert worker.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_never_answers_holds_up_mail_alone(
    without_elasticsearch, places, process, monkeypatch, queue  # noqa: F811
):  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        EmailMessage("Votre commande", "Elle est prête.", to=["maud@exemple.fr"]).send()
        worker = process("worker")
        silent.settimeout(60)
        caller, _ = silent.accept()  # the worker now waits for a greeting
        merchant = make_merchant(title="Quatre saisons")
        wait_for(lambda: is_indexed(merchant))

        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=background.PATIENCE + 10)

        caller.close()
    assert worker.returncode == 0
    assert QueuedMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_folder_of_mails_that_cannot_be_written_holds_up_mail_alone(
    without_elasticsearch, places, process, tmp_path, monkeypatch, queue  # noqa: F811
):  # fmt: skip
    (tmp_path / "mails").write_text("a file where a folder should be")
    monkeypatch.setenv("EMAIL_URL", f"file:///{tmp_path}/mails")
    EmailMessage("Votre commande", "Elle est prête.", to=["maud@exemple.fr"]).send()
    process("worker")

    merchant = make_merchant(title="Quatre saisons")

    wait_for(lambda: is_indexed(merchant))
    assert QueuedMail.objects.count() == 1


@pytest.mark.django_db
def test_a_stored_mail_that_makes_no_sense_holds_nobody_up(settings, queue):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    QueuedMail.objects.create(content={"sujet": "Rien"})
    EmailMessage("Votre commande", "Elle est prête.", to=["maud@exemple.fr"]).send()

    assert mail.send_due() == 1

    (left,) = QueuedMail.objects.all()
    assert left.attempts == 1


@pytest.mark.parametrize("away", [timedelta(days=9), timedelta(days=-9), timedelta(minutes=2), timedelta(minutes=-2)])
@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_clock_is_wrong_does_nothing_by_time(monkeypatch, clock_of_the_database, away):
    command, done = Command(), []
    monkeypatch.setattr(command, "minutely", lambda: {"cancels orders": lambda: done.append(1)})
    with time_machine.travel(timezone.now() + away):
        monkeypatch.setattr(database_clock, "now", clock_of_the_database)
        with pytest.raises(ClocksApart):
            command.each_minute()
    assert not done

    command.each_minute()
    assert done == [1]


@pytest.mark.django_db(transaction=True)
def test_what_fails_each_minute_holds_up_nothing_else(monkeypatch, caplog):
    command, done = Command(), []
    acts = {"fails": lambda: 1 / 0, "breaks its connection": end_own_connection, "works": lambda: done.append(1)}
    monkeypatch.setattr(command, "minutely", lambda: acts)

    command.each_minute()

    assert done == [1]
    assert caplog.text.count("duty_failed") == 2


def end_own_connection():
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(pg_backend_pid())")


@pytest.mark.django_db(transaction=True)
def test_a_duty_that_fails_is_tried_again_later_each_time(monkeypatch):
    stopping, tries, waits = Event(), [], []
    monkeypatch.setattr(background, "FIRST_PAUSE", 0.01)

    def turn():
        tries.append(1)
        if len(tries) == 4:
            stopping.set()
        raise OSError("no way")

    monkeypatch.setattr(stopping, "wait", lambda seconds=None: waits.append(seconds))
    background._repeat(Duty("fails", turn), stopping)

    assert waits == [0.01, 0.02, 0.04, 0.08]


@pytest.mark.django_db(transaction=True)
def test_health_tells_of_a_worker_that_never_ran_or_died(without_elasticsearch, places, process, client):  # noqa: F811
    assert "worker" in client.get("/sante/").json()["faults"]

    process("worker")
    wait_for(lambda: set(client.get("/sante/").json()["worker"]) == {"search", "mail", "pictures", "minute"})
    assert "worker" not in client.get("/sante/").json()["faults"]

    DutyReport.objects.filter(duty="mail").update(done_at=timezone.now() - timedelta(seconds=LATE["worker"] + 60))
    state = client.get("/sante/").json()
    assert state["worker"]["mail"] > LATE["worker"]
    assert "worker" in state["faults"]


@pytest.mark.django_db
def test_health_tells_of_mails_that_should_have_left(without_elasticsearch, client, queue):
    EmailMessage("Votre commande", "Elle est prête.", to=["maud@exemple.fr"]).send()
    assert client.get("/sante/").json()["mail"]["waiting"] == 1
    assert "mail" not in client.get("/sante/").json()["faults"]

    QueuedMail.objects.update(made_at=timezone.now() - timedelta(seconds=LATE["mail"] + 60))

    assert "mail" in client.get("/sante/").json()["faults"]


@pytest.mark.django_db(transaction=True)
def test_a_duty_that_fails_leaves_the_kind_of_its_error():
    stopping = Event()

    def turn():
        stopping.set()
        raise OSError("the text may name a person")

    background._repeat(Duty("mail", turn), stopping)

    report = DutyReport.objects.get(duty="mail")
    assert (report.done_at, report.error) == (None, "OSError")
    assert report.failed_at is not None
