"""What the database refuses, whatever way a row is written."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from wagtail.models import Page

from directory.bulk import add_merchants
from directory.models import Application, Check, DirectoryPage, JournalEntry, MerchantPage, Vetting
from directory.vetting.fiction import vouch_for_fiction
from directory.vetting.kinds import REQUIRED, Kind, Means, Result, State, Step
from tests.directory.vetting.evidence import check, required_checks, verify, yesterday
from tests.factories import make_merchant, new_merchant

pytestmark = pytest.mark.django_db
PARISIAN = "30002576400048"


@pytest.fixture
def draft(places):
    """A complete page that nobody vetted."""
    return make_merchant(live=False, vouch=list, siret="73282932000074")


def is_refused(act):
    """Whether the database refuses an act, at once or when its transaction ends."""
    try:
        with transaction.atomic():
            act()
            connection.check_constraints()
    except DatabaseError:
        return True
    return False


def go_online(page):
    Page.objects.filter(pk=page.pk).update(live=True)


def test_every_page_has_its_vetting_and_none_is_online_by_it(draft):
    assert (draft.vetting.state, draft.vetting.visible_until) == (State.PENDING, None)
    assert is_refused(lambda: go_online(draft))


@pytest.mark.parametrize("lacking", REQUIRED)
def test_one_check_that_lacks_keeps_a_page_offline(draft, lacking):
    required_checks(draft, without=[lacking])

    assert is_refused(lambda: Vetting.objects.filter(merchant=draft).update(**signed()))
    check(draft, lacking)
    assert not is_refused(lambda: Vetting.objects.filter(merchant=draft).update(**signed()))
    assert not is_refused(lambda: go_online(draft))


@pytest.mark.parametrize(
    "worn",
    [
        {"result": Result.FAILED},
        {"result": Result.UNCLEAR},
        {"day": yesterday() - timedelta(days=40), "expires_on": yesterday()},
        {"siret": PARISIAN},
        {"siret": ""},
    ],
)
def test_a_check_that_failed_or_expired_or_is_of_another_establishment_proves_nothing(draft, worn):
    required_checks(draft, without=[Kind.REGION])
    check(draft, Kind.REGION, **worn)

    assert is_refused(lambda: Vetting.objects.filter(merchant=draft).update(**signed()))


def test_a_newer_check_takes_the_place_of_the_older(draft):
    verify(draft)
    check(draft, Kind.REGISTER, result=Result.FAILED)

    assert is_refused(lambda: go_online(draft))
    check(draft, Kind.REGISTER)
    assert not is_refused(lambda: go_online(draft))


def test_raw_inserts_and_saves_are_refused_as_well(places, draft):
    def add_live():
        DirectoryPage.objects.get().add_child(instance=new_merchant(places.die))

    def save_live():
        draft.live = True
        draft.save(clean=False)

    assert is_refused(add_live)
    assert is_refused(save_live)
    assert is_refused(lambda: add_merchants([new_merchant(places.die)], DirectoryPage.objects.get()))
    assert is_refused(lambda: MerchantPage.objects.filter(pk=draft.pk).update(live=True))


def test_the_grace_of_older_pages_ends(places):
    page = make_merchant()
    Page.objects.filter(pk=page.pk).update(live=False)
    Vetting.objects.filter(merchant=page).update(visible_until=yesterday())

    assert is_refused(lambda: go_online(page))
    Vetting.objects.filter(merchant=page).update(visible_until=timezone.localdate())
    assert not is_refused(lambda: go_online(page))


def test_a_page_online_neither_loses_its_vetting_nor_takes_another_siret(draft):
    verify(draft)
    go_online(draft)
    sanction = {"state": State.SUSPENDED, "reasons": "Vente de contrefaçons."}

    assert is_refused(lambda: MerchantPage.objects.filter(pk=draft.pk).update(siret=PARISIAN))
    assert is_refused(lambda: MerchantPage.objects.filter(pk=draft.pk).update(siret=None))
    assert is_refused(lambda: Vetting.objects.filter(merchant=draft).update(**sanction))
    assert is_refused(lambda: Vetting.objects.filter(merchant=draft).delete())
    assert is_refused(lambda: Check.objects.filter(merchant=draft).delete())


def test_the_page_and_all_that_is_kept_of_it_are_deleted_together(draft):
    verify(draft)
    go_online(draft)

    assert not is_refused(lambda: MerchantPage.objects.get(pk=draft.pk).delete())
    assert not Check.objects.exists()


def test_nobody_without_siret_is_verified_but_the_fictional(places):
    real, fictional = make_merchant(), new_merchant(places.die, source=MerchantPage.Source.SYNTHETIC)
    required_checks(real)

    assert is_refused(lambda: Vetting.objects.filter(merchant=real).update(visible_until=None, **signed()))
    vouch = partial(vouch_for_fiction, now=timezone.localtime())
    assert not is_refused(lambda: add_merchants([fictional], DirectoryPage.objects.get(), vouch=vouch))
    assert {proof.source for proof in fictional.checks.all()} == {Means.FICTION}


def test_a_decision_is_signed_and_a_sanction_has_reasons(draft):
    required_checks(draft)

    assert is_refused(lambda: Vetting.objects.filter(merchant=draft).update(**signed() | {"decider": ""}))
    assert is_refused(lambda: Vetting.objects.filter(merchant=draft).update(**signed() | {"state": State.SUSPENDED}))


def test_checks_are_never_altered(draft):
    proof = check(draft, Kind.REGION, result=Result.FAILED)

    assert is_refused(lambda: Check.objects.filter(pk=proof.pk).update(result=Result.PASSED))
    assert is_refused(lambda: Check.objects.filter(pk=proof.pk).update(expires_on=None, day=yesterday()))


def test_the_journal_is_only_added_to(draft):
    entry = JournalEntry.objects.create(act=JournalEntry.Act.WARNED, merchant_number=draft.pk)

    assert is_refused(lambda: JournalEntry.objects.filter(pk=entry.pk).update(reasons="Autre chose."))
    assert is_refused(lambda: JournalEntry.objects.filter(pk=entry.pk).delete())
    assert is_refused(lambda: connection.cursor().execute("truncate directory_journalentry"))


def test_an_account_that_acted_can_be_deleted_and_its_acts_stay(draft, editor):
    entry = JournalEntry.objects.create(act=JournalEntry.Act.CHECKED, actor=editor)
    proof = check(draft, Kind.REGION, by=editor)
    number = editor.pk

    assert not is_refused(lambda: editor.delete())
    entry.refresh_from_db()
    proof.refresh_from_db()
    assert (entry.actor_id, proof.by) == (number, None)


def application(shopper, **fields):
    return Application.objects.create(applicant=shopper, **{"siret": "73282932000074", **fields})


def test_a_person_has_one_open_application_for_an_establishment(shopper, baker):
    first = application(shopper)

    assert is_refused(lambda: application(shopper))
    assert not is_refused(lambda: application(baker))
    Application.objects.filter(pk=first.pk).update(state=Step.WITHDRAWN)
    assert not is_refused(lambda: application(shopper))


@pytest.mark.parametrize("after", [Step.SUBMITTED, Step.INCOMPLETE, Step.ACCEPTED, Step.REFUSED])
def test_an_application_takes_its_steps_in_order_and_with_what_they_need(shopper, after):
    made = application(shopper)

    assert is_refused(lambda: Application.objects.filter(pk=made.pk).update(state=after))


def signed():
    return {"state": State.VERIFIED, "decided_at": timezone.now(), "decider": "Jeanne Rey"}
