"""Whatever is done in whatever order, nobody is online whom nobody vetted: random sequences of everybody's acts."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from directory.bulk import Change, change_merchants
from directory.models import Check, MerchantPage, Vetting
from directory.space.reviews import submit
from directory.vetting import acts, checking, terms
from directory.vetting.kinds import REQUIRED, Kind, Means, Result, State
from directory.vetting.sanctions import clock
from directory.vetting.sanctions.kinds import Measure
from tests.directory.vetting.evidence import check, yesterday
from tests.directory.vetting.procedures import impose_at_once, lift_all
from tests.factories import make_merchant, make_user

pytestmark = pytest.mark.django_db
SIRET, PARISIAN = "73282932000074", "30002576400048"
SIGNED = {"decided_at": timezone.now(), "decider": "Jeanne Rey"}


def rows(page):
    return Page.objects.filter(pk=page.pk)


def save_live(page, editor):
    page.live = True
    page.save(clean=False)


def approve(page, editor):
    if not page.current_workflow_state:
        submit(page, editor)
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, editor, "approve")


def bulk_change(page, editor):
    stored = MerchantPage.objects.select_related("latest_revision").get(pk=page.pk)
    change_merchants(
        [Change(stored, {"street": "3 rue Neuve"}, True)], lambda count: None, "wagtail.edit", lambda p: {}
    )


def new_siret(page, editor):
    MerchantPage.objects.filter(pk=page.pk).update(siret=PARISIAN if page.siret == SIRET else SIRET)


def all_checks(page, editor):
    for kind in REQUIRED:
        checking.record(page, kind, Result.PASSED, Means.VISIT, by=editor)


def later(page, editor):
    page = page.get_latest_revision_as_object()
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    page.save_revision().publish()


ACTS = {
    "publish": lambda page, editor: page.save_revision().publish(user=editor),
    "publish at an hour": later,
    "set live": lambda page, editor: rows(page).update(live=True),
    "save live": save_live,
    "approve": approve,
    "change in bulk": bulk_change,
    "unpublish": lambda page, editor: page.unpublish(),
    "new siret": new_siret,
    "no siret": lambda page, editor: MerchantPage.objects.filter(pk=page.pk).update(siret=None),
    "all checks": all_checks,
    "verify": lambda page, editor: acts.verify(page, editor),
    "say verified": lambda page, editor: Vetting.objects.filter(merchant=page).update(
        state=State.VERIFIED, visible_until=None, **SIGNED
    ),
    "suspend": lambda page, editor: impose_at_once(page, editor, Measure.SUSPENSION),
    "hide by decision": lambda page, editor: impose_at_once(page, editor, Measure.HIDING),
    "close": lambda page, editor: impose_at_once(page, editor, Measure.END),
    "terms are over": lambda page, editor: clock.end_terms(timezone.localdate() + timedelta(days=99)),
    "reinstate": lift_all,
    "say pending": lambda page, editor: Vetting.objects.filter(merchant=page).update(state=State.PENDING),
    "let stay": lambda page, editor: Vetting.objects.filter(merchant=page, state=State.PENDING).update(
        visible_until=timezone.localdate()
    ),
    "time is over": lambda page, editor: Vetting.objects.filter(visible_until__isnull=False).update(
        visible_until=yesterday()
    ),
    "hide": lambda page, editor: terms.hide_unvetted(timezone.localdate()),
    "forget checks": lambda page, editor: Check.objects.filter(merchant=page).delete(),
    "forget vetting": lambda page, editor: Vetting.objects.filter(merchant=page).delete(),
}
ONE_CHECK = st.tuples(
    st.sampled_from(REQUIRED),
    st.sampled_from(Result),
    st.sampled_from((None, yesterday(), timezone.localdate())),
)


def done(act, page, editor):
    """Do an act as one transaction, which may be refused."""
    try:
        with transaction.atomic():
            act(page, editor)
            connection.check_constraints()
    except (ValidationError, DatabaseError, Vetting.DoesNotExist):
        pass


def is_vetted(page, vetting):
    """Whether a page may go online, reckoned without the code that decides it."""
    today, latest = timezone.localdate(), {}
    if vetting.state == State.PENDING:
        return vetting.visible_until is not None and vetting.visible_until >= today
    for proof in Check.objects.filter(merchant=page, siret=page.siret or "").order_by("day", "pk"):
        latest[proof.kind] = proof.result == "passed" and (proof.expires_on is None or proof.expires_on >= today)
    return vetting.state == State.VERIFIED and bool(page.siret) and all(latest.get(kind) for kind in REQUIRED)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.one_of(st.sampled_from(sorted(ACTS)), ONE_CHECK), min_size=3, max_size=14))
def test_no_sequence_of_acts_leaves_anybody_online_who_was_not_vetted(places, editor, steps):
    with transaction.atomic():
        page = make_merchant(live=False, vouch=list, siret=SIRET, managers=[make_user()])
        was = (False, page.siret)
        for step in steps:
            page = MerchantPage.objects.get(pk=page.pk)
            if isinstance(step, str):
                done(ACTS[step], page, editor)
            else:
                kind, result, until = step
                day = yesterday() - timedelta(days=1)
                done(lambda page, _: check(page, kind, result=result, day=day, expires_on=until), page, editor)  # noqa: B023
            page, vetting = MerchantPage.objects.get(pk=page.pk), Vetting.objects.filter(merchant=page).first()
            if page.live:
                assert vetting, step
                assert vetting.state == State.VERIFIED or vetting.visible_until is not None, step
                assert was == (True, page.siret) or is_vetted(page, vetting), step
            was = (page.live, page.siret)
        transaction.set_rollback(True)


def test_the_acts_do_what_they_are_called(places, editor):
    """The sequence that should lead online does: else the property above would hold of nothing."""
    page = make_merchant(live=False, vouch=list, siret=SIRET)
    for step in ("publish", "all checks", "publish", "verify"):
        done(ACTS[step], MerchantPage.objects.get(pk=page.pk), editor)
        assert not MerchantPage.objects.get(pk=page.pk).live
    done(ACTS["approve"], MerchantPage.objects.get(pk=page.pk), editor)

    assert MerchantPage.objects.get(pk=page.pk).live
    assert Check.objects.filter(merchant=page, kind=Kind.IDENTITY).exists()
