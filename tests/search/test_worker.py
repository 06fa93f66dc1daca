"""The background process outlives what its jobs and the feed of the search meet."""

import signal
import socket
from datetime import timedelta
from threading import Event

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from portal.models import JobReport, QueuedMail
from search.health import LATE
from search.indexing import feed
from search.management.commands.worker import PATIENCE
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


START = 180  # seconds that a worker may take to begin on a busy machine


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
        EmailMessage(f"Votre commande {number}", "Elle est prête.", to=["maud@exemple.fr"]).send()
        wait_for(lambda merchant=merchant: is_indexed(merchant) and not QueuedMail.objects.exists(), START)
        assert end_other_connections()

    worker.send_signal(signal.SIGTERM)
    assert "worker_stopped" in worker.communicate(timeout=30)[0].decode()
    assert worker.returncode == 0
    sent = "".join(file.read_text() for file in mail_folder.iterdir())
    assert [sent.count(f"Subject: Votre commande {number}") for number in range(3)] == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_never_answers_holds_up_mail_alone(
    without_elasticsearch, places, process, monkeypatch, queue  # noqa: F811
):  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        EmailMessage("Votre commande", "Elle est prête.", to=["maud@exemple.fr"]).send()
        worker = process("worker")
        silent.settimeout(START)
        caller, _ = silent.accept()  # the worker now waits for a greeting
        merchant = make_merchant(title="Quatre saisons")
        wait_for(lambda: is_indexed(merchant), START)
        wait_for(lambda: JobReport.objects.filter(job="tell_of_notices", done_at__isnull=False).exists(), START)

        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=PATIENCE + 10)

        caller.close()
    assert worker.returncode == 0
    assert QueuedMail.objects.filter(handed_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_folder_of_mails_that_cannot_be_written_holds_up_mail_alone(
    without_elasticsearch, places, process, tmp_path, monkeypatch, queue  # noqa: F811
):  # fmt: skip
    (tmp_path / "mails").write_text("a file where a folder should be")
    monkeypatch.setenv("EMAIL_URL", f"file:///{tmp_path}/mails")
    EmailMessage("Votre commande", "Elle est prête.", to=["maud@exemple.fr"]).send()
    worker = process("worker")

    merchant = make_merchant(title="Quatre saisons")

    wait_for(lambda: is_indexed(merchant), START)
    wait_for(lambda: JobReport.objects.filter(job="send_mail", failed_at__isnull=False).exists(), START)
    assert QueuedMail.objects.count() == 1

    worker.send_signal(signal.SIGTERM)
    said = worker.communicate(timeout=PATIENCE + 10)[0].decode()
    assert "worker_stopped" in said
    assert "work_abandoned" not in said  # a job that waits for the mail server does not hold up the end
    assert worker.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_a_feed_that_fails_is_tried_again_later_each_time_and_leaves_no_name(monkeypatch):
    stopping, waits = Event(), []
    monkeypatch.setattr(feed, "FIRST_PAUSE", 0.01)

    def turn():
        if len(waits) == 3:
            stopping.set()
        raise OSError("the text may name a person")

    monkeypatch.setattr(feed, "turn", turn)
    monkeypatch.setattr(stopping, "wait", waits.append)
    feed.run(stopping)

    assert waits == [0.01, 0.02, 0.04, 0.08]
    report = JobReport.objects.get(job="search")
    assert report.failure.startswith("OSError")
    assert "person" not in report.failure
    assert (report.done_at, report.failed_at is None) == (None, False)


@pytest.mark.django_db(transaction=True)
def test_health_tells_of_a_worker_that_never_ran_or_died(without_elasticsearch, places, process, client):  # noqa: F811
    assert "worker" in client.get("/sante/").json()["faults"]

    process("worker")
    wait_for(lambda: set(client.get("/sante/").json()["worker"]) == {"search", "jobs"}, START)
    assert "worker" not in client.get("/sante/").json()["faults"]

    JobReport.objects.filter(job="search").update(done_at=timezone.now() - timedelta(seconds=LATE["worker"] + 60))
    state = client.get("/sante/").json()
    assert state["worker"]["search"] > LATE["worker"]
    assert "worker" in state["faults"]


@pytest.mark.django_db
def test_health_tells_of_mails_that_should_have_left(without_elasticsearch, client, queue):
    EmailMessage("Votre commande", "Elle est prête.", to=["maud@exemple.fr"]).send()
    assert client.get("/sante/").json()["mail"]["waiting"] == 1
    assert "mail" not in client.get("/sante/").json()["faults"]

    QueuedMail.objects.update(made_at=timezone.now() - timedelta(seconds=LATE["mail"] + 60))

    assert "mail" in client.get("/sante/").json()["faults"]
