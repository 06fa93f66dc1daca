"""« Renoncer au contrat ici »: two steps without an account, refunded to the cent, once, and both are told."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY
from shop import orders
from shop.models import ExceptedLine, MerchantOrder, ProductDetails, Purchase, Withdrawal, WithdrawnLine
from shop.withdrawal import acts, clock, offer
from shop.withdrawal.acts import Declaration
from tests.factories import SAME_ORIGIN
from tests.jobs import do
from tests.shop.delivery.ordering import bought as bought_delivered
from tests.shop.delivery.ordering import deliver
from tests.shop.factories import CONTACT, make_product, order, order_and_confirm, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")

BREAD, CHEESE = "Le Fournil des Mines", "La Crèmerie du Gier"
FIND = "/boutique/renoncer/"


@pytest.fixture
def board(cheesemonger):
    """A cheese board: it can be given back."""
    return make_product(cheesemonger, title="Planche à fromage", price=Decimal("24.50"), stock=6, vat_rate="20")


@pytest.fixture
def bought(loaf, picodon, knife, board, bakery):
    """Two loaves, three cheeses, two knives and a board, confirmed; the mailbox is empty again."""
    client = Client()
    for article, count in ((loaf, 2), (picodon, 3), (knife, 2), (board, 1)):
        put_in_basket(client, article, count)
    order_and_confirm(client)
    mail.outbox.clear()
    return Purchase.objects.get()


def part_of(title):
    return MerchantOrder.objects.select_related("order", "purchase").get(storefront__merchant__title=title)


def collect(title, by):
    orders.mark_ready(part_of(title), by)
    orders.mark_collected(part_of(title), by)
    mail.outbox.clear()


def line(title):
    return part_of(CHEESE).order.lines.filter(title=title).first() or part_of(BREAD).order.lines.get(title=title)


def offered(purchase):
    parts = offer.parts(offer.load(purchase.number), timezone.now())
    return {each.pk: each.units for part in parts for each in part.lines if each.units}


def give_up(purchase, email="camille@voisins.example", **units):
    """Give up these units, by the title's last word: knife=1."""
    titles = {"pain": "Pain de seigle", "picodon": "Picodon affiné", "couteau": "Couteau à fromage"}
    titles["planche"] = "Planche à fromage"
    wanted = {line(titles[name]).pk: count for name, count in units.items()}
    return acts.declare(purchase, Declaration(wanted, "Camille Moulin", email), offered(purchase))


def typed(purchase, client=None, **changes):
    """Return what the first step sends."""
    page = (client or Client()).get(purchase.withdrawal_path)
    form = page.context["form"]
    return {**{name: form[name].value() for name in form.fields}, **changes}


def send(purchase, data, client=None):
    return (client or Client()).post(purchase.withdrawal_path, data, headers=SAME_ORIGIN)


def field(title):
    return f"unites_{line(title).pk}"


@pytest.mark.parametrize(
    "number", ["{}", "{lower}", "{spaced}", "{bare}", " {} ", "{}-1", "Commande {}", "n° {}", "{dash}", "N° : {spaced}"]
)
@pytest.mark.parametrize("email", ["camille@voisins.example", " Camille@Voisins.Example "])
def test_number_and_address_open_it_however_they_are_typed(bought, number, email):
    written = number.format(
        bought.number,
        lower=bought.number.lower(),
        spaced=bought.number.replace("-", " "),
        bare=bought.number.replace("-", ""),
        dash=bought.number.replace("-", " – "),
    )
    response = Client().post(FIND, {"numero": written, "courriel": email}, headers=SAME_ORIGIN)

    assert response.status_code == 302
    assert response["Location"] == bought.withdrawal_path
    page = Client().get(response["Location"])
    assert page.status_code == 200
    assert not page.cookies
    assert part_of(BREAD).collection_code not in page.content.decode()


@pytest.mark.parametrize(
    ("number", "email", "told"),
    [
        ("", "camille@voisins.example", "Écrivez le numéro"),
        ("7KQ", "camille@voisins.example", "huit lettres ou chiffres"),
        ("ZZZZ-ZZZZ", "camille@voisins.example", "Aucune commande"),
        (None, "autre@voisins.example", "Aucune commande"),
        (None, "camille", "pas complète"),
    ],
)
def test_what_does_not_go_together_says_what_to_do_and_keeps_what_was_typed(bought, number, email, told):
    number = bought.number if number is None else number

    page = Client().post(FIND, {"numero": number, "courriel": email}, headers=SAME_ORIGIN)

    text = page.content.decode()
    assert told in text
    assert f'value="{number}"' in text or not number
    assert not page.cookies


