"""What an open list of orders asks for, and the list to print."""

import pytest
from django.test import Client

from shop import orders
from shop.models import MerchantOrder
from tests.shop.factories import order, order_and_confirm, put_in_basket, refuse, someone_else

pytestmark = pytest.mark.usefixtures("strict_templates")


def buy(product, quantity=1, confirmed=True, **contact):
    guest = Client()
    put_in_basket(guest, product, quantity)
    (order_and_confirm if confirmed else order)(guest, **someone_else(), **contact)
    return MerchantOrder.objects.latest("pk")


@pytest.fixture
def desk(client, baker):
    client.force_login(baker)
    return client


def asked(desk, bakery, since):
    return desk.get(f"/espace/{bakery.pk}/commandes/nouvelles/", {"depuis": since}).json()["count"]


def test_an_open_list_hears_of_what_came_since_it_was_shown(desk, bakery, loaf, picodon):
    first = buy(loaf)
    page = desk.get(f"/espace/{bakery.pk}/commandes/")
    assert f'newest="{first.pk}"' in page.text
    assert asked(desk, bakery, first.pk) == 0

    second = buy(loaf)
    buy(picodon)  # at another merchant's
    buy(loaf, confirmed=False)
    assert asked(desk, bakery, first.pk) == 1
    refuse(second)
    assert asked(desk, bakery, first.pk) == 0


@pytest.mark.parametrize("since", ["", "x", "-1", "٣", "9" * 40, "1.5", "\x00"])
def test_an_odd_question_counts_from_the_beginning(desk, bakery, loaf, since):
    buy(loaf)

    assert asked(desk, bakery, since) == 1


def test_a_stranger_hears_of_nothing(client, neighbour, bakery, loaf):
    client.force_login(neighbour)

    for page in ("nouvelles/", "a-preparer/"):
        assert client.get(f"/espace/{bakery.pk}/commandes/{page}").status_code == 404


def test_the_list_to_print_adds_up_what_is_to_be_prepared(desk, bakery, loaf):
    two, three = buy(loaf, 2, note="Bien cuit, merci."), buy(loaf, 1)
    ready = buy(loaf, 1)
    orders.mark_ready(ready, by=None)

    page = desk.get(f"/espace/{bakery.pk}/commandes/a-preparer/").text

    assert "<li>3 × Pain de seigle</li>" in page
    assert two.collection_code in page
    assert three.collection_code in page
    assert "Bien cuit, merci." in page
    assert ready.collection_code not in page


def test_the_list_to_print_says_that_there_is_nothing(desk, bakery, loaf):
    assert "Aucune commande n’attend" in desk.get(f"/espace/{bakery.pk}/commandes/a-preparer/").text


def test_both_cost_the_same_however_many_wait(desk, bakery, loaf, django_assert_max_num_queries):
    for _ in range(4):
        buy(loaf)
    for page in ("", "nouvelles/", "a-preparer/"):
        with django_assert_max_num_queries(16):
            assert desk.get(f"/espace/{bakery.pk}/commandes/{page}").status_code == 200


@pytest.mark.parametrize("act", ["acceptee", "prete", "remise"])
def test_an_act_that_arrives_twice_is_done_once(desk, bakery, loaf, act, mailoutbox):
    part = buy(loaf, 2)
    mailoutbox.clear()
    address = f"/espace/{bakery.pk}/commandes/{part.order.number}/"
    if act == "remise":
        orders.mark_ready(part, by=None)
        mailoutbox.clear()
    shown = "Prête" if act == "remise" else "Reçue"

    for _ in range(3):
        assert desk.post(address, {"faire": act, "shown_status": shown}).status_code == 302

    kinds = [event.kind for event in part.events.all()]
    assert kinds.count({"acceptee": "acceptee", "prete": "prete", "remise": "retiree"}[act]) == 1
    assert len(mailoutbox) == (act != "remise")
    assert loaf.stockrecords.get().num_in_stock == (3 if act == "remise" else 5)
