"""What a sanction or a termination does to a merchant's page, and how the end of it restores what was so before.

While the page is offline the shop sells nothing, its products are not shown and the search does not find them; nothing
of them is changed, so that all is back with the page. Orders that were placed go on.
"""

from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Revision

from directory.models import MerchantPage
from directory.vetting.acts import verify
from directory.vetting.kinds import State
from directory.vetting.models import Vetting
from directory.vetting.rules import latest_checks, missing
from directory.vetting.sanctions.kinds import EFFECTS, Measure, Stage
from directory.vetting.sanctions.models import Sanction
from directory.vetting.termination.models import Stage as TerminationStage
from directory.vetting.termination.models import Termination
from portal.models import User

TOLD = "Décision {} : les motifs et les recours sont écrits aux responsables, et se lisent dans cet espace."
AS_ASKED = "À la demande du commerce."


def apply(sanction: Sanction, by: User | None, now: datetime) -> None:
    """Take the merchant's page offline, as decided; a warning has no effect on it. by: None when the clock does it."""
    sanction.applied_at = now
    if (measure := Measure(sanction.measure)) in EFFECTS and (merchant := sanction.merchant):
        vetting = Vetting.objects.select_for_update().get(merchant=merchant)
        page = MerchantPage.objects.get(pk=merchant.pk)
        sanction.before = _as_it_is(page, vetting)
        _take_offline(page, by, TOLD.format(sanction.number))
        vetting.state = _gravest(sanction, measure)
        vetting.visible_until, vetting.reasons = None, sanction.reasons
        vetting.decided_at, vetting.decided_by, vetting.decider = now, sanction.decided_by, sanction.decider
        vetting.save()
    sanction.save()


def undo(sanction: Sanction, by: User | None, signed: str, now: datetime) -> bool:
    """Restore what was so before a sanction that is over; return whether the page is online.

    It stays offline while another sanction or a termination is in effect, while a required check lacks, and if it was
    offline before. by: None when the term of the sanction is over; then the person who had decided signs the state.
    """
    if (
        sanction.applied_at is None
        or Measure(sanction.measure) not in EFFECTS
        or (merchant := sanction.merchant) is None
    ):
        return False
    vetting = Vetting.objects.select_for_update().get(merchant=merchant)
    if in_effect := _in_effect(merchant):
        _hand_over(sanction, in_effect)
        _say_what_is_in_effect(vetting, in_effect)
        return False
    before, today = sanction.before, timezone.localdate(now)
    until = parse_date(before.get("visible_until") or "")
    vetting.state, vetting.reasons = State.PENDING, ""
    vetting.visible_until = until
    vetting.decided_at, vetting.decided_by, vetting.decider = now, by or sanction.decided_by, signed
    vetting.save()
    decider = by or sanction.decided_by
    if before.get("state") == State.VERIFIED and decider and not _lacks(merchant, today):
        verify(MerchantPage.objects.get(pk=merchant.pk), decider)
    elif until is None or until < today:
        return False
    return _publish(before, by)


def close_for_termination(termination: Termination) -> None:
    """Take the page offline of a merchant who ends the contract; whoever asked for it signs."""
    if (merchant := termination.merchant) is None or termination.applied_at is None:
        return
    vetting = Vetting.objects.select_for_update().get(merchant=merchant)
    page = MerchantPage.objects.get(pk=merchant.pk)
    termination.before = _as_it_is(page, vetting)
    termination.save()
    _take_offline(page, None, AS_ASKED)
    vetting.visible_until = None
    _say_closed(vetting, termination)


