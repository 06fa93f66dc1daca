"""What is sold by weight: estimated, accepted up to a ceiling, weighed at the desk, never dearer than that."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from oscar.core.loading import get_model

from shop import baskets, orders, shown
from shop.forks.order.processing import NotWeighed
from shop.models import MerchantOrder, ProductDetails, Purchase, WeighedLine
from shop.order_history import Reason, Refusal
from shop.refusals import Missing, refuse
from shop.weighing import acts, amounts
from shop.weighing.acts import ChangedMeanwhile, weigh
from tests.shop.factories import make_product, order, order_and_confirm, put_in_basket

StockRecord = get_model("partner", "StockRecord")
OUT = Reason(Refusal.OUT_OF_STOCK)


def make_tomme(merchant, **fields):
    """24,90 € a kilo, 350 g a piece: 8,72 €, 9,59 € at most."""
    known = {"title": "Tomme de brebis", "price": Decimal(1), "unit": "la part", "measure": "kg", "vat_rate": "5.5"}
    by_weight = {"quantity": Decimal("0.35"), "price_per_kilo": Decimal("24.90")}
    return make_product(merchant, **known | by_weight | fields)


@pytest.fixture
def tomme(cheesemonger):
    return make_tomme(cheesemonger)


def buy(*wanted):
    """Buy so many of each article, and return the merchant's order."""
    client = Client()
    for article, quantity in wanted:
        put_in_basket(client, article, quantity)
    assert order_and_confirm(client).status_code in (200, 302, 303)
    return MerchantOrder.objects.with_tickets().latest("pk")


def pieces(part):
    return {line.pk: line.quantity for line in part.order.lines.all()}


def weigh_all(part, *grams):
    lines = part.order.lines.filter(weighed__isnull=False, quantity__gt=0).order_by("pk")
    weigh(part, {line.pk: weight for line, weight in zip(lines, grams, strict=True)}, pieces(part), by=None)


