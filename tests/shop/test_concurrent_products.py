"""A merchant's form of an article stays open while shoppers buy and another tab saves."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal.models import KeptUpload
from shop.models import MerchantOrder, Purchase
from shop.products import open_storefront
from shop.space.product_form import last_entry
from tests.browser_forms import filled_in
from tests.factories import make_user
from tests.shop.factories import confirm, make_product, order, put_in_basket, refuse, someone_else
from tests.shop.test_rush import all_at_once


@pytest.fixture
def tomme(cheesemonger):
    """Five pieces of a cheese whose allergens are told."""
    product = make_product(
        cheesemonger,
        title="Tomme de chèvre",
        price=Decimal("8.40"),
        stock=5,
        unit="300 g",
        measure="kg",
        quantity=Decimal("0.3"),
        vat_rate="5.5",
        description="Affinée six semaines.",
    )
    product.details.allergens_known, product.details.allergens = True, ["lait"]
    product.details.save()
    return product


class Tab:
    """A page of a merchant's browser that has the form of an article open."""

    def __init__(self, client, merchant, product):
        self.client = client
        self.address = reverse("edit_product", args=[merchant.pk, product.pk])
        self.sent = filled_in(client.get(self.address), "title")

    def send(self, **changes):
        """Change some fields (None unticks a box) and press the button."""
        self.sent |= changes
        sent = {name: value for name, value in self.sent.items() if value is not None}
        response = self.client.post(self.address, sent)
        if response.status_code == 200:
            self.sent = filled_in(response, "title")
        return response


@pytest.fixture
def open_tab(client, neighbour, cheesemonger, tomme):
    open_storefront(cheesemonger)
    client.force_login(neighbour)
    return lambda: Tab(client, cheesemonger, tomme)


@pytest.fixture
def stock(tomme):
    def read():
        record = tomme.stockrecords.get()
        return record.net_stock_level, record.num_in_stock, record.num_allocated or 0

    return read


def buy(product, quantity):
    """Buy as a guest at the ordinary checkout, and confirm unless it was refused; return what the checkout answered."""
    shopper = Client()
    put_in_basket(shopper, product, quantity)
    answer = order(shopper, **someone_else())
    if answer.status_code == 303:
        confirm(shopper, Purchase.objects.get(number=answer["Location"].strip("/").rpartition("/")[2]))
    return answer


def test_what_was_sold_while_the_form_was_open_is_not_on_sale_again(open_tab, tomme, stock):
    tab = open_tab()
    assert tab.sent["stock"] == "5"
    assert "/merci/" in buy(tomme, 4)["Location"]
    assert stock() == (1, 5, 4)

    response = tab.send(description="Affinée huit semaines, au lait cru.")

    assert response.status_code == 302
    assert stock() == (1, 5, 4)
    tomme.refresh_from_db()
    assert tomme.description == "Affinée huit semaines, au lait cru."

    shopper = Client()
    put_in_basket(shopper, tomme, 5)
    order(shopper)
    assert stock()[2] <= 5
    assert stock()[0] >= 0


def test_another_number_counts_the_orders_already_taken(open_tab, tomme, stock):
    buy(tomme, 4)
    tab = open_tab()
    assert tab.sent["stock"] == "1"

    assert tab.send(stock="7").status_code == 302

    assert stock() == (7, 11, 4)


@pytest.mark.parametrize(("sold", "said"), [(4, "4 ont été commandés"), (1, "1 a été commandé")])
def test_another_number_after_a_sale_is_asked_about_once(open_tab, tomme, stock, sold, said):
    tab = open_tab()
    buy(tomme, sold)

    response = tab.send(stock="8")

    page = response.content.decode().replace("\u00a0", " ")
    assert f"{said} depuis que vous avez ouvert cette page : il en reste {5 - sold} à vendre." in page
    assert stock() == (5 - sold, 5, sold)
    assert tab.sent["stock"] == "8"

    assert tab.send().status_code == 302
    assert stock() == (8, 8 + sold, sold)


def test_a_sale_between_the_two_sendings_is_asked_about_again(open_tab, tomme, stock):
    tab = open_tab()
    buy(tomme, 2)
    tab.send(stock="8")
    buy(tomme, 1)

    assert tab.send().status_code == 200
    assert stock() == (2, 5, 3)


def test_an_order_cancelled_meanwhile_is_nobodys_change(open_tab, tomme, stock, neighbour):
    open_tab().send(stock="6")
    buy(tomme, 4)
    tab = open_tab()
    refuse(MerchantOrder.objects.get(), by=neighbour)

    page = tab.send(stock="9").content.decode()

    assert "Entre-temps, ce champ a été changé. Le nombre" in page
    assert stock() == (6, 6, 0)
    tab.send()
    assert stock() == (9, 9, 0)


