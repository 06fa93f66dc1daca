"""A merchant refuses an order or some of it, with a reason; sums, stock and e-mails agree to the cent."""

from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from oscar.core.loading import get_model

from portal.oscar_settings import ORDER_CANCELLED, ORDER_RECEIVED
from shop import orders, purchases
from shop.models import MerchantOrder
from shop.order_history import OrderEvent, Reason, Refusal
from shop.refusals import ChangedMeanwhile, Missing, refuse
from tests.browser_forms import filled_in
from tests.shop.factories import CONTACT, order_and_confirm, put_in_basket, someone_else

pytestmark = pytest.mark.usefixtures("strict_templates")

Line = get_model("order", "Line")
GONE = Reason(Refusal.OUT_OF_STOCK)


@pytest.fixture
def part(picodon, knife):
    """Three cheeses at 2,40 € (5,5 %) and two knives at 19,90 € (20 %): 47,00 €."""
    buyer = Client()
    put_in_basket(buyer, picodon, 3)
    put_in_basket(buyer, knife, 2)
    order_and_confirm(buyer)
    mail.outbox.clear()
    return MerchantOrder.objects.select_related("order").get()


@pytest.fixture
def counter(client, neighbour):
    client.force_login(neighbour)
    return client


def line_of(part, product):
    return Line.objects.get(order=part.order_id, product=product)


def shown(part):
    return dict(Line.objects.filter(order=part.order_id).values_list("pk", "quantity"))


def stock_of(product):
    stock = product.stockrecords.get()
    return stock.num_in_stock, stock.num_allocated or 0


def address(part, what):
    return f"/espace/{part.storefront.merchant_id}/commandes/{part.order.number}/{what}/"


def send(counter, part, missing, **said):
    """Open the page, say how many of which product are missing, and press its button."""
    form = filled_in(counter.get(address(part, "manque")), "motif")
    for product, (units, none_left) in missing.items():
        pk = line_of(part, product).pk
        form[f"manque_{pk}"] = units
        form.pop(f"epuise_{pk}", None)
        if none_left:
            form[f"epuise_{pk}"] = "on"
    return counter.post(address(part, "manque"), form | said)


@pytest.mark.parametrize(
    ("cheeses", "knives", "total", "excl_tax", "allocated"),
    [
        (1, 0, "44.60", "37.72", (2, 2)),  # 4,80 € at 5,5 % make 4,55; 39,80 € at 20 % make 33,17
        (3, 0, "39.80", "33.17", (0, 2)),
        (0, 1, "27.10", "23.40", (3, 1)),  # 7,20 make 6,82; 19,90 make 16,58
        (0, 2, "7.20", "6.82", (3, 0)),
        (2, 1, "22.30", "18.85", (1, 1)),  # 2,40 make 2,27
    ],
)
def test_what_is_missing_leaves_the_order_to_the_cent(
    counter, part, picodon, knife, cheeses, knives, total, excl_tax, allocated
):
    response = send(counter, part, {picodon: (cheeses, False), knife: (knives, False)})

    assert response.status_code == 302
    part.order.refresh_from_db()
    assert (part.order.total_incl_tax, part.order.total_excl_tax) == (Decimal(total), Decimal(excl_tax))
    assert sum(line.line_price_incl_tax for line in part.order.lines.all()) == Decimal(total)
    assert part.order.sources.get().amount_allocated == Decimal(total)
    assert (stock_of(picodon), stock_of(knife)) == ((18, allocated[0]), (3, allocated[1]))
    assert [line_of(part, product).num_allocated for product in (picodon, knife)] == list(allocated)
    (message,) = mail.outbox
    assert message.to == [CONTACT["email"]]
    for body in (message.body, message.alternatives[0][0]):
        assert total.replace(".", ",") in body
        assert "Il n’en reste plus" in body
    buyer = Client().get(part.purchase.link).content.decode()
    assert "retiré" in buyer
    assert total.replace(".", ",") in buyer


def test_what_remains_is_collected_and_leaves_the_stock(counter, part, picodon, knife):
    send(counter, part, {picodon: (3, False), knife: (1, False)})

    orders.mark_ready(part, by=None)
    orders.mark_collected(part, by=None)

    assert (stock_of(picodon), stock_of(knife)) == ((18, 0), (2, 0))
    part.order.refresh_from_db()
    assert part.order.sources.get().amount_debited == part.order.total_incl_tax == Decimal("19.90")


