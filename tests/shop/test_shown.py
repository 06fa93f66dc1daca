"""The binding button buys what its page showed, to the unit and cent; an e-mail is stored with what it tells of."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.core import mail, signing
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from portal.models import QueuedMail
from portal.oscar_settings import ORDER_CANCELLED, ORDER_RECEIVED
from shop import baskets, emails, orders
from shop.models import MerchantOrder, Purchase
from tests.shop.factories import (
    BINDS,
    CONTACT,
    confirm,
    filled_form,
    make_product,
    order,
    order_and_confirm,
    put_in_basket,
    refuse,
)

CHECKOUT = "/boutique/commande/"
Line = get_model("basket", "Line")


def told(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def page(client, loaf, picodon):
    """What the form of an open checkout page sends: two loaves at 4,90 € and a cheese."""
    put_in_basket(client, loaf, 2)
    put_in_basket(client, picodon)
    return {**filled_form(client, note="Sonnez deux fois."), **BINDS}


def _raise_price(client, loaf, knife):
    loaf.stockrecords.update(price=Decimal("5.20"))
    client.get("/boutique/panier/")  # another tab is told; this one is not


def _more(client, loaf, knife):
    put_in_basket(client, loaf)


def _fewer(client, loaf, knife):
    client.post("/boutique/panier/", {f"quantite-{Line.objects.get(product=loaf).pk}": "1"})


def _another(client, loaf, knife):
    put_in_basket(client, knife)


def _without(client, loaf, knife):
    client.post("/boutique/panier/", {"retirer": Line.objects.get(product=loaf).pk})


def _renamed(client, loaf, knife):
    loaf.title = "Pain de maïs"
    loaf.save()


@pytest.mark.usefixtures("strict_templates")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_raise_price, "Le prix de « Pain de seigle » a changé : 5,20\u00a0€ au lieu de 4,90\u00a0€."),
        (_more, "« Pain de seigle » : votre panier en contient 3, et non plus 2."),
        (_fewer, "« Pain de seigle » : votre panier en contient 1, et non plus 2."),
        (_another, "« Couteau à fromage » est entré dans votre panier depuis que cette page est ouverte."),
        (_without, "« Pain de seigle » n’est plus dans votre panier."),
        (_renamed, "« Pain de seigle » s’appelle maintenant « Pain de maïs »."),
    ],
)
def test_what_another_tab_changed_is_shown_before_it_is_bought(client, page, loaf, knife, change, sentence):
    change(client, loaf, knife)

    response = client.post(CHECKOUT, page)

    assert response.status_code == 409
    assert sentence in told(response)
    assert "Sonnez deux fois." in response.content.decode()
    assert not Purchase.objects.exists()
    again = client.post(CHECKOUT, {**page, "panier": response.context["basket_key"]})
    assert again.status_code == 303
    assert Purchase.objects.get().total == sum(
        line.quantity * line.product.stockrecords.get().price
        for part in MerchantOrder.objects.all()
        for line in part.order.lines.all()
    )


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(lambda: "", id="none"),
        pytest.param(lambda: "faux", id="false"),
        pytest.param(lambda: "1:faux", id="false signature"),
        # Signed when the test runs: a signature tells the second, by which two processes would name two tests.
        pytest.param(lambda: signing.dumps(1, salt="shop.checkout"), id="signed for another use"),
    ],
)
def test_a_form_that_does_not_tell_what_it_showed_buys_nothing(client, page, key):
    response = client.post(CHECKOUT, {**page, "panier": key()})

    assert response.status_code == 409
    assert "Cette page n’était plus à jour" in told(response)[0]
    assert not Purchase.objects.exists()


def test_a_page_of_another_basket_with_the_same_articles_buys_them(client, page, loaf, picodon):
    other = Client()
    put_in_basket(other, picodon)
    put_in_basket(other, loaf, 2)

    assert other.post(CHECKOUT, page).status_code == 303
    assert Purchase.objects.get().basket_id != Line.objects.filter(basket__status="Open").first().basket_id


def test_what_changes_while_the_button_is_served_is_not_bought(client, page, loaf, monkeypatch):
    reconciled = baskets.reconciled

    def reconcile_then_change(basket):
        groups, messages = reconciled(basket)
        Line.objects.filter(product=loaf, basket__status="Open", quantity=2).update(quantity=3)
        return groups, messages

    monkeypatch.setattr(baskets, "reconciled", reconcile_then_change)
    response = client.post(CHECKOUT, page)

    assert response.status_code == 409
    assert not Purchase.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_eight_times_at_once_is_one_purchase_that_all_see(client, page, loaf):
    cookie = client.cookies["oscar_open_basket"].value
    gate = Barrier(8)

    def press(_):
        tab = Client()
        tab.cookies["oscar_open_basket"] = cookie
        try:
            gate.wait()
            return tab.post(CHECKOUT, page)["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(press, range(8)))

    assert seen == {Purchase.objects.get().get_absolute_url()}
    assert loaf.stockrecords.get().num_allocated == 2
    assert len(mail.outbox) == 1


# --- E-mails


def test_every_e_mail_is_queued_in_the_transaction_it_tells_of(client, loaf, settings):
    """Nothing waits for the commit: no callback of it ever runs in this test."""
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    put_in_basket(client, loaf)
    order(client)
    assert QueuedMail.objects.count() == 1
    confirm(client)
    assert QueuedMail.objects.count() == 3
    part = MerchantOrder.objects.get()
    orders.mark_ready(part, by=None)
    assert QueuedMail.objects.count() == 4
    orders.cancel(part, by=None, because=MerchantOrder.Cancelled.UNCOLLECTED)
    assert QueuedMail.objects.count() == 6
    assert "elle n’a pas été retirée à temps" in QueuedMail.objects.order_by("pk")[4].content["body"]
    assert not [call for call in connection.run_on_commit if "email" in repr(call)]


def test_an_e_mail_that_cannot_be_stored_undoes_what_it_tells_of(client, loaf, monkeypatch):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    part = MerchantOrder.objects.get()

    def fail(*args, **kwargs):
        raise RuntimeError("no room left")

    monkeypatch.setattr(emails, "send", fail)
    with pytest.raises(RuntimeError):
        refuse(part)

    part = MerchantOrder.objects.get()
    assert (part.order.status, part.cancelled_because) == (ORDER_RECEIVED, "")
    assert loaf.stockrecords.get().num_allocated == 1


def test_the_first_reason_of_an_end_stands(client, loaf):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    part = MerchantOrder.objects.get()

    orders.cancel(part, by=None, because=MerchantOrder.Cancelled.UNPREPARED)
    refuse(part)

    part = MerchantOrder.objects.get()
    assert (part.order.status, part.cancelled_because) == (ORDER_CANCELLED, "preparation")


# --- What people type


@pytest.mark.parametrize(
    ("email", "error"),
    [
        (f"{'a' * 250}@exemple.fr", "Cette adresse est trop longue : 254 caractères au plus."),
        (f"camille@{'é' * 60}.fr", "Écrivez l’adresse en entier, par exemple camille@exemple.fr."),
        ("camille@exemple", "Écrivez l’adresse en entier, par exemple camille@exemple.fr."),
    ],
)
def test_an_address_that_nothing_reaches_is_explained(client, page, email, error):
    response = client.post(CHECKOUT, {**page, "email": email})

    assert response.status_code == 200
    assert response.context["form"].errors["email"] == [error]
    assert not Purchase.objects.exists()


def test_an_address_with_accents_in_its_domain_is_written_to(client, page):
    assert client.post(CHECKOUT, {**page, "email": "camille@chèvre.example"}).status_code == 303
    assert mail.outbox[0].to == ["camille@chèvre.example"]


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [
        ("0", None, None),
        ("-1", 2, "Une quantité n’a pas changé : écrivez un nombre entier de 0 à 20."),
        ("1,5", 2, "Une quantité n’a pas changé : écrivez un nombre entier de 0 à 20."),
        ("", 2, "Une quantité n’a pas changé : écrivez un nombre entier de 0 à 20."),
        ("21", 5, "Il n’en reste que 5 de « Pain de seigle »"),
        ("1000000000", 5, "Il n’en reste que 5 de « Pain de seigle »"),
        (" 3 ", 3, None),
    ],
)
def test_a_quantity_of_the_basket_is_taken_or_explained(client, loaf, typed, kept, said):
    put_in_basket(client, loaf, 2)
    client.get("/boutique/panier/")

    page = client.post("/boutique/panier/", {f"quantite-{Line.objects.get().pk}": typed}, follow=True)

    assert list(Line.objects.values_list("quantity", flat=True)) == ([kept] if kept else [])
    sentences = told(page)
    assert any(said in sentence for sentence in sentences) if said else not sentences


def test_what_was_sold_out_meanwhile_is_not_told_as_zero_left(client, loaf):
    put_in_basket(client, loaf, 2)
    client.get("/boutique/panier/")
    loaf.stockrecords.update(num_in_stock=0)

    page = client.post("/boutique/panier/", {f"quantite-{Line.objects.get().pk}": "4"}, follow=True)

    assert told(page) == ["« Pain de seigle » est épuisé : nous l’avons retiré de votre panier."]


def test_asking_twice_for_a_basket_again_does_not_double_it(client, bakery):
    product = make_product(bakery, stock=30)
    put_in_basket(client, product, 3)
    order(client)
    again = reverse("checkout:again", args=[Purchase.objects.get().number])

    client.post(again)
    page = client.post(again, follow=True)

    assert Line.objects.get(basket__status="Open").quantity == 3
    assert told(page) == []


def test_what_was_typed_waits_for_who_lost_her_session(client, shopper, loaf):
    client.force_login(shopper)
    put_in_basket(client, loaf)
    page = {**filled_form(client, note="Sonnez deux fois.", phone="06 39 98 44 55"), **BINDS}
    client.cookies.clear()

    response = client.post(CHECKOUT, page)

    assert response["Location"] == "/boutique/panier/"
    client.force_login(shopper)
    text = client.get(CHECKOUT).content.decode()
    assert "Sonnez deux fois." in text
    assert "06 39 98 44 55" in text
    assert "Pain de seigle" in text


def test_an_order_that_waits_for_its_link_is_not_said_to_be_ordered(client, page):
    purchase = client.post(CHECKOUT, page, follow=True).content.decode()

    assert "À confirmer, enregistrée le" in purchase
    assert "commandée le" not in purchase
    assert CONTACT["email"] in purchase
