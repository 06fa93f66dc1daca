"""Receipts in the merchant's name: with a mandate alone, numbered without gaps, never changed, to the cent."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop import orders
from shop.models import MerchantOrder, Receipt, ReceiptMandate, Withdrawal
from shop.products import create_storefront
from shop.receipts import issuing
from shop.receipts.drawing import draw
from shop.storefronts import VatRegime
from shop.withdrawal import acts, offer
from shop.withdrawal.acts import Declaration
from tests.factories import make_user
from tests.shop.factories import make_product, order_and_confirm, put_in_basket, someone_else

pytestmark = pytest.mark.usefixtures("strict_templates")


def sell(*articles):
    """Sell and hand over articles of one shop to somebody new."""
    client = Client()
    for article, count in articles:
        put_in_basket(client, article, count)
    order_and_confirm(client, **someone_else())
    part = MerchantOrder.objects.latest("pk")
    orders.mark_ready(part, None)
    orders.mark_collected(MerchantOrder.objects.get(pk=part.pk), None)
    mail.outbox.clear()
    return MerchantOrder.objects.with_details().get(pk=part.pk)


def give_up(part, units):
    """Give back units of one order's lines, by title, and have them refunded."""
    loaded = offer.load(part.purchase.number)
    lines = {line.pk: line for one in offer.parts(loaded, timezone.now()) for line in one.lines}
    titles = {line.title: line.pk for line in part.order.lines.all()}
    declaration = Declaration({titles[title]: count for title, count in units.items()}, "Camille", part.purchase.email)
    (withdrawal,) = acts.declare(loaded, declaration, {pk: line.units for pk, line in lines.items() if line.units})
    acts.mark_refunded(withdrawal, Withdrawal.State.REQUESTED, None)
    return withdrawal


@pytest.fixture
def mandate(cheesemonger, neighbour, picodon):
    issuing.give_mandate(picodon.stockrecords.get().partner.storefront, neighbour)


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_without_a_mandate_there_is_none(picodon):
    part = sell((picodon, 1))
    page = Client().get(f"{part.purchase.get_absolute_url()}?cle={part.purchase.key}")
    assert not Receipt.objects.exists()
    assert "recu/" not in page.content.decode()


def test_the_merchant_gives_the_mandate_and_ends_it(cheesemonger, neighbour, picodon):
    space, address = logged_in(neighbour), reverse("receipt_mandate", args=[cheesemonger.pk])
    space.post(address)
    assert not ReceiptMandate.objects.exists()
    for _ in range(2):
        space.post(address, {"mandat": "on"})
    given = ReceiptMandate.objects.get()
    assert given.given_by == neighbour
    assert sell((picodon, 1)).receipts.count() == 1
    space.post(address, {"finir": ""})
    assert sell((picodon, 1)).receipts.count() == 0
    given.refresh_from_db()
    assert given.ended_at is not None
    space.post(address, {"mandat": "on"})
    assert sell((picodon, 1)).receipts.get().number.endswith("-00002")


@pytest.mark.parametrize(
    ("sold", "total", "shares"),
    [
        ({"picodon": 1}, "2.40", {"5.5": ("2.27", "0.13")}),
        ({"picodon": 3, "knife": 2}, "47.00", {"20": ("33.17", "6.63"), "5.5": ("6.82", "0.38")}),
        ({"knife": 1}, "19.90", {"20": ("16.58", "3.32")}),
        ({"picodon": 18}, "43.20", {"5.5": ("40.95", "2.25")}),
    ],
)
def test_it_says_what_was_paid_and_its_vat_by_rate(mandate, picodon, knife, sold, total, shares):
    from shop import vat

    articles = {"picodon": picodon, "knife": knife}
    receipt = sell(*((articles[name], count) for name, count in sold.items())).receipts.get()

    assert receipt.total == Decimal(total)
    found = {share.rate: (str(share.excl_tax), str(share.tax)) for share in vat.shares(receipt.vat_lines())}
    assert found == shares
    assert receipt.seller["name"] == "La Crèmerie du Gier"
    assert draw(receipt).startswith(b"%PDF")
    assert draw(receipt) == draw(Receipt.objects.get())