def commit():
    """Have the database check what it checks at a commit."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


@pytest.mark.parametrize(
    ("per_kilo", "kilos", "piece", "most"),
    [
        ("24.90", "0.350", "8.72", "9.59"),
        ("10.00", "1", "10.00", "11.00"),
        ("18.50", "0.125", "2.31", "2.54"),
        ("33.33", "0.333", "11.10", "12.21"),
        ("4.05", "2.5", "10.13", "11.14"),
        ("129.00", "0.015", "1.94", "2.13"),
    ],
)
def test_a_piece_is_estimated_to_the_cent_by_us_and_by_the_database(cheesemonger, per_kilo, kilos, piece, most):
    article = make_tomme(cheesemonger, price_per_kilo=Decimal(per_kilo), quantity=Decimal(kilos))

    assert amounts.piece_price(Decimal(per_kilo), Decimal(kilos)) == Decimal(piece)
    assert amounts.ceiling(Decimal(piece)) == Decimal(most)
    assert article.stockrecords.get().price == Decimal(piece)


@pytest.mark.parametrize(
    ("quantity", "grams", "price"),
    [
        (1, 350, "8.72"),
        (1, 349, "8.69"),
        (1, 385, "9.59"),
        (1, 386, "9.59"),
        (1, 900, "9.59"),
        (1, 1, "0.02"),
        (2, 683, "17.01"),
        (2, 801, "19.18"),
        (3, 1050, "26.15"),
    ],
)
def test_a_weighed_line_costs_its_weight_up_to_the_ceiling(tomme, knife, quantity, grams, price):
    part = buy((tomme, quantity), (knife, 1))

    weigh_all(part, grams)
    commit()

    part.order.refresh_from_db()
    assert part.order.lines.get(product=tomme).line_price_incl_tax == Decimal(price)
    assert part.order.total_incl_tax == Decimal(price) + Decimal("19.90")
    excl_tax = (Decimal(price) / Decimal("1.055")).quantize(Decimal("0.01"), "ROUND_HALF_UP") + Decimal("16.58")
    assert part.order.total_excl_tax == excl_tax
    assert part.order.sources.get().amount_allocated == part.order.total_incl_tax
    assert tomme.stockrecords.get().num_allocated == quantity


def test_the_price_of_a_piece_follows_whichever_is_written(tomme):
    def price():
        return tomme.stockrecords.get().price

    StockRecord.objects.filter(product=tomme).update(price=Decimal(3))
    assert price() == Decimal("8.72")
    ProductDetails.objects.filter(product=tomme).update(price_per_kilo=Decimal(20))
    assert price() == Decimal("7.00")
    ProductDetails.objects.filter(product=tomme).update(quantity=Decimal("0.2"))
    assert price() == Decimal("4.00")
    ProductDetails.objects.filter(product=tomme).update(price_per_kilo=None)
    StockRecord.objects.filter(product=tomme).update(price=Decimal(3))
    assert price() == Decimal("3.00")


@pytest.mark.parametrize("change", [{"measure": "piece"}, {"price_per_kilo": 0}, {"quantity": Decimal("0.0001")}])
def test_the_database_wants_a_price_of_what_is_weighed(tomme, change):
    with pytest.raises(IntegrityError, match="what_is_weighed_has_a_price"), transaction.atomic():
        ProductDetails.objects.filter(product=tomme).update(**change)


def test_weighing_twice_changes_nothing_and_again_corrects(tomme):
    part = buy((tomme, 2))
    weigh_all(part, 700)
    weigh_all(part, 700)
    assert part.events.filter(kind="pesee").count() == 1

    weigh_all(part, 650)

    commit()
    assert part.order.lines.get().line_price_incl_tax == Decimal("16.19")


def test_nothing_is_ready_before_it_is_weighed(tomme, loaf, knife, mailoutbox):
    part = buy((tomme, 1), (knife, 1))
    for act in (orders.mark_ready, orders.mark_collected):
        with pytest.raises(NotWeighed):
            act(part, by=None)

    weigh_all(part, 320)
    mailoutbox.clear()
    orders.mark_ready(part, by=None)
    commit()

    (email,) = mailoutbox
    assert "27,87\u00a0€" in email.body
    assert "pesé 320 g à 24,90" in email.body.replace("\u00a0", " ")


def test_the_database_itself_lets_nothing_unweighed_be_ready(tomme):
    part = buy((tomme, 1))
    type(part.order).objects.filter(pk=part.order_id).update(status="Prête")
    with pytest.raises(IntegrityError, match="weighed_before_ready"):
        commit()


@pytest.mark.parametrize("price", ["9.60", "8.71", "20.00", "0.00"])
def test_the_database_itself_refuses_another_price_than_the_weights(tomme, price):
    part = buy((tomme, 1))
    weigh_all(part, 385)
    part.order.lines.update(line_price_incl_tax=Decimal(price))
    type(part.order).objects.filter(pk=part.order_id).update(total_incl_tax=Decimal(price))
    with pytest.raises(IntegrityError, match="does not cost its quantity times its price, or its weight"):
        commit()


def test_what_was_accepted_is_never_rewritten(tomme):
    buy((tomme, 1))
    for change in ({"ceiling": 20}, {"price_per_kilo": 30}):
        with pytest.raises(IntegrityError, match="agreed_prices_stay"), transaction.atomic():
            WeighedLine.objects.update(**change)


def test_a_piece_refused_after_weighing_has_the_rest_weighed_again(tomme, knife):
    part = buy((tomme, 3), (knife, 1))
    weigh_all(part, 1050)
    line = part.order.lines.get(product=tomme)

    refuse(part, [Missing(line.pk, 1, none_left=False)], pieces(part), None, OUT)

    commit()
    line = part.order.lines.select_related("weighed").get(product=tomme)
    assert (line.quantity, line.line_price_incl_tax, line.weighed.grams) == (2, Decimal("17.44"), None)
    with pytest.raises(NotWeighed):
        orders.mark_ready(part, by=None)
    assert tomme.stockrecords.get().num_allocated == 2


@pytest.mark.parametrize("stale", [{}, "one more"])
def test_an_order_that_changed_meanwhile_is_not_weighed(tomme, stale):
    part = buy((tomme, 2))
    line = part.order.lines.get()
    with pytest.raises(ChangedMeanwhile):
        weigh(part, {line.pk: 700}, {line.pk: 3} if stale else {}, by=None)


def test_what_is_not_sold_by_weight_is_not_weighed(tomme, knife):
    part = buy((tomme, 1), (knife, 1))
    with pytest.raises(ValueError, match="100"):
        weigh(part, {part.order.lines.get(product=knife).pk: 100}, pieces(part), by=None)


def test_the_refunds_of_all_pieces_add_up(tomme):
    part = buy((tomme, 3))
    weigh_all(part, 1000)
    line = part.order.lines.select_related("weighed").get()

    refunds = [acts.refund(line, gone, 1) for gone in range(3)]

    assert refunds == [Decimal("8.30"), Decimal("8.30"), Decimal("8.30")]
    line.line_price_incl_tax = Decimal("10.00")
    assert [acts.refund(line, gone, 1) for gone in range(3)] == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]


def test_the_basket_says_about_and_at_most_and_the_button_buys_that(client, tomme, loaf):
    put_in_basket(client, tomme, 2)
    put_in_basket(client, loaf)

    page = client.get("/boutique/panier/").text
    checkout = client.get("/boutique/commande/")

    assert "24,90\u00a0€/kg" in page
    assert "19,18\u00a0€ au plus" in page
    assert checkout.context["total"] == {"label": "À payer au retrait, environ", "amount": Decimal("22.34")}
    assert {"label": "Au plus, après la pesée", "amount": Decimal("24.08")} in checkout.context["rows"]
    signed = shown.read(checkout.context["basket_key"])
    assert {(line.title, line.ceiling) for line in signed.lines} == {
        ("Tomme de brebis", Decimal("9.59")),
        ("Pain de seigle", Decimal("4.90")),
    }


def test_a_ceiling_that_moved_is_shown_before_it_is_bought(client, tomme, settings):
    put_in_basket(client, tomme)
    checkout = client.get("/boutique/commande/")
    seen = shown.read(checkout.context["basket_key"])
    settings.WEIGHT_CEILING_PERCENT = 20

    told = seen.differences(baskets.groups(Purchase.basket.field.related_model.objects.get()))

    assert "10,46\u00a0€ au plus" in told["Tomme de brebis"]


def test_the_page_of_an_article_tells_its_kilo_and_its_ceiling(client, tomme):
    page = client.get(tomme.get_absolute_url()).text

    assert "TTC environ" in page
    assert "Env. 350\u00a0g, 24,90\u00a0€/kg" in page
    assert "9,59\u00a0€ au plus" in page
    assert '"referenceQuantity"' in page


@pytest.fixture
def desk(client, neighbour):
    client.force_login(neighbour)
    return client


def address(part, act="peser/"):
    return f"/espace/{part.storefront.merchant_id}/commandes/{part.order.number}/{act}"


def test_the_desk_leads_to_the_scales_before_ready(desk, tomme):
    part = buy((tomme, 1))

    answer = desk.post(address(part, ""), {"faire": "prete", "shown_status": "Reçue"})

    assert answer["Location"] == address(part)
    assert "env. 350" not in desk.get(address(part)).text
    assert "9,59\u00a0€ au plus" in desk.get(address(part)).text


@pytest.mark.parametrize(
    ("typed", "capped", "told"),
    [
        ("", False, "Écrivez le poids"),
        ("0", False, "1"),
        ("trois cents", False, "nombre"),
        ("400", False, "9,96\u00a0€"),
        ("99999", True, "50"),
    ],
)
def test_what_cannot_be_stored_says_how_to_mend_it_and_keeps_what_was_typed(desk, tomme, typed, capped, told):
    part = buy((tomme, 1))
    line = part.order.lines.get()
    sent = {"shown": f"{line.pk}:1", f"grammes_{line.pk}": typed, **({f"plafond_{line.pk}": "on"} if capped else {})}

    page = desk.post(address(part), sent)

    assert page.status_code == 200
    assert told in page.text
    assert typed in page.text
    assert WeighedLine.objects.get().grams is None


@pytest.mark.parametrize(
    ("typed", "capped", "price"), [("333", False, "8.29"), ("400", True, "9.59"), ("1 000", True, "9.59")]
)
def test_the_scales_are_stored_once_however_often_they_are_sent(desk, tomme, typed, capped, price):
    part = buy((tomme, 1))
    line = part.order.lines.get()
    sent = {"shown": f"{line.pk}:1", f"grammes_{line.pk}": typed, **({f"plafond_{line.pk}": "on"} if capped else {})}

    for _ in range(3):
        assert desk.post(address(part), sent)["Location"] == f"/espace/{part.storefront.merchant_id}/commandes/"

    part.order.refresh_from_db()
    assert part.order.total_incl_tax == Decimal(price)
    assert part.events.filter(kind="pesee").count() == 1


def test_a_stranger_weighs_nothing(client, baker, tomme):
    part = buy((tomme, 1))
    client.force_login(baker)
    assert client.get(address(part)).status_code == 404


def test_an_unconfirmed_order_is_not_weighed(desk, tomme):
    buyer = Client()
    put_in_basket(buyer, tomme)
    order(buyer)
    assert desk.get(address(MerchantOrder.objects.get())).status_code == 404
