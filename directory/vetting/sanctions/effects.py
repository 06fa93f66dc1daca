"""What a sanction does to a merchant's page, and how lifting it restores what was so before.

While the page is offline the shop sells nothing, its products are not shown and the search does not find them; nothing
of them is changed, so that all is back with the page. Orders that were placed go on.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateparse import parse_date
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Revision

from directory.models import MerchantPage
from directory.vetting.acts import verify
from directory.vetting.kinds import State
from directory.vetting.models import Vetting
from directory.vetting.rules import latest_checks, missing
from directory.vetting.sanctions.kinds import EFFECTS, Measure, Stage
from directory.vetting.sanctions.models import Sanction
from portal.models import User

TOLD = "Décision {} : les motifs et les recours sont écrits aux responsables, et se lisent dans cet espace."


def apply(sanction: Sanction, by: User | None, now: datetime) -> None:
    """Take the merchant's page offline, as decided; a warning has no effect on it. by: None when the clock does it."""
    sanction.applied_at = now
    if (measure := Measure(sanction.measure)) in EFFECTS and (merchant := sanction.merchant):
        vetting = Vetting.objects.select_for_update().get(merchant=merchant)
        page = MerchantPage.objects.get(pk=merchant.pk)
        sanction.before = _as_it_is(page, vetting)
        if page.live:
            page.offline_comment = TOLD.format(sanction.number)
            UnpublishPageAction(page, user=by).execute(skip_permission_checks=True)  # nobody may by a click
        vetting.state = _gravest(sanction, measure)
        vetting.visible_until, vetting.reasons = None, sanction.reasons
        vetting.decided_at, vetting.decided_by, vetting.decider = now, sanction.decided_by, sanction.decider
        vetting.save()
    sanction.save()


def undo(sanction: Sanction, by: User | None, signed: str, now: datetime) -> bool:
    """Restore what was so before a sanction that is over; return whether the page is online.

    It stays offline while another sanction is in effect, while a required check lacks, and if it was offline before.
    by: None when the term of the sanction is over; then the person who had decided signs the state.
    """
    if (
        sanction.applied_at is None
        or Measure(sanction.measure) not in EFFECTS
        or (merchant := sanction.merchant) is None
    ):
        return False
    vetting = Vetting.objects.select_for_update().get(merchant=merchant)
    if others := _in_effect(sanction):
        _hand_over(sanction, others)
        vetting.state = _gravest(others[0], Measure(others[0].measure))
        vetting.reasons, vetting.decider = others[0].reasons, others[0].decider
        vetting.save()
        return False
    before, today = sanction.before, timezone.localdate(now)
    until = parse_date(before.get("visible_until") or "")
    vetting.state, vetting.reasons = State.PENDING, ""
    vetting.visible_until = until
    vetting.decided_at, vetting.decided_by, vetting.decider = now, by or sanction.decided_by, signed
    vetting.save()
    page = MerchantPage.objects.get(pk=merchant.pk)
    checks = latest_checks([page.pk]).get((page.pk, page.siret or ""), {})
    decider = by or sanction.decided_by
    if before.get("state") == State.VERIFIED and decider and not missing(checks, today):
        verify(page, decider)
    elif until is None or until < today:
        return False
    revision = Revision.objects.filter(pk=before.get("revision") or 0).first()
    if revision is None:
        return False
    revision.publish(user=by)
    return True


def _as_it_is(page: MerchantPage, vetting: Vetting) -> dict:
    until: date | None = vetting.visible_until
    return {
        "state": vetting.state,
        "visible_until": until.isoformat() if until else None,
        "revision": page.live_revision_id if page.live else None,
    }


def _in_effect(sanction: Sanction) -> list[Sanction]:
    """Return the other sanctions that are in effect on the merchant, the gravest first."""
    found = Sanction.objects.filter(
        merchant=sanction.merchant, stage=Stage.IN_FORCE, measure__in=list(EFFECTS), applied_at__isnull=False
    ).exclude(pk=sanction.pk)
    return sorted(found, key=lambda one: list(EFFECTS).index(Measure(one.measure)))


def _gravest(sanction: Sanction, measure: Measure) -> State:
    measures = {measure, *(Measure(other.measure) for other in _in_effect(sanction))}
    return next(state for known, state in EFFECTS.items() if known in measures)


def _hand_over(sanction: Sanction, others: list[Sanction]) -> None:
    """Let the one that came right after remember what was so before this one, and not what this one had done."""
    for later in sorted(others, key=lambda one: one.pk):
        if later.applied_at and sanction.applied_at and later.applied_at >= sanction.applied_at:
            later.before = sanction.before
            later.save(update_fields=["before"])
            return