def test_who_guesses_addresses_of_a_purchase_is_stopped(bought):
    for number in range(10):
        Client().post(FIND, {"numero": bought.number, "courriel": f"a{number}@b.example"}, headers=SAME_ORIGIN)

    page = Client().post(FIND, {"numero": bought.number, "courriel": CONTACT["email"]}, headers=SAME_ORIGIN)

    assert page.status_code == 429


@pytest.mark.parametrize("key", ["", "perdue", "{purchase}", "{confirmation}"])
def test_no_other_key_opens_it(bought, key):
    key = key.format(purchase=bought.key, confirmation=bought.confirmation_key)

    assert Client().get(reverse("withdrawal:declare", args=[bought.number]) + f"?cle={key}").status_code == 404
    assert Client().get(f"{bought.get_absolute_url()}?cle={bought.withdrawal_key}").status_code == 404


def test_two_steps_then_both_are_told_at_once(bought, neighbour):
    collect(CHEESE, neighbour)

    first = typed(bought, **{field("Couteau à fromage"): "1"})
    reread = send(bought, first).content.decode()
    assert "Confirmer la rétractation" in reread
    assert "1 × Couteau à fromage" in reread
    assert not Withdrawal.objects.exists()
    response = send(bought, first | {"confirmer": ""})

    assert response["Location"] == bought.withdrawal_path
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.refund, withdrawal.delivery, withdrawal.state) == (Decimal("19.90"), 0, "demandee")
    assert withdrawal.refund_by == timezone.localdate() + timedelta(days=14)
    receipt, to_merchant = (next(m for m in mail.outbox if m.to == [to]) for to in (bought.email, neighbour.email))
    for body in (receipt.body, receipt.alternatives[0][0]):
        assert "1 × Couteau à fromage" in body
        assert "19,90" in body
        assert withdrawal.at.astimezone(timezone.get_current_timezone()).isoformat(timespec="seconds") in body
        assert bought.withdrawal_path.split("?")[0] in body
    assert "Remboursez 19,90" in to_merchant.body
    assert withdrawal.number in Client().get(bought.withdrawal_path).content.decode()
    told = part_of(CHEESE).events.get(kind="retracte")
    assert (told.actor, told.quantity, told.line.title) == ("acheteur", 1, "Couteau à fromage")


def test_pressed_twice_it_is_given_up_once(bought, neighbour):
    collect(CHEESE, neighbour)
    data = typed(bought, **{field("Couteau à fromage"): "1", "confirmer": ""})

    send(bought, data)
    mail.outbox.clear()
    again = send(bought, data)

    assert again.status_code == 409
    assert "Entre-temps" in again.content.decode()
    assert Withdrawal.objects.count() == 1
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("field_value", "told"),
    [("3", "Il y en a 2"), ("-1", "Écrivez 0"), ("deux", "Écrivez un nombre"), ("0", "au moins")],
)
def test_what_cannot_be_given_up_is_told_and_nothing_is_lost(bought, neighbour, field_value, told):
    collect(CHEESE, neighbour)

    page = send(bought, typed(bought, name="Camille M.", **{field("Couteau à fromage"): field_value}))

    text = page.content.decode()
    assert told in text
    assert 'value="Camille M."' in text
    assert not Withdrawal.objects.exists()


def test_an_acknowledgement_sent_elsewhere_is_sent_to_the_buyer_too(bought, neighbour):
    collect(CHEESE, neighbour)

    give_up(bought, email="autre@voisins.example", couteau=1)

    assert {m.to[0] for m in mail.outbox} == {"autre@voisins.example", bought.email, neighbour.email}


@pytest.fixture
def delivered(loaf, picodon, knife, board, bakery, cheesemonger, places):
    """The same purchase, of which the cheesemonger's part is brought to Privas for 4 €."""
    deliver(cheesemonger, [places.privas], free_from=None)
    client = Client()
    for article, count in ((loaf, 2), (picodon, 3), (knife, 2), (board, 1)):
        put_in_basket(client, article, count)
    purchase = bought_delivered(client, cheesemonger).purchase
    mail.outbox.clear()
    return purchase


