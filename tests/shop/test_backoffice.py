"""The Region's shop managers, who are no superusers: they find shops, articles and orders, and act as the desk does."""

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY, ORDER_RECEIVED
from shop import orders
from shop.models import MerchantOrder, OrderEvent, Purchase, Storefront
from tests.factories import make_user
from tests.shop.factories import order, order_and_confirm, put_in_basket, someone_else

pytestmark = pytest.mark.django_db
ROOT = "/gestion/boutiques/"
KINDS = ("merchantorder", "storefront", "productdetails", "review", "withdrawal")
REFUSED = (302, 403, 404, 405)


@pytest.fixture
def manager(db):
    """Sami manages the Region's shops."""
    user = make_user("sami@region.example", first_name="Sami", last_name="Roux")
    user.groups.add(Group.objects.get(name="Responsables de boutiques"))
    return user


@pytest.fixture
def office(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def part(loaf):
    """Two loaves, ordered and confirmed by a guest."""
    return buy(loaf, 2)


def buy(product, quantity=1, **contact):
    guest = Client()
    put_in_basket(guest, product, quantity)
    order_and_confirm(guest, **contact)
    mail.outbox.clear()
    return MerchantOrder.objects.latest("pk")


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def page_of(part):
    return f"{ROOT}commandes/{part.order.number}/"


def press(office, part, act, shown=None):
    part.order.refresh_from_db()
    return office.post(page_of(part), {"faire": act, "shown_status": shown or part.order.status}, follow=True)


def status(part):
    return type(part.order).objects.get(pk=part.order_id).status


def test_the_group_has_its_rights_and_no_other():
    group = Group.objects.get(name="Responsables de boutiques")

    assert set(group.permissions.values_list("codename", flat=True)) == {
        "access_admin",
        *(f"view_{kind}" for kind in KINDS),
        *(f"change_{kind}" for kind in KINDS),
        "view_message",
        *("view_recall", "change_recall", "view_enquiry"),
    }


def addresses(part, loaf):
    return [
        f"{ROOT}a-appeler/", f"{ROOT}commandes/", ROOT, f"{ROOT}articles/", page_of(part), f"{page_of(part)}annuler/",
        f"{page_of(part)}manque/", f"{ROOT}commandes/achat/{part.purchase.number}/",
        f"{ROOT}{part.storefront_id}/", f"{ROOT}articles/{loaf.pk}/",
        f"{ROOT}retractations/", f"{ROOT}a-rembourser/", f"{ROOT}messages/",
    ]  # fmt: skip


def test_shop_managers_open_all_of_it(office, part, loaf):
    for address in addresses(part, loaf):
        assert office.get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["editor", "baker", "shopper", None])
def test_nobody_else_opens_any_of_it(client, request, part, loaf, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    for address in addresses(part, loaf):
        assert client.get(address).status_code in REFUSED, address
        assert client.post(address, {"faire": "prete", "shown_status": ORDER_RECEIVED}).status_code in REFUSED
    assert status(part) == ORDER_RECEIVED
    assert not OrderEvent.objects.exists()


@pytest.mark.parametrize("act", ["add", "edit/1", "delete/1", "new"])
def test_no_form_of_the_admin_edits_an_order_raw(admin_client, part, act):
    assert admin_client.get(f"{ROOT}commandes/{act}/").status_code == 404


def test_who_may_only_look_acts_on_nothing(client, part, loaf):
    viewer = make_user("vue@region.example")
    group = Group.objects.create(name="Lecture")
    rights = Group.objects.get(name="Responsables de boutiques").permissions
    group.permissions.set(rights.exclude(codename__startswith="change_"))
    viewer.groups.add(group)
    client.force_login(viewer)

    assert "Agir au nom" not in text(client.get(page_of(part)))
    for address in addresses(part, loaf):
        client.post(address, {"faire": "prete", "shown_status": ORDER_RECEIVED, "reason": "x", "until": "2099-01-01"})
    assert status(part) == ORDER_RECEIVED
    loaf.refresh_from_db()
    assert loaf.is_public


@pytest.mark.parametrize(
    "typed",
    [
        "number", "code", "Fernand", "FERNAND", "fernand@voisins", "Fournil", "06 12 34 56 78", "0612345678",
        "+33612345678", "+33 6 12 34 56 78", "06.12.34.56.78", "612345678", "345678",
    ],
)  # fmt: skip
def test_an_order_is_found_by_number_name_telephone_and_e_mail(office, loaf, picodon, typed):
    wanted = buy(loaf, name="Fernand Giraud", email="fernand@voisins.example", phone="06 12 34 56 78")
    other = buy(picodon, name="Odile Ray", email="odile@ailleurs.example", phone="06 39 98 00 11")
    typed = {"number": wanted.order.number, "code": wanted.collection_code}.get(typed, typed)

    page = text(office.get(f"{ROOT}commandes/", {"q": typed}))

    assert wanted.order.number in page
    assert other.order.number not in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": ORDER_READY}, "cheese"),
        ({"state": ORDER_RECEIVED}, "bread"),
        ({"unanswered": "true"}, "bread"),
        ({"unanswered": "false"}, "cheese"),
        ({"merchant": "fournil"}, "bread"),
        ({"merchant": "Crèmerie"}, "cheese"),
        ({"since": "2099-01-01"}, ""),
        ({"until": "2099-01-01", "merchant": "Fournil"}, "bread"),
        ({"until": "2001-01-01"}, ""),
    ],
)
def test_orders_are_filtered(office, loaf, picodon, cheesemonger, asked, found):
    bread, cheese = buy(loaf), buy(picodon, **someone_else())
    orders.mark_ready(cheese, by=cheesemonger.managers.get() if cheesemonger.managers.exists() else None)

    page = text(office.get(f"{ROOT}commandes/", asked))

    assert (bread.order.number in page, cheese.order.number in page) == (found == "bread", found == "cheese")