def reopen_after_termination(termination: Termination, by: User) -> bool:
    """Restore what was so before a merchant had left; return whether the page is online.

    Nobody of the Region decides here, so that the former decision holds only while the checks it rests on are in force.
    """
    if (merchant := termination.merchant) is None:
        return False
    vetting = Vetting.objects.select_for_update().get(merchant=merchant)
    if in_effect := _in_effect(merchant):
        _hand_over(termination, in_effect)
        _say_what_is_in_effect(vetting, in_effect)
        return False
    before, today = termination.before, timezone.localdate()
    until = parse_date(before.get("visible_until") or "")
    is_verified = before.get("state") == State.VERIFIED and before.get("decider") and not _lacks(merchant, today)
    vetting.state = State.VERIFIED if is_verified else State.PENDING
    vetting.reasons, vetting.visible_until = "", None if is_verified else until
    vetting.decided_at = parse_datetime(before.get("decided_at") or "")
    vetting.decided_by = User.objects.filter(pk=before.get("decided_by")).first()
    vetting.decider = before.get("decider") or ""
    vetting.save()
    if not is_verified and (until is None or until < today):
        return False
    return _publish(before, by)


def _take_offline(page: MerchantPage, by: User | None, told: str) -> None:
    if page.live:
        page.offline_comment = told
        UnpublishPageAction(page, user=by).execute(skip_permission_checks=True)  # nobody may by a click


def _publish(before: dict[str, Any], by: User | None) -> bool:
    """Publish what was online before; return whether something was."""
    revision = Revision.objects.filter(pk=before.get("revision") or 0).first()
    if revision is None:
        return False
    revision.publish(user=by, skip_permission_checks=True)  # an owner who comes back publishes nothing new
    return True


def _lacks(merchant: MerchantPage, today: date) -> bool:
    """Return whether a required check of a merchant is not in force."""
    page = MerchantPage.objects.get(pk=merchant.pk)
    return bool(missing(latest_checks([page.pk]).get((page.pk, page.siret or ""), {}), today))


def _as_it_is(page: MerchantPage, vetting: Vetting) -> dict[str, Any]:
    until: date | None = vetting.visible_until
    return {
        "state": vetting.state,
        "visible_until": until.isoformat() if until else None,
        "revision": page.live_revision_id if page.live else None,
        "decided_at": vetting.decided_at.isoformat() if vetting.decided_at else None,
        "decided_by": vetting.decided_by_id,
        "decider": vetting.decider,
    }


def _in_effect(merchant: MerchantPage | None, but: Sanction | None = None) -> list[Sanction | Termination]:
    """Return what keeps a merchant offline, the gravest first."""
    found = Sanction.objects.filter(
        merchant=merchant, stage=Stage.IN_FORCE, measure__in=list(EFFECTS), applied_at__isnull=False
    )
    left = Termination.objects.filter(merchant=merchant, stage=TerminationStage.IN_FORCE)
    everything: list[Sanction | Termination] = [one for one in found if one != but]
    everything += left
    return sorted(everything, key=lambda one: list(EFFECTS.values()).index(_state(one)))


def _state(cause: Sanction | Termination) -> State:
    return State.CLOSED if isinstance(cause, Termination) else EFFECTS[Measure(cause.measure)]


def _gravest(sanction: Sanction, measure: Measure) -> State:
    states = {EFFECTS[measure], *map(_state, _in_effect(sanction.merchant, but=sanction))}
    return next(state for state in EFFECTS.values() if state in states)


def _say_what_is_in_effect(vetting: Vetting, in_effect: list[Sanction | Termination]) -> None:
    cause = in_effect[0]
    if isinstance(cause, Termination):
        _say_closed(vetting, cause)
        return
    vetting.state, vetting.reasons, vetting.decider = _state(cause), cause.reasons, cause.decider
    vetting.save()


def _say_closed(vetting: Vetting, termination: Termination) -> None:
    vetting.state, vetting.reasons = State.CLOSED, AS_ASKED
    vetting.decided_at, vetting.decided_by = termination.applied_at, termination.asked_by
    vetting.decider = termination.asker
    vetting.save()


def _hand_over(over: Sanction | Termination, others: list[Sanction | Termination]) -> None:
    """Let what came right after remember what was so before this one, and not what this one had done."""
    assert over.applied_at is not None  # only what took effect is handed over
    later = [(one.applied_at, one) for one in others if one.applied_at and one.applied_at >= over.applied_at]
    if later:
        _, heir = min(later, key=itemgetter(0))
        heir.before = over.before
        heir.save(update_fields=["before"])
