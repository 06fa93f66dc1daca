"""A guest's purchase waits for the link in an e-mail: held meanwhile, known to no merchant, given back at the end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.core.loading import get_model

from portal.oscar_settings import ORDER_CANCELLED, ORDER_READY, ORDER_RECEIVED, ORDER_TO_CONFIRM
from shop import deadlines, purchases
from shop.models import MerchantOrder, Purchase
from shop.orders import mark_ready
from tests.factories import make_user
from tests.shop.factories import CONTACT, confirm, order, order_and_confirm, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")

Order = get_model("order", "Order")
Line = get_model("basket", "Line")

HOUR = timedelta(minutes=60)


def link(purchase):
    return purchase.confirmation_link.removeprefix(settings.SITE_URL)


def promised(product):
    return product.stockrecords.get().num_allocated or 0


@pytest.fixture
def held(client, loaf, picodon):
    """Two loaves and a cheese at two merchants, ordered by a guest who has not opened their e-mail yet."""
    put_in_basket(client, loaf, 2)
    put_in_basket(client, picodon)
    order(client)
    mail.outbox.clear()
    return Purchase.objects.get()


def test_after_the_checkout_one_step_is_left_and_no_code_is_told(client, held, loaf):
    page = client.get(held.get_absolute_url()).content.decode()

    local = timezone.localtime(held.confirm_by)
    assert "Plus qu’une étape" in page
    assert CONTACT["email"] in page
    assert f"{local.hour}\u00a0h\u00a0{local:%M}" in page
    assert "À payer au retrait" in page
    assert "C’est commandé" not in page
    assert not [part for part in held.merchant_orders.all() if part.collection_code in page]
    assert promised(loaf) == 2
    assert held.confirm_by - held.placed_at == pytest.approx(HOUR, abs=timedelta(seconds=2))


def test_before_the_link_only_the_buyer_gets_an_e_mail_with_no_code(client, loaf, baker):
    put_in_basket(client, loaf)
    order(client)

    (message,) = mail.outbox
    purchase, part = Purchase.objects.get(), MerchantOrder.objects.get()
    assert message.to == [CONTACT["email"]]
    for body in (message.body, message.alternatives[0][0]):
        assert purchase.confirmation_key in body
        assert part.collection_code not in body
        assert purchase.key not in body
        assert CONTACT["name"] not in body, "typed by whoever wrote the address, which may be anybody's"


def test_a_merchant_knows_nothing_of_it_before(client, held, bakery, baker):
    counter = Client()
    counter.force_login(baker)
    part = held.merchant_orders.get(storefront__merchant=bakery)
    orders = f"/espace/{bakery.pk}/commandes/"

    for state in ("", "?etat=pretes", "?etat=remises", "?etat=annulees"):
        assert CONTACT["name"] not in counter.get(f"{orders}{state}").content.decode()
    assert counter.post(f"{orders}{part.order.number}/", {"faire": "prete"}).status_code == 404
    assert counter.get(f"/espace/{bakery.pk}/mes-donnees.json").json()["commandes"] == []

    deadlines.end_holds()
    with time_machine.travel(held.confirm_by + timedelta(seconds=1)):
        deadlines.end_holds()
    assert CONTACT["name"] not in counter.get(f"{orders}?etat=annulees").content.decode()


def test_reading_the_link_confirms_nothing_and_shows_one_button(held, loaf):
    page = Client().get(link(held))

    text = page.content.decode()
    assert "Pain de seigle" in text
    assert "Confirmer la commande avec obligation de paiement" in text
    assert text.count('method="post"') - text.count('role="search"') <= 2
    held.refresh_from_db()
    assert held.confirmed_at is None


def test_its_button_confirms_gives_the_codes_and_tells_everyone(held, baker, neighbour):
    visitor = Client()
    response = confirm(visitor, held)

    assert response.status_code == 303
    page = visitor.get(response["Location"]).content.decode()
    assert "C’est commandé" in page
    assert "Plus qu’une étape" not in page
    assert all(part.collection_code in page for part in held.merchant_orders.all())
    assert {part.order.status for part in held.merchant_orders.all()} == {ORDER_RECEIVED}
    assert sorted(message.to[0] for message in mail.outbox) == sorted([CONTACT["email"], baker.email, neighbour.email])
    held.refresh_from_db()
    assert (held.confirmed_at is None, held.visitor_key) == (False, "")


def test_confirming_twice_tells_everyone_once(held):
    first, second = confirm(Client(), held), confirm(Client(), held)

    assert (first.status_code, second.status_code) == (303, 303)
    assert len(mail.outbox) == 3
    changes = Order.objects.first().status_changes.values_list("old_status", "new_status")
    assert list(changes) == [(ORDER_TO_CONFIRM, ORDER_RECEIVED)]


def test_the_link_cannot_be_guessed_nor_made_of_another(client, held, loaf):
    put_in_basket(client, loaf)
    order(client)
    other = Purchase.objects.latest("pk")
    address = reverse("checkout:confirm", args=[held.number])

    for key in ("", "faux", held.key, other.confirmation_key, held.confirmation_key[:-1]):
        assert client.get(address, {"cle": key}).status_code == 404
        assert client.post(f"{address}?cle={key}").status_code == 404
    held.refresh_from_db()
    assert held.confirmed_at is None


def test_after_an_hour_the_clock_gives_the_goods_back_once(held, loaf, picodon):
    with time_machine.travel(held.confirm_by - timedelta(seconds=30)):
        assert deadlines.end_holds() == 0
    assert promised(loaf) == 2

    with time_machine.travel(held.confirm_by + timedelta(seconds=1)):
        assert (deadlines.end_holds(), deadlines.end_holds()) == (1, 0)

    assert (promised(loaf), promised(picodon)) == (0, 0)
    parts = held.merchant_orders.all()
    assert {(part.order.status, part.cancelled_because) for part in parts} == {(ORDER_CANCELLED, "confirmation")}
    assert list(parts[0].order.status_changes.values_list("new_status", flat=True)) == [ORDER_CANCELLED]
    assert mail.outbox == []  # the address may be invented


@pytest.mark.parametrize("clock_ran", [True, False])
def test_a_link_that_came_too_late_says_so_and_offers_the_basket(held, loaf, picodon, knife, clock_ran):
    visitor = Client()
    with time_machine.travel(held.confirm_by + timedelta(seconds=1)):
        if clock_ran:
            deadlines.end_holds()
        page = visitor.get(link(held)).content.decode()
        assert "Commande non confirmée" in page
        assert "Refaire ce panier" in page
        assert "C’est commandé" not in page
        assert "vous préviendra" not in page
        assert confirm(visitor, held).status_code == 410
        loaf.stockrecords.update(num_in_stock=promised(loaf) + 1)

        response = visitor.post(f"{reverse('checkout:again', args=[held.number])}?cle={held.confirmation_key}")
        told = [str(message) for message in visitor.get(response["Location"]).context["messages"]]

    held.refresh_from_db()
    assert held.confirmed_at is None
    assert {part.order.status for part in held.merchant_orders.all()} == {ORDER_CANCELLED}
    basket = dict(Line.objects.filter(basket__status="Open").values_list("product__title", "quantity"))
    assert basket["Picodon affiné"] == 1
    assert basket["Pain de seigle"] <= 2
    if clock_ran:
        assert "Il n’en reste que 1" in told[0]


def test_a_wrong_address_is_corrected_without_waiting(client, held, loaf):
    response = client.post(reverse("checkout:again", args=[held.number]))

    assert response["Location"] == "/boutique/panier/"
    assert promised(loaf) == 0
    page = client.get("/boutique/commande/")
    assert page.context["form"]["phone"].value() == CONTACT["phone"]
    assert order(client, email="camille.moulin@voisins.example").status_code == 303
    assert promised(loaf) == 2
    assert "Commande abandonnée" in client.get(held.get_absolute_url()).content.decode()


def test_a_stranger_gives_nobodys_purchase_up(held, loaf, baker):
    stranger = Client()
    assert stranger.post(reverse("checkout:again", args=[held.number])).status_code == 404
    stranger.force_login(baker)
    assert stranger.post(reverse("checkout:again", args=[held.number])).status_code == 404
    assert promised(loaf) == 2


def test_a_confirmed_purchase_is_not_undone_by_asking_for_its_basket(client, held, loaf):
    confirm(client, held)

    client.post(reverse("checkout:again", args=[held.number]))

    assert promised(loaf) == 2
    assert {part.order.status for part in held.merchant_orders.all()} == {ORDER_RECEIVED}


def test_nobody_prepares_what_is_not_confirmed(held):
    part = held.merchant_orders.first()

    with pytest.raises(InvalidOrderStatus):
        mark_ready(part, by=None)
    for status in (ORDER_RECEIVED, ORDER_READY):
        with pytest.raises(IntegrityError, match="not confirmed"), transaction.atomic():
            Order.objects.filter(pk=part.order_id).update(status=status)


@pytest.mark.parametrize(
    ("verified", "typed", "waits"),
    [
        (True, "camille@voisins.example", False),
        (True, "Camille@Voisins.example", False),
        (True, "quelqu.un@ailleurs.example", True),
        (False, "camille@voisins.example", True),
    ],
)
def test_an_account_needs_no_link_for_an_address_it_has_verified(client, shopper, loaf, verified, typed, waits):
    EmailAddress.objects.filter(user=shopper).update(verified=verified)
    client.force_login(shopper)
    put_in_basket(client, loaf)

    page = client.get(order(client, email=typed)["Location"]).content.decode()

    assert (Purchase.objects.get().confirmed_at is None) == waits
    assert ("Plus qu’une étape" in page) == waits
    assert ("C’est commandé" in page) == (not waits)


# --- Guests' purchases in the account


def listed(user):
    visitor = Client()
    visitor.force_login(user)
    return visitor.get(reverse("customer:order-list")).content.decode(), visitor


@pytest.mark.parametrize("typed", ["camille@voisins.example", "CAMILLE@voisins.example"])
@pytest.mark.parametrize("account_first", [True, False])
def test_a_guests_purchase_is_found_in_the_account_of_its_verified_address(client, loaf, typed, account_first):
    user = make_user("camille@voisins.example") if account_first else None
    put_in_basket(client, loaf)
    order_and_confirm(client, email=typed)
    user = user or make_user("camille@voisins.example")

    purchase = Purchase.objects.get()
    page, visitor = listed(user)
    assert purchase.number in page
    assert visitor.get(purchase.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("typed", ["camille+a@voisins.example", "camille@voisins.example.org", "ille@voisins.example"])
def test_another_address_is_another_person(client, loaf, shopper, typed):
    put_in_basket(client, loaf)
    order_and_confirm(client, email=typed)

    assert Purchase.objects.get().number not in listed(shopper)[0]


def test_an_address_that_is_not_verified_shows_nothing(client, loaf, shopper):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    EmailAddress.objects.filter(user=shopper).update(verified=False)

    purchase = Purchase.objects.get()
    page, visitor = listed(shopper)
    assert purchase.number not in page
    assert visitor.get(purchase.get_absolute_url()).status_code == 404


def test_a_guests_purchase_follows_the_address_when_the_account_changes_it(client, loaf, shopper):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    purchase = Purchase.objects.get()
    address = EmailAddress.objects.get(user=shopper)

    address.email = "camille.moulin@voisins.example"
    address.save()
    page, visitor = listed(shopper)
    assert purchase.number not in page
    assert visitor.get(purchase.get_absolute_url()).status_code == 404

    shopper.email = address.email
    shopper.save()
    assert purchase.number in listed(make_user("camille@voisins.example"))[0]


def test_what_another_account_bought_with_my_address_is_hers(client, loaf, baker, shopper):
    client.force_login(baker)
    put_in_basket(client, loaf)
    order_and_confirm(client, email=shopper.email)

    assert Purchase.objects.get().number not in listed(shopper)[0]
    assert Purchase.objects.get().number in listed(baker)[0]


def test_what_nobody_confirmed_in_my_name_does_not_stay_in_my_account(held, shopper):
    assert held.number in listed(shopper)[0]

    with time_machine.travel(held.confirm_by + timedelta(seconds=1)):
        assert held.number not in listed(shopper)[0]


# --- At the same moment


def both(*acts):
    """Run the acts in a thread each, started together; return their results or what they raised."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_confirmation_and_expiry_at_once_end_in_one_of_the_two_wholly(loaf, monkeypatch):
    loaf.stockrecords.update(num_in_stock=20)  # enough for all, if each is confirmed
    outcomes = set()
    for _ in range(6):
        client = Client()
        put_in_basket(client, loaf)
        order(client)
        purchase = Purchase.objects.latest("pk")
        before = promised(loaf)
        # The hold ends between the two looks at the clock: both believe that they are in time.
        monkeypatch.setattr(Purchase, "is_held", lambda self, now: self.confirmed_at is None)
        Purchase.objects.filter(pk=purchase.pk).update(confirm_by=timezone.now())

        both(lambda pk=purchase: purchases.confirm(pk), deadlines.end_holds, deadlines.end_holds)
        deadlines.end_holds()

        purchase.refresh_from_db()
        status = purchase.merchant_orders.get().order.status
        outcomes.add(status)
        assert (purchase.confirmed_at is not None) == (status == ORDER_RECEIVED)
        assert promised(loaf) == before - (status == ORDER_CANCELLED)
        Purchase.objects.update(email_key="", phone_key="")  # no limit on the next one
    assert outcomes <= {ORDER_RECEIVED, ORDER_CANCELLED}