def test_a_town_keeps_its_own_orders(office, loaf, picodon):
    bread, cheese = buy(loaf), buy(picodon, **someone_else())
    town = bread.storefront.merchant.town.name

    page = text(office.get(f"{ROOT}commandes/", {"town": town.upper()}))

    assert bread.order.number in page
    assert (cheese.order.number in page) == (cheese.storefront.merchant.town.name == town)


def test_staff_accepts_and_hands_over_in_the_merchant_s_place(office, manager, part, loaf):
    for act in ("acceptee", "prete", "remise"):
        press(office, part, act)

    assert status(part) == ORDER_COLLECTED
    said = [(event.kind, event.actor, event.by) for event in OrderEvent.objects.all()]
    assert said == [(kind, "equipe", manager) for kind in ("acceptee", "prete", "retiree")]
    assert loaf.stockrecords.get().num_in_stock == 3
    assert "Sami Roux, l’équipe du portail" in text(office.get(page_of(part)))
    told = [message.subject.replace("\u00a0", " ") for message in mail.outbox]
    assert told == ["Commande acceptée chez Le Fournil des Mines", "C’est prêt chez Le Fournil des Mines"]


def test_a_second_press_changes_nothing_and_says_so(office, part):
    press(office, part, "prete")
    mail.outbox.clear()

    page = press(office, part, "prete", shown=ORDER_RECEIVED)

    assert "rien n’a été fait" in text(page)
    assert (status(part), mail.outbox, OrderEvent.objects.count()) == (ORDER_READY, [], 1)


@pytest.mark.parametrize("act", ["", "annulee", "Annulée", "prete; drop", "remise"])
def test_an_act_that_is_not_offered_changes_nothing(office, part, act):
    press(office, part, act) if act == "remise" else office.post(page_of(part), {"faire": act})

    assert status(part) in (ORDER_RECEIVED, ORDER_COLLECTED if act == "remise" else ORDER_RECEIVED)


def test_staff_cancels_with_a_reason_that_both_read_and_the_stock_comes_back(office, manager, part, loaf):
    refused = office.post(f"{page_of(part)}annuler/", {"shown": ORDER_RECEIVED, "motif": ""})
    assert "Choisissez une raison" in text(refused)
    assert status(part) == ORDER_RECEIVED

    office.post(f"{page_of(part)}annuler/", {"shown": ORDER_RECEIVED, "motif": "autre", "mot": "Le four est en panne"})

    part.refresh_from_db()
    assert (status(part), part.cancelled_because) == (ORDER_CANCELLED, "equipe")
    assert (loaf.stockrecords.get().num_allocated or 0) == 0
    event = OrderEvent.objects.get()
    assert (event.actor, event.by, event.words) == ("equipe", manager, "Le four est en panne")
    buyer, merchant = mail.outbox
    assert buyer.to == [part.purchase.email]
    for message in (buyer, merchant):
        assert "Le four est en panne" in message.body
        assert "L’équipe du portail a annulé" in message.body
        assert "l’équipe du portail" in message.alternatives[0][0].lower()
    page = text(Client().get(part.purchase.link))
    assert "Annulée par l’équipe du portail : Le four est en panne" in page


