"""Asking the registers again about published merchants: what stands is recorded, what fell opens a case for people.

A failed check takes « Local vérifié » away and tells the editors; no page goes offline by it. Of merchants who are not
online yet, as after an import, the answers are recorded for who vets them, and no case is opened.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from directory.models import MerchantPage
from directory.vetting import checking, journal
from directory.vetting.bodacc import Proceedings, Standing, proceedings
from directory.vetting.journal import Act
from directory.vetting.kinds import Kind, Means, Result, State
from directory.vetting.models import Check
from directory.vetting.register import NOT_FOUND, UNAVAILABLE, Answer, look_up
from directory.vetting.rules import latest_checks
from portal.editors import addresses_to_notify

PATIENCE = 60.0  # seconds: nobody waits before a screen
MOST_SILENT = 5  # answers that fail to come, one after the other: what nobody asks for then is asked for later
MAX_AGE = timedelta(hours=20)  # of an answer that another question left: a night later it is asked anew


@dataclass(frozen=True)
class Finding:
    """What came of asking about one merchant. failed: kinds of checks that are failed now; told: why, in French."""

    merchant: MerchantPage
    is_answered: bool
    failed: tuple[Kind, ...] = ()
    told: str = ""


def due(today: date) -> list[int]:
    """Return the ids of published merchants with a SIRET whom nobody asked about on that day, in order.

    A run that was stopped so goes on where it was.
    """
    found = MerchantPage.objects.live().filter(~Exists(_asked(today)), siret__isnull=False)
    return list(found.order_by("pk").values_list("pk", flat=True))


def waiting(today: date) -> list[int]:
    """Return the same of those who are not online and whom nobody has vetted yet: imported, or drafts of editors."""
    found = MerchantPage.objects.filter(live=False, vetting__state=State.PENDING, siret__isnull=False)
    return list(found.filter(~Exists(_asked(today))).order_by("pk").values_list("pk", flat=True))


def recheck(ids: list[int], *, write: bool, should_stop: Callable[[], bool] = lambda: False) -> Iterator[Finding]:
    """Ask about each of these merchants and yield what came of it; with ``write``, record it. Not in a transaction.

    After MOST_SILENT questions in a row without answer the rest is left for later: the register is unwell.
    """
    silent = 0
    for pk in ids:
        if should_stop() or silent == MOST_SILENT:
            return
        merchant = MerchantPage.objects.filter(pk=pk, siret__isnull=False).first()
        if merchant is None or merchant.siret is None:
            continue
        answer = look_up(merchant.siret, max_age=MAX_AGE, patience=PATIENCE)
        if answer.status == UNAVAILABLE:
            silent += 1
            yield Finding(merchant, False)
            continue
        silent = 0
        bulletin = proceedings(merchant.siret[:9], PATIENCE)
        if write:
            yield _recorded(merchant, answer, bulletin)
        else:
            results = _results(answer, bulletin)
            yield Finding(merchant, True, tuple(_bad(results)), _told(results))


def _results(answer: Answer, bulletin: Proceedings) -> dict[Kind, Result]:
    """Return what the registers say of each kind of check that they tell of."""
    results: dict[Kind, Result] = {}
    if answer.status == NOT_FOUND or answer.establishment is None:
        results[Kind.REGISTER] = Result.UNCLEAR
    else:
        found = asdict(answer.establishment)
        results |= {kind: Result.PASSED if holds else Result.FAILED for kind, holds in checking.told_by(found)}
    if bulletin.standing != Standing.UNAVAILABLE:
        results[Kind.PROCEEDINGS] = Result.FAILED if bulletin.stops_sales else Result.PASSED
    return results


def _asked(today: date) -> QuerySet[Check]:
    """Return what the register answered that day of the merchant of the row around."""
    return Check.objects.filter(
        merchant=OuterRef("pk"), siret=OuterRef("siret"), kind=Kind.REGISTER, source=Means.REGISTER, day=today
    )


@transaction.atomic
def _recorded(merchant: MerchantPage, answer: Answer, bulletin: Proceedings) -> Finding:
    before = latest_checks([merchant.pk]).get((merchant.pk, merchant.siret or ""), {})
    results = _results(answer, bulletin)
    for kind, result in results.items():
        means = Means.BODACC if kind == Kind.PROCEEDINGS else Means.REGISTER
        checking.record(merchant, kind, result, means, by=None)
    news = [kind for kind in _bad(results) if kind not in before or before[kind].result != results[kind]]
    if news and merchant.live:
        journal.note(Act.CASE_OPENED, None, merchant=merchant.pk, kinds=news, siret=merchant.siret)
        _tell(merchant, {kind: results[kind] for kind in news})
    return Finding(merchant, True, tuple(_bad(results)), _told(results))


def _bad(results: dict[Kind, Result]) -> list[Kind]:
    return [kind for kind, result in results.items() if result != Result.PASSED]


def _told(results: dict[Kind, Result]) -> str:
    return ", ".join(f"{kind.label} : {results[kind].label}" for kind in _bad(results))


def _tell(merchant: MerchantPage, results: dict[Kind, Result]) -> None:
    """Tell the editors, once for each change, what the registers say against a merchant."""
    if not (to := addresses_to_notify("recheck")):
        return
    lines = "\n".join(f"- {kind.label} : {result.label}" for kind, result in results.items())
    link = f"{settings.SITE_URL}{reverse('vetting:merchant', args=[merchant.pk])}"
    EmailMessage(
        f"À examiner : {merchant.title}",
        f"Bonjour,\n\nLes registres disent de « {merchant.title} » :\n\n{lines}\n\nLe signe « Local vérifié » n’y est "
        f"plus. La page reste en ligne tant qu’une personne ne décide pas autrement.\n\nExaminer : {link}\n\n"
        "J’achète dans ma région\n",
        to=to,
    ).send()
