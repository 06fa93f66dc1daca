"""The struck price is the lowest of the thirty days before the reduction, whoever writes; nobody types it."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from shop import promotions
from shop.models import PriceChange, ProductDetails
from tests.jobs import do
from tests.shop.factories import make_product, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")
StockRecord = get_model("partner", "StockRecord")
DAY = timedelta(days=1)
D = Decimal


def with_history(product, changes):
    """Give an article a past: {days ago: price}, the last of which it costs today."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # no trigger is asked
        PriceChange.objects.filter(product=product).delete()
        now = timezone.now()
        for days, price in sorted(changes.items(), reverse=True):
            PriceChange.objects.create(product=product, price=price, at=now - days * DAY)
        StockRecord.objects.filter(product=product).update(price=changes[min(changes)])
        cursor.execute("set local session_replication_role = origin")
    return product


def begin(product, price, days=7):
    promotions.begin(product, D(price), timezone.localdate() + days * DAY)
    return ProductDetails.objects.get(product=product)


@pytest.mark.parametrize(
    ("changes", "price", "struck"),
    [
        ({60: D("5.00")}, "4.00", "5.00"),  # as it always was
        ({60: D("5.00"), 2: D("6.00")}, "4.00", "5.00"),  # raised, then cut: the lower one
        ({60: D("4.00"), 29: D("6.00")}, "4.50", None),  # it cost 4,00 € within the thirty days
        ({60: D("4.00"), 31: D("6.00")}, "4.50", "6.00"),  # no longer: the thirty days saw 6,00 € alone
        ({60: D("5.00"), 20: D("4.20"), 10: D("5.00")}, "4.00", "4.20"),  # cheaper for a while
        ({29: D("5.00")}, "4.00", None),  # on sale for too short
        ({0: D("5.00")}, "4.00", None),
        ({60: D("5.00"), 20: D("4.00"), 10: D("5.00")}, "4.00", None),  # not lower than it was
        ({31: D("5.00")}, "4.99", "5.00"),
    ],
)
def test_what_is_struck(loaf, changes, price, struck):
    details = begin(with_history(loaf, changes), price)
    assert details.struck_price == (struck and D(struck))
    assert details.price_after == changes[min(changes)]


@pytest.mark.parametrize("seed", range(12))
def test_an_oracle_by_day_agrees(loaf, seed):
    random = Random(seed)
    days = sorted(random.sample(range(1, 75), random.randint(1, 8)), reverse=True)
    changes = {day: D(random.randint(300, 900)) / 100 for day in days}
    today = changes[days[-1]]
    price = today - D(random.randint(1, 200)) / 100

    def cost(moment):  # days ago
        known = [day for day in days if day >= moment]
        return changes[min(known)] if known else None

    # Quarter days, so that a change at the very beginning of the window is within it.
    window = [cost(quarter / 4) for quarter in range(1, 121)]
    lowest = min((each for each in window if each is not None), default=None)
    expected = lowest if days[0] >= 30 and lowest is not None and lowest > price else None

    assert begin(with_history(loaf, changes), price).struck_price == expected


def test_a_further_cut_goes_on_with_the_price_of_before_the_first(loaf):
    begin(with_history(loaf, {60: D("5.00")}), "4.50")
    with time_machine.travel(timezone.now() + 3 * DAY):
        details = begin(loaf, "4.00")
    assert (details.struck_price, details.price_after) == (D("5.00"), D("5.00"))
    StockRecord.objects.filter(product=loaf).update(price=D("3.50"))  # by the table of prices, or a file
    details.refresh_from_db()
    assert (details.struck_price, details.price_after) == (D("5.00"), D("5.00"))


def test_a_dearer_price_from_anywhere_ends_it(loaf):
    begin(with_history(loaf, {60: D("5.00")}), "4.00")
    StockRecord.objects.filter(product=loaf).update(price=D("4.10"))
    details = ProductDetails.objects.get(product=loaf)
    assert (details.promotion_from, details.struck_price, details.price_after) == (None, None, None)


def test_a_form_that_was_open_meanwhile_brings_it_not_back(loaf):
    begin(with_history(loaf, {60: D("5.00")}), "4.00")
    stale = ProductDetails.objects.get(product=loaf)
    promotions.end(loaf)
    stale.unit = "800 g"
    stale.save()
    details = ProductDetails.objects.get(product=loaf)
    assert (details.unit, details.promotion_from, details.struck_price) == ("800 g", None, None)


