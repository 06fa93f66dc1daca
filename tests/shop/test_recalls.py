"""A recall: off sale in the database, out of open orders, told to all buyers, kept as a public notice."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal import database_clock
from portal.mail import GIVEN_UP_AFTER
from portal.models import QueuedMail
from shop import orders
from shop.models import MerchantOrder, ProductDetails, Purchase, Recall, RecallLetter
from shop.products import on_sale
from shop.recalls import acts
from tests.factories import make_user
from tests.shop.factories import hand_over_another, make_product, order, order_and_confirm, put_in_basket, someone_else

TOLD = {
    "reason": "Listeria dans le lot 12.",
    "risk": "Fièvre et maux de tête.",
    "what_to_do": "Ne le mangez pas, rapportez-le.",
    "official_link": "https://rappel.conso.gouv.fr/fiche-rappel/1",
}


@pytest.fixture
def staff(db):
    user = make_user()
    user.groups.add(Group.objects.get(name="Responsables de boutiques"))
    return user


def buy(*products, **who):
    client = Client()
    for product in products:
        put_in_basket(client, product, 2)
    order_and_confirm(client, **(who or someone_else()))
    return MerchantOrder.objects.latest("pk")


def test_what_is_recalled_leaves_the_sale_in_the_database_and_its_page_says_so(client, picodon, staff):
    address = picodon.get_absolute_url()
    assert client.get(address).status_code == 200

    recall = acts.publish_new(picodon, staff, TOLD)

    assert not on_sale(pk=picodon.pk).exists()
    ProductDetails.objects.filter(product=picodon).update(is_recalled=False)
    assert not ProductDetails.objects.get(product=picodon).may_be_sold
    page = client.get(address)
    assert page.status_code == 410
    assert recall.get_absolute_url() in page.content.decode()
    assert put_in_basket(Client(), picodon).status_code in (302, 303, 404)
    assert client.get("/boutique/panier/nombre/").content.decode().strip() in ("0", '{"count": 0}')


def test_open_orders_lose_the_line_with_a_reason_and_an_order_of_nothing_else_ends(picodon, cheesemonger, staff):
    faisselle = make_product(cheesemonger, title="Faisselle", price=3)
    both, alone, ready, gone = buy(picodon, faisselle), buy(picodon), buy(picodon, faisselle), buy(picodon)
    orders.mark_ready(ready, None)
    orders.mark_ready(gone, None)
    orders.mark_collected(MerchantOrder.objects.get(pk=gone.pk), None)
    client = Client()
    put_in_basket(client, picodon)
    order(client, **someone_else())  # and does not confirm
    mail.outbox.clear()

    recall = acts.publish_new(picodon, staff, TOLD)

    for part in (both, ready):
        lines = dict(MerchantOrder.objects.get(pk=part.pk).order.lines.values_list("title", "quantity"))
        assert lines == {"Picodon affiné": 0, "Faisselle": 2}
        assert MerchantOrder.objects.get(pk=part.pk).order.total_incl_tax == 6
        assert part.events.get(kind="refus").reason == "rappel"
    assert MerchantOrder.objects.get(pk=alone.pk).order.status == "Annulée"
    assert MerchantOrder.objects.get(pk=gone.pk).order.lines.get().quantity == 2
    assert MerchantOrder.objects.latest("pk").order.status == "Annulée"
    assert sorted(recall.letters.values_list("units", "refused")) == [(2, 0), (2, 2), (2, 2), (2, 2)]
    assert sum("L’article est rappelé" in message.body for message in mail.outbox) >= 3


def test_every_buyer_of_six_months_is_written_to_once_and_the_others_are_listed(client, picodon, staff):
    kept, old, erased = (hand_over_another(picodon).purchase for _ in range(3))
    Purchase.objects.filter(pk=old.pk).update(placed_at=database_clock.now() - timedelta(days=185))
    Purchase.objects.filter(pk=erased.pk).update(email="")
    recall = acts.publish_new(picodon, staff, TOLD)
    mail.outbox.clear()

    acts.write_due()
    acts.write_due()

    (message,) = mail.outbox
    assert message.to == [kept.email]
    assert "Ne le mangez pas" in message.body
    assert recall.get_absolute_url() in message.body
    assert [letter.purchase_id for letter in acts.unreached(recall)] == [erased.pk]
    sent = recall.letters.get(purchase=kept)
    QueuedMail.objects.create(
        content={"headers": {acts.HEADER: str(sent.pk)}},
        made_at=database_clock.now() - GIVEN_UP_AFTER - timedelta(minutes=1),
    )
    acts.write_due()
    assert acts.unreached(recall).count() == 2
    client.force_login(staff)
    page = client.get(reverse("shop_recalls:recall", args=[recall.pk])).content.decode()
    assert erased.number in page
    assert kept.phone in page


def test_a_merchant_asks_and_staff_decides(client, picodon, cheesemonger, neighbour, staff):
    client.force_login(neighbour)
    address = reverse("ask_recall", args=[cheesemonger.pk, picodon.pk])
    page = client.post(address, TOLD | {"risk": " "})
    assert "Écrivez le risque" in page.content.decode()
    assert "Listeria" in page.content.decode()
    assert client.post(address, TOLD).status_code == 302
    assert not on_sale(pk=picodon.pk).exists()
    assert Client().get("/rappels/").content.decode().count("Picodon") == 0
    client.post(address, TOLD)
    recall = Recall.objects.get()

    client.force_login(staff)
    decide = reverse("shop_recalls:recall", args=[recall.pk])
    client.post(decide, {"ecarter": "", "answer": "Ce lot n’est pas concerné."})
    assert on_sale(pk=picodon.pk).exists()
    assert "Ce lot n’est pas concerné." in mail.outbox[-1].body
    client.post(reverse("shop_recalls:begin", args=[picodon.pk]), TOLD)

    published = Recall.objects.get(state="publie")
    assert published.decided_by == staff
    with pytest.raises(acts.AlreadyRecalled):
        acts.publish(published, staff, TOLD)
    client.force_login(make_user())
    assert client.get(address).status_code == 404


def test_the_notice_stays_when_the_article_and_the_shop_go(client, picodon, cheesemonger, staff, strict_templates):
    recall = acts.publish_new(picodon, staff, TOLD)
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        recall.delete()
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        Recall.objects.update(risk="Rien.")

    picodon.delete()
    staff.delete()

    listed = client.get("/rappels/").content.decode()
    assert recall.get_absolute_url() in listed
    page = client.get(recall.get_absolute_url()).content.decode()
    for told in ("Listeria", "Fièvre", "rapportez-le", cheesemonger.title, "rappel.conso.gouv.fr/fiche-rappel/1"):
        assert told in page
    assert recall.get_absolute_url() in client.get("/sitemap-rappels.xml").content.decode()
    assert client.get("/rappels/").content.decode().count("<h1") == 1
    assert client.cookies == {}


def test_the_list_of_notices_is_fresh_and_costs_the_same_for_many(client, bakery, staff, django_assert_max_num_queries):
    assert "Aucun produit" in client.get("/rappels/").content.decode()
    for number in range(4):
        acts.publish_new(make_product(bakery, title=f"Pain {number}"), staff, TOLD)

    with django_assert_max_num_queries(8):
        page = client.get("/rappels/").content.decode()

    assert page.count("panel__title") == 4
    assert RecallLetter.objects.count() == 0
