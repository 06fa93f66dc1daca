from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from portal import jobs
from portal.models import QueuedMail
from portal.oscar_settings import ORDER_TO_CONFIRM
from shop.models import MerchantOrder, Purchase
from tests.jobs import do_jobs
from tests.shop.factories import BINDS, CONTACT, confirm, filled_form, order, order_and_confirm, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
Order = get_model("order", "Order")

CHECKOUT = "/boutique/commande/"


def told(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def filled(client, loaf, picodon, knife):
    """A guest with two merchants' goods: 2 × 2,40 + 19,90 and 4,90."""
    put_in_basket(client, picodon, 2)
    put_in_basket(client, loaf)
    put_in_basket(client, knife)
    client.get("/boutique/panier/")
    return client


def test_one_purchase_makes_one_order_for_each_merchant_equal_to_the_cent(filled, picodon):
    response = order(filled, note="Je passe à 17 h.")

    purchase = Purchase.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"/boutique/commande/merci/{purchase.number}/"
    parts = purchase.merchant_orders.order_by("storefront__merchant__title")
    assert [(part.storefront.merchant.title, part.order.total_incl_tax) for part in parts] == [
        ("La Crèmerie du Gier", Decimal("24.70")),
        ("Le Fournil des Mines", Decimal("4.90")),
    ]
    assert purchase.total == Decimal("29.60")
    assert {part.order.status for part in parts} == {ORDER_TO_CONFIRM}
    assert picodon.stockrecords.get().num_allocated == 2


def test_each_order_splits_its_vat_by_rate(filled):
    order(filled)

    part = MerchantOrder.objects.get(storefront__merchant__title="La Crèmerie du Gier")
    # 19,90 at 20 % is 16,58 excluding tax, 4,80 at 5,5 % is 4,55.
    assert part.order.total_excl_tax == Decimal("21.13")
    assert sorted(part.order.lines.values_list("tax_code", flat=True)) == ["20", "5.5"]


def test_the_whole_is_paid_on_collection(filled):
    order(filled)

    for placed in Order.objects.all():
        source = placed.sources.get()
        assert source.source_type.code == "retrait"
        assert (source.amount_allocated, source.amount_debited) == (placed.total_incl_tax, 0)


def test_the_confirmation_lists_each_merchants_code_and_address(filled):
    page = filled.get(order_and_confirm(filled)["Location"])

    text = page.content.decode()
    for part in MerchantOrder.objects.all():
        assert part.collection_code in text
    assert "3 place du Peuple" in text
    assert "12 cours du Palais" in text
    assert "29,60" in text


def test_the_buyer_gets_one_e_mail_with_both_merchants(filled):
    order(filled)
    mail.outbox.clear()
    confirm(filled)

    (message,) = [message for message in mail.outbox if message.to == [CONTACT["email"]]]
    purchase = Purchase.objects.get()
    (html, kind) = message.alternatives[0]
    assert kind == "text/html"
    for body in (message.body, html):
        assert "La Crèmerie du Gier" in body
        assert "Le Fournil des Mines" in body
        assert "29,60" in body
        assert all(part.collection_code in body for part in purchase.merchant_orders.all())
    assert purchase.link in message.body


def test_a_merchant_gets_her_own_part_only(filled, baker, neighbour):
    order(filled)
    confirm(filled)

    by_address = {message.to[0]: message for message in mail.outbox}
    bakers, neighbours = by_address[baker.email], by_address[neighbour.email]
    for body in (bakers.body, bakers.alternatives[0][0]):
        assert "Pain de seigle" in body
        assert "Picodon" not in body
        assert "24,70" not in body
    assert "Picodon" in neighbours.body
    assert "Pain de seigle" not in neighbours.body


def test_a_merchants_own_address_comes_before_her_managers(filled, bakery, baker):
    bakery.email = "bonjour@fournil.example"
    bakery.save()

    order(filled)
    confirm(filled)

    assert ["bonjour@fournil.example"] in [message.to for message in mail.outbox]
    assert [baker.email] not in [message.to for message in mail.outbox]


def test_a_dead_mail_server_loses_neither_the_order_nor_its_e_mails(filled, settings, monkeypatch):
    monkeypatch.setattr(jobs, "should_stop", lambda: True)  # else a job waits for the server
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens there

    response = order(filled)
    do_jobs("mail")
    assert response.status_code == 303
    assert QueuedMail.objects.count() == 1

    response = confirm(filled)
    do_jobs("mail")

    assert response.status_code == 303
    assert Order.objects.count() == 2
    assert QueuedMail.objects.count() == 4


def test_a_second_click_gives_the_same_purchase(filled):
    form = filled_form(filled, **BINDS)

    first = filled.post(CHECKOUT, form)
    second = filled.post(CHECKOUT, form)

    assert first["Location"] == second["Location"]
    assert Purchase.objects.count() == 1
    assert Order.objects.count() == 2


def test_a_second_click_before_the_first_answer_may_see_the_purchase_too(filled, client):
    form = filled_form(filled, **BINDS)
    other_tab = Client()
    other_tab.cookies["oscar_open_basket"] = filled.cookies["oscar_open_basket"].value
    filled.post(CHECKOUT, form)

    response = other_tab.post(CHECKOUT, form, follow=True)

    assert response.status_code == 200
    assert Purchase.objects.get().number in response.content.decode()


def test_a_made_up_basket_key_shows_nobodys_purchase(filled):
    order(filled)
    basket = Purchase.objects.get().basket_id

    response = Client().post(CHECKOUT, {**CONTACT, **BINDS, "panier": f"{basket}:faux"})

    assert response["Location"] == "/boutique/panier/"


def test_after_buying_the_basket_is_empty_and_its_cookies_are_gone(filled):
    order(filled)

    assert not filled.cookies["oscar_open_basket"].value
    assert not filled.cookies["panier"].value
    assert filled.get("/boutique/panier/nombre/").json() == {"count": 0}


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", "", "Écrivez votre nom, le commerçant vous le demandera."),
        ("email", "camille.rey@exemple", "Écrivez l’adresse en entier, par exemple camille@exemple.fr."),
        ("phone", "06 39", "Écrivez les dix chiffres, par exemple 06 39 98 21 40."),
        ("payment", "cheque", "Choisissez comment vous payez."),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(filled, field, value, error):
    response = order(filled, note="Sonnez deux fois.", **{field: value})

    page = response.content.decode()
    assert response.context["form"].errors[field] == [error]
    assert "À corriger" in page
    assert f'href="#id_{field}"' in page
    assert "Sonnez deux fois." in page
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("phone", ["0639982140", "06.39.98.21.40", "+33 6 39 98 21 40", "(0041) 22 700 00 00"])
def test_a_telephone_is_taken_as_people_write_it(filled, phone):
    assert order(filled, phone=phone).status_code == 303


def test_too_few_left_refuses_keeps_the_basket_and_says_how_many(filled, picodon):
    filled.get(CHECKOUT)
    key = filled.get(CHECKOUT).context["basket_key"]
    picodon.stockrecords.update(num_in_stock=1)

    response = filled.post(CHECKOUT, {**CONTACT, **BINDS, "panier": key})

    assert response.status_code == 409
    assert told(response) == [
        "Il n’en reste que 1 de « Picodon affiné » : nous avons mis cette quantité dans votre panier."
    ]
    assert CONTACT["phone"] in response.content.decode()
    assert not Order.objects.exists()
    assert Basket.objects.get().status == Basket.OPEN
    assert order(filled).status_code == 303


def test_a_price_that_changed_meanwhile_must_be_seen_before_it_binds(filled, loaf):
    key = filled.get(CHECKOUT).context["basket_key"]
    loaf.stockrecords.update(price=Decimal("5.20"))

    response = filled.post(CHECKOUT, {**CONTACT, **BINDS, "panier": key})

    assert response.status_code == 409
    assert told(response) == ["Le prix de « Pain de seigle » a changé : 5,20\u00a0€ au lieu de 4,90\u00a0€."]
    assert not Purchase.objects.exists()


def test_a_merchant_who_left_meanwhile_sells_nothing(filled, bakery, loaf):
    key = filled.get(CHECKOUT).context["basket_key"]
    bakery.unpublish()

    response = filled.post(CHECKOUT, {**CONTACT, **BINDS, "panier": key})

    assert response.status_code == 409
    assert "Le Fournil des Mines ne vend pas en ce moment" in told(response)[0]
    assert loaf.stockrecords.get().num_allocated is None


def test_when_all_is_sold_out_the_basket_says_so_and_what_was_typed_waits(client, loaf, picodon):
    put_in_basket(client, loaf)
    client.get("/boutique/panier/")
    key = client.get(CHECKOUT).context["basket_key"]
    loaf.stockrecords.update(num_in_stock=0)

    response = client.post(CHECKOUT, {**CONTACT, **BINDS, "panier": key}, follow=True)

    assert response.redirect_chain == [("/boutique/panier/", 302)]
    assert told(response) == ["« Pain de seigle » est épuisé : nous l’avons retiré de votre panier."]
    put_in_basket(client, picodon)
    assert CONTACT["phone"] in client.get(CHECKOUT).content.decode()


def test_without_the_binding_button_nothing_is_ordered_and_all_is_shown_again(filled, picodon):
    response = filled.post(CHECKOUT, {**filled_form(filled, note="Sonnez."), "verifier": ""})

    page = response.content.decode()
    assert response.status_code == 200
    assert "rien n’est encore commandé" in told(response)[0]
    assert all(text in page for text in (CONTACT["phone"], "Sonnez.", "29,60", "Picodon affiné"))
    assert not Purchase.objects.exists()
    assert picodon.stockrecords.get().num_allocated is None
    assert order(filled).status_code == 303


def test_a_form_sent_without_any_button_orders_nothing(filled):
    assert filled.post(CHECKOUT, filled_form(filled)).status_code == 200
    assert not Purchase.objects.exists()


def test_checking_tells_mistakes_too(filled):
    response = filled.post(CHECKOUT, {**filled_form(filled, phone="06 39"), "verifier": ""})

    assert "phone" in response.context["form"].errors
    assert told(response) == []


def test_an_empty_basket_has_no_checkout(client, db):
    response = client.get(CHECKOUT)

    assert response["Location"] == "/boutique/panier/"
    assert not response.cookies


def test_only_the_buyer_opens_a_purchase(filled, baker):
    url = order(filled)["Location"]
    purchase = Purchase.objects.get()

    stranger = Client()
    assert stranger.get(url).status_code == 404
    assert stranger.get(url, {"cle": "faux"}).status_code == 404
    stranger.force_login(baker)
    assert stranger.get(url).status_code == 404
    assert Client().get(url, {"cle": purchase.key}).status_code == 200
    assert filled.get(url).status_code == 200


def test_a_purchases_page_is_kept_by_no_cache_and_no_search_engine(filled):
    page = filled.get(order(filled)["Location"])

    assert "no-store" in page["Cache-Control"]
    assert 'content="noindex, nofollow"' in page.content.decode()


def test_someone_logged_in_finds_her_purchases_in_her_account(client, shopper, picodon):
    client.force_login(shopper)
    put_in_basket(client, picodon)
    page = client.get(CHECKOUT)
    assert page.context["form"]["email"].value() == shopper.email

    order(client)

    purchase = Purchase.objects.get()
    assert purchase.user == shopper
    listed = client.get(reverse("customer:order-list")).content.decode()
    assert purchase.number in listed
    assert "reçue" in listed


def test_an_account_lists_its_own_purchases_only(filled, client, baker):
    order(filled)
    other = Client()
    other.force_login(baker)

    assert Purchase.objects.get().number not in other.get(reverse("customer:order-list")).content.decode()


def test_purchases_cost_the_same_however_many(client, shopper, picodon, django_assert_max_num_queries):
    client.force_login(shopper)
    for _ in range(5):
        put_in_basket(client, picodon)
        order(client)

    with django_assert_max_num_queries(9):
        client.get(reverse("customer:order-list"))


def test_a_shopper_changes_her_name(client, shopper):
    client.force_login(shopper)

    client.post(reverse("customer:profile-view"), {"first_name": "Camille", "last_name": "Rey"})

    shopper.refresh_from_db()
    assert shopper.get_full_name() == "Camille Rey"


def test_a_purchase_outlives_the_buyers_account(client, shopper, picodon):
    client.force_login(shopper)
    put_in_basket(client, picodon)
    order(client)

    shopper.delete()

    purchase = Purchase.objects.get()
    assert (purchase.user, purchase.name) == (None, CONTACT["name"])
    assert purchase.merchant_orders.get().order.lines.count() == 1
