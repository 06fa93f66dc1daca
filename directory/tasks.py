"""The jobs of the directory."""

from datetime import timedelta

from directory.freshness import reminders
from directory.joining import retry
from directory.people import mandates
from directory.vetting import recheck, signals, terms
from directory.vetting.sanctions import clock
from portal import database_clock, jobs
from portal.jobs import TryAgain, job

REGISTER_REST = timedelta(minutes=10)  # before those are asked about again of whom the register did not answer
MOST_TRIES = 60  # of a night's questions: ten hours


@job("Interroger de nouveau le registre pour une candidature")
def ask_register_again(application_id: int) -> None:
    retry.ask_again(application_id)


@job("Masquer les fiches que personne n’a vérifiées à temps", cron="10 4 * * *")
def hide_unvetted() -> None:
    terms.hide_unvetted(database_clock.today())


@job("Appliquer et terminer les sanctions dont le jour est venu", cron="5 0 * * *")
def keep_days_of_sanctions() -> None:
    today = database_clock.today()
    clock.take_effect(today)
    clock.end_terms(today)


@job("Retirer les mandats dont le dernier jour est passé", cron="15 0 * * *")
def end_mandates() -> None:
    mandates.end(database_clock.today())


@job("Alerter des candidatures qui attendent", cron="30 7 * * *")
def alert_of_applications() -> None:
    terms.alert(database_clock.today())


@job("Comparer de nouveau les candidatures qui attendent", cron="40 4 * * *")
def compare_applications() -> None:
    signals.keep_all(database_clock.today())


@job("Demander aux commerces de confirmer leurs horaires", cron="20 8 * * *")
def remind_of_hours() -> None:
    reminders.remind(database_clock.today())


@job("Interroger de nouveau les registres sur les commerçants en ligne", cron="20 1 * * *")
def recheck_merchants() -> None:
    """Ask about those whom nobody asked about today.

    Raises TryAgain when the worker stops meanwhile, and for those of whom the register did not answer: nobody is left
    out because it was unwell for a while. After MOST_TRIES the next night asks.
    """
    for _ in recheck.recheck(recheck.due(database_clock.today()), write=True, should_stop=jobs.should_stop):
        pass
    if jobs.should_stop():
        raise TryAgain(database_clock.now())
    if jobs.attempts() < MOST_TRIES and recheck.due(database_clock.today()):
        raise TryAgain(database_clock.now() + REGISTER_REST)
