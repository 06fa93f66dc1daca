"""No job is lost and no e-mail doubled: workers are killed at any moment while e-mails are written.

The same seed writes the same e-mails and kills after the same ones.
"""

import os
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test.utils import override_settings, setup_test_environment
from tqdm import tqdm

from portal import job_reports
from portal.models import QueuedMail
from tests.conftest import TEST_SETTINGS
from tests.database import Slot, connected_to
from tests.drills.mail_server import MailServer
from tests.drills.workers import Workers

WORKERS = 2
A_KILL_EVERY = 15  # e-mails
RECOVERY = 180  # seconds after which what still waits is lost


@dataclass
class Told:
    """What became of the e-mails: subjects. unwritten: those whose transaction was rolled back."""

    written: set[str] = field(default_factory=set)
    unwritten: set[str] = field(default_factory=set)
    kills: int = 0
    arrived: dict[str, int] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    left: int = 0
    seconds: float = 0

    @property
    def doubled(self) -> set[str]:
        return {subject for subject, times in self.arrived.items() if times > 1}

    @property
    def lost(self) -> set[str]:
        return self.written - set(self.arrived) - self.doubtful

    @property
    def is_well(self) -> bool:
        return not (self.doubled or self.lost or self.left or self.unwritten & set(self.arrived))


def kill_while_writing(mails: int, seed: int, progress: Callable[[int], object] = lambda count: None) -> Told:
    """Write so many e-mails while workers are killed, let the survivors catch up; return what became of them."""
    random, told = Random(seed), Told()
    server = MailServer(random, slowest=0.1)
    os.environ["EMAIL_URL"] = server.url
    kills_at = set(random.sample(range(mails), mails // A_KILL_EVERY))
    workers, started = Workers(WORKERS), time.monotonic()
    try:
        _write("Commande 0 bis", False, told)
        deadline = started + RECOVERY
        while not server.arrived and time.monotonic() < deadline:  # a worker that has not begun is killed in vain
            time.sleep(0.1)
        for number in range(mails):
            _write(f"Commande {number}", random.random() < 0.1, told)
            time.sleep(random.uniform(0, 0.1))
            if number in kills_at:
                workers.kill(random.randrange(WORKERS))
                told.kills += 1
            progress(1)
        deadline = time.monotonic() + RECOVERY
        while _waiting() and time.monotonic() < deadline:
            time.sleep(0.5)
    finally:
        workers.end()
        server.close()
    told.seconds = time.monotonic() - started
    told.left, told.arrived = _waiting(), dict(server.arrived)
    told.doubtful = {mail.content["subject"] for mail in QueuedMail.objects.all()} if not told.left else set()
    if len(told.doubtful) != len(job_reports.failed()):
        told.left += 1  # one that no editor is told of
    return told


def _write(subject: str, is_rolled_back: bool, told: Told) -> None:
    with transaction.atomic():
        EmailMessage(subject, "Elle est prête.", to=["maud@exemple.fr"]).send()
        transaction.set_rollback(is_rolled_back)
    (told.unwritten if is_rolled_back else told.written).add(subject)


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs where task_name = 'send_mail' and status in ('todo', 'doing')"
        )
        return cursor.fetchone()[0]


def play(options: Namespace) -> bool:
    """Play the drill on a database of its own, without Elasticsearch; tell what happened, and whether all is well."""
    slot = Slot()
    setup_test_environment()
    seed = options.seed if options.seed is not None else int(time.time())
    try:
        slot.ensure_template()
        slot.clone()
        settings = {**TEST_SETTINGS, "EMAIL_BACKEND": "portal.mail.QueueBackend", "ELASTICSEARCH_URL": []}
        with connected_to(slot.name), override_settings(**settings), tqdm(total=options.mails, unit=" mails") as bar:
            told = kill_while_writing(options.mails, seed, bar.update)
    finally:
        slot.drop()
        slot.server.close()
    print(f"seed {seed}: {len(told.written)} e-mails, {told.kills} workers killed, {told.seconds:.0f} s")
    print(f"arrived {len(told.arrived)}, doubled {len(told.doubled)}, lost {len(told.lost)}, still waiting {told.left}")
    print(f"shown to editors, since nobody knows: {len(told.doubtful)}, of which {_arrived(told)} had arrived")
    return told.is_well


def _arrived(told: Told) -> int:
    return len(told.doubtful & set(told.arrived))
