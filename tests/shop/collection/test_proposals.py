"""A merchant proposes another time; its buyer accepts, or cancels."""

import csv
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from portal import database_clock
from portal.oscar_settings import ORDER_CANCELLED
from shop import orders
from shop.collection.proposals import Outdated, accept, propose
from shop.collection.slots import Slot
from shop.collection.words import since
from shop.models import MerchantOrder, Storefront
from shop.orders import CLOSED_THEN
from tests.browser_forms import filled_in
from tests.shop.factories import CONTACT, make_product, order_and_confirm, put_in_basket, someone_else

pytestmark = pytest.mark.usefixtures("strict_templates")


@pytest.fixture
def part(client, bakery, baker):
    """An order that waits to be prepared at a bakery that never closes."""
    bakery.opening_hours = "24/7"
    bakery.save()
    put_in_basket(client, make_product(bakery, title="Pain de seigle", stock=20))
    order_and_confirm(client)
    mail.outbox.clear()
    return MerchantOrder.objects.get()


@pytest.fixture
def counter(baker):
    client = Client()
    client.force_login(baker)
    return client


def later(part, hours=24):
    return Slot(part.slot.start + timedelta(hours=hours), part.slot.end + timedelta(hours=hours))


def desk(part, page=""):
    return f"/espace/{part.storefront.merchant_id}/commandes/{part.order.number}/{page}"


def answer_link():
    (message,) = [message for message in mail.outbox if message.to == [CONTACT["email"]]]
    return re.search(rf"{settings.SITE_URL}(/\S+)", message.body)[1]


def test_the_buyer_gets_the_time_by_e_mail_and_accepts_it_by_its_link(counter, part):
    page = counter.get(desk(part, "horaire/"))
    slot = page.context["choice"].slots[30]
    form = filled_in(page, "mot") | {"mot": "Le four est en panne.", "proposer": ""}
    form[page.context["choice"].name] = slot.start.isoformat()
    assert counter.post(desk(part, "horaire/"), form).status_code == 302
    assert counter.post(desk(part, "horaire/"), form).status_code == 302  # pressed twice

    part.refresh_from_db()
    assert part.proposal == slot
    assert part.slot != slot
    assert "Le four est en panne." in mail.outbox[0].body
    guest = Client()
    page = guest.get(answer_link())
    assert "Cet horaire vous va-t-il" in page.content.decode()
    response = guest.post(answer_link(), filled_in(page, "horaire"), follow=True)

    part.refresh_from_db()
    assert (part.slot, part.proposal) == (slot, None)
    text = response.content.decode()
    assert "Autre horaire proposé" in text
    assert "Nouvel horaire accepté" in text
    told = [message for message in mail.outbox if "nouvel horaire accepté" in message.subject]
    assert len(told) == 1
    both = counter.get(desk(part).removesuffix(f"{part.order.number}/")).content.decode()
    assert "Nouvel horaire accepté" in both
    assert "Le four est en panne." in both


def test_the_buyer_can_cancel_instead(part):
    propose(part, later(part), by=None)
    page = Client().get(answer_link()).content.decode()
    link = re.search(r'href="(/boutique/commande/annuler/[^"]+)"', page)[1].replace("&amp;", "&")
    Client().post(link)
    part.order.refresh_from_db()
    assert part.order.status == ORDER_CANCELLED


def test_nothing_changes_without_an_answer(part):
    before = part.slot
    propose(part, later(part), by=None)
    part.refresh_from_db()
    assert part.slot == before


def test_what_is_accepted_counts_even_in_a_slot_that_has_filled(client, part):
    Storefront.objects.update(slot_places=1)
    slot = later(part)
    propose(part, slot, by=None)
    put_in_basket(client, part.order.lines.get().product)
    wanted = slot.start.isoformat()
    order_and_confirm(client, **someone_else(), **{f"creneau-{part.storefront.merchant_id}": wanted})
    assert accept(part, wanted)
    part.refresh_from_db()
    assert part.slot == slot == MerchantOrder.objects.latest("pk").slot


def test_a_second_acceptance_changes_nothing(part):
    propose(part, later(part), by=None)
    shown = later(part).start.isoformat()
    assert accept(part, shown)
    mail.outbox.clear()
    assert not accept(part, shown)
    assert not mail.outbox
    assert part.events.filter(kind="accord").count() == 1


@pytest.mark.parametrize("meanwhile", ["another", "ready", "cancelled"])
def test_what_changed_meanwhile_is_not_accepted(part, meanwhile):
    propose(part, later(part), by=None)
    if meanwhile == "another":
        propose(part, later(part, 48), by=None)
    elif meanwhile == "ready":
        orders.mark_ready(part, by=None)
    else:
        orders.cancel(part, None, MerchantOrder.Cancelled.BUYER)
    with pytest.raises(Outdated):
        accept(part, later(part).start.isoformat())
    link = orders.answer_url(part, part.purchase.key)
    response = Client().post(link, {"horaire": later(part).start.isoformat()}, follow=True)
    assert response.status_code == (409 if meanwhile == "another" else 200)
    part.refresh_from_db()
    assert part.slot != later(part)


