"""Accounts that nobody uses are told, and erased a month later."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from directory.vetting.models import Application
from portal.models import User
from shop.models import Purchase
from tests import jobs
from tests.factories import PASSWORD, make_user
from tests.shop.factories import make_product, order, put_in_basket

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
YEARS = 3 * 365 * DAY + DAY


def at(span, act):
    with time_machine.travel(timezone.now() + span):
        return act()


def warn():
    jobs.do("warn_unused_accounts")


def purge():
    call_command("purge", write=True, verbosity=0)


def test_an_account_is_told_once_a_month_before(shopper):
    at(YEARS - 31 * DAY, warn)
    assert mail.outbox == []

    for _ in range(2):
        at(YEARS - 29 * DAY, warn)

    (message,) = mail.outbox
    assert message.to == [shopper.email]
    assert "/compte/connexion/" in message.body
    assert "efface" in message.subject


def test_it_is_erased_a_month_after_it_was_told_and_never_before(shopper):
    at(YEARS - 29 * DAY, warn)

    at(YEARS - DAY, purge)
    assert User.objects.filter(pk=shopper.pk).exists()
    at(YEARS + 2 * DAY, purge)

    assert not User.objects.filter(pk=shopper.pk).exists()


def test_who_was_never_told_is_never_erased(shopper):
    at(10 * YEARS, purge)

    assert User.objects.filter(pk=shopper.pk).exists()


def test_a_login_keeps_it(shopper, client):
    at(YEARS - 29 * DAY, warn)
    answer = at(YEARS - 20 * DAY, lambda: client.post(
        "/compte/connexion/", {"login": shopper.email, "password": PASSWORD}, headers={"sec-fetch-site": "same-origin"}
    ))  # fmt: skip
    assert answer.status_code == 302

    at(YEARS + 2 * DAY, purge)

    shopper.refresh_from_db()
    assert shopper.warned_at is None


def used_by_an_order(user, client, bakery):
    client.force_login(user)
    put_in_basket(client, make_product(bakery))
    order(client, email=user.email)
    Purchase.objects.update(placed_at=timezone.now() + YEARS - 90 * DAY)
    User.objects.filter(pk=user.pk).update(last_login=None)


def used_as_a_merchant(user, client, bakery):
    bakery.accesses.create(user=user)


def used_as_staff(user, client, bakery):
    user.groups.add(Group.objects.get(name="Rédaction"))


def used_as_a_superuser(user, client, bakery):
    User.objects.filter(pk=user.pk).update(is_superuser=True)


def used_by_an_open_application(user, client, bakery):
    Application.objects.create(
        applicant=user,
        siret="73282932000074",
        state="submitted",
        submitted_at=timezone.now(),
        due_on=timezone.localdate(),
        terms_version="1",
        terms_accepted_at=timezone.now(),
        terms_sha256="0" * 64,
    )


@pytest.mark.parametrize(
    "use",
    [used_by_an_order, used_as_a_merchant, used_as_staff, used_as_a_superuser, used_by_an_open_application],
)
def test_other_uses_keep_it(use, client, bakery):
    user = make_user()
    use(user, client, bakery)

    at(YEARS - 29 * DAY, warn)
    User.objects.filter(pk=user.pk).update(warned_at=timezone.now())
    at(YEARS + 2 * DAY, purge)

    assert not [message for message in mail.outbox if "ne sert plus" in message.subject and user.email in message.to]
    assert User.objects.filter(pk=user.pk).exists()
