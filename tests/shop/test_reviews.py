"""Reviews: only who collected writes one, once; staff reads it before anybody; the merchant replies once."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from home.purges import PURGES
from portal.privacy.erasure import erase
from portal.privacy.models import ErasureRecord
from portal.privacy.person import of_address
from shop import orders, pseudonyms
from shop.models import MerchantOrder, Purchase, Review, ReviewOptOut
from shop.reviews import asking, shown, writing
from tests.jobs import do
from tests.shop.factories import CONTACT, order_and_confirm, put_in_basket, refuse, someone_else

pytestmark = pytest.mark.usefixtures("strict_templates")

BREAD = "Le Fournil des Mines"
TEXT = "Un pain à la croûte épaisse, prêt à l’heure."
DAY = timedelta(days=1)
State = Review.State


def buy(product, **contact):
    client = Client()
    put_in_basket(client, product)
    order_and_confirm(client, **contact)
    mail.outbox.clear()
    return MerchantOrder.objects.latest("pk")


def hand_over(part):
    orders.mark_ready(part, None)
    orders.mark_collected(MerchantOrder.objects.get(pk=part.pk), None)
    mail.outbox.clear()
    return MerchantOrder.objects.with_details().get(pk=part.pk)


@pytest.fixture
def collected(loaf):
    """A guest's loaf, handed over."""
    return hand_over(buy(loaf))


def path(part, key=None):
    return f"{reverse('checkout:review', args=[part.order.number])}?cle={part.purchase.key if key is None else key}"


def write(part, **changes):
    return Client().post(path(part), {"mark": "4", "text": TEXT, "first_name": "Camille"} | changes)


def published(part, mark=4, text=TEXT, name="Camille"):
    review = writing.write(part, mark, text, name)
    writing.publish(review, State.WAITING, None)
    review.refresh_from_db()
    return review


def plain(response):
    return unescape(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mark": ""}, "mark"),
        ({"mark": "6"}, "mark"),
        ({"mark": "0"}, "mark"),
        ({"text": ""}, "text"),
        ({"text": "Bien"}, "text"),
        ({"text": "x" * 1501}, "text"),
        ({"first_name": ""}, "first_name"),
        ({"first_name": "camille@voisins.example"}, "first_name"),
        ({"first_name": "06 39 98 21 40"}, "first_name"),
        ({"first_name": "C" * 41}, "first_name"),
    ],
)
def test_what_is_no_review_says_why_and_is_kept(collected, changes, field):
    page = write(collected, **changes)

    assert page.context["form"].errors[field]
    kept = {"text": TEXT} | changes
    assert kept["text"] in plain(page)
    assert not Review.objects.exists()


def test_twice_the_same_is_one_and_another_changes_nothing(collected):
    write(collected)
    assert write(collected).status_code == 409
    assert write(collected, text="Tout autre chose, plus tard.").status_code == 409
    assert Review.objects.get().text == TEXT
    assert writing.write(collected, 4, TEXT, "Camille").pk == Review.objects.get().pk


@pytest.mark.parametrize("state", ["received", "ready", "cancelled", "not confirmed"])
def test_what_was_not_handed_over_is_not_reviewed_and_the_database_says_so(loaf, state):
    client = Client()
    put_in_basket(client, loaf)
    if state == "not confirmed":
        from tests.shop.factories import order

        order(client)
    else:
        order_and_confirm(client)
    part = MerchantOrder.objects.with_details().get()
    if state == "ready":
        orders.mark_ready(part, None)
    if state == "cancelled":
        refuse(part)

    assert write(part).status_code in (404, 409)
    with pytest.raises(IntegrityError, match="handed over"), transaction.atomic():
        Review.objects.create(
            merchant_order=part, mark=5, text=TEXT, first_name="X", experienced_on=timezone.localdate(),
            written_at=timezone.now(),
        )  # fmt: skip
    assert not Review.objects.exists()