def test_strangers_find_nothing(part, neighbour):
    stranger = Client()
    stranger.force_login(neighbour)
    assert stranger.get(desk(part, "horaire/")).status_code == 404
    assert stranger.post(desk(part, "horaire/"), {"proposer": ""}).status_code == 404
    propose(part, later(part), by=None)
    for key in ("", "?cle=faux"):
        assert Client().get(f"/boutique/commande/horaire/{part.order.number}/{key}").status_code == 404


def test_only_what_waits_to_be_prepared_can_move(counter, part):
    orders.mark_ready(part, by=None)
    with pytest.raises(Outdated):
        propose(part, later(part), by=None)
    response = counter.get(desk(part, "horaire/"), follow=True)
    assert "rien n’a été proposé" in response.content.decode()


def test_the_desk_lists_orders_by_day_and_hour(client, counter, part):
    product, merchant = part.order.lines.get().product, part.storefront.merchant_id
    for hours in (72, 2, 48):
        put_in_basket(client, product)
        order_and_confirm(client, **someone_else(), **{f"creneau-{merchant}": later(part, hours).start.isoformat()})
    undated = MerchantOrder.objects.latest("pk")
    MerchantOrder.objects.filter(pk=undated.pk).update(collect_from=None, collect_until=None)
    MerchantOrder.objects.filter(pk=part.pk).update(
        collect_from=database_clock.now() - timedelta(days=2), collect_until=database_clock.now() - timedelta(days=1)
    )

    days = counter.get(f"/espace/{merchant}/commandes/").context["days"]

    assert days[0][0].startswith("En retard\u00a0: ") or days[0][0].startswith("En retard : ")
    assert days[-1][0] == "Sans horaire convenu"
    assert [ticket.number for _, tickets in days for ticket, _ in tickets] == [
        one.order.number
        for one in sorted(
            MerchantOrder.objects.all(), key=lambda one: (one.slot is None, one.slot and one.slot.start, one.pk)
        )
    ]


def test_what_waits_is_a_table_in_the_order_of_the_day(client, counter, part):
    product, merchant = part.order.lines.get().product, part.storefront.merchant_id
    put_in_basket(client, product)
    order_and_confirm(client, **someone_else() | {"name": "=1+1"}, note="@SUM(A1)")
    moved = later(part)
    MerchantOrder.objects.filter(pk=part.pk).update(collect_from=moved.start, collect_until=moved.end)
    part.refresh_from_db()

    response = counter.get(f"/espace/{merchant}/commandes.csv")
    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines(), delimiter=";"))

    assert rows[0][:4] == ["Jour", "De", "À", "Code"]
    assert [row[4] for row in rows[1:]] == [MerchantOrder.objects.latest("pk").order.number, part.order.number]
    assert rows[2][:3] == [f"{part.slot.start:%d/%m/%Y}", f"{part.slot.start:%H:%M}", f"{part.slot.end:%H:%M}"]
    assert rows[1][6].startswith("'=")
    assert rows[1][10].startswith("'@")
    assert "2,40" in rows[1]


def test_a_stranger_gets_no_table(part, neighbour):
    stranger = Client()
    stranger.force_login(neighbour)
    assert stranger.get(f"/espace/{part.storefront.merchant_id}/commandes.csv").status_code == 404


def test_the_desk_says_which_times_new_hours_have_closed(counter, part):
    merchant = part.storefront.merchant
    desk_page = f"/espace/{merchant.pk}/commandes/"
    assert CLOSED_THEN not in counter.get(desk_page).content.decode().replace("\u00a0", " ")
    merchant.opening_hours = f"{part.slot.end + timedelta(days=9):%b %d} 00:00-00:05"
    merchant.save()
    assert CLOSED_THEN in counter.get(desk_page).content.decode().replace("\u00a0", " ")


def test_what_should_have_been_ready_stands_out(counter, part):
    MerchantOrder.objects.filter(pk=part.pk).update(
        collect_from=database_clock.now() - timedelta(minutes=5), collect_until=database_clock.now()
    )
    merchant = part.storefront.merchant_id
    assert "order-ticket--late" in counter.get(f"/espace/{merchant}/commandes/").content.decode()
    assert "Un client au moins l’attend déjà." in counter.get(f"/espace/{merchant}/").content.decode()


def test_today_says_when_the_first_buyer_comes(counter, part):
    text = counter.get(f"/espace/{part.storefront.merchant_id}/").content.decode().replace("\u00a0", " ")
    assert f"Le premier client vient {since(part.slot.start, database_clock.now())}.".replace("\u00a0", " ") in text
