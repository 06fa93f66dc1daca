"""A shop without opening hours, or that nobody keeps, shows its articles and sells none."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from oscar.core.loading import get_model

from directory.models import MerchantManager, MerchantPage
from portal.models import User
from search.indexing import index
from search.models import IndexedEntry
from search.query import Kind
from shop.models import MerchantOrder, Purchase, Storefront
from shop.products import create_product, on_sale, open_storefront
from tests.factories import make_merchant, make_user
from tests.shop.factories import BINDS, filled_form, order, put_in_basket, time_to_tell

pytestmark = pytest.mark.usefixtures("strict_templates")

Line = get_model("basket", "Line")


def empty_hours(bakery, baker):
    MerchantPage.objects.filter(pk=bakery.pk).update(opening_hours="")


def blank_hours(bakery, baker):
    MerchantPage.objects.filter(pk=bakery.pk).update(opening_hours="  ")


def publish_no_hours(bakery, baker):
    bakery.opening_hours = ""
    bakery.save_revision().publish()


def remove_the_manager(bakery, baker):
    MerchantManager.objects.filter(merchant=bakery).delete()


def delete_the_account(bakery, baker):
    baker.delete()


def lock_the_account(bakery, baker):
    User.objects.filter(pk=baker.pk).update(is_active=False)


def give_her_another_page(bakery, baker):
    MerchantManager.objects.filter(merchant=bakery).update(merchant=make_merchant(title="Ailleurs"))


CLOSINGS = [
    empty_hours, blank_hours, publish_no_hours, remove_the_manager, delete_the_account, lock_the_account,
    give_her_another_page,
]  # fmt: skip


@pytest.fixture(params=CLOSINGS)
def close(request, bakery, baker):
    return lambda: request.param(bakery, baker)


def sells(merchant):
    return Storefront.objects.get(merchant=merchant).sells


def test_the_shop_closes_and_its_article_can_no_longer_be_bought(client, loaf, picodon, close):
    assert set(on_sale()) == {loaf, picodon}
    put_in_basket(client, loaf)

    close()

    assert set(on_sale()) == {picodon}
    page = client.get("/boutique/panier/")
    assert [str(message) for message in page.context["messages"]][-1] == (
        "Le Fournil des Mines ne vend pas en ce moment : nous avons retiré « Pain de seigle » de votre panier."
    )
    response = put_in_basket(Client(), loaf)
    assert response["Location"] == loaf.get_absolute_url()
    assert not Line.objects.exists()


def test_the_article_stays_visible_and_says_why_it_cannot_be_bought(client, bakery, loaf, close):
    close()

    page = client.get(loaf.get_absolute_url()).content.decode()
    assert "La vente en ligne n’est pas encore ouverte" in page
    assert "Ajouter au panier" not in page
    assert "schema.org/InStoreOnly" in page
    shop = client.get(bakery.public_path).content.decode()
    assert "Pain de seigle" in shop
    assert "La vente en ligne n’est pas encore ouverte." in shop
    assert "Commande en ligne" not in shop


def test_an_order_sent_meanwhile_is_refused_and_its_basket_kept(client, loaf, picodon, close):
    put_in_basket(client, loaf)
    put_in_basket(client, picodon)
    form = filled_form(client)

    close()

    response = client.post("/boutique/commande/", {**form, **BINDS})
    assert response.status_code == 409
    assert not Purchase.objects.exists()
    assert Line.objects.get().product == picodon


def test_the_search_forgets_what_she_sold_and_that_she_sells(bakery, loaf, close):
    index.consume()
    assert IndexedEntry.objects.filter(kind=Kind.PRODUCT, object_id=loaf.pk, document__isnull=False).exists()

    close()
    index.consume()

    assert not IndexedEntry.objects.filter(kind=Kind.PRODUCT, object_id=loaf.pk, document__isnull=False).exists()
    seller = IndexedEntry.objects.get(kind=Kind.MERCHANT, object_id=bakery.pk)
    assert seller.document["collect"] is False


@pytest.mark.parametrize("first", ["hours", "manager"])
def test_it_opens_with_the_second_of_the_two_whichever_that_is(places, first):
    merchant = make_merchant(opening_hours="")
    create_product(
        open_storefront(merchant),
        title="Torchon",
        price=3,
        stock=4,
        unit="la pièce",
        is_food=False,
        facts=time_to_tell(),
    )

    def tell_hours():
        MerchantPage.objects.filter(pk=merchant.pk).update(opening_hours="Sa 08:00-12:00")

    def add_manager():
        MerchantManager.objects.create(merchant=merchant, user=make_user())

    one, two = (tell_hours, add_manager) if first == "hours" else (add_manager, tell_hours)
    assert not sells(merchant)
    one()
    assert not sells(merchant)
    two()
    assert sells(merchant)
    assert on_sale().get().title == "Torchon"


def test_one_of_two_managers_may_leave(bakery, loaf, baker, neighbour):
    MerchantManager.objects.create(merchant=bakery, user=neighbour)

    baker.delete()

    assert sells(bakery)


def test_a_locked_account_that_is_opened_again_sells_again(bakery, loaf, baker):
    lock_the_account(bakery, baker)
    assert not sells(bakery)

    User.objects.filter(pk=baker.pk).update(is_active=True)

    assert sells(bakery)


def test_nobody_writes_the_flag_by_hand(bakery, loaf, baker):
    remove_the_manager(bakery, baker)

    Storefront.objects.update(sells=True)

    assert not sells(bakery)


def test_the_database_refuses_an_order_for_a_shop_that_may_not_sell(client, bakery, baker, loaf):
    put_in_basket(client, loaf)
    order(client)
    part = MerchantOrder.objects.get()
    remove_the_manager(bakery, baker)

    part.pk = None
    with pytest.raises(IntegrityError, match="may not sell"), transaction.atomic():
        part.save(force_insert=True)