def test_it_ends_after_its_last_day_at_the_former_price(loaf):
    begin(with_history(loaf, {60: D("5.00")}), "4.00", days=2)
    for days, price in ((2, "4.00"), (3, "5.00")):
        with time_machine.travel(timezone.now() + days * DAY):
            do("end_promotions")
        assert StockRecord.objects.get(product=loaf).price == D(price)
    assert ProductDetails.objects.get(product=loaf).promotion_until is None


@pytest.mark.parametrize("write", ["struck_price = 99", "struck_price = 99, label = 'x'"])
def test_nobody_types_what_is_struck(loaf, write):
    begin(with_history(loaf, {60: D("5.00")}), "4.00")
    with connection.cursor() as cursor:
        cursor.execute(f"update shop_productdetails set {write}")
    assert ProductDetails.objects.get(product=loaf).struck_price == D("5.00")


@pytest.mark.parametrize("write", ["price = 9", "at = now() - interval '90 days'"])
def test_the_history_is_never_rewritten(loaf, write):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update shop_pricechange set {write}")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from shop_pricechange; set constraints all immediate")


def test_every_price_is_written_down_whoever_writes(loaf):
    assert list(loaf.price_changes.values_list("price", flat=True)) == [D("4.90")]
    StockRecord.objects.filter(product=loaf).update(price=D("5.10"))
    stock = StockRecord.objects.get(product=loaf)
    stock.num_in_stock = 3
    stock.save()
    stock.price = None
    stock.save()
    assert list(loaf.price_changes.values_list("price", flat=True)) == [D("4.90"), D("5.10"), None]
    loaf.delete()
    assert not PriceChange.objects.exists()


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("price", "days", "wrong"),
    [
        ("4,90", 7, "price"), ("5", 7, "price"), ("0", 7, "price"), ("-1", 7, "price"), ("gratuit", 7, "price"),
        ("", 7, "price"), ("4,20", -1, "until"), ("4,20", 93, "until"),
    ],
)  # fmt: skip
def test_what_is_no_promotion_says_why(loaf, baker, bakery, price, days, wrong):
    address = reverse("promote_product", args=[bakery.pk, loaf.pk])
    until = (timezone.localdate() + days * DAY).isoformat()
    page = logged_in(baker).post(address, {"price": price, "until": until})
    assert page.context["form"].errors[wrong]
    assert ProductDetails.objects.get(product=loaf).promotion_from is None


def test_a_merchant_begins_and_ends_it_and_shoppers_see_both_prices(loaf, baker, bakery, neighbour):
    with_history(loaf, {60: D("4.90")})
    address = reverse("promote_product", args=[bakery.pk, loaf.pk])
    assert logged_in(neighbour).get(address).status_code == 404
    space, until = logged_in(baker), (timezone.localdate() + 7 * DAY).isoformat()
    assert space.get(address).status_code == 200

    assert space.post(address, {"price": "4,20", "until": until}).status_code == 302

    client = Client()
    for path in (loaf.get_absolute_url(), bakery.public_path):
        page = client.get(path).content.decode().replace("\u202f", " ").replace("\u00a0", " ")
        assert "4,20 €" in page
        assert "price-tag__struck" in page
        assert "4,90 €" in page
    put_in_basket(client, loaf)
    basket = client.get("/boutique/panier/").content.decode().replace("\u00a0", " ")
    assert "4,20 €" in basket
    assert "au lieu de 4,90 €" in basket
    assert "priceValidUntil" in client.get(loaf.get_absolute_url()).content.decode()
    space.post(address, {"finir": ""})
    assert "price-tag__struck" not in client.get(bakery.public_path).content.decode()


def test_what_costs_the_same_strikes_nothing(cheesemonger):
    product = make_product(cheesemonger, price=D("3.00"))
    with pytest.raises(promotions.NotLower):
        begin(product, "3.00")


def test_what_is_sold_by_weight_from_now_on_has_no_promotion(loaf):
    with_history(loaf, {60: D("4.90")})
    assert begin(loaf, "4.20").struck_price == D("4.90")

    details = ProductDetails.objects.get(product=loaf)
    details.price_per_kilo = D("5.00")
    details.save()

    details.refresh_from_db()
    assert (details.promotion_from, details.price_after, details.struck_price) == (None, None, None)
    assert StockRecord.objects.get(product=loaf).price == D("3.50")
    assert not promotions.end(loaf)
    with pytest.raises(promotions.ByWeight):
        begin(loaf, "3.00")
