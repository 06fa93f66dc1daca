"""What everybody reads of the checks of a merchant."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from directory.models import MerchantPage, Vetting
from directory.space.reviews import submit
from directory.vetting.kinds import REQUIRED, Kind, Means, Result, State
from directory.vetting.trail import of_page, trail
from tests.directory.vetting.evidence import check, required_checks, verify, yesterday
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db
SEAL = "Local vérifié"


def read(client, merchant):
    """The merchant's page and that of their trail, with plain spaces."""
    addresses = merchant.public_path, reverse("trail", args=[merchant.slug])
    return [client.get(address).content.decode().replace("\u00a0", " ") for address in addresses]


def test_of_a_page_that_nobody_checked_nothing_is_called_verified(client, bakery):
    page, told = read(client, bakery)

    assert "vérifié" not in page
    assert "ne porte pas le signe" in told
    assert all(kind.label.replace("’", "’") in told for kind in REQUIRED)


def test_the_seal_stands_on_all_required_checks_and_a_decision(client, bakery):
    required_checks(bakery)
    assert not trail(bakery, timezone.localdate()).is_sealed

    verify(bakery)
    page, told = read(client, bakery)

    assert SEAL in page
    assert "Une personne de la Région l’a décidé" in told
    assert "Pièce présentée à la Région, le " in told


@pytest.mark.parametrize("lost", REQUIRED)
@pytest.mark.parametrize("how", ["failed", "expired", "another siret"])
def test_the_seal_falls_with_any_required_check(client, bakery, lost, how):
    verify(bakery)
    if how == "failed":
        check(bakery, lost, result=Result.FAILED)
    elif how == "expired":
        check(bakery, lost, expires_on=timezone.localdate())
    else:
        Vetting.objects.filter(merchant=bakery).update(state=State.PENDING, visible_until=timezone.localdate())
        MerchantPage.objects.filter(pk=bakery.pk).update(siret="54210765113030")
    with time_machine.travel(timezone.now() + timedelta(days=1 if how == "expired" else 0), tick=False):
        page, told = read(client, bakery)

    assert SEAL not in page
    assert "ne porte pas le signe" in told


def test_a_page_that_is_kept_is_made_again_when_a_check_changes_it(client, bakery, settings):
    settings.PAGE_SECONDS = 60
    verify(bakery)
    assert [SEAL in page for page in read(client, bakery)] == [True, True]
    assert [SEAL in page for page in read(client, bakery)] == [True, True]

    check(bakery, Kind.REGION, result=Result.FAILED)

    assert SEAL not in read(client, bakery)[0]
    assert "ne porte pas le signe" in read(client, bakery)[1]


def test_a_check_that_has_expired_says_since_when(bakery):
    last = timezone.localdate() - timedelta(days=400)
    check(bakery, Kind.IDENTITY, day=last, expires_on=yesterday())

    [fact] = [fact for fact in trail(bakery, timezone.localdate()).lacking if fact.what == Kind.IDENTITY.label]

    assert fact.until.startswith("Expiré le ")


def test_nothing_private_is_told(client, bakery, editor):
    verify(bakery, by=editor, note="Carte d’identité de Maud Vernet, 06 12 34 56 78.")
    page, told = read(client, bakery)

    for private in ("Maud", "Vernet", "34 56 78", "Jeanne", "jeanne@"):
        assert private not in told
        assert private not in page


def test_fictional_evidence_says_that_it_is(client, places):
    merchant = make_merchant(source=MerchantPage.Source.SYNTHETIC)
    verify(merchant, source=Means.FICTION)
    page, told = read(client, merchant)

    assert "(fictif)" in page
    assert "Fictif, pour la démonstration, le " in told
    assert "personne ne l’a visité" in told


def test_what_is_known_of_the_page_itself_is_told_apart(bakery, baker, editor):
    submit(bakery, baker)
    task_state = bakery.current_workflow_task_state
    task_state.task.specific.on_action(task_state, editor, "approve")
    bakery.refresh_from_db()

    told = [fact.what.split(" depuis")[0] for fact in of_page(bakery)]

    assert told == ["En ligne", "Relue par une personne de la Région"]


def test_the_trail_of_a_page_offline_is_not_there(client, bakery):
    bakery.unpublish()

    assert client.get(reverse("trail", args=[bakery.slug])).status_code == 404


def test_the_seal_is_told_on_the_day_itself(bakery):
    verify(bakery, day=date(2026, 1, 1), expires_on=date(2026, 12, 31))

    assert trail(bakery, date(2026, 12, 31)).is_sealed
    assert not trail(bakery, date(2027, 1, 1)).is_sealed