@pytest.mark.django_db(transaction=True)
def test_two_workers_give_the_goods_back_once(loaf, picodon):
    for product in (loaf, picodon):
        client = Client()
        put_in_basket(client, product, 2)
        order(client)
    loaf.stockrecords.update(num_allocated=3)  # one more is promised to somebody else
    Purchase.objects.update(confirm_by=timezone.now())

    ended = both(*[deadlines.end_holds] * 4)

    assert sum(ended) == 2
    assert (promised(loaf), promised(picodon)) == (1, 0)


def leave(merchant):
    """Leave a shop without anybody who keeps it."""
    merchant.accesses.all().delete()


def deactivate(merchant):
    for access in merchant.accesses.all():
        access.user.is_active = False
        access.user.save()


def tell_no_hours(merchant):
    merchant.opening_hours = ""
    merchant.save()


@pytest.mark.parametrize("close", [leave, deactivate, tell_no_hours])
def test_a_shop_that_closed_meanwhile_is_taken_out_and_the_rest_shown_before_it_is_confirmed(
    held, loaf, picodon, bakery, neighbour, close
):
    close(bakery)
    visitor = Client()

    response = confirm(visitor, held)

    page = response.content.decode()
    assert response.status_code == 409
    assert "«\u00a0Le Fournil des Mines\u00a0» ne vend plus sur le portail" in page
    assert "Le reste n’est pas encore confirmé" in page
    assert "Confirmer la commande avec obligation de paiement" in page
    assert (promised(loaf), promised(picodon)) == (0, 1)
    assert mail.outbox == []
    held.refresh_from_db()
    assert held.confirmed_at is None

    assert confirm(visitor, held).status_code == 303
    assert sorted(message.to[0] for message in mail.outbox) == sorted([CONTACT["email"], neighbour.email])
    assert "Pain de seigle" not in mail.outbox[0].body
    states = dict(held.merchant_orders.values_list("storefront__merchant__title", "order__status"))
    assert states.pop("Le Fournil des Mines") == ORDER_CANCELLED
    assert set(states.values()) == {ORDER_RECEIVED}


def test_a_purchase_at_closed_shops_alone_is_over_and_says_why(client, loaf, bakery, baker):
    put_in_basket(client, loaf, 2)
    order(client)
    held = Purchase.objects.get()
    mail.outbox.clear()
    leave(bakery)

    for page in (confirm(client, held), client.get(link(held)), confirm(client, held)):
        text = page.content.decode()
        assert "ne vend plus sur le portail" in text
        assert "Le reste" not in text
        assert "Refaire ce panier" in text
        assert "Confirmer la commande avec" not in text
    assert promised(loaf) == 0
    assert mail.outbox == []
    assert deadlines.end_holds() == 0


def test_a_shop_that_opened_again_is_confirmed_as_if_nothing_had_been(held, bakery, baker):
    access = bakery.accesses.get()
    leave(bakery)
    access.pk = None
    access.save(force_insert=True)

    assert confirm(Client(), held).status_code == 303