def test_staff_takes_out_what_is_missing(office, part, loaf):
    line = part.order.lines.get()
    office.post(
        f"{page_of(part)}manque/",
        {"shown": f"{line.pk}:2", "motif": "rupture", "mot": "", f"manque_{line.pk}": "1"},
    )

    line.refresh_from_db()
    event = OrderEvent.objects.get()
    assert (line.quantity, event.kind, event.actor, event.quantity) == (1, "refus", "equipe", 1)


def test_what_nobody_has_confirmed_is_not_acted_on(office, loaf):
    guest = Client()
    put_in_basket(guest, loaf)
    order(guest)
    part = MerchantOrder.objects.get()

    assert "Agir au nom" not in text(office.get(page_of(part)))
    for act in ("acceptee", "prete", "remise"):
        press(office, part, act)
    office.post(f"{page_of(part)}annuler/", {"shown": part.order.status, "motif": "rupture"})
    assert status(part) == "À confirmer"


def test_a_manager_who_keeps_the_shop_acts_as_its_merchant(office, manager, part):
    part.storefront.merchant.accesses.create(user=manager)

    press(office, part, "acceptee")

    assert OrderEvent.objects.get().actor == "commercant"


def test_staff_pauses_a_shop_with_a_reason_and_ends_the_pause(office, manager, part):
    address = f"{ROOT}{part.storefront_id}/"
    for until, reason in [("", "x"), ("2001-01-01", "x"), ("2099-01-01", "x"), (f"{timezone.localdate()}", "x")]:
        wrong = {"until": until, "reason": reason}
        assert office.post(address, wrong).status_code == 200
    assert Storefront.objects.get(pk=part.storefront_id).paused_until is None

    until = timezone.localdate() + timezone.timedelta(days=3)
    office.post(address, {"until": f"{until}", "reason": "Plus personne ne répond"})

    shop = Storefront.objects.get(pk=part.storefront_id)
    assert (shop.paused_until, shop.sells) == (until, False)
    assert "Plus personne ne répond" in mail.outbox[-1].body
    assert "Plus personne ne répond" in text(office.get(address))
    office.post(address, {"faire": "reprendre"})
    shop.refresh_from_db()
    assert (shop.paused_until, shop.sells) == (None, True)
    assert [entry.user for entry in ModelLogEntry.objects.for_instance(shop)] == [manager, manager]


def test_staff_takes_an_article_off_sale_with_a_reason(office, manager, loaf):
    address = f"{ROOT}articles/{loaf.pk}/"
    assert "Écrivez pourquoi" in text(office.post(address, {"reason": " "}))
    assert Client().get(loaf.get_absolute_url()).status_code == 200

    office.post(address, {"reason": "La photo est celle d’un autre commerce"})

    assert Client().get(loaf.get_absolute_url()).status_code == 404
    assert "La photo est celle" in mail.outbox[-1].body
    assert ModelLogEntry.objects.for_instance(loaf).get().user == manager
    assert "La photo est celle" in text(office.get(address))


@pytest.mark.parametrize("address", ["commandes/", "a-appeler/", "", "articles/"])
def test_each_list_asks_the_same_for_many(office, loaf, picodon, knife, address):
    def count():
        office.get(f"{ROOT}{address}")
        with CaptureQueriesContext(connection) as queries:
            assert office.get(f"{ROOT}{address}").status_code == 200
        return len(queries)

    buy(loaf)
    MerchantOrder.objects.update(call_from=timezone.now())
    few = count()
    for product in (picodon, knife, picodon, loaf):
        buy(product, **someone_else())
    MerchantOrder.objects.update(call_from=timezone.now())
    assert count() == few


def test_the_menu_leads_to_it_for_those_who_may(client, manager, editor):
    for who, there in ((manager, True), (editor, False)):
        client.force_login(who)
        assert ("/gestion/boutiques/commandes/" in client.get("/gestion/").content.decode()) == there


def test_nothing_of_oscar_s_dashboard_is_left(admin_client):
    for address in ("", "login/", "orders/", "catalogue/", "users/", "partners/", "reports/", "offers/"):
        assert admin_client.get(f"/boutique/gestion/{address}").status_code == 404


def test_a_purchase_of_several_merchants_is_shown_whole(office, loaf, picodon):
    guest = Client()
    put_in_basket(guest, loaf)
    put_in_basket(guest, picodon)
    order_and_confirm(guest)

    page = text(office.get(f"{ROOT}commandes/achat/{Purchase.objects.get().number}/"))

    assert "Le Fournil des Mines" in page
    assert "La Crèmerie du Gier" in page
    assert "7,30 €" in page
