"""A worker that is killed loses no job and doubles no e-mail; two workers do each job once."""

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from portal import job_reports
from portal.models import QueuedMail
from tests.drills.jobs import kill_while_writing
from tests.drills.mail_server import MailServer
from tests.search.test_index import process, wait_for  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def queue(settings, without_elasticsearch):
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"


@pytest.fixture
def server(monkeypatch):
    server = MailServer()
    monkeypatch.setenv("EMAIL_URL", server.url)
    yield server
    server.close()


def write(subject="Commande"):
    EmailMessage(subject, "Elle est prête.", to=["maud@exemple.fr"]).send()


def miss_heartbeats():
    """Let the half minute pass after which a worker without a sign of life counts as dead."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")


def is_over():
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs where task_name = 'send_mail' and status in ('todo', 'doing')"
        )
        return cursor.fetchone()[0] == 0


@pytest.mark.parametrize(
    ("stage", "arrives", "is_told"), [("greeted", 1, False), ("named", 0, True), ("accepted", 1, True)]
)
def test_one_killed_while_it_sends_an_e_mail(server, process, stage, arrives, is_told):  # noqa: F811
    server.hold(stage)
    write()
    worker = process("worker")
    assert server.is_held.wait(180)
    worker.kill()
    worker.wait()
    server.let_go()

    miss_heartbeats()
    process("worker")
    wait_for(is_over, seconds=180)

    assert server.arrived["Commande"] == arrives
    assert len(job_reports.failed()) == QueuedMail.objects.count() == is_told


def test_two_workers_do_each_job_once(server, process):  # noqa: F811
    process("worker")
    process("worker")
    for number in range(30):
        write(f"Commande {number}")
    wait_for(is_over, seconds=180)

    assert server.arrived == {f"Commande {number}": 1 for number in range(30)}
    assert not QueuedMail.objects.exists()


def test_workers_killed_at_any_moment(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "replaced")
    told = kill_while_writing(40, seed=11)

    assert told.kills == 2
    assert told.is_well, told