def test_what_remains_can_be_cancelled_by_its_buyer(counter, part, picodon, knife):
    send(counter, part, {picodon: (2, False)})

    assert purchases.cancel(part)

    assert (stock_of(picodon), stock_of(knife)) == ((18, 0), (3, 0))


def test_where_none_is_left_nobody_else_can_order_it_and_what_others_ordered_stays_theirs(counter, part, picodon):
    other = Client()
    put_in_basket(other, picodon, 4)
    order_and_confirm(other, **someone_else())

    send(counter, part, {picodon: (2, True)})

    assert stock_of(picodon) == (5, 5)  # one still in this order, four in the other


def test_an_order_of_which_all_is_missing_is_cancelled(counter, part, picodon, knife):
    send(counter, part, {picodon: (1, False)})
    mail.outbox.clear()

    why = {"motif": "autre", "mot": "Le camion est en panne."}
    response = send(counter, part, {picodon: (2, True), knife: (2, False)}, **why)

    part.order.refresh_from_db()
    assert part.order.status == ORDER_CANCELLED
    assert (stock_of(picodon), stock_of(knife)) == ((0, 0), (3, 0))
    (message,) = mail.outbox
    assert "Le camion est en panne." in message.body
    assert "elle est annulée" in str([*counter.get(response["Location"]).context["messages"]][-1])
    page = Client().get(part.purchase.link).content.decode()
    assert "Annulée par le commerçant&nbsp;: Le camion est en panne." in page.replace("\u00a0", "&nbsp;")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Dites combien manquent"),
        ({"manque": "9"}, "il n’en manque pas plus"),
        ({"manque": "-1"}, "Écrivez 0 si rien ne manque"),
        ({"manque": "deux"}, "Écrivez un nombre"),
        ({"manque": "1", "motif": ""}, "Choisissez une raison"),
        ({"manque": "1", "motif": "caprice"}, "Choisissez une raison de la liste"),
        ({"manque": "1", "motif": "autre", "mot": "  "}, "Écrivez quelle est cette autre raison"),
        ({"manque": "1", "mot": "a" * 301}, "300 caractères au plus"),
    ],
)
def test_a_faulty_form_says_how_to_mend_it_keeps_what_was_typed_and_changes_nothing(
    counter, part, picodon, changes, told
):
    form = filled_in(counter.get(address(part, "manque")), "motif")
    pk = line_of(part, picodon).pk
    changes = {f"manque_{pk}" if name == "manque" else name: value for name, value in changes.items()}
    form = form | {"mot": "De retour samedi"} | changes

    response = counter.post(address(part, "manque"), form)

    page = response.content.decode()
    assert response.status_code == 200
    assert told in page
    assert form["mot"].strip() in page
    assert shown(part)[pk] == 3
    assert mail.outbox == []


def test_a_button_pressed_twice_takes_nothing_twice(counter, part, picodon):
    form = filled_in(counter.get(address(part, "manque")), "motif") | {f"manque_{line_of(part, picodon).pk}": "1"}

    counter.post(address(part, "manque"), form)
    second = counter.post(address(part, "manque"), form)

    assert line_of(part, picodon).quantity == 2
    assert len(mail.outbox) == 1
    assert "rien n’a été fait" in str([*counter.get(second["Location"]).context["messages"]][-1])


@pytest.mark.parametrize("sent", ["", "x", "1:2:3", "12", "999:1"])
def test_a_form_that_shows_another_order_changes_nothing(counter, part, picodon, sent):
    send(counter, part, {picodon: (1, False)}, shown=sent)

    assert line_of(part, picodon).quantity == 3


@pytest.mark.parametrize("page", ["manque", "annuler"])
def test_a_stranger_finds_no_such_page(part, baker, page):
    stranger = Client()
    stranger.force_login(baker)

    for path in (address(part, page), address(part, page).replace(str(part.storefront.merchant_id), "999999")):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"motif": "rupture"}).status_code == 404
    assert Client().get(address(part, page)).status_code == 302
    part.order.refresh_from_db()
    assert part.order.status == ORDER_RECEIVED