def test_the_refund_is_exact_and_the_delivery_goes_with_the_last_of_it(delivered, neighbour):
    ExceptedLine.objects.all().delete()
    collect(CHEESE, neighbour)

    refunds = [
        give_up(delivered, couteau=1)[0],
        give_up(delivered, couteau=1, planche=1)[0],
        give_up(delivered, picodon=3)[0],
    ]

    assert [(each.refund, each.delivery) for each in refunds] == [
        (Decimal("19.90"), 0),
        (Decimal("44.40"), 0),
        (Decimal("11.20"), Decimal("4.00")),
    ]
    order = part_of(CHEESE).order
    assert sum(each.refund for each in refunds) == order.total_incl_tax == Decimal("75.50")
    assert offered(delivered) == {line("Pain de seigle").pk: 2}  # the baker's, not prepared yet


def test_delivery_stays_where_something_excepted_is_kept(delivered, neighbour):
    collect(CHEESE, neighbour)

    (withdrawal,) = give_up(delivered, couteau=2, planche=1)

    assert (withdrawal.refund, withdrawal.delivery) == (Decimal("64.30"), 0)


def test_what_is_excepted_says_why_and_whom_to_call(bought, neighbour, cheesemonger):
    collect(CHEESE, neighbour)

    page = Client().get(bought.withdrawal_path).content.decode()

    assert line("Picodon affiné").pk not in offered(bought)
    assert re.search(
        r"Picodon affiné.{0,80}Pas de rétractation une fois l’article remis.{0,20}il se périme vite", page, re.DOTALL
    )
    assert reverse("merchant_conditions", args=[cheesemonger.slug]) in page
    with pytest.raises(ValueError, match="1"):
        give_up(bought, picodon=1)


def test_an_exception_is_the_one_of_the_day_it_was_ordered(bought, neighbour, picodon, knife):
    ProductDetails.objects.filter(product=picodon).update(withdrawal_exception="")
    ProductDetails.objects.filter(product=knife).update(withdrawal_exception="sur-mesure")
    collect(CHEESE, neighbour)

    assert line("Couteau à fromage").pk in offered(bought)
    assert line("Picodon affiné").pk not in offered(bought)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExceptedLine.objects.update(exception="hygiene")


def test_what_is_sealed_can_be_given_up_while_it_is(cheesemonger, neighbour, bakery):
    soap = make_product(cheesemonger, title="Baume à lèvres", price=Decimal("6.00"), withdrawal_exception="hygiene")
    client = Client()
    put_in_basket(client, soap)
    order_and_confirm(client)
    purchase = Purchase.objects.get()
    orders.mark_ready(part_of(CHEESE), neighbour)
    orders.mark_collected(part_of(CHEESE), neighbour)

    assert "s’il a été ouvert" in Client().get(purchase.withdrawal_path).content.decode()
    assert list(offered(purchase).values()) == [1]


def test_before_it_is_ready_everything_can_go_and_is_never_paid(bought, picodon):
    (withdrawal,) = give_up(bought, picodon=1)

    part = part_of(CHEESE)
    assert (withdrawal.refund, withdrawal.state) == (0, "rien")
    assert part.order.total_incl_tax == Decimal("69.10")
    stock = picodon.stockrecords.get()
    assert (stock.num_in_stock, stock.num_allocated) == (18, 2)
    assert part.order.lines.get(title="Picodon affiné").quantity == 2
    assert "vous ne les payez pas" in next(m for m in mail.outbox if m.to == [bought.email]).body
    page = Client().get(f"{bought.get_absolute_url()}?cle={bought.key}").content.decode()
    assert "manque" not in page


def test_ready_and_not_collected_only_exceptions_stay(bought, neighbour, knife):
    orders.mark_ready(part_of(CHEESE), neighbour)
    mail.outbox.clear()

    give_up(bought, couteau=2)

    part = part_of(CHEESE)
    assert part.order.status == ORDER_READY
    assert part.order.total_incl_tax == Decimal("31.70")
    assert (knife.stockrecords.get().num_in_stock, knife.stockrecords.get().num_allocated) == (3, 0)
    assert "sortez-en ces articles" in next(m for m in mail.outbox if m.to == [neighbour.email]).body
    orders.mark_collected(part, neighbour)
    assert part_of(CHEESE).order.status == ORDER_COLLECTED
    assert line("Planche à fromage").pk in offered(bought)


def test_all_of_an_order_given_up_before_the_hand_over_cancels_it_once_told(bought, baker, loaf):
    give_up(bought, pain=2)

    part = part_of(BREAD)
    assert (part.order.status, part.cancelled_because) == (ORDER_CANCELLED, "retractee")
    assert (loaf.stockrecords.get().num_in_stock, loaf.stockrecords.get().num_allocated) == (5, 0)
    assert sorted(m.to[0] for m in mail.outbox) == sorted([bought.email, baker.email])
    page = Client().get(f"{bought.get_absolute_url()}?cle={bought.key}").content.decode()
    assert "Vous y avez renoncé." in page