def test_a_shop_that_charges_no_vat_says_so(mandate, cheesemonger, knife):
    create_storefront(cheesemonger)
    cheesemonger.storefront.vat_regime = VatRegime.EXEMPT
    cheesemonger.storefront.save()
    receipt = sell((knife, 1)).receipts.get()
    assert [line["rate"] for line in receipt.lines] == ["0"]


def test_a_refund_makes_a_credit_note_with_a_number_of_its_own(mandate, knife, picodon):
    first, second = sell((knife, 2)), sell((picodon, 1))
    give_up(first, {"Couteau à fromage": 1})

    note = first.receipts.get(kind="A")
    assert (note.number[-5:], note.total) == ("00001", Decimal("19.90"))
    assert [part.receipts.get(kind="R").number[-5:] for part in (first, second)] == ["00001", "00002"]
    assert draw(note).startswith(b"%PDF")
    give_up(first, {"Couteau à fromage": 1})
    assert first.receipts.filter(kind="A").order_by("sequence").last().sequence == 2


def test_after_the_mandate_what_it_made_is_still_corrected_and_nothing_else_is_made(mandate, cheesemonger, knife):
    jar = make_product(cheesemonger, title="Confiture de lait", price=Decimal("4.10"), withdrawal_exception="")
    sold, other = sell((knife, 2)), sell((jar, 1))
    give_up(sold, {"Couteau à fromage": 1})
    issuing.end_mandate(sold.storefront)
    give_up(sold, {"Couteau à fromage": 1})
    give_up(other, {"Confiture de lait": 1})
    without = sell((knife, 1))
    give_up(without, {"Couteau à fromage": 1})

    notes = Receipt.objects.filter(kind=Receipt.Kind.CREDIT_NOTE).order_by("pk")
    assert [(note.sequence, note.total) for note in notes] == [
        (1, Decimal("19.90")), (2, Decimal("19.90")), (3, Decimal("4.10")),
    ]  # fmt: skip
    assert all(draw(note).startswith(b"%PDF") for note in notes)
    assert not without.receipts.exists()


def test_numbers_have_no_gaps_where_something_fails(mandate, knife, picodon):
    sell((picodon, 1))
    with transaction.atomic():
        sell((picodon, 1))
        transaction.set_rollback(True)
    sell((picodon, 1))
    assert list(Receipt.objects.order_by("pk").values_list("sequence", flat=True)) == [1, 2]


