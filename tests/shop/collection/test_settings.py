"""A merchant says when orders are collected, and reads what it comes to before saving."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal import database_clock
from shop.collection.rules import rules_of
from shop.models import ProductDetails, Storefront
from tests.browser_forms import filled_in
from tests.shop.factories import make_product, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")


@pytest.fixture
def counter(client, baker, loaf):
    client.force_login(baker)
    return client


@pytest.fixture
def address(bakery):
    return f"/espace/{bakery.pk}/retraits/"


def send(counter, address, button="enregistrer", **changes):
    form = filled_in(counter.get(address), "slot_places")
    return counter.post(address, form | changes | {button: ""})


def stored(bakery):
    return Storefront.objects.get(merchant=bakery)


def test_a_shop_offers_times_without_its_merchant_doing_anything(counter, address, bakery):
    page = counter.get(address)
    assert len(page.context["days"]) == 5
    assert "créneaux" in page.context["days"][1].told
    shop = stored(bakery)
    assert shop.rules == rules_of(120, None, 30, 6, 14, [])


def test_looking_opens_no_shop(client, baker, bakery, address):
    client.force_login(baker)
    assert client.get(address).status_code == 200
    assert not Storefront.objects.exists()


def test_what_is_typed_is_read_back_before_it_is_saved(counter, address, bakery):
    page = send(counter, address, button="voir", slot_minutes="120", collection_days_off=["samedi", "dimanche"])
    assert page.status_code == 200
    assert "pas encore enregistré" in page.content.decode()
    told = [day.told for day in page.context["days"]]
    assert not any(day.startswith(("samedi", "dimanche")) for day in told)
    assert any("4 créneaux" in day for day in told)  # 7–12.30 gives two, 15–19 two
    assert stored(bakery).slot_minutes == 30


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"collection_lead": "0"}, {"collection_lead": 0}),
        ({"collection_cutoff": "17:00"}, {"collection_cutoff": "17:00:00"}),
        ({"slot_minutes": "15", "slot_places": "1"}, {"slot_minutes": 15, "slot_places": 1}),
        ({"collection_ahead": "60"}, {"collection_ahead": 60}),
        ({"collection_days_off": ["mardi"]}, {"collection_days_off": ["mardi"]}),
    ],
)
def test_what_is_saved_holds(counter, address, bakery, changes, expected):
    assert send(counter, address, **changes).status_code == 302
    shop = stored(bakery)
    assert {name: str(getattr(shop, name)) for name in expected} == {k: str(v) for k, v in expected.items()}
    assert send(counter, address).status_code == 302  # sent again untouched


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"slot_places": "0"}, "1"),
        ({"slot_places": "201"}, "200"),
        ({"slot_places": "beaucoup"}, "nombre"),
        ({"collection_ahead": "61"}, "60"),
        ({"collection_ahead": ""}, "Remplissez ce champ"),
        ({"collection_cutoff": "dix-sept"}, "Écrivez une heure"),
        ({"slot_minutes": "37"}, "choix"),
        (
            {"collection_days_off": ["mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]},
            "personne ne pourrait rien retirer",
        ),
    ],
)
def test_what_makes_no_sense_is_said_and_kept_on_the_page(counter, address, bakery, changes, told):
    page = send(counter, address, **changes)
    assert page.status_code == 200
    assert told in str(page.context["form"].errors)
    assert stored(bakery).slot_places == 6


def test_a_stranger_finds_nothing(client, neighbour, address, loaf):
    client.force_login(neighbour)
    assert client.get(address).status_code == 404
    assert client.post(address, {"enregistrer": ""}).status_code == 404


def test_two_people_who_save_do_not_undo_each_other(counter, address, bakery):
    form = filled_in(counter.get(address), "slot_places")
    assert send(counter, address, slot_places="3").status_code == 302
    assert counter.post(address, form | {"collection_ahead": "20", "enregistrer": ""}).status_code == 302
    assert (stored(bakery).slot_places, stored(bakery).collection_ahead) == (3, 20)


@pytest.mark.parametrize(
    "fields",
    [
        {"slot_places": 0},
        {"slot_minutes": 37},
        {"slot_minutes": 0},
        {"collection_ahead": 0},
        {"collection_lead": 3001},
        {"collection_days_off": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]},
    ],
)
def test_the_database_keeps_no_rules_that_leave_no_time(loaf, bakery, fields):
    with pytest.raises(IntegrityError, match="collection_rules_leave_times"), transaction.atomic():
        Storefront.objects.filter(merchant=bakery).update(**fields)


def test_an_article_says_what_it_needs(counter, bakery, loaf):
    address = f"/espace/{bakery.pk}/produits/{loaf.pk}/"
    form = filled_in(counter.get(address), "title") | {"lead_hours": "48", "only_on": ["vendredi", "samedi"]}
    assert counter.post(address, form).status_code == 302
    details = ProductDetails.objects.get(product=loaf)
    assert (details.lead_hours, details.only_on) == (48, ["vendredi", "samedi"])
    page = counter.get(loaf.get_absolute_url()).content.decode()
    assert "Sur commande\u00a0: comptez 48\u00a0h. Seulement le vendredi et le samedi." in page

    form = filled_in(counter.get(address), "title") | {"lead_hours": "", "only_on": []}
    assert counter.post(address, form).status_code == 302
    assert ProductDetails.objects.get(product=loaf).lead_hours == 0


def test_pages_say_when_one_can_come_at_the_soonest(client, bakery):
    bakery.opening_hours = "24/7"
    bakery.save()
    bread = make_product(bakery, title="Pain de seigle")
    for path in (bread.get_absolute_url(), bakery.public_path):
        page = client.get(path).content.decode()
        assert "etrait dès" in page or "À retirer dès" in page
    put_in_basket(client, bread)
    assert "À retirer dès" in client.get("/boutique/panier/").content.decode()

    Storefront.objects.filter(merchant=bakery).update(paused_until=database_clock.today() + timedelta(days=3))
    assert "À retirer dès" not in client.get(bread.get_absolute_url()).content.decode()
