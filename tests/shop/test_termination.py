"""An owner ends the contract on a day, changes their mind, comes back; nothing that waits is left behind."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from directory.models import MerchantManager, Termination, Vetting
from directory.people.models import Role
from directory.vetting.kinds import Kind, State
from directory.vetting.sanctions import acts as sanction_acts
from directory.vetting.sanctions.kinds import Measure
from directory.vetting.termination import acts
from directory.vetting.termination.models import Stage
from home.purges import PURGES
from portal import database_clock
from shop import orders
from shop.leaving import closing
from shop.models import MerchantOrder, Storefront
from shop.withdrawal import acts as withdrawal_acts
from shop.withdrawal.acts import Declaration
from tests.directory.vetting.evidence import check, verify
from tests.directory.vetting.procedures import after, impose_at_once
from tests.factories import make_user
from tests.shop.factories import make_product, order_and_confirm, put_in_basket

pytestmark = pytest.mark.django_db


@pytest.fixture
def vetted(bakery):
    """The bakery as the Region has vetted it: its page comes back by its checks."""
    return verify(bakery)


@pytest.fixture
def leaving(client, baker, bakery):
    client.force_login(baker)
    return reverse("leave", args=[bakery.pk])


def days(number):
    return database_clock.today() + timedelta(days=number)


def close(number):
    """Do the night's job so many days later; return how many pages it closed."""
    return closing.close_due(database_clock.now() + timedelta(days=number))


def announce(client, leaving, day):
    return client.post(leaving, {"fermer": "1", "jour": f"{day:%Y-%m-%d}"}, follow=True)


def test_an_owner_closes_the_page_on_a_day_and_comes_back(client, leaving, vetted, baker, loaf, editor):
    announce(client, leaving, days(3))

    assert not Storefront.objects.get().sells
    assert client.get(vetted.public_path).status_code == 200
    assert [sent.to for sent in mail.outbox] == [[baker.email], [editor.email]]
    assert close(3) == 1
    assert client.get(vetted.public_path).status_code == 410
    assert client.get(loaf.get_absolute_url()).status_code in (404, 410)
    assert Vetting.objects.get(merchant=vetted).decider == "Maud Vernet"

    client.post(leaving, {"revenir": "1"})

    assert client.get(vetted.public_path).status_code == 200
    assert Storefront.objects.get().sells
    vetting = Vetting.objects.get(merchant=vetted)
    assert (vetting.state, vetting.decider) == (State.VERIFIED, "Jeanne Rey")


def test_it_waits_for_its_day_and_may_be_called_off(client, leaving, vetted):
    announce(client, leaving, days(3))
    assert close(2) == 0

    shown = client.post(leaving, {"annuler": "1"}, follow=True).content.decode()

    assert "La fermeture est annulée" in shown
    assert Storefront.objects.filter(merchant=vetted, opened_at=None).count() == 0
    assert close(3) == 0
    assert Termination.objects.get().stage == Stage.CANCELLED


@pytest.mark.parametrize("day", [0, -1, 93])
def test_a_day_that_cannot_be_is_told_and_kept(client, leaving, day):
    shown = announce(client, leaving, days(day))

    assert shown.status_code == 422
    assert "Choisissez un jour entre demain et le" in shown.content.decode().replace("\u00a0", " ")
    assert f'value="{days(day):%Y-%m-%d}"' in shown.content.decode()


def test_orders_are_finished_first(client, leaving, vetted, baker, loaf):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    client.force_login(baker)
    mail.outbox.clear()
    assert "1 commande en cours" in client.get(leaving).content.decode().replace("\u00a0", " ")
    announce(client, leaving, days(1))
    assert mail.outbox == []

    order = MerchantOrder.objects.get()
    orders.mark_ready(order, by=None)
    orders.mark_collected(order, by=None)
    announce(client, leaving, days(1))
    assert Termination.objects.get().stage == Stage.ANNOUNCED


def test_a_refund_that_comes_up_meanwhile_keeps_the_page(client, leaving, vetted, baker):
    board = make_product(vetted, title="Planche à pain", vat_rate="20")
    put_in_basket(client, board)
    order_and_confirm(client)
    order = MerchantOrder.objects.select_related("purchase", "order").get()
    orders.mark_ready(order, by=None)
    orders.mark_collected(order, by=None)
    client.force_login(baker)
    announce(client, leaving, days(1))
    (line,) = order.order.lines.all()
    wanted = Declaration({line.pk: 1}, "Camille Moulin", order.purchase.email)
    (withdrawal,) = withdrawal_acts.declare(order.purchase, wanted, {line.pk: 1})

    assert close(1) == 0
    withdrawal_acts.mark_refunded(withdrawal, withdrawal.state, baker)
    assert close(1) == 1


def test_a_helper_does_not_close_the_page(client, bakery, editor):
    helper = make_user()
    MerchantManager.objects.create(merchant=bakery, user=helper, role=Role.HELPER)
    client.force_login(helper)

    shown = announce(client, reverse("leave", args=[bakery.pk]), days(3))

    assert "Fermer ma page" not in shown.content.decode()
    assert mail.outbox == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Termination.objects.create(merchant=bakery, merchant_title="x", asked_by=helper, effective_on=days(3))


def test_a_check_that_lapsed_keeps_the_page_offline_until_the_region_looks(client, leaving, vetted, baker, editor):
    check(vetted, Kind.REGISTER, expires_on=days(30))
    announce(client, leaving, days(1))
    close(1)
    mail.outbox.clear()
    with after(200):
        assert not acts.reverse(vetted, baker)

    assert Vetting.objects.get(merchant=vetted).state == State.PENDING
    assert client.get(vetted.public_path).status_code == 410
    assert "refaites ce qui manque" in mail.outbox[-1].body


def test_a_sanction_that_ends_meanwhile_opens_no_page_whose_owner_left(client, leaving, vetted, editor):
    sanction = impose_at_once(vetted, editor, Measure.HIDING)
    announce(client, leaving, days(1))
    close(1)
    assert Vetting.objects.get(merchant=vetted).state == State.CLOSED
    sanction_acts.lift(sanction, editor, "Tout est en ordre.")
    assert Vetting.objects.get(merchant=vetted).state == State.CLOSED
    assert client.get(vetted.public_path).status_code == 410

    client.post(leaving, {"revenir": "1"})
    assert client.get(vetted.public_path).status_code == 200


def test_whoever_comes_back_under_a_sanction_stays_hidden(client, leaving, vetted, editor):
    announce(client, leaving, days(1))
    close(1)
    with after(2):
        sanction = impose_at_once(vetted, editor, Measure.HIDING)
    assert Vetting.objects.get(merchant=vetted).state == State.CLOSED

    client.post(leaving, {"revenir": "1"})

    assert Vetting.objects.get(merchant=vetted).state == State.HIDDEN
    sanction_acts.lift(sanction, editor, "Tout est en ordre.")
    assert client.get(vetted.public_path).status_code == 200


def test_the_database_closes_no_page_that_nobody_closed(vetted):
    told = {"decider": "Moi", "decided_at": timezone.now(), "reasons": "Parce que.", "visible_until": None}
    Vetting.objects.filter(merchant=vetted).update(state=State.CLOSED, **told)
    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_they_are_kept_for_five_years_but_while_the_page_is_closed_by_them(client, leaving, vetted):
    announce(client, leaving, days(1))
    (purge,) = (one for one in PURGES if one.name == "terminations")
    later = timezone.now() + timedelta(days=6 * 365)
    assert purge.run(later) == 0
    client.post(leaving, {"annuler": "1"})
    assert purge.run(later) == 1
