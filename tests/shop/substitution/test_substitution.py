"""A merchant proposes another article for one that is missing; its buyer accepts, declines, or keeps silent."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.html import strip_tags

from portal import database_clock
from portal.oscar_settings import ORDER_CANCELLED, ORDER_READY
from shop import deadlines, orders, purchases
from shop.emails import recipients
from shop.forks.order.processing import AwaitsAnswer
from shop.models import MerchantOrder, ProductDetails, Purchase, Substitution
from shop.order_history import Reason, Refusal
from shop.refusals import ChangedMeanwhile as RefusedMeanwhile
from shop.refusals import Missing, refuse
from shop.stock import OutOfStock
from shop.substitution.acts import (
    ChangedMeanwhile,
    DearerNotAccepted,
    TooLate,
    Wanted,
    accept,
    allergens_of,
    decline,
    propose,
)
from shop.weighing.acts import weigh
from shop.withdrawal import offer
from shop.withdrawal.acts import Declaration, declare
from tests.browser_forms import filled_in
from tests.shop.factories import CONTACT, make_product, order_and_confirm, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")
GONE = Reason(Refusal.OUT_OF_STOCK, "récolte finie")
State = Substitution.State


@pytest.fixture
def fouace(bakery):
    """Dearer than the loaf, at another rate, with nuts."""
    return make_product(
        bakery,
        title="Fouace aux noix",
        price=Decimal("7.20"),
        stock=4,
        vat_rate="20",
        allergens=["gluten", "fruits-a-coque"],
    )


@pytest.fixture
def roll(bakery):
    return make_product(bakery, title="Petit pain", price=Decimal("1.10"), stock=9, vat_rate="5.5")


@pytest.fixture
def part(bakery, loaf, roll, fouace):
    """Two loaves at 4,90 € and one roll at 1,10 €: 10,90 €; the bakery never closes."""
    bakery.opening_hours = "24/7"
    bakery.save()
    buyer = Client()
    put_in_basket(buyer, loaf, 2)
    put_in_basket(buyer, roll)
    order_and_confirm(buyer)
    mail.outbox.clear()
    return MerchantOrder.objects.select_related("order", "purchase").get()


@pytest.fixture
def counter(client, baker):
    client.force_login(baker)
    return client


def line_of(part, product):
    return part.order.lines.get(product=product)


def stock_of(product):
    stock = product.stockrecords.get()
    return stock.num_in_stock, stock.num_allocated or 0


def wanted(part, lost, product, missing=2, quantity=2, dearer=False, none_left=False):
    line = line_of(part, lost)
    return Wanted(line.pk, line.quantity, missing, product.pk, quantity, dearer, none_left)


def total_of(part):
    part.order.refresh_from_db()
    return part.order.total_incl_tax, part.order.total_excl_tax


def plain(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(main.replace("<", " <").replace("&nbsp;", " ")).split())  # no-break spaces too


def link():
    (message,) = [message for message in mail.outbox if "À vous de dire" in message.subject]
    return re.search(rf"{settings.SITE_URL}(/\S+/remplacement/\S+)", message.body)[1]


def address(part, lost):
    number, pk = part.order.number, part.storefront.merchant_id
    return f"/espace/{pk}/commandes/{number}/remplacer/{line_of(part, lost).pk}/"


def test_from_the_desk_to_the_accepted_substitute(counter, part, loaf, fouace):
    page = counter.get(address(part, loaf))
    form = filled_in(page, "article") | {"article": fouace.pk, "quantite": "2", "manque": "2", "mot": "récolte finie"}
    assert counter.post(address(part, loaf), form).status_code == 302
    assert counter.post(address(part, loaf), form).status_code == 302  # pressed twice

    asked = Substitution.objects.get()
    assert (asked.unit_price, asked.most, asked.is_dearer) == (Decimal("4.90"), Decimal("9.80"), False)
    assert stock_of(fouace) == (4, 2)
    assert stock_of(loaf) == (2, 2)  # none is left for others
    assert "Réponse avant" in counter.get(f"/espace/{part.storefront.merchant_id}/commandes/").content.decode()
    (message,) = mail.outbox
    for body in (message.body, message.alternatives[0][0]):
        for told in ("2 × Pain de seigle", "2 × Fouace aux noix", "9,80", "Fruits à coque", "récolte finie"):
            assert told in body
    guest = Client()
    shown = guest.get(link())
    assert Substitution.objects.get().state == State.ASKED  # reading it changes nothing
    text = plain(shown)
    assert "l’article qui manque n’en contenait pas : Fruits à coque" in text
    assert "Voir ma commande" not in text  # the link opens the question alone

    done = guest.post(link(), filled_in(shown, "allergenes") | {"accepter": ""}, follow=True)

    assert "Vous avez accepté ce remplacement" in plain(done)
    assert total_of(part) == (Decimal("10.90"), Decimal("9.21"))  # 1,10 at 5,5 % make 1,04; 9,80 at 20 % make 8,17
    assert part.order.sources.get().amount_allocated == Decimal("10.90")
    assert (stock_of(loaf), stock_of(fouace)) == ((0, 0), (4, 2))
    assert {message.to[0] for message in mail.outbox[1:]} == {CONTACT["email"], *recipients(part.storefront.merchant)}
    bought = plain(Client().get(part.purchase.link))
    assert "2 × Fouace aux noix" in bought
    assert "2 remplacés" in bought
    again = guest.post(link(), {"refuser": ""})
    assert again.status_code == 410  # used once
    assert total_of(part)[0] == Decimal("10.90")
    orders.mark_ready(part, None)
    orders.mark_collected(MerchantOrder.objects.get(pk=part.pk), None)
    assert (stock_of(loaf), stock_of(fouace)) == ((0, 0), (2, 0))


@pytest.mark.parametrize("silent", [False, True])
def test_declined_or_unanswered_it_is_missing(part, loaf, roll, fouace, silent):
    asked = propose(part, wanted(part, loaf, fouace), None, GONE)
    with pytest.raises(AwaitsAnswer):
        orders.mark_ready(part, None)
    if silent:
        with time_machine.travel(asked.answer_by - timedelta(seconds=2)):
            assert deadlines.end_substitutions() == 0
        with time_machine.travel(asked.answer_by + timedelta(seconds=1)):
            late = Client().get(link())
            assert "Le délai de réponse est passé" in plain(late)
            assert Client().post(link(), {"accepter": ""}).status_code == 410
            assert deadlines.end_substitutions() == 1
            assert deadlines.end_substitutions() == 0
    else:
        assert "Vous avez refusé" in plain(Client().post(link(), {"refuser": ""}, follow=True))

    asked.refresh_from_db()
    assert asked.state == (State.SILENT if silent else State.DECLINED)
    assert total_of(part) == (Decimal("1.10"), Decimal("1.04"))
    assert (stock_of(loaf), stock_of(fouace)) == ((5, 0), (4, 0))
    subjects = [message.subject for message in mail.outbox[1:]]
    assert any("Il manque un article" in subject for subject in subjects)
    assert any(("sans réponse" if silent else "refusé") in subject for subject in subjects)
    orders.mark_ready(part, None)


def test_where_nothing_else_was_ordered_the_order_ends(part, loaf, roll, fouace):
    lines = dict(part.order.lines.values_list("pk", "quantity"))
    refuse(part, [Missing(line_of(part, roll).pk, 1, False)], lines, None, GONE)
    asked = propose(part, wanted(part, loaf, fouace), None, GONE)
    assert decline(asked)
    assert not decline(asked)
    part.order.refresh_from_db()
    assert part.order.status == ORDER_CANCELLED
    assert (stock_of(loaf), stock_of(fouace)) == ((5, 0), (4, 0))
    assert "elle est annulée" in mail.outbox[-1].body


def test_a_dearer_one_is_accepted_expressly_or_not_at_all(part, loaf, fouace):
    asked = propose(part, wanted(part, loaf, fouace, dearer=True), None, GONE)
    assert (asked.unit_price, asked.is_dearer) == (Decimal("7.20"), True)
    assert "4,60" in mail.outbox[0].body  # 14,40 − 9,80
    guest = Client()
    form = filled_in(guest.get(link()), "allergenes") | {"accepter": ""}
    form.pop("plus_cher", None)
    assert "cochez la case" in plain(guest.post(link(), form))
    assert total_of(part)[0] == Decimal("10.90")
    with pytest.raises(DearerNotAccepted):
        accept(asked, allergens_of(asked))
    guest.post(link(), form | {"plus_cher": "oui"})
    assert total_of(part)[0] == Decimal("15.50")
    asked.refresh_from_db()
    assert asked.dearer_accepted


def test_only_some_are_missing_and_other_numbers_stand_in(part, loaf, roll, fouace):
    asked = propose(part, wanted(part, loaf, roll, missing=1, quantity=3), None, GONE)
    assert accept(asked, allergens_of(asked))
    assert not accept(asked, allergens_of(asked))
    assert total_of(part)[0] == Decimal("9.30")  # 4,90 + 1,10 + 3 × 1,10
    assert stock_of(roll) == (9, 4)
    with pytest.raises(ChangedMeanwhile):  # never two substitutes
        propose(part, wanted(part, loaf, fouace, missing=1, quantity=1), None, GONE)


def test_its_stock_is_promised_at_once_and_to_nobody_twice(part, loaf, fouace):
    with pytest.raises(OutOfStock):
        propose(part, wanted(part, loaf, fouace, quantity=5), None, GONE)
    propose(part, wanted(part, loaf, fouace, quantity=4), None, GONE)
    basket = Client()
    put_in_basket(basket, fouace)
    assert "épuisé" in basket.get("/boutique/panier/").content.decode()


@pytest.mark.parametrize("act", ["buyer", "merchant", "withdraws"])
def test_a_question_ends_with_its_order_or_line(part, loaf, fouace, act):
    asked = propose(part, wanted(part, loaf, fouace), None, GONE)
    line = line_of(part, loaf)
    if act == "buyer":
        purchases.cancel(part)
    elif act == "merchant":
        orders.cancel(part, None, MerchantOrder.Cancelled.MERCHANT, GONE)
    else:
        loaded = offer.load(part.purchase.number)
        shown = {one.pk: one.units for each in offer.parts(loaded, database_clock.now()) for one in each.lines}
        declare(loaded, Declaration({line.pk: 1}, "Camille", "camille@voisins.example"), shown)
    asked.refresh_from_db()
    assert asked.state == State.VOID
    assert stock_of(fouace) == (4, 0)
    assert stock_of(loaf) == (5, 1 if act == "withdraws" else 0)
    assert "n’a plus lieu d’être" in plain(Client().get(link()))
    with pytest.raises(TooLate):
        accept(asked, allergens_of(asked))


def test_a_line_in_question_is_not_refused_beside_it(counter, part, loaf, fouace):
    propose(part, wanted(part, loaf, fouace), None, GONE)
    lines = dict(part.order.lines.values_list("pk", "quantity"))
    with pytest.raises(RefusedMeanwhile):
        refuse(part, [Missing(line_of(part, loaf).pk, 1, False)], lines, None, GONE)
    path = f"/espace/{part.storefront.merchant_id}/commandes/{part.order.number}/manque/"
    assert "Pain de seigle\u00a0: combien" not in counter.get(path).content.decode()


def test_allergens_that_changed_are_shown_before_they_are_accepted(part, loaf, fouace):
    propose(part, wanted(part, loaf, fouace), None, GONE)
    guest = Client()
    form = filled_in(guest.get(link()), "allergenes") | {"accepter": ""}
    ProductDetails.objects.filter(product=fouace).update(allergens=["gluten", "fruits-a-coque", "lait"])
    refused = guest.post(link(), form)
    assert refused.status_code == 409
    assert "Lait" in plain(refused)
    assert total_of(part)[0] == Decimal("10.90")
    ProductDetails.objects.filter(product=fouace).update(allergens_known=False)
    assert "ne peut plus être accepté" in plain(guest.get(link()))
    assert guest.post(link(), filled_in(refused, "allergenes") | {"accepter": ""}).status_code == 409


def test_a_stranger_sees_nothing_and_the_buyer_all(part, loaf, fouace, neighbour):
    asked = propose(part, wanted(part, loaf, fouace), None, GONE)
    assert Client().get(asked.path).status_code == 404
    assert Client().post(f"{asked.path}?cle=faux", {"accepter": ""}).status_code == 404
    stranger = Client()
    stranger.force_login(neighbour)
    assert stranger.get(address(part, loaf)).status_code == 404
    page = Client().get(part.purchase.link).content.decode()
    opened = re.search(r'href="(/boutique/commande/remplacement/[^"]+)"', page)[1].replace("&amp;", "&")
    assert "Voir ma commande" in plain(Client().get(opened))


def test_alcohol_replaces_nothing_but_alcohol(part, bakery, loaf):
    cider = make_product(bakery, title="Cidre fermier", price=Decimal("3.90"), is_food=True, is_alcohol=True)
    with pytest.raises(IntegrityError, match="nothing but alcohol"), transaction.atomic():
        propose(part, wanted(part, loaf, cider, quantity=1), None, GONE)


def test_only_an_article_of_the_same_merchant(part, loaf, picodon):
    with pytest.raises(IntegrityError, match="same merchant"), transaction.atomic():
        propose(part, wanted(part, loaf, picodon, quantity=1), None, GONE)


def test_the_desk_lists_none_of_others_and_no_alcohol(counter, part, bakery, loaf, picodon, fouace):
    make_product(bakery, title="Cidre fermier", price=Decimal("3.90"), is_food=True, is_alcohol=True)
    make_product(bakery, title="Épuisé", stock=0)
    text = counter.get(address(part, loaf)).content.decode()
    assert "Fouace aux noix" in text
    assert not any(title in text for title in ("Cidre", "Picodon", "Épuisé"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"article": ""}, "Choisissez l’article"),
        ({"quantite": "5"}, "Il n’en reste que 4"),
        ({"manque": "3"}, "il n’en manque pas plus"),
        ({"manque": "deux"}, "error"),
        ({"motif": "autre", "mot": ""}, "quelle est cette autre raison"),
    ],
)
def test_what_is_typed_wrongly_is_said_and_kept(counter, part, loaf, fouace, changes, said):
    form = filled_in(counter.get(address(part, loaf)), "article") | {"article": fouace.pk, "mot": "Pardon !"} | changes
    page = counter.post(address(part, loaf), form)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert changes.get("mot", "Pardon !") in page.content.decode()
    assert not Substitution.objects.exists()


def test_what_is_by_weight_keeps_its_ceiling(cheesemonger):
    weight = {"measure": "kg", "quantity": Decimal("0.35"), "vat_rate": "5.5"}
    tomme = make_product(cheesemonger, title="Tomme", price=Decimal(1), price_per_kilo=Decimal("24.90"), **weight)
    bleu = make_product(cheesemonger, title="Bleu", price=Decimal(1), price_per_kilo=Decimal("29.90"), **weight)
    buyer = Client()
    put_in_basket(buyer, tomme, 1)
    order_and_confirm(buyer)
    part = MerchantOrder.objects.get()
    asked = propose(part, wanted(part, tomme, bleu, missing=1, quantity=1), None, GONE)
    assert (asked.unit_price, asked.ceiling, asked.is_dearer) == (Decimal("8.72"), Decimal("9.59"), False)
    accept(asked, allergens_of(asked))
    lines = dict(part.order.lines.values_list("pk", "quantity"))
    new = line_of(part, bleu)
    weigh(part, {new.pk: 400}, lines, None)  # 11,96 €
    assert total_of(part)[0] == Decimal("9.59")
    orders.mark_ready(part, None)


def write_ready(part):
    part.order.status = ORDER_READY
    part.order.save()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


def test_the_database_holds_it_whoever_writes(part, loaf, roll, fouace):
    asked = propose(part, wanted(part, loaf, fouace), None, GONE)
    copied = {field.attname: getattr(asked, field.attname) for field in asked._meta.concrete_fields}
    with pytest.raises(IntegrityError, match="one_substitute_a_line"), transaction.atomic():
        Substitution.objects.create(**copied | {"id": None})
    for change in ({"unit_price": Decimal(1)}, {"answer_by": database_clock.now() + timedelta(days=9)}):
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            Substitution.objects.filter(pk=asked.pk).update(**change)
    with pytest.raises(IntegrityError, match="what was proposed"), transaction.atomic():
        Substitution.objects.filter(pk=asked.pk).update(
            state=State.ACCEPTED, answered_at=database_clock.now(), replacement=line_of(part, roll)
        )
    with pytest.raises(IntegrityError, match="has not answered"), transaction.atomic():
        write_ready(part)
    decline(asked)
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Substitution.objects.filter(pk=asked.pk).update(state=State.ASKED, answered_at=None)
    assert Purchase.objects.get().total == Decimal("1.10")
