"""Asking the register again for an application that it did not answer."""

from datetime import timedelta

from directory.joining import applications
from directory.vetting.kinds import OPEN_STEPS
from directory.vetting.models import Application
from directory.vetting.register import UNAVAILABLE, look_up
from portal import database_clock, jobs
from portal.jobs import Failed, TryAgain

PATIENCE = 20.0  # seconds: nobody waits before a screen
LONGEST_PAUSE = timedelta(hours=2)
GIVEN_UP_AFTER = timedelta(days=14)


def ask_again(application_id: int) -> None:
    """Ask the register, and store what it says; done already or decided, do nothing. Raises TryAgain and Failed."""
    waiting = Application.objects.filter(pk=application_id, state__in=OPEN_STEPS, register_status__in=("", UNAVAILABLE))
    application = waiting.first()
    if application is None:
        return
    answer = look_up(application.siret, patience=PATIENCE)
    if answer.status != UNAVAILABLE:
        applications.learn(application_id, answer)
        return
    now = database_clock.now()
    if now - application.started_at > GIVEN_UP_AFTER:
        raise Failed("Le registre n’a pas répondu pendant deux semaines : vérifiez ce SIRET à la main.")
    raise TryAgain(now + min(jobs.pause_after(jobs.attempts()), LONGEST_PAUSE))
