"""Receipts of what was delivered and of what was weighed: as it was paid and taxed at the order, to the cent."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from shop import orders, vat
from shop.models import MerchantOrder, Withdrawal
from shop.order_history import Reason, Refusal
from shop.receipts import issuing
from shop.receipts.drawing import draw
from shop.refusals import Missing, refuse
from shop.storefronts import VatRegime
from shop.withdrawal import acts, offer
from shop.withdrawal.acts import Declaration
from tests.shop.delivery.ordering import bought, deliver
from tests.shop.factories import make_product, order_and_confirm, put_in_basket
from tests.shop.test_weighing import make_tomme, weigh_all

D = Decimal


@pytest.fixture
def board(bakery):
    """What the baker sells at another rate, and what can be given back."""
    return make_product(bakery, title="Planche", price=D("19.90"), vat_rate="20", is_food=False)


@pytest.fixture
def jar(bakery):
    """Food that keeps: it can be given back."""
    return make_product(bakery, title="Confiture", price=D("4.90"), vat_rate="5.5", withdrawal_exception="")


@pytest.fixture
def rounds(bakery, baker, board, jar, places):
    issuing.give_mandate(bakery.storefront, baker)
    return deliver(bakery, [places.privas])


def basket(*articles):
    client = Client()
    for article, count in articles:
        put_in_basket(client, article, count)
    return client


def hand_over(part):
    orders.mark_ready(part, None)
    orders.mark_collected(MerchantOrder.objects.get(pk=part.pk), None)
    return MerchantOrder.objects.with_details().get(pk=part.pk)


def give_back(part, **units):
    """Give back units of lines, by title, and have them refunded; return the credit note."""
    loaded = offer.load(part.purchase.number)
    shown = {line.pk: line.units for one in offer.parts(loaded, timezone.now()) for line in one.lines if line.units}
    titles = {line.title: line.pk for line in part.order.lines.all()}
    declared = Declaration({titles[title]: count for title, count in units.items()}, "Camille", part.purchase.email)
    (withdrawal,) = acts.declare(loaded, declared, shown)
    acts.mark_refunded(withdrawal, Withdrawal.State.REQUESTED, None)
    return part.receipts.get(withdrawal=withdrawal)


def taxes(receipt):
    return {share.rate: (str(share.excl_tax), str(share.tax)) for share in vat.shares(receipt.vat_lines())}


def fees(receipt):
    return {line["rate"]: line["total"] for line in receipt.lines if line["title"] == "Livraison"}


def agrees(receipt, order):
    """Return whether a receipt says what its order does, VAT too."""
    shares = vat.shares(receipt.vat_lines())
    return (
        receipt.total == order.total_incl_tax == sum(D(line["total"]) for line in receipt.lines)
        and sum(share.excl_tax for share in shares) == order.total_excl_tax
    )


@pytest.mark.parametrize(
    ("jars", "boards", "fee", "parts"),
    [
        (2, 1, "4.00", {"20": "2.68", "5.5": "1.32"}),  # docs/delivery.md
        (2, 0, "4.00", {"5.5": "4.00"}),
        (0, 1, "4.00", {"20": "4.00"}),
        (1, 1, "4.01", {"20": "3.22", "5.5": "0.79"}),
        (1, 1, "0.01", {"20": "0.01"}),
        (3, 0, "0", {}),
    ],
)
def test_the_fee_is_taxed_as_what_it_brings(bakery, board, jar, rounds, jars, boards, fee, parts):
    rounds.fee = D(fee)
    rounds.save()
    wanted = [(article, count) for article, count in ((jar, jars), (board, boards)) if count]
    part = hand_over(bought(basket(*wanted), bakery))
    receipt = part.receipts.get()

    assert fees(receipt) == parts
    assert agrees(receipt, part.order)
    assert draw(receipt).startswith(b"%PDF")


def test_the_fee_of_what_is_left_follows_its_rate(bakery, board, jar, rounds):
    part = bought(basket((jar, 2), (board, 1)), bakery)
    lines = {line.title: line for line in part.order.lines.all()}
    missing = [Missing(lines["Planche"].pk, 1, none_left=False)]
    refuse(part, missing, {line.pk: line.quantity for line in lines.values()}, None, Reason(Refusal.OUT_OF_STOCK))
    part = hand_over(part)
    receipt = part.receipts.get()

    assert [line["title"] for line in receipt.lines] == ["Confiture", "Livraison"]
    assert fees(receipt) == {"5.5": "4.00"}
    assert agrees(receipt, part.order)


def test_the_fee_comes_back_with_the_last_article_at_the_rates_it_was_paid(bakery, board, jar, rounds):
    part = hand_over(bought(basket((jar, 2), (board, 1)), bakery))
    first, last = give_back(part, Planche=1), give_back(part, Confiture=2)

    assert (first.total, fees(first)) == (D("19.90"), {})
    assert (last.total, fees(last)) == (D("13.80"), {"20": "2.68", "5.5": "1.32"})
    receipt = part.receipts.get(kind="R")
    assert first.total + last.total == receipt.total
    assert all(draw(note).startswith(b"%PDF") for note in (first, last))


def test_a_shop_without_vat_has_none_on_its_fee(bakery, baker, places):
    article = make_product(bakery, title="Planche", price=D("19.90"), vat_rate="20", is_food=False)
    storefront = article.stockrecords.get().partner.storefront
    storefront.vat_regime = VatRegime.EXEMPT
    storefront.save()
    issuing.give_mandate(storefront, baker)
    deliver(bakery, [places.privas])
    part = hand_over(bought(basket((article, 1)), bakery))
    receipt = part.receipts.get()
    assert fees(receipt) == {"0": "4.00"}
    assert agrees(receipt, part.order)


@pytest.fixture
def tomme(cheesemonger, neighbour):
    article = make_tomme(cheesemonger, withdrawal_exception="")
    issuing.give_mandate(article.stockrecords.get().partner.storefront, neighbour)
    return article


@pytest.mark.parametrize(
    ("pieces", "grams", "total", "told"),
    [
        (1, 350, "8.72", "pesé 350 g à 24,90\u00a0€/kg"),
        (1, 311, "7.74", "pesé 311 g à 24,90\u00a0€/kg"),
        (2, 683, "17.01", "pesé 683 g à 24,90\u00a0€/kg"),
        (2, 801, "19.18", "pesé 801 g à 24,90\u00a0€/kg, au prix maximal accepté"),
        (3, 1020, "25.40", "pesé 1,02 kg à 24,90\u00a0€/kg"),
    ],
)
def test_what_was_weighed_costs_what_the_scales_said(tomme, knife, pieces, grams, total, told):
    client = basket((tomme, pieces), (knife, 1))
    order_and_confirm(client)
    part = MerchantOrder.objects.with_details().latest("pk")
    weigh_all(part, grams)
    part = hand_over(part)
    receipt = part.receipts.get()

    line = next(line for line in receipt.lines if line["title"] == "Tomme de brebis")
    assert (line["quantity"], line["total"], line["unit_price"]) == (str(pieces), total, "")
    assert line["weighed"].replace("\u202f", "\u00a0") == told
    assert receipt.total == D(total) + D("19.90")
    assert agrees(receipt, part.order)
    assert draw(receipt).startswith(b"%PDF")


def test_weighed_pieces_given_back_one_by_one_add_up(tomme):
    order_and_confirm(basket((tomme, 3)))
    part = MerchantOrder.objects.with_details().latest("pk")
    weigh_all(part, 1019)
    part = hand_over(part)
    notes = [give_back(part, **{"Tomme de brebis": 1}) for _ in range(3)]

    receipt = part.receipts.get(kind="R")
    assert receipt.total == D("25.37")
    assert sorted(note.total for note in notes) == [D("8.45"), D("8.46"), D("8.46")]
    assert notes[0].lines[0]["weighed"].startswith("1 sur 3, pesé 1,019 kg à 24,90")
    assert all(draw(note).startswith(b"%PDF") for note in notes)