@pytest.mark.parametrize("how", ["account", "mailbox", "tagged mailbox", "telephone"])
def test_nobody_reviews_their_own_shop(loaf, bakery, baker, how):
    contact = {
        "account": {}, "mailbox": {"email": baker.email}, "tagged mailbox": {"email": "Maud+achats@fournil.example"},
        "telephone": {"phone": "04.75.64.01.01"},
    }[how]  # fmt: skip
    if how == "telephone":
        type(bakery).objects.filter(pk=bakery.pk).update(phone="04 75 64 01 01")
    part = hand_over(buy(loaf, **contact))
    if how == "account":
        Purchase.objects.update(user=baker)
        part = MerchantOrder.objects.with_details().get()

    page = write(part)

    assert page.status_code == 409
    assert "Vous tenez ce commerce" in plain(page)
    assert not Review.objects.exists()


@pytest.mark.parametrize("key", ["", "perdue"])
def test_a_stranger_finds_nothing(collected, neighbour, key):
    for client in (Client(), logged_in(neighbour)):
        assert client.get(path(collected, key)).status_code == 404
        assert client.post(path(collected, key), {"mark": "1"}).status_code == 404
    assert (
        logged_in(neighbour).get(reverse("merchant_reviews", args=[collected.storefront.merchant_id])).status_code
        == 404
    )


@pytest.mark.parametrize(
    "change",
    [
        "mark = 5", "text = 'Parfait'", "first_name = 'Zoé'", "experienced_on = '2020-01-01'", "state = 'attente'",
        "state = 'refuse', reason = 'injure'", "reply = 'Non'", "reply = '', replied_at = null",
        "published_at = now() + interval '1 day'",
    ],
)  # fmt: skip
def test_the_database_keeps_what_is_shown(collected, change):
    review = published(collected)
    writing.reply(review, "Merci à vous.", None)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update shop_review set {change}")


def test_one_an_order_says_the_database(collected):
    published(collected)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            merchant_order=collected, mark=5, text=TEXT, first_name="X", experienced_on=timezone.localdate(),
            written_at=timezone.now(),
        )  # fmt: skip


def test_a_merchant_replies_once(collected, baker, bakery):
    review = published(collected)
    mail.outbox.clear()
    address = reverse("merchant_reviews", args=[bakery.pk])
    space = logged_in(baker)
    assert CONTACT["email"] not in plain(space.get(address))
    assert space.post(address, {"avis": review.pk, "text": "Non"}).context["rows"][0]["form"].errors

    for text in ("Merci, à samedi prochain.", "Une deuxième réponse."):
        space.post(address, {"avis": review.pk, "text": text})

    assert Review.objects.get().reply == "Merci, à samedi prochain."
    assert "Merci, à samedi prochain." in plain(Client().get(bakery.public_path))
    (told,) = mail.outbox
    assert told.to == [CONTACT["email"]]


@pytest.mark.parametrize("asked", ["", "0", "abc", "-1", "9" * 25])
def test_a_reply_to_nothing_is_404(collected, baker, bakery, asked):
    published(collected)
    address = reverse("merchant_reviews", args=[bakery.pk])
    assert logged_in(baker).post(address, {"avis": asked, "text": "Merci beaucoup."}).status_code == 404


def test_its_author_takes_it_back(collected, bakery):
    published(collected)
    Client().post(path(collected), {"retirer": ""})
    assert Review.objects.get().state == State.WITHDRAWN
    assert TEXT not in plain(Client().get(bakery.public_path))
    assert write(collected).status_code == 409


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ([], ""), ([5], "1 avis"), ([5, 1], "2 avis"), ([5, 4, 5], "4,7 sur 5, 3 avis"),
        ([1, 1, 2], "1,3 sur 5, 3 avis"), ([5, 5, 5, 4], "4,8 sur 5, 4 avis"), ([3, 3, 3, 3], "3,0 sur 5, 4 avis"),
    ],
)  # fmt: skip
def test_an_average_from_three_on_is_that_of_all_of_them(loaf, bakery, marks, told):
    for mark in marks:
        published(hand_over(buy(loaf, **someone_else())), mark)

    assert shown.summary(bakery.pk).told == told
    page = Client().get(bakery.public_path)
    assert ("sur 5, " in plain(page)) == (len(marks) >= 3)
    data = [
        json.loads(script.string)
        for script in BeautifulSoup(page.content, "html.parser")("script", type="application/ld+json")
    ]
    assert ("aggregateRating" in json.dumps(data)) == (len(marks) >= 3)
    if len(marks) >= 3:
        assert f'"reviewCount": {len(marks)}' in json.dumps(data)


