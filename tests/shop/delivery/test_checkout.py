"""Being delivered, from the basket to the hand-over: what is shown, signed, stored, told and paid is one sum."""

from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from shop import deadlines, orders, pseudonyms, refusals, vat
from shop.delivery.choosing import name_of
from shop.delivery.ways import taxed
from shop.models import MerchantOrder, Purchase
from shop.order_history import Reason, Refusal
from shop.refusals import Missing
from shop.withdrawal import acts
from tests.shop.delivery.ordering import ADDRESS, CHECKOUT, bought, deliver, fields_of, order_delivered, press, send
from tests.shop.factories import BINDS, filled_form, make_product, put_in_basket


def sums_agree(part):
    """Return whether lines, fee, total and VAT of an order agree to the cent."""
    order = part.order
    lines = sum((line.line_price_incl_tax for line in order.lines.all()), Decimal(0))
    shares = vat.shares(taxed(order))
    return (
        order.total_incl_tax == lines + order.shipping_incl_tax == sum(share.incl_tax for share in shares)
        and order.total_excl_tax == sum(share.excl_tax for share in shares)
        and order.sources.get().amount_allocated == order.total_incl_tax
    )


def test_a_page_says_who_delivers_before_anything_is_in_the_basket(client, loaf, round_of):
    page = client.get(loaf.get_absolute_url()).content.decode()
    assert "Livre à Privas" in page
    assert "4,00\u00a0€, offert dès 40,00\u00a0€" in page


def test_what_is_delivered_costs_its_fee_everywhere(client, bakery, loaf, round_of):
    put_in_basket(client, loaf, 2)
    part = bought(client, bakery)
    assert (part.delivery, part.order.shipping_incl_tax, part.order.total_incl_tax) == (
        "tournee", Decimal("4.00"), Decimal("13.80"),
    )  # fmt: skip
    assert (part.slot.start.hour, part.slot.end.hour) == (14, 18)
    assert sums_agree(part)
    assert part.purchase.delivery_address == "4 rue des Fossés, 07000 Privas"
    page = client.get(part.purchase.get_absolute_url()).content.decode()
    assert "Livraison : 4 rue des Fossés, 07000 Privas" in page.replace("\u00a0", " ")
    assert "À payer à la livraison" in page
    to_buyer = next(message for message in mail.outbox if message.subject.startswith("Votre commande"))
    assert "- Livraison : 4,00\u00a0€" in to_buyer.body.replace("Livraison\u00a0:", "Livraison :")
    to_merchant = next(message for message in mail.outbox if message.subject.startswith("Nouvelle commande"))
    assert "4 rue des Fossés, 07000 Privas" in to_merchant.body
    assert "À encaisser à la livraison" in to_merchant.body


def test_delivery_is_free_from_the_amount_that_was_told(client, bakery, loaf, places):
    deliver(bakery, [places.privas], free_from=Decimal("9.80"))
    put_in_basket(client, loaf, 2)
    part = bought(client, bakery)
    assert part.order.shipping_incl_tax == 0
    assert sums_agree(part)


def test_below_its_minimum_a_delivery_cannot_be_chosen_and_what_is_missing_is_told(client, bakery, loaf, places):
    deliver(bakery, [places.privas], minimum=Decimal("10.00"), free_from=None)
    put_in_basket(client, loaf, 2)
    page = client.get(CHECKOUT)
    ((_, choice),) = page.context["parts"]
    assert choice.way.options == []
    assert "il manque 0,20" in page.content.decode().replace("\u00a0", " ")
    answer = press(client, bakery, "tournee")
    assert (answer.status_code, MerchantOrder.objects.count()) == (409, 0)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"delivery_postal_code": "42000", "delivery_town": "Saint-Étienne"}, "ne livre pas à Saint-Étienne"),
        ({"delivery_postal_code": "75011", "delivery_town": "Paris"}, "75011"),
        ({"delivery_postal_code": "07000", "delivery_town": "Prives"}, "Les communes du 07000 sont"),
        ({"delivery_postal_code": "0700", "delivery_town": "Privas"}, "cinq chiffres"),
        ({"delivery_street": ""}, "Écrivez l’adresse où vous serez livré"),
        ({"delivery_street": "x" * 201}, "200 caractères au plus"),
    ],
)
def test_an_address_that_nobody_can_come_to_is_told_and_all_that_was_typed_stays(
    client, bakery, loaf, round_of, typed, told
):
    put_in_basket(client, loaf)
    answer = order_delivered(client, bakery, **typed)
    page = answer.content.decode().replace("\u00a0", " ")
    assert (answer.status_code, MerchantOrder.objects.count()) == (200, 0)
    assert told in page
    assert 'value="Camille Moulin"' in page
    assert "4,00 €" in page