def test_an_old_tab_does_not_undo_the_price_of_another(open_tab, tomme):
    old, new = open_tab(), open_tab()
    new.send(price="9,90")

    response = old.send(title="Tomme de chèvre fermière")

    assert response.status_code == 302
    assert tomme.stockrecords.get().price == Decimal("9.90")
    tomme.refresh_from_db()
    assert tomme.title == "Tomme de chèvre fermière"


def test_who_saves_is_told_what_changed_elsewhere_and_stands(open_tab, client, tomme):
    old, new = open_tab(), open_tab()
    new.send(price="9,90")

    old.send(description="Autre.")

    page = client.get(reverse("merchant_products", args=[tomme.stockrecords.get().partner.storefront.merchant_id]))
    assert "Prix TTC, en euros (9,90)" in page.content.decode()


def test_two_prices_are_shown_side_by_side(open_tab, tomme):
    old, new = open_tab(), open_tab()
    new.send(price="9,90")

    response = old.send(price="7,50")

    page = response.content.decode()
    assert "par vous, dans une autre page" in page
    assert "9,90" in page
    assert old.sent["price"] == "7,50"
    assert tomme.stockrecords.get().price == Decimal("9.90")
    assert old.send().status_code == 302
    assert tomme.stockrecords.get().price == Decimal("7.50")


@pytest.mark.parametrize(
    ("elsewhere", "here", "stored"),
    [
        ({"is_public": None}, {"title": "Tomme"}, {"is_public": False}),
        ({"allergens": ["lait", "oeufs"]}, {"title": "Tomme"}, {"allergens": ["lait", "oeufs"]}),
        ({"traces": ["soja"]}, {"allergens": ["lait", "oeufs"]}, {"traces": ["soja"], "allergens": ["lait", "oeufs"]}),
        ({"quantity": "0,25"}, {"unit": "250 g"}, {"quantity": Decimal("0.25"), "unit": "250 g"}),
        ({"vat_rate": "20"}, {"label": "AOP"}, {"vat_rate": "20", "label": "AOP"}),
        ({"label": "IGP"}, {"quantity": "0,300"}, {"label": "IGP", "quantity": Decimal("0.3")}),
        ({"description": ""}, {"price": "8,4"}, {"description": "", "price": Decimal("8.40")}),
        ({"is_public": None}, {"is_public": None}, {"is_public": False}),
    ],
)
def test_two_tabs_change_different_things_and_both_stand(open_tab, tomme, elsewhere, here, stored):
    old, new = open_tab(), open_tab()
    assert new.send(**elsewhere).status_code == 302
    assert old.send(**here).status_code == 302

    tomme.refresh_from_db()
    tomme.details.refresh_from_db()
    for name, value in stored.items():
        holder = next(thing for thing in (tomme.details, tomme, tomme.stockrecords.get()) if hasattr(thing, name))
        found = getattr(holder, name)
        assert (sorted(found) if isinstance(found, list) else found) == value


def test_a_number_in_another_writing_is_no_change(open_tab, tomme, cheesemonger):
    tab = open_tab()
    tab.send(price="8,4", quantity="0,3000", stock="05")

    assert last_entry(tomme, "price") is None
    assert last_entry(tomme, "quantity") is None


def test_a_form_without_snapshot_shows_what_differs_once(open_tab, tomme, stock):
    tab = open_tab()
    buy(tomme, 4)

    response = tab.send(snapshot=None, title="Tomme")

    assert response.status_code == 200
    assert response.context["form"].conflicts.keys() == {"title", "stock"}
    assert stock() == (1, 5, 4)


def test_a_fault_elsewhere_loses_no_conflict(open_tab, tomme):
    old, new = open_tab(), open_tab()
    new.send(title="Tomme au lait cru")

    page = old.send(title="Tomme fermière", price="cher").content.decode()

    assert "Tomme au lait cru" in page
    assert (old.sent["title"], old.sent["price"]) == ("Tomme fermière", "cher")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("price", "8,4"),
        ("price", "8,40 €"),
        ("price", "8.40"),
        ("stock", "5,0"),
        ("quantity", "0,300"),
        ("title", "  Tomme de chèvre "),
        ("description", "Affinée six semaines. \r\n"),
    ],
)
def test_another_writing_of_the_stored_value_comes_back_as_it_was_typed(open_tab, tomme, stock, field, typed):
    tab = open_tab()

    assert tab.send(**{field: typed}, unit="").status_code == 200

    assert tab.sent[field] == typed
    assert tab.send(unit="300 g").status_code == 302
    tomme.refresh_from_db()
    assert (tomme.title, tomme.description) == ("Tomme de chèvre", "Affinée six semaines.")
    assert stock() == (5, 5, 0)
    assert last_entry(tomme, field) is None