def test_more_reviews_cost_no_more_queries(loaf, bakery, baker):
    def cost(client, address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    pages = (
        (Client(), bakery.public_path), (Client(), f"{bakery.public_path}avis/"),
        (logged_in(baker), reverse("merchant_reviews", args=[bakery.pk])),
    )  # fmt: skip
    published(hand_over(buy(loaf, **someone_else())))
    before = [cost(*page) for page in pages]
    for _ in range(3):
        published(hand_over(buy(loaf, **someone_else())))
    assert [cost(*page) for page in pages] <= before


def test_buyers_are_asked_once_some_days_after_the_last_hand_over(loaf, picodon):
    client = Client()
    put_in_basket(client, loaf)
    put_in_basket(client, picodon)
    order_and_confirm(client)
    bread, cheese = MerchantOrder.objects.order_by("pk")
    hand_over(bread)
    with time_machine.travel(timezone.now() + 4 * DAY):
        assert asking.ask_buyers() == 0  # the cheese waits still
        hand_over(cheese)
        assert asking.ask_buyers() == 0
    with time_machine.travel(timezone.now() + 8 * DAY):
        do("ask_for_reviews")
        do("ask_for_reviews")

    (told,) = mail.outbox
    assert told.to == [CONTACT["email"]]
    assert told.body.count("/boutique/commande/avis/") == 2
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.search(r"http://[^/]+(/boutique/commande/plus-d-avis/\S+)", told.body)[1]
    assert CONTACT["email"] not in stop
    assert "Ne plus" in plain(Client().get(stop))
    assert not ReviewOptOut.objects.exists()
    for _ in range(2):
        assert Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert ReviewOptOut.objects.count() == 1


@pytest.mark.parametrize("days", [0, 1, 2, 15, 60])
def test_nobody_is_asked_too_early_or_too_late(collected, days):
    with time_machine.travel(timezone.now() + days * DAY):
        assert asking.ask_buyers() == 0


@pytest.mark.parametrize(
    "email", ["camille@voisins.example", "Camille@voisins.example", "camille+pain@voisins.example"]
)
def test_who_opted_out_is_not_asked(loaf, email):
    asking.opt_out(asking.mailbox_key(CONTACT["email"]))
    hand_over(buy(loaf, email=email))
    with time_machine.travel(timezone.now() + 4 * DAY):
        asking.ask_buyers()
    assert mail.outbox == []
    assert Client().get("/boutique/commande/plus-d-avis/perdu/").status_code == 404


def test_who_has_reviewed_is_not_asked(collected):
    write(collected)
    with time_machine.travel(timezone.now() + 4 * DAY):
        assert asking.ask_buyers() == 0


def test_what_is_pseudonymised_names_nobody_any_more(collected, bakery):
    published(collected)
    pseudonyms.pseudonymise(Purchase.objects.all())

    page = plain(Client().get(bakery.public_path))
    assert "Camille" not in page
    assert "Un client" in page
    assert TEXT in page
    assert Client().get(path(collected)).status_code == 200
    assert write(collected).status_code == 409


def test_it_is_deleted_after_three_years(collected):
    published(collected)
    purge = next(purge for purge in PURGES if purge.name == "reviews")
    now = timezone.now()
    assert purge.count(now + purge.term - DAY) == 0
    assert purge.run(now + purge.term + DAY) == 1
    assert not Review.objects.exists()


def test_erasure_leaves_the_mark_alone(collected, bakery, loaf):
    published(collected)
    waiting = hand_over(buy(loaf))
    write(waiting)
    erase(of_address(CONTACT["email"]), ErasureRecord.Way.LINK)

    review = Review.objects.get()
    assert (review.mark, review.text, review.first_name) == (4, "", "")
    page = plain(Client().get(f"{bakery.public_path}avis/"))
    assert TEXT not in page
    assert "effacé" in page


def test_the_rules_tell_what_the_law_asks():
    page = plain(Client().get("/boutique/avis/"))
    for told in ("sept jours", "Trois ans", "remise", "récent", "refusé", "Rien n’est donné", "à partir de 3 avis"):
        assert told in page