@pytest.mark.parametrize("typed", [" 07 000", "07000"])
@pytest.mark.parametrize("name", ["privas", "PRIVAS", "Privas "])
def test_a_town_is_known_however_it_is_written(client, bakery, loaf, round_of, typed, name):
    put_in_basket(client, loaf)
    part = bought(client, bakery, delivery_postal_code=typed, delivery_town=name)
    assert (part.purchase.delivery_insee, part.purchase.delivery_town) == ("07186", "Privas")


def test_a_fee_that_changed_meanwhile_is_shown_before_it_is_paid(client, bakery, loaf, round_of):
    put_in_basket(client, loaf)
    page = press(client, bakery, "tournee")
    round_of.fee = Decimal("5.50")
    round_of.save()
    answer = client.post(CHECKOUT, fields_of(page, **ADDRESS, **BINDS))
    assert (answer.status_code, MerchantOrder.objects.count()) == (409, 0)
    assert "La livraison chez Le Fournil des Mines a changé" in answer.content.decode()
    again = client.post(CHECKOUT, fields_of(answer, **ADDRESS, **BINDS))
    assert again.status_code == 303
    assert MerchantOrder.objects.get().order.shipping_incl_tax == Decimal("5.50")


def test_a_delivery_paused_meanwhile_is_not_sold(client, bakery, loaf, round_of):
    put_in_basket(client, loaf)
    page = press(client, bakery, "tournee")
    round_of.is_paused = True
    round_of.save()
    answer = client.post(CHECKOUT, fields_of(page, **ADDRESS, **BINDS))
    assert (answer.status_code, MerchantOrder.objects.count()) == (409, 0)
    assert "La livraison n’est plus possible chez Le Fournil des Mines" in answer.content.decode()


def test_one_merchant_delivers_and_the_other_waits_at_the_counter(
    client, bakery, cheesemonger, loaf, picodon, round_of
):
    put_in_basket(client, loaf)
    put_in_basket(client, picodon)
    part = bought(client, bakery)
    other = MerchantOrder.objects.with_tickets().get(storefront__merchant=cheesemonger)
    assert (part.delivery, other.delivery) == ("tournee", "")
    assert other.order.shipping_incl_tax == 0
    assert part.purchase.total == Decimal("4.90") + Decimal("4.00") + Decimal("2.40")
    now = part.purchase.placed_at
    assert "4 rue des Fossés" in orders.merchant_ticket(part, now).address
    assert "4 rue des Fossés" not in orders.merchant_ticket(other, now).address


def test_its_words_follow_it_to_the_door(client, bakery, baker, loaf, round_of):
    put_in_basket(client, loaf)
    part = bought(client, bakery)
    mail.outbox.clear()
    orders.mark_ready(part, by=baker)
    assert [message.subject for message in mail.outbox] == ["En route\u00a0: votre commande chez Le Fournil des Mines"]
    part = MerchantOrder.objects.with_tickets().get()
    ticket = orders.buyer_ticket(part, part.purchase.placed_at)
    assert ticket.status.startswith("En route")
    assert ticket.point is None
    orders.mark_collected(part, by=baker)
    part = MerchantOrder.objects.with_tickets().get()
    ticket = orders.buyer_ticket(part, part.purchase.placed_at)
    assert ticket.status.startswith("Livrée")
    assert ticket.due["label"] == "Payé à la livraison"
    assert [entry.what for entry in ticket.history][-2:] == ["En route", "Livrée et payée"]


def test_the_fee_stays_and_follows_the_rates_of_what_is_left(client, bakery, loaf, round_of):
    knife = make_product(bakery, title="Couteau à pain", price=Decimal("19.90"), vat_rate="20", stock=3)
    put_in_basket(client, loaf, 2)
    put_in_basket(client, knife)
    part = bought(client, bakery)
    assert sums_agree(part)
    lines = {line.title: line for line in part.order.lines.all()}
    shown = {line.pk: line.quantity for line in lines.values()}
    missing = [Missing(lines["Couteau à pain"].pk, 1, none_left=False)]
    refusals.refuse(part, missing, shown, None, Reason(Refusal.OUT_OF_STOCK))
    part = MerchantOrder.objects.with_tickets().get()
    assert part.order.total_incl_tax == Decimal("13.80")
    assert sums_agree(part)


def test_a_full_round_is_closed_and_collection_keeps_its_places(client, bakery, loaf, places):
    deliver(bakery, [places.privas], places=1)
    put_in_basket(client, loaf)
    first = bought(client, bakery)
    client.cookies.clear()
    put_in_basket(client, loaf)
    second = press(client, bakery, "tournee").context["parts"][0][1]
    assert second.chosen.start > first.slot.start
    with pytest.raises(IntegrityError, match="never_overbooked"), transaction.atomic():
        MerchantOrder.objects.create(
            order=_copied(first), purchase=first.purchase, storefront=first.storefront, collection_code="A 1",
            delivery="tournee", collect_from=first.collect_from, collect_until=first.collect_until,
        )  # fmt: skip


