"""Pages and account say what state an order is in, whatever mixture of states a purchase has."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from shop import deadlines, wording
from shop.models import MerchantOrder, Purchase
from shop.orders import accept, cancel, mark_collected, mark_ready
from tests.shop.factories import confirm, order, put_in_basket, refuse

pytestmark = pytest.mark.usefixtures("strict_templates")

BREAD, CHEESE = "Le Fournil des Mines", "La Crèmerie du Gier"
CLOCK = {
    "unanswered": MerchantOrder.Cancelled.UNANSWERED,
    "unprepared": MerchantOrder.Cancelled.UNPREPARED,
    "uncollected": MerchantOrder.Cancelled.UNCOLLECTED,
}


def act(merchant, state):
    part = MerchantOrder.objects.select_related("order", "purchase").get(storefront__merchant__title=merchant)
    if state == "accepted":
        accept(part, by=None)
    if state in ("ready", "collected", "uncollected"):
        mark_ready(part, by=None)
    if state == "collected":
        mark_collected(part, by=None)
    elif state == "cancelled":
        refuse(part)
    elif state in CLOCK:
        cancel(part, by=None, because=CLOCK[state])
    return part


@pytest.fixture
def bought(client, loaf, picodon):
    """A loaf at 4,90 € and two cheeses at 2,40 €, from a guest."""
    put_in_basket(client, loaf)
    put_in_basket(client, picodon, 2)
    order(client)
    return Purchase.objects.get()


@pytest.mark.parametrize(
    ("bread", "cheese", "title", "total", "said", "unsaid"),
    [
        (
            "received",
            "received",
            "C’est commandé. Merci",
            "à payer au retrait 9,70",
            ["doit encore l’accepter"],
            ["Payé"],
        ),
        ("accepted", "ready", "C’est commandé. Merci", "à payer au retrait 9,70", ["la prépare"], ["l’accepter"]),
        ("ready", "received", "C’est commandé. Merci", "à payer au retrait 9,70", ["Elle vous attend"], ["Payé"]),
        ("ready", "ready", "C’est prêt", "à payer au retrait 9,70", ["Elle vous attend"], ["la prépare", "Payé"]),
        ("collected", "received", "C’est commandé. Merci", "Total TTC 9,70", ["Payé au retrait 4,90"], []),
        ("collected", "ready", "C’est prêt", "Total TTC 9,70", ["À payer au retrait 4,80"], ["la prépare"]),
        ("collected", "collected", "Commande retirée", "payé au retrait 9,70", [], ["À payer", "préviendra"]),
        ("cancelled", "received", "C’est commandé. Merci", "à payer au retrait 4,80", ["Annulée"], []),
        ("cancelled", "ready", "C’est prêt", "à payer au retrait 4,80", ["Annulée par le"], ["l’accepter"]),
        ("cancelled", "collected", "Commande retirée", "payé au retrait 4,80", ["Annulée"], ["préviendra"]),
        ("cancelled", "cancelled", "Commande annulée", "Rien à payer 0,00", [], ["C’est commandé", "préviendra"]),
        ("unprepared", "received", "C’est commandé", "à payer au retrait 4,80", ["pas été préparée à temps"], []),
        ("unanswered", "received", "C’est commandé", "à payer au retrait 4,80", ["pas répondu à temps"], []),
        ("unprepared", "uncollected", "Commande annulée", "Rien à payer 0,00", ["pas été retirée"], ["préviendra"]),
    ],
)
def test_the_page_of_a_purchase_tells_its_state(client, bought, bread, cheese, title, total, said, unsaid):
    confirm(client, bought)
    act(BREAD, bread)
    act(CHEESE, cheese)

    response = client.get(bought.get_absolute_url())

    text = plain(response)
    assert title in text.partition("Total")[0]
    assert total.lower() in text.lower()
    for words in said:
        assert words in text
    for words in (*unsaid, "à payer sur place"):
        assert words not in text
    assert ("Refaire ce panier" in text) == (title == "Commande annulée")
    assert ("Annuler cette commande" in text) == bool({"received", "accepted"} & {bread, cheese})
    assert ("Ce qui est prêt ne s’annule plus en ligne" in text) == ("ready" in (bread, cheese))


def plain(response):
    """Return what the page's main part says, without tags, spaces folded."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(main.replace("<", " <")).replace("\u202f", " ").replace("&nbsp;", " ").split())