def test_cancelling_asks_for_a_reason_which_the_buyer_reads(counter, part):
    form = filled_in(counter.get(address(part, "annuler")), "shown")

    without = counter.post(address(part, "annuler"), form)
    assert "Choisissez une raison" in without.content.decode()
    part.order.refresh_from_db()
    assert part.order.status == ORDER_RECEIVED

    counter.post(address(part, "annuler"), form | {"motif": "fermeture", "mot": "Un deuil dans la famille."})

    part.order.refresh_from_db()
    assert part.order.status == ORDER_CANCELLED
    (message,) = mail.outbox
    for body in (message.body, message.alternatives[0][0]):
        assert "La boutique doit fermer (Un deuil dans la famille.)" in body
    assert part.events.get().by.email == "idris@cremerie.example"


@pytest.mark.parametrize("end", ["ready", "collected", "cancelled"])
def test_nothing_is_missing_of_what_is_no_longer_being_prepared(counter, part, picodon, end):
    acts = {"ready": orders.mark_ready, "collected": orders.mark_collected, "cancelled": purchases.cancel}
    acts[end](part, None)

    with pytest.raises(ChangedMeanwhile):
        refuse(part, [Missing(line_of(part, picodon).pk, 1, none_left=False)], shown(part), None, GONE)
    assert counter.get(address(part, "manque")).status_code == 302


def test_the_history_is_read_by_both_each_in_her_words(counter, part, picodon, neighbour):
    send(counter, part, {picodon: (1, False)}, mot="Le dernier était fendu.")
    orders.mark_ready(part, by=neighbour)

    theirs = counter.get(f"/espace/{part.storefront.merchant_id}/commandes/?etat=pretes").content.decode()
    hers = Client().get(part.purchase.link).content.decode()

    for page in (theirs, hers):
        history = page.partition("Historique")[2].replace("\u00a0", " ")
        assert history.index("Commandée") < history.index("Il manque 1 × Picodon affiné") < history.index("Prête")
        assert "Il n’en reste plus (Le dernier était fendu.)" in history
    assert "Idris Faure" in theirs
    assert "Idris Faure" not in hers
    assert "vous" in hers.partition("Historique")[2]


def commit(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("set constraints all immediate")  # what a commit checks


REWRITES = [
    "update shop_orderevent set words = 'autre chose'",
    "update shop_orderevent set at = at - interval '1 day'",
    "update shop_orderevent set quantity = quantity + 1",
    "delete from shop_orderevent",
]


@pytest.mark.parametrize("statement", REWRITES)
def test_the_database_keeps_the_history_as_it_was_written(counter, part, picodon, statement):
    send(counter, part, {picodon: (1, False)})

    with pytest.raises(IntegrityError):
        commit(statement)


def test_the_history_outlives_the_account_of_who_made_it(counter, part, picodon, neighbour):
    send(counter, part, {picodon: (1, False)})

    neighbour.delete()

    event = OrderEvent.objects.get()
    assert (event.by, event.quantity, event.reason) == (None, 1, "rupture")


@pytest.mark.parametrize(
    "statement",
    [
        "update order_order set total_incl_tax = total_incl_tax - 0.01",
        "update order_line set line_price_incl_tax = line_price_incl_tax + 1",
        "update order_line set quantity = quantity - 1",
    ],
)
def test_the_database_keeps_the_sum_of_an_order(part, statement):
    with pytest.raises(IntegrityError):
        commit(statement)


@pytest.mark.parametrize("units", [0, 4])
def test_no_more_is_refused_than_was_ordered(part, picodon, units):
    with pytest.raises(ValueError, match=r"Missing|{}"):
        refuse(part, [Missing(line_of(part, picodon).pk, units, none_left=False)], shown(part), None, GONE)


def test_a_merchant_never_refuses_without_a_reason(part):
    with pytest.raises(IntegrityError, match="a_merchant_refuses_with_a_reason"):
        orders.cancel(part, None, MerchantOrder.Cancelled.MERCHANT)


def test_the_history_is_among_the_data_that_a_merchant_takes_away(counter, part, picodon):
    send(counter, part, {picodon: (1, False)}, mot="Le dernier était fendu.")

    data = counter.get(f"/espace/{part.storefront.merchant_id}/mes-donnees.json").json()

    (told,) = data["commandes"][0]["history"]
    assert (told["kind"], told["article"], told["quantity"]) == ("refus", "Picodon affiné", 1)
    assert told["words"] == "Le dernier était fendu."
    assert data["commandes"][0]["total"] == "44.60"