def test_two_merchants_at_once_make_two_withdrawals_and_one_acknowledgement(bought, neighbour, baker):
    collect(CHEESE, neighbour)

    made = give_up(bought, pain=1, couteau=1)

    assert sorted(each.refund for each in made) == [0, Decimal("19.90")]
    receipts = [m for m in mail.outbox if m.to == [bought.email]]
    assert len(receipts) == 1
    assert "1 × Pain de seigle" in receipts[0].body
    assert "1 × Couteau à fromage" in receipts[0].body
    (to_baker,) = (m for m in mail.outbox if m.to == [baker.email])
    assert "Couteau" not in to_baker.body


def test_the_last_minute_counts_and_the_next_does_not(bought, neighbour):
    with time_machine.travel("2027-03-13T10:00:00+01:00"):  # until Tuesday 30 March, over the change of the clock
        collect(CHEESE, neighbour)
    page = bought.withdrawal_path
    with time_machine.travel("2027-03-30T23:59:30+02:00"):
        assert offered(bought)
        assert "mardi 30 mars 2027" in Client().get(page).content.decode().replace("\u00a0", " ")
    with time_machine.travel("2027-03-31T00:00:30+02:00"):
        text = Client().get(page).content.decode()
        assert "garantie légale" in text
        assert line("Couteau à fromage").pk not in offered(bought)
        with pytest.raises((ValueError, acts.ChangedMeanwhile)):
            give_up(bought, couteau=1)


def test_who_was_never_told_has_a_year_more(bought, neighbour):
    collect(CHEESE, neighbour)
    assert bought.told_of_withdrawal_at is not None
    Purchase.objects.update(told_of_withdrawal_at=None)

    with time_machine.travel(timezone.now() + timedelta(days=300)):
        assert line("Couteau à fromage").pk in offered(bought)


def test_what_is_not_confirmed_or_cancelled_offers_nothing(loaf):
    client = Client()
    put_in_basket(client, loaf)
    order(client)
    purchase = Purchase.objects.get()

    assert offered(purchase) == {}
    assert "Rien n’est commandé" in Client().get(purchase.withdrawal_path).content.decode()


def desk(part):
    return reverse("merchant_withdrawals", args=[part.storefront.merchant_id])


def press(client, withdrawal, act, shown=None, **more):
    url = reverse("change_withdrawal", args=[withdrawal.merchant_order.storefront.merchant_id, withdrawal.pk])
    return client.post(url, {"faire": act, "shown_state": shown or withdrawal.state, **more}, follow=True)


def test_the_merchant_takes_back_puts_on_sale_and_refunds(bought, neighbour, knife):
    collect(CHEESE, neighbour)
    (withdrawal,) = give_up(bought, couteau=1)
    client = Client()
    client.force_login(neighbour)
    page = client.get(desk(part_of(CHEESE))).content.decode()
    assert "19,90" in page
    assert "À rembourser au plus tard le" in page
    mail.outbox.clear()

    press(client, withdrawal, "recu", remettre="on")
    withdrawal.refresh_from_db()
    assert (withdrawal.state, knife.stockrecords.get().num_in_stock) == ("recue", 2)
    press(client, withdrawal, "recu", shown="demandee", remettre="on")
    assert knife.stockrecords.get().num_in_stock == 2
    press(client, withdrawal, "rembourse")

    withdrawal.refresh_from_db()
    assert withdrawal.state == "remboursee"
    assert [m.to for m in mail.outbox] == [[bought.email]] * 2
    assert "19,90" in mail.outbox[1].body
    kinds = list(part_of(CHEESE).events.values_list("kind", "words"))[-2:]
    assert kinds[0] == ("rendue", f"{withdrawal.number}, remis en vente")
    assert kinds[1][0] == "rembours"
    assert "rien n’a été changé" in press(client, withdrawal, "rembourse", shown="recue").content.decode()
    assert len(mail.outbox) == 2


def test_a_stranger_finds_no_withdrawal(bought, neighbour, baker):
    collect(CHEESE, neighbour)
    (withdrawal,) = give_up(bought, couteau=1)
    client = Client()
    client.force_login(baker)

    assert client.get(desk(part_of(CHEESE))).status_code == 404
    assert press(client, withdrawal, "rembourse").status_code == 404
    withdrawal.refresh_from_db()
    assert withdrawal.state == "demandee"