def test_each_shop_and_each_year_counts_from_one(mandate, picodon, loaf, baker, bakery):
    issuing.give_mandate(loaf.stockrecords.get().partner.storefront, baker)
    mine, other = sell((picodon, 1)), sell((loaf, 1))
    assert [one.receipts.get().sequence for one in (mine, other)] == [1, 1]
    told = Receipt.objects.get(merchant_order=mine)
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into shop_receipt
                (storefront_id, merchant_order_id, kind, year, sequence, issued_at, seller, lines, total)
            select storefront_id, %s, 'R', 2031, 77, '2031-01-01 00:30+01', seller, lines, total
            from shop_receipt where id = %s returning sequence""",
            [sell_without(picodon).pk, told.pk],
        )
        assert cursor.fetchone()[0] == 1


def sell_without(product):
    """Return an order that is not handed over."""
    client = Client()
    put_in_basket(client, product)
    order_and_confirm(client, **someone_else())
    return MerchantOrder.objects.latest("pk")


@pytest.mark.parametrize(
    "change",
    [
        "total = 1",
        "sequence = 9",
        "lines = '[]'",
        "issued_at = now() + interval '1 day'",
        "seller = '{}'",
        "year = 2020",
    ],
)
def test_nobody_rewrites_one(mandate, picodon, change):
    sell((picodon, 1))
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update shop_receipt set {change}")


def test_nobody_deletes_one_or_makes_a_second_or_a_wrong_one(mandate, picodon):
    receipt = sell((picodon, 1)).receipts.get()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from shop_receipt; set constraints all immediate")
    fields = {
        field.attname: getattr(receipt, field.attname)
        for field in Receipt._meta.concrete_fields
        if not field.primary_key
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(**fields)
    fields["merchant_order_id"] = sell_without(picodon).pk
    with pytest.raises(IntegrityError, match="sum of its lines"), transaction.atomic():
        Receipt.objects.create(**(fields | {"total": Decimal("9.99")}))
    with pytest.raises(IntegrityError, match="in the year"), transaction.atomic():
        Receipt.objects.create(**(fields | {"year": 2001}))


@pytest.mark.django_db(transaction=True)
def test_six_at_once_take_six_numbers(cheesemonger, neighbour):
    product = make_product(cheesemonger, title="Couteau", stock=50)
    issuing.give_mandate(product.stockrecords.get().partner.storefront, neighbour)
    parts = [sell_without(product) for _ in range(6)]
    for part in parts:
        orders.mark_ready(part, None)

    def hand_over(part):
        try:
            orders.mark_collected(MerchantOrder.objects.get(pk=part.pk), None)
        finally:
            connection.close()

    threads = [Thread(target=hand_over, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Receipt.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_buyer_and_merchant_open_it_and_no_stranger(mandate, picodon, cheesemonger, neighbour, baker, bakery):
    part = sell((picodon, 1))
    receipt = part.receipts.get()
    page = Client().get(f"{part.purchase.get_absolute_url()}?cle={part.purchase.key}").content.decode()
    address = reverse("checkout:receipt", args=[part.order.number, receipt.pk])
    assert f"{address}?cle=" in page
    for client, path, status in (
        (Client(), f"{address}?cle={part.purchase.key}", 200),
        (Client(), address, 404),
        (Client(), f"{address}?cle=perdue", 404),
        (logged_in(baker), address, 404),
        (logged_in(neighbour), reverse("merchant_receipt", args=[cheesemonger.pk, receipt.pk]), 200),
        (logged_in(baker), reverse("merchant_receipt", args=[cheesemonger.pk, receipt.pk]), 404),
        (logged_in(baker), reverse("merchant_receipt", args=[bakery.pk, receipt.pk]), 404),
    ):
        response = client.get(path)
        assert response.status_code == status, path
        if status == 200:
            assert response["Content-Type"] == "application/pdf"
            assert response.content.startswith(b"%PDF")


def test_the_table_of_a_year_adds_up(mandate, picodon, knife, cheesemonger, neighbour):
    first = sell((knife, 2), (picodon, 3))
    sell((picodon, 1))
    give_up(first, {"Couteau à fromage": 1})
    year = timezone.localdate().year
    space = logged_in(neighbour)

    text = space.get(reverse("receipts_of_year", args=[cheesemonger.pk, year])).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))

    assert [row["Numéro"][:1] for row in rows] == ["R", "R", "R", "A"]
    assert sum(Decimal(row["TTC"].replace(",", ".")) for row in rows) == Decimal("47.00") + Decimal("2.40") - Decimal(
        "19.90"
    )
    listed = space.get(reverse("merchant_receipts", args=[cheesemonger.pk])).content.decode()
    assert f"annee-{year}.csv" in listed
    assert listed.count(".pdf") == 3


@pytest.mark.parametrize(
    "title", ["=HYPERLINK(1)", "A" * 250, "Étui « rouge » & <b>fin</b>", "チーズ", "Seau\u202f5\u00a0L"]
)
def test_any_title_is_printed(mandate, cheesemonger, title):
    part = sell((make_product(cheesemonger, title=title, is_food=False), 1))
    assert draw(part.receipts.get()).startswith(b"%PDF")


def test_many_lines_go_on_to_a_second_page(mandate, cheesemonger):
    part = sell(*((make_product(cheesemonger, title=f"Article {number}", is_food=False), 1) for number in range(45)))
    assert draw(part.receipts.get()).count(b"/Type /Page\n") >= 2


def test_who_gave_the_mandate_may_be_erased(mandate, neighbour):
    make_user()
    neighbour.delete()
    assert ReceiptMandate.objects.get().given_by is None
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        ReceiptMandate.objects.update(given_at=timezone.now() - timedelta(days=9))