def test_a_code_is_shown_where_it_serves(client, bought):
    bread, cheese = (MerchantOrder.objects.get(storefront__merchant__title=title) for title in (BREAD, CHEESE))
    assert bread.collection_code not in plain(client.get(bought.get_absolute_url()))
    confirm(client, bought)
    act(CHEESE, "cancelled")

    text = plain(client.get(bought.get_absolute_url()))
    assert bread.collection_code in text
    assert cheese.collection_code not in text


@pytest.mark.parametrize(
    ("state", "listed"),
    [
        ("received", "reçue, code"),
        ("accepted", "en préparation, code"),
        ("ready", "prête, code"),
        ("collected", "retirée, code"),
        ("cancelled", "annulée"),
        ("unprepared", "annulée"),
    ],
)
def test_the_account_lists_the_state_of_each_part(client, shopper, loaf, state, listed):
    client.force_login(shopper)
    put_in_basket(client, loaf)
    order(client)
    act(BREAD, state)

    text = plain(client.get(reverse("customer:order-list")))

    assert f"{BREAD} : {listed}" in text
    assert ("rien à payer" in text) == (listed == "annulée")


def test_an_unconfirmed_purchase_of_an_account_is_listed_as_such(client, shopper, loaf):
    client.force_login(shopper)
    put_in_basket(client, loaf)
    order(client, email="autre@voisins.example")

    assert f"{BREAD} : à confirmer" in plain(client.get(reverse("customer:order-list")))
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        deadlines.end_holds()
        assert f"{BREAD} : non confirmée" in plain(client.get(reverse("customer:order-list")))


@pytest.mark.parametrize(
    ("state", "list_", "due"),
    [
        ("received", "", "À encaisser au retrait"),
        ("ready", "pretes", "À encaisser au retrait"),
        ("collected", "remises", "Encaissé"),
        ("cancelled", "annulees", "Rien à encaisser"),
        ("uncollected", "annulees", "n’a pas été retirée à temps"),
    ],
)
def test_the_merchant_reads_what_she_cashes_in(client, bought, bakery, baker, state, list_, due):
    confirm(client, bought)
    part = act(BREAD, state)
    counter = Client()
    counter.force_login(baker)

    text = plain(counter.get(f"/espace/{bakery.pk}/commandes/?etat={list_}"))

    assert due in text
    assert part.collection_code in text
    assert "À payer au retrait" not in text
    assert "Payé" not in text


def test_no_e_mail_before_collection_says_paid(client, bought):
    confirm(client, bought)
    act(BREAD, "ready")
    act(CHEESE, "cancelled")

    assert len(mail.outbox) == 6  # the link, the receipt, two merchants, ready, cancelled
    for message in mail.outbox:
        for body in (message.body, message.alternatives[0][0]):
            assert "payé" not in body.lower()
            assert "sur place" not in body
    to_merchants = [message for message in mail.outbox if "Nouvelle commande" in message.subject]
    assert all("À encaisser au retrait" in message.alternatives[0][0] for message in to_merchants)
    cancelled = next(message for message in mail.outbox if "annulée" in message.subject)
    assert "Vous n’avez rien à payer" in cancelled.body


def test_days_and_hours_are_written_as_people_say_them():
    assert wording.written_day(date(2026, 12, 1)) == "mardi 1er décembre"
    assert wording.written_day(date(2026, 12, 11)) == "vendredi 11 décembre"
    assert wording.written_day(date(2027, 1, 21)) == "jeudi 21 janvier"


def test_every_state_has_its_words():
    assert set(wording.CANCELLED) == {*MerchantOrder.Cancelled.values, ""}
