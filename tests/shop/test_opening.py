"""A merchant opens a shop by its steps, rehearses, and pauses it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from directory.hours import PARIS
from directory.models import MerchantPage
from portal.oscar_settings import ORDER_READY
from search.indexing import index
from search.models import IndexedEntry
from search.query import Kind
from shop import opening, orders
from shop.models import MerchantOrder, Purchase, Storefront, TermsAcceptance, TermsVersion
from shop.products import create_product, create_storefront, on_sale, open_storefront
from shop.storefronts import is_vat_exempt
from tests.browser_forms import filled_in
from tests.shop.factories import order, order_and_confirm, put_in_basket, time_to_tell

pytestmark = pytest.mark.usefixtures("strict_templates")

LEGAL = {
    "legal_name": "Le Fournil des Mines",
    "legal_form": "sarl",
    "vat_regime": "normal",
    "mediator_name": "Médiation de la consommation Rhône-Alpes",
    "mediator_address": "12 rue de la République, 69002 Lyon",
    "mediator_site": "mediation.example",
}
STEPS = ("terms", "legal", "rehearsal")


@pytest.fixture
def bakery(bakery):
    """The bakery, which can be reached: no shop opens otherwise."""
    bakery.phone, bakery.email = "+33475643210", "fournil@mines.example"
    bakery.save()
    return bakery


@pytest.fixture
def counter(client, baker):
    client.force_login(baker)
    return client


def address(bakery, page=""):
    return f"/espace/{bakery.pk}/boutique/{page}"


def save(counter, bakery, **changes):
    form = filled_in(counter.get(address(bakery)), "mediator_name")
    return counter.post(address(bakery), form | LEGAL | changes)


def do(step, counter, bakery):
    if step == "terms":
        form = filled_in(counter.get(address(bakery)), "j-accepte")
        return counter.post(address(bakery, "conditions/"), form | {"j-accepte": "on"})
    if step == "legal":
        return save(counter, bakery)
    counter.post(address(bakery, "essai/"))
    desk = counter.get(f"/espace/{bakery.pk}/commandes/").content.decode()
    code = Storefront.objects.get(merchant=bakery).rehearsal_code
    assert "Commande d’essai" in desk
    assert code in desk
    return counter.post(address(bakery, "essai/"), {"prete": ""})


def shop_of(merchant):
    return Storefront.objects.get(merchant=merchant)


@pytest.mark.parametrize("happens", list(permutations(STEPS)), ids="-".join)
def test_the_shop_opens_with_its_last_step_whichever_that_is(counter, bakery, happens):
    for step in happens[:-1]:
        assert do(step, counter, bakery).status_code == 302
        assert shop_of(bakery).opened_at is None
        assert not shop_of(bakery).sells

    response = do(happens[-1], counter, bakery)

    assert shop_of(bakery).sells
    page = counter.get(response["Location"])
    assert "Votre boutique est ouverte" in str([*page.context["messages"]][-1])
    create_product(
        shop_of(bakery),
        title="Torchon",
        price=Decimal(3),
        stock=4,
        unit="la pièce",
        is_food=False,
        facts=time_to_tell(),
    )
    assert on_sale().get().title == "Torchon"


def test_looking_at_the_page_opens_nothing(counter, bakery):
    assert counter.get(address(bakery)).status_code == 200
    assert not Storefront.objects.exists()


def test_the_rehearsal_comes_as_a_real_order_does_and_touches_nothing(counter, bakery, baker):
    do("rehearsal", counter, bakery)

    (message,) = mail.outbox
    assert message.to == ["fournil@mines.example"]
    assert "Commande d’essai" in message.subject
    assert f"/espace/{bakery.pk}/commandes/" in message.body
    assert not Purchase.objects.exists()
    assert shop_of(bakery).rehearsed_at is not None
    assert "Commande d’essai" not in counter.get(f"/espace/{bakery.pk}/commandes/").content.decode()


def test_a_rehearsal_asked_for_twice_is_one_order(counter, bakery):
    counter.post(address(bakery, "essai/"))
    code = shop_of(bakery).rehearsal_code
    counter.post(address(bakery, "essai/"))

    assert shop_of(bakery).rehearsal_code == code
    assert len(mail.outbox) == 2


def test_a_rehearsal_that_nobody_asked_for_counts_for_nothing(counter, bakery):
    save(counter, bakery)

    counter.post(address(bakery, "essai/"), {"prete": ""})

    assert shop_of(bakery).rehearsed_at is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"vat_regime": ""}, "Choisissez votre régime de TVA"),
        ({"vat_regime": "autre"}, "Choisissez l’un des deux régimes"),
        ({"mediator_name": " "}, "Écrivez le nom de votre médiateur"),
        ({"mediator_address": ""}, "Écrivez l’adresse postale"),
        ({"mediator_site": ""}, "Écrivez le site de votre médiateur"),
        ({"mediator_site": "pas un site"}, "mediator_site"),
        ({"vat_regime_since": "demain"}, "Écrivez un jour"),
    ],
)
def test_a_faulty_form_says_how_to_mend_it_and_keeps_what_was_typed(counter, bakery, changes, told):
    response = save(counter, bakery, **changes)

    assert response.status_code == 200
    page = response.content.decode()
    assert told in page
    assert "Rhône-Alpes" in page or "mediator_name" in changes
    assert not shop_of(bakery).mediator_address


def test_terms_that_changed_since_the_page_was_shown_are_not_accepted(counter, bakery):
    counter.post(address(bakery, "conditions/"), {"j-accepte": "on", "texte": "0" * 64})
    counter.post(address(bakery, "conditions/"), {"texte": opening.terms().sha256})

    assert not TermsAcceptance.objects.exists()


def test_what_was_accepted_is_kept_with_its_version_and_hash(counter, bakery, baker):
    for _ in range(2):
        counter.post(address(bakery, "conditions/"), {"j-accepte": "on", "texte": opening.terms().sha256})

    kept = TermsAcceptance.objects.get()
    assert (kept.version, kept.by) == (opening.terms().version, baker)
    assert len(kept.sha256) == 64
    with pytest.raises(IntegrityError), transaction.atomic():
        TermsAcceptance.objects.update(version="2020-01-01")


# Every version that was ever on offer: a text that changed would no longer be what merchants accepted.
RELEASED = {"2026-12-01": "bf4e9b6ec90ff2885ddbf7761996c2d6f094af708ab3c0913b049fdae8c16777"}


def test_no_released_version_of_the_terms_changes(db):
    stored = {version.version: version.sha256 for version in TermsVersion.objects.filter(audience="commercants")}

    assert stored == RELEASED


@pytest.mark.parametrize("page", ["", "conditions/", "essai/", "pause/"])
def test_a_stranger_finds_no_such_page(bakery, neighbour, page):
    stranger = Client()
    stranger.force_login(neighbour)

    assert stranger.post(address(bakery, page)).status_code == 404
    assert Client().post(address(bakery, page)).status_code == 302
    assert not Storefront.objects.exists()


@pytest.mark.parametrize(
    "missing", ["vat_regime", "mediator_name", "mediator_address", "mediator_site", "rehearsed_at"]
)
def test_the_database_opens_no_shop_before_its_steps(bakery, missing):
    shop = create_storefront(bakery)
    whole = LEGAL | {"rehearsed_at": timezone.now(), "opened_at": timezone.now()}
    gap = None if missing == "rehearsed_at" else ""

    with pytest.raises(IntegrityError, match="opens_after_its_steps"), transaction.atomic():
        Storefront.objects.filter(pk=shop.pk).update(**whole | {missing: gap})


@pytest.mark.parametrize("unsaid", ["legal_name", "legal_form", "phone", "email"])
def test_no_shop_opens_before_who_sells_is_named_and_can_be_reached(counter, bakery, unsaid):
    whole = {**LEGAL, "rehearsed_at": timezone.now(), "opened_at": timezone.now()}
    if unsaid in whole:
        whole[unsaid] = ""
    else:
        MerchantPage.objects.filter(pk=bakery.pk).update(**{unsaid: ""})
    shop = create_storefront(bakery)

    with pytest.raises(IntegrityError, match="seller that can be reached"), transaction.atomic():
        Storefront.objects.filter(pk=shop.pk).update(**whole)
    for step in STEPS:
        do(step, counter, bakery)
    assert (shop_of(bakery).opened_at is None) == (unsaid in ("phone", "email"))


def test_the_database_lets_nobody_sell_who_accepted_no_terms(bakery):
    shop = create_storefront(bakery)
    now = timezone.now()

    Storefront.objects.filter(pk=shop.pk).update(**LEGAL, rehearsed_at=now, opened_at=now, sells=True)

    assert not shop_of(bakery).sells


def test_what_sold_before_there_were_steps_sells_and_its_page_says_so(counter, bakery):
    open_storefront(bakery)

    page = counter.get(address(bakery)).content.decode()

    assert shop_of(bakery).sells
    assert "avant que ces étapes existent" in page
    conditions = Client().get(f"/commercants/{bakery.slug}/conditions/").content.decode()
    assert "n’a pas encore indiqué son médiateur" in conditions


def test_her_conditions_name_the_mediator_and_hold_the_box_of_legal_guarantees(counter, bakery):
    do("legal", counter, bakery)
    visitor = Client()

    page = visitor.get(f"/commercants/{bakery.slug}/conditions/").content.decode()
    assert '<meta name="robots" content="noindex, follow">' in page
    assert "du Fournil des Mines, Privas" in page.partition("</title>")[0]

    assert LEGAL["mediator_name"] in page
    assert "Le Fournil des Mines, SARL" in page
    assert "https://mediation.example" in page
    assert "délai de deux ans à compter de la délivrance du bien" in page
    assert "articles 1641 à 1649 du code civil" in page
    assert visitor.cookies == {}
    save(counter, bakery, mediator_name="Un autre médiateur")
    assert "Un autre médiateur" in visitor.get(f"/commercants/{bakery.slug}/conditions/").content.decode()


# --- Pause


def day(days):
    return f"{timezone.localdate() + timedelta(days=days):%Y-%m-%d}"


def test_a_paused_shop_is_neither_found_nor_sold_and_its_pages_say_until_when(counter, baker, bakery, loaf, picodon):
    shopper = Client()
    put_in_basket(shopper, loaf)
    assert bakery.title in shopper.get(loaf.get_absolute_url()).content.decode()

    with time_machine.travel(datetime(2026, 12, 20, 10, tzinfo=PARIS), tick=False):
        counter.force_login(baker)  # by the clock of that day
        counter.post(address(bakery, "pause/"), {"retour": "2027-01-04"})

        assert set(on_sale()) == {picodon}
        for path in (loaf.get_absolute_url(), bakery.public_path):
            assert "Boutique en pause jusqu’au 4 janvier" in shopper.get(path).content.decode().replace("\u00a0", " ")
        assert "ne vend pas en ce moment" in str([*shopper.get("/boutique/panier/").context["messages"]][-1])
        index.consume()
        assert not IndexedEntry.objects.filter(kind=Kind.PRODUCT, object_id=loaf.pk, document__isnull=False).exists()


def test_a_pause_ends_by_itself_on_its_day(counter, baker, bakery, loaf):
    with time_machine.travel(datetime(2026, 12, 20, 10, tzinfo=PARIS), tick=False) as clock:
        counter.force_login(baker)  # by the clock of that day
        counter.post(address(bakery, "pause/"), {"retour": "2027-01-04"})
        clock.move_to(datetime(2027, 1, 3, 23, 59, tzinfo=PARIS))
        assert opening.end_pauses() == 0
        assert not shop_of(bakery).sells

        clock.move_to(datetime(2027, 1, 4, 0, 1, tzinfo=PARIS))
        assert opening.end_pauses() == 1

    assert shop_of(bakery).sells
    assert opening.end_pauses() == 0


def test_a_pause_can_be_ended_before_its_day(counter, bakery, loaf):
    counter.post(address(bakery, "pause/"), {"retour": day(9)})
    counter.post(address(bakery, "pause/"), {"reprendre": ""})

    assert shop_of(bakery).sells


def test_orders_go_on_while_the_shop_pauses(counter, bakery, loaf):
    buyer = Client()
    put_in_basket(buyer, loaf)
    order_and_confirm(buyer)

    counter.post(address(bakery, "pause/"), {"retour": day(3)})
    orders.mark_ready(part := MerchantOrder.objects.get(), by=None)

    part.order.refresh_from_db()
    assert part.order.status == ORDER_READY


@pytest.mark.parametrize(
    ("back", "told"),
    [
        ("", "Écrivez le jour de votre retour"),
        ("bientôt", "Écrivez un jour"),
        ("2026-02-30", "Écrivez un jour"),
        (0, "Choisissez un jour après aujourd’hui"),
        (-1, "Choisissez un jour après aujourd’hui"),
        (366, "d’ici un an au plus"),
    ],
)
def test_a_pause_needs_a_day_to_come_back(counter, bakery, loaf, back, told):
    response = counter.post(address(bakery, "pause/"), {"retour": day(back) if isinstance(back, int) else back})

    assert told in response.content.decode()
    assert shop_of(bakery).sells


# --- VAT


@pytest.mark.parametrize(
    ("regime", "since", "before", "exempt"),
    [
        ("", None, "", False),
        ("normal", None, "franchise", False),
        ("franchise", None, "", True),
        ("franchise", date(2027, 1, 1), "normal", True),
        ("franchise", date(2027, 1, 2), "normal", False),
        ("normal", date(2027, 1, 2), "franchise", True),
        ("normal", date(2027, 1, 1), "franchise", False),
        ("franchise", date(2027, 1, 2), "", False),
    ],
)
def test_a_regime_holds_from_its_day_on(regime, since, before, exempt):
    assert is_vat_exempt(regime, since, before, date(2027, 1, 1)) is exempt


def test_changing_the_regime_keeps_todays_until_its_day(counter, bakery):
    save(counter, bakery, vat_regime="franchise")
    save(counter, bakery, vat_regime="normal", vat_regime_since=day(10))

    shop = shop_of(bakery)
    today = timezone.localdate()
    assert [shop.is_vat_exempt(today + timedelta(days=days)) for days in (0, 9, 10)] == [True, True, False]


def test_prices_of_an_exempt_merchant_hold_no_vat_and_say_so(client, bakery, loaf, picodon):
    Storefront.objects.filter(merchant=bakery).update(vat_regime="franchise")
    mention = "TVA non applicable, art. 293 B du CGI"

    def words(response):
        return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")

    assert mention in words(client.get(loaf.get_absolute_url()))
    assert mention not in words(client.get(picodon.get_absolute_url()))
    put_in_basket(client, loaf, 2)
    put_in_basket(client, picodon)
    assert mention in words(client.get("/boutique/commande/"))
    order(client)
    page = words(client.get(Purchase.objects.get().get_absolute_url()))
    assert mention in page
    assert "dont TVA 5,5 %" in page  # of the cheese

    bread = MerchantOrder.objects.get(storefront__merchant=bakery).order
    assert bread.total_incl_tax == bread.total_excl_tax == Decimal("9.80")
    assert {line.tax_code for line in bread.lines.all()} == {"0"}
    cheese = MerchantOrder.objects.exclude(storefront__merchant=bakery).get().order
    assert (cheese.total_incl_tax, cheese.total_excl_tax) == (Decimal("2.40"), Decimal("2.27"))


def test_the_mail_of_an_exempt_merchants_order_says_so_and_links_to_her_conditions(client, bakery, loaf):
    Storefront.objects.filter(merchant=bakery).update(vat_regime="franchise")
    put_in_basket(client, loaf)
    order_and_confirm(client)

    message = next(message for message in mail.outbox if message.subject.startswith("Votre commande"))

    for body in (message.body, message.alternatives[0][0]):
        assert "TVA non applicable, art. 293 B du CGI" in body.replace("\u00a0", " ").replace("&nbsp;", " ")
        assert f"/commercants/{bakery.slug}/conditions/" in body
