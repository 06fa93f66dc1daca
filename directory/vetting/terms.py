"""What the clock does in vetting: alerts on applications that wait, and hides pages whose time without vetting is over.

It decides of nobody: an application that waits too long is told of, never accepted or refused.
"""

from datetime import date

from django.db import transaction

from directory.models import MerchantPage
from directory.vetting import emails, journal
from directory.vetting.acts import elapsed
from directory.vetting.journal import Act
from directory.vetting.kinds import State, Step
from directory.vetting.models import Application, Vetting

ALERTS = (30, 45, 55)  # days that an application has waited
WHY_HIDDEN = (
    "Depuis l’ouverture des vérifications, chaque commerce du portail est vérifié avant de paraître. Le vôtre ne l’est "
    "pas encore : répondez à ce message, et nous le ferons ensemble. Rien de votre page n’est perdu."
)


def alert(today: date) -> int:
    """Tell the editors of applications that have waited so long, once for each of ALERTS; return of how many."""
    told = 0
    for pk in Application.objects.filter(state=Step.SUBMITTED).values_list("pk", flat=True):
        with transaction.atomic():
            waiting = Application.objects.select_for_update().filter(pk=pk, state=Step.SUBMITTED).first()
            if waiting is None:
                continue
            reached = max((days for days in ALERTS if days <= elapsed(waiting, today).days), default=0)
            if reached > waiting.alerted_days:
                Application.objects.filter(pk=pk).update(alerted_days=reached)
                emails.tell_term(waiting, reached)
                told += 1
    return told


def hide_unvetted(today: date) -> int:
    """Take offline the pages of before whose last day is over; return how many."""
    hidden = 0
    over = Vetting.objects.filter(state=State.PENDING, visible_until__lt=today, merchant__live=True)
    for pk in over.values_list("merchant", flat=True):
        with transaction.atomic():
            vetting = Vetting.objects.select_for_update().filter(merchant=pk, state=State.PENDING).first()
            page = MerchantPage.objects.live().filter(pk=pk).first()
            if vetting is None or page is None or vetting.visible_until is None or vetting.visible_until >= today:
                continue
            page.offline_comment = WHY_HIDDEN
            page.unpublish()
            journal.note(Act.HIDDEN, None, merchant=pk, last_day=vetting.visible_until.isoformat())
            hidden += 1
    return hidden