def test_another_writing_of_a_value_that_changed_meanwhile_is_not_the_new_one(open_tab, tomme):
    old, new = open_tab(), open_tab()
    new.send(price="9,10")

    old.send(price="8,4", unit="")

    assert old.sent["price"] == "9,10"


def photo(colour="red", name="tomme.jpg"):
    file = BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def colour_of(product):
    (picture,) = product.images.all()
    with picture.original.open() as file, Image.open(file) as image:
        return image.convert("RGB").getpixel((320, 240))


def test_a_photo_outlives_a_fault_elsewhere(open_tab, tomme):
    tab = open_tab()

    page = tab.send(image=photo(), price="cher").content.decode()
    assert "Votre fichier « tomme.jpg » est gardé" in page.replace("\u00a0", " ")
    assert not tomme.images.exists()

    assert tab.send(price="8,40").status_code == 302
    assert colour_of(tomme)[0] > 200
    assert not KeptUpload.objects.exists()


def test_a_photo_outlives_a_conflict(open_tab, tomme):
    old, new = open_tab(), open_tab()
    new.send(price="9,90")

    old.send(price="7,50", image=photo())

    assert old.send().status_code == 302
    assert tomme.images.count() == 1


def test_a_photo_of_an_article_that_is_new_outlives_a_fault(client, neighbour, cheesemonger):
    open_storefront(cheesemonger)
    client.force_login(neighbour)
    address = reverse("new_product", args=[cheesemonger.pk])
    sent = filled_in(client.get(address), "title") | {
        "title": "Faisselle", "price": "3", "stock": "4", "unit": "le pot", "allergens_known": "on",
        "allergens": "lait", "image": photo(),
    }  # fmt: skip
    response = client.post(address, sent | {"price": ""})

    again = client.post(address, filled_in(response, "title") | {"price": "3"})

    assert again.status_code == 302
    product = cheesemonger.storefront.partner.stockrecords.get().product
    assert product.images.count() == 1


def test_two_photos_are_a_conflict(open_tab, tomme):
    old, new = open_tab(), open_tab()
    new.send(image=photo("blue"))

    response = old.send(image=photo("red"))

    assert response.context["form"].conflicts.keys() == {"image"}
    assert colour_of(tomme)[2] > 200
    assert old.send().status_code == 302
    assert colour_of(tomme)[0] > 200


def test_a_kept_photo_is_its_senders_alone(open_tab, tomme):
    tab = open_tab()
    tab.send(image=photo(), price="cher")
    KeptUpload.objects.update(sender=make_user())

    response = tab.send(price="8,40")

    assert "La photo choisie n’est gardée qu’une heure" in response.content.decode()
    assert not tomme.images.exists()
    assert tab.send().status_code == 302


def test_a_photo_is_kept_for_an_hour(open_tab, tomme):
    tab = open_tab()
    tab.send(image=photo(), price="cher")

    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        call_command("purge", write=True, verbosity=0)
        assert KeptUpload.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert "La photo choisie n’est gardée qu’une heure" in tab.send(price="8,40").content.decode()
        call_command("purge", write=True, verbosity=0)

    assert not KeptUpload.objects.exists()


def test_a_file_that_is_no_photo_is_not_kept(open_tab):
    tab = open_tab()

    tab.send(image=SimpleUploadedFile("lettre.jpg", b"Bonjour"), price="cher")

    assert not KeptUpload.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_sale_and_two_savings_at_once_promise_no_more_than_there_is(
    client, neighbour, cheesemonger, tomme, stock, places
):
    open_storefront(cheesemonger)
    tabs = []
    for text in ("Affinée huit semaines.", "Au lait cru."):
        browser = Client()
        browser.force_login(neighbour)
        tabs.append((Tab(browser, cheesemonger, tomme), {"description": text}))
    tabs[1][1].update(description=tabs[1][0].sent["description"], label="AOP")
    acts = [lambda tab=tab, changes=changes: tab.send(**changes) for tab, changes in tabs]
    acts += [lambda: buy(tomme, 2)] * 3

    all_at_once(acts, lambda act: act())

    left, in_stock, allocated = stock()
    assert (left, in_stock, allocated) == (1, 5, 4)
    tomme.refresh_from_db()
    assert (tomme.description, tomme.details.label) == ("Affinée huit semaines.", "AOP")
