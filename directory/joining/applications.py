"""What is done to an application before it is sent: begun, filled in step by step, asked about at the register."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import QueryDict

from directory.joining.proposals import proposed
from directory.models import MerchantPage
from directory.vetting import checking, signals
from directory.vetting.kinds import OPEN_STEPS, Step
from directory.vetting.models import Application
from directory.vetting.register import UNAVAILABLE, Answer, stored
from directory.vetting.sirene import in_stock
from portal import database_clock, jobs
from portal.models import User

FILLED_IN = (Step.DRAFT, Step.INCOMPLETE)  # where the applicant may write
TYPING = "typing"  # in `declared`: what was typed and not yet right, by step
STEPS = ("commerce", "horaires")


def of(user: User) -> QuerySet[Application]:
    return Application.objects.filter(applicant=user)


def open_one(user: User, siret: str) -> Application | None:
    return of(user).filter(siret=siret, state__in=OPEN_STEPS).first()


def begin(user: User, siret: str, answer: Answer) -> Application:
    """Store and return a new draft; the one that is open already, where there is one."""
    establishment = answer.establishment
    known = in_stock(siret) if answer.status == UNAVAILABLE else establishment
    try:
        with transaction.atomic():
            application = Application.objects.create(
                applicant=user,
                siret=siret,
                register_status=answer.status,
                found=stored(establishment) if establishment else {},
                declared=proposed(known) if known else {},
            )
            if answer.status == UNAVAILABLE:
                jobs.defer("ask_register_again", jobs.CLOCK, application_id=application.pk)
    except IntegrityError:  # a double click
        return of(user).get(siret=siret, state__in=OPEN_STEPS)
    return application


def keep(application: Application, declared: dict[str, Any], step: str, typed: QueryDict | None = None) -> None:
    """Store what was declared in one step; ``typed``: what was sent and is not right yet, so that it is there again."""
    typing = {**application.declared.get(TYPING, {})}
    typing.pop(step, None)
    if typed is not None:
        typing[step] = typed.urlencode()
    application.declared = {**application.declared, **declared, TYPING: typing}
    application.save(update_fields=["declared", "changed_at"])


def typing(application: Application, step: str) -> QueryDict | None:
    kept = application.declared.get(TYPING, {}).get(step)
    return QueryDict(kept) if kept else None


def is_complete(application: Application) -> bool:
    """Return whether all that a page needs was declared, hours apart: they may come later."""
    wanted = ("title", "category", "street", "postal_code", "town", "phone")
    return all(application.declared.get(name) for name in wanted) and "commerce" not in _faulty(application)


def learn(application_id: int, answer: Answer) -> None:
    """Store what the register says at last; what the applicant has typed meanwhile stays as typed."""
    with transaction.atomic():
        application = (
            Application.objects.select_for_update(of=("self",))
            .select_related("merchant", "applicant")
            .filter(pk=application_id, state__in=OPEN_STEPS)
            .first()
        )
        if application is None:
            return
        application.register_status = answer.status
        if answer.establishment:
            application.found = stored(answer.establishment)
            application.declared = {**proposed(answer.establishment), **application.declared}
        application.save(update_fields=["register_status", "found", "declared", "changed_at"])
        signals.keep(application, database_clock.today())
        if application.merchant and application.found:
            checking.record_register(application.merchant, application.found)


def page_of(siret: str) -> MerchantPage | None:
    return MerchantPage.objects.filter(siret=siret).select_related("town").first()


def _faulty(application: Application) -> dict[str, str]:
    return application.declared.get(TYPING, {})
