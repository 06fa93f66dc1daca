"""The jobs of the editors' side: reports to tell of, data beyond its term, and the nightly reading of our own pages."""

import sys
from datetime import timedelta
from subprocess import DEVNULL, CalledProcessError, Popen
from time import sleep

from django.conf import settings
from django.core.management import call_command

from home.closing import letters
from home.open_data import making as open_data
from home.purges import unused_since
from home.reports import digest
from home.results import freezing
from home.seo import indexnow
from portal import database_clock, jobs
from portal.jobs import EACH_MINUTE, TryAgain, job
from portal.models import JobReport
from portal.privacy import unused

FIRST_SPAN = timedelta(days=1)  # of changes that search engines are told of the first time


@job("Annoncer les signalements à la rédaction", cron=EACH_MINUTE)
def tell_of_notices() -> None:
    digest.send_due()


@job("Écrire à qui une fermeture du portail concerne", cron=EACH_MINUTE)
def write_closing_letters() -> None:
    letters.write_due()


@job("Effacer ce qui a dépassé sa durée", cron="7 * * * *")
def purge() -> None:
    call_command("purge", write=True, verbosity=0)


@job("Prévenir les comptes qui ne servent plus", cron="50 8 * * *")
def warn_unused_accounts() -> None:
    now = database_clock.now()
    unused.warn(unused_since(now - unused.UNUSED + unused.NOTICE), now)


@job("Relire toutes nos pages comme un moteur de recherche", cron="40 3 * * *")
def audit_site() -> None:
    """Do it in a process of its own: minutes of work and all pages in memory are not for the worker's.

    Raises CalledProcessError.
    """
    with Popen([sys.executable, "manage.py", "audit_site"], cwd=settings.BASE_DIR, stdout=DEVNULL) as process:
        while process.poll() is None:
            if jobs.should_stop():
                process.terminate()
                raise TryAgain(database_clock.now())
            sleep(1)
    if process.returncode:
        raise CalledProcessError(process.returncode, "audit_site")


@job("Refaire les données ouvertes", cron="20 2 * * *")
def make_open_data() -> None:
    open_data.make()


@job("Compter le mois qui vient de finir", cron="10 3 * * *")
def freeze_results() -> None:
    freezing.freeze(database_clock.today())


@job("Dire aux moteurs de recherche ce qui a changé", cron="25 * * * *")
def announce_changes() -> None:
    """Tell of what changed since this last went well; nothing without INDEXNOW_KEY."""
    if not settings.INDEXNOW_KEY:
        return
    now = database_clock.now()
    done_at = JobReport.objects.filter(job="announce_changes").values_list("done_at", flat=True).first()
    if paths := indexnow.changed_since(done_at or now - FIRST_SPAN):
        indexnow.announce(paths)