def _copied(part):
    """Return an order like another, for a second part of some purchase."""
    part.purchase.pk, part.purchase.number, part.purchase.basket = None, "COPY-0001", None
    part.purchase.save()
    order = type(part.order).objects.get(pk=part.order_id)
    lines = list(order.lines.all())
    order.pk, order.number = None, f"{order.number}-bis"
    order.save()
    for line in lines:
        line.pk, line.order = None, order
        line.save()
    return order


@pytest.mark.parametrize("column", ["delivery_street", "delivery_insee", "delivery_postal_code"])
def test_the_database_stores_no_delivery_without_an_address_that_is_served(client, bakery, loaf, round_of, column):
    put_in_basket(client, loaf)
    part = bought(client, bakery)
    setattr(part.purchase, column, "")
    with pytest.raises(IntegrityError, match="delivered as its shop offers"), transaction.atomic():
        MerchantOrder.objects.create(
            order=_copied(part), purchase=part.purchase, storefront=part.storefront, collection_code="A 1",
            delivery="tournee",
        )  # fmt: skip


def test_the_database_keeps_the_fee_that_was_agreed(client, bakery, loaf, round_of):
    put_in_basket(client, loaf)
    part = bought(client, bakery)
    for sql, told in (
        ("update order_order set shipping_incl_tax = 1, total_incl_tax = 5.90", "was agreed"),
        ("update shop_merchantorder set delivery = ''", "stays collected or delivered"),
    ):
        with pytest.raises(IntegrityError, match=told), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert part.order.shipping_incl_tax == Decimal("4.00")


def test_the_hidden_field_alone_delivers_nowhere(client, bakery, loaf):
    put_in_basket(client, loaf)
    form = filled_form(client) | {name_of(bakery.pk): "tournee"}
    answer = client.post(CHECKOUT, {**form, **ADDRESS, **BINDS})
    assert (answer.status_code, MerchantOrder.objects.count()) == (409, 0)


class TestParcels:
    def test_what_keeps_goes_by_post_anywhere_in_france(self, client, bakery, jam):
        send(bakery)
        put_in_basket(client, jam, 2)
        where = {"delivery_postal_code": "75011", "delivery_town": "Paris"}
        part = bought(client, bakery, "colis", **where)
        assert (part.delivery, part.slot, part.order.total_incl_tax) == ("colis", None, Decimal("19.10"))
        assert sums_agree(part)
        assert (part.purchase.delivery_insee, part.purchase.delivery_town) == ("", "Paris")

    def test_what_spoils_does_not_and_the_page_says_so(self, client, bakery, jam, loaf):
        send(bakery)
        loaf.details.withdrawal_exception = "perissable"
        loaf.details.save()
        put_in_basket(client, jam)
        put_in_basket(client, loaf)
        page = client.get(CHECKOUT)
        assert page.context["parts"][0][1].way.options == []
        assert "Pas de colis pour «\u00a0Pain de seigle\u00a0»" in page.content.decode()

    def test_a_parcel_that_is_gone_is_never_cancelled_by_the_clock(self, client, bakery, baker, jam):
        send(bakery)
        put_in_basket(client, jam)
        part = bought(client, bakery, "colis", delivery_postal_code="75011", delivery_town="Paris")
        orders.mark_ready(part, by=baker)
        MerchantOrder.objects.update(collect_by="2026-01-01")
        assert (deadlines.cancel_uncollected(), deadlines.finish_parcels()) == (0, 1)
        part = MerchantOrder.objects.with_tickets().get()
        assert orders.buyer_ticket(part, part.purchase.placed_at).status.startswith("Livrée")


def test_erasing_a_purchase_takes_its_address_along(client, bakery, loaf, round_of):
    put_in_basket(client, loaf)
    bought(client, bakery)
    pseudonyms.pseudonymise(Purchase.objects.all())
    assert Purchase.objects.get().delivery_address == ""


def test_all_the_fee_comes_back_when_all_is_given_back(client, bakery, baker, loaf, round_of):
    loaf.details.withdrawal_exception = ""
    loaf.details.save()
    put_in_basket(client, loaf)
    part = bought(client, bakery)
    orders.mark_ready(part, by=baker)
    orders.mark_collected(part, by=baker)
    (line,) = part.order.lines.all()
    declared = acts.Declaration({line.pk: 1}, "Camille", "camille@voisins.example")
    (withdrawal,) = acts.declare(part.purchase, declared, {line.pk: 1})
    assert (withdrawal.delivery, withdrawal.refund) == (Decimal("4.00"), Decimal("8.90"))