def test_the_merchant_is_reminded_before_and_after_the_day_once_each(bought, neighbour):
    collect(CHEESE, neighbour)
    (withdrawal,) = give_up(bought, couteau=1)
    mail.outbox.clear()
    subjects = []
    for days in (0, 10, 11, 12, 14, 15, 16, 40):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            do("remind_of_refunds")
            subjects.append((days, [m.subject for m in mail.outbox]))
            mail.outbox.clear()

    assert [(days, len(sent)) for days, sent in subjects if sent] == [(11, 1), (15, 1)]
    assert "en retard" in subjects[5][1][0]

    withdrawal.refresh_from_db()
    acts.mark_refunded(withdrawal, "demandee", neighbour)
    mail.outbox.clear()
    Withdrawal.objects.update(reminded_at=None, overdue_told_at=None)
    assert clock.remind() == 0


def committed(act):
    """Do it, and have the database check what it checks at a commit."""
    with transaction.atomic():
        act()
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")


def fails(act):
    with pytest.raises(IntegrityError):
        committed(act)


def test_the_database_refuses_what_the_law_does_not_know(bought, neighbour):
    collect(CHEESE, neighbour)
    (withdrawal,) = give_up(bought, couteau=2)
    own, knives = Withdrawal.objects.filter(pk=withdrawal.pk), line("Couteau à fromage")

    def another(units, amount, of=knives, refund=None):
        copy = Withdrawal.objects.get(pk=withdrawal.pk)
        copy.pk, copy.refund = None, amount if refund is None else refund
        copy.save(force_insert=True)
        WithdrawnLine.objects.create(withdrawal=copy, line=of, quantity=units, amount=amount)

    board = line("Planche à fromage")
    fails(lambda: another(1, Decimal("19.90")))  # both were given up already
    fails(lambda: another(1, Decimal("24.49"), board))  # not its price
    fails(lambda: another(1, Decimal("24.50"), board, refund=Decimal("24.40")))  # not the sum of its lines
    fails(lambda: another(1, Decimal("4.90"), line("Pain de seigle")))  # another merchant's
    fails(lambda: own.update(refund=Decimal("1.00")))
    fails(lambda: own.update(state="remboursee"))  # without its moment
    fails(lambda: own.update(at=timezone.now()))
    fails(lambda: own.delete())
    fails(lambda: WithdrawnLine.objects.update(quantity=1))
    own.update(state="remboursee", refunded_at=timezone.now())
    fails(lambda: own.update(state="demandee", refunded_at=None))
    own.update(name="", email="")  # what a person may ask to be erased
    another(1, Decimal("24.50"), board)


def test_the_law_is_told_before_and_when_one_buys(picodon, knife, cheesemonger):
    excepted, plain = (Client().get(each.get_absolute_url()).content.decode() for each in (picodon, knife))
    assert "il se périme vite" in excepted
    assert "Quatorze jours pour changer d’avis" in plain
    client = Client()
    put_in_basket(client, picodon)
    put_in_basket(client, knife)
    for address in ("/boutique/panier/", "/boutique/commande/"):
        assert client.get(address).content.decode().count("Pas de rétractation") == 1
    order_and_confirm(client)
    purchase = Purchase.objects.get()
    told = next(m for m in mail.outbox if m.to == [purchase.email] and "Votre commande" in m.subject)
    for body in (told.body, told.alternatives[0][0]):
        assert "Votre droit de rétractation" in body
        assert "Picodon affiné" in body
        assert "Je vous notifie par la présente" in body
        assert purchase.withdrawal_key in body
    page = Client().get(f"{purchase.get_absolute_url()}?cle={purchase.key}").content.decode()
    assert page.count("Renoncer au contrat ici") == 2  # of the purchase, and in the foot of the page
    assert "Renoncer au contrat ici" in Client().get("/").content.decode()


def test_the_page_costs_the_same_for_more_lines(bought, neighbour, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        Client().get(bought.withdrawal_path)


def test_the_merchants_list_costs_the_same_for_more_rows(bought, neighbour, django_assert_max_num_queries):
    collect(CHEESE, neighbour)
    client = Client()
    client.force_login(neighbour)
    for units in ({"couteau": 1}, {"couteau": 1}, {"planche": 1}):
        give_up(bought, **units)
    with django_assert_max_num_queries(14):
        client.get(desk(part_of(CHEESE)))
