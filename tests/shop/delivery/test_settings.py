"""A merchant says where, when and for how much they deliver."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from directory.models import Category
from shop.delivery.models import DeliveryMethod, Kind
from shop.models import Storefront
from tests.browser_forms import filled_in
from tests.shop.delivery.ordering import deliver, send

pytestmark = pytest.mark.usefixtures("strict_templates")
ROUND = {"weekdays": ["mardi", "vendredi"], "fee": "4", "free_from": "40", "towns": ["07186"]}


@pytest.fixture
def counter(client, baker, loaf):
    client.force_login(baker)
    return client


@pytest.fixture
def address(bakery):
    return f"/espace/{bakery.pk}/livraison/"


def save(counter, address, button="enregistrer", **changes):
    form = filled_in(counter.get(address), "places")
    return counter.post(address, form | changes | {button: ""})


def test_looking_stores_nothing(client, baker, bakery, address):
    client.force_login(baker)
    assert client.get(address).status_code == 200
    assert not Storefront.objects.exists()


def test_a_distance_ticks_the_towns_around_and_saves_nothing(counter, address, places):
    page = save(counter, address, button="ajouter", radius="5")
    towns = page.context["rounds"]["towns"]
    assert "07186" in towns.value()
    assert "Pas encore enregistré" in page.content.decode()
    assert not page.context["rounds"].errors
    assert not DeliveryMethod.objects.exists()


@pytest.mark.parametrize(("name", "code"), [("Die", "26113"), ("die", "26113"), ("saint etienne", "42218")])
def test_a_town_is_added_by_its_name(counter, address, name, code):
    page = save(counter, address, button="ajouter", other=name)
    assert page.context["rounds"]["towns"].value() == [code]


def test_a_name_that_no_town_has_is_told(counter, address):
    page = save(counter, address, other="Trifouillis", **ROUND)
    assert "Aucune commune de la région ne s’appelle « Trifouillis »" in page.content.decode().replace("\u00a0", " ")
    assert not DeliveryMethod.objects.exists()


def test_what_is_saved_is_what_shoppers_read(counter, address, loaf):
    page = save(counter, address, **ROUND)
    assert page.status_code == 302
    method = DeliveryMethod.objects.get()
    assert (method.kind, method.fee, method.free_from, method.minimum, method.towns) == (
        Kind.ROUND, Decimal(4), Decimal(40), 0, ["07186"],
    )  # fmt: skip
    told = "Livre à Privas, le mardi et le vendredi, de 14 h à 18 h : 4,00 €, offert dès 40,00 €."
    for where in (address, loaf.get_absolute_url()):
        text = counter.get(where).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
        assert told in text, where


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"towns": []}, "Cochez au moins une commune"),
        ({"weekdays": []}, "Cochez au moins un jour de livraison"),
        ({"starts": "18:00", "ends": "14:00"}, "doit finir après avoir commencé"),
        ({"fee": "-1"}, "fee"),
        ({"fee": ""}, "fee"),
        ({"free_from": "10", "minimum": "20"}, "plus grand que la commande minimum"),
        ({"places": "0"}, "places"),
    ],
)
def test_what_cannot_be_is_told_and_kept(counter, address, changes, told):
    page = save(counter, address, **(ROUND | changes))
    assert page.status_code == 200
    text = page.content.decode().replace("\u00a0", " ")
    assert told in text or page.context["rounds"].errors[told]
    assert not DeliveryMethod.objects.exists()
    assert 'value="40"' in text or "free_from" in changes


def test_two_tabs_change_different_things_and_neither_is_lost(counter, address, bakery, places):
    deliver(bakery, [places.privas])
    first = filled_in(counter.get(address), "places")
    second = dict(first)
    counter.post(address, first | {"fee": "5", "enregistrer": ""})
    counter.post(address, second | {"minimum": "12", "enregistrer": ""})
    method = DeliveryMethod.objects.get()
    assert (method.fee, method.minimum) == (5, 12)


def test_parcels_are_set_beside_and_say_how_they_are_paid(counter, address):
    form = filled_in(counter.get(address), "colis-told")
    page = counter.post(address, form | {"colis-fee": "6,90", "enregistrer": ""})
    assert "comment le client vous paie" in page.content.decode()
    counter.post(address, form | {"colis-fee": "6,90", "colis-told": "Sous 3 jours, par virement.", "enregistrer": ""})
    method = DeliveryMethod.objects.get()
    assert (method.kind, method.fee, method.towns) == (Kind.PARCEL, Decimal("6.90"), [])


def test_a_pause_is_one_press_and_the_pages_say_nothing_of_it(counter, address, bakery, loaf, places):
    deliver(bakery, [places.privas])
    assert "Livre à Privas" in counter.get(loaf.get_absolute_url()).content.decode()
    counter.post(f"{address}pause/", {"mode": "tournee", "pause": ""})
    assert DeliveryMethod.objects.get().is_paused
    assert "Livre à Privas" not in counter.get(loaf.get_absolute_url()).content.decode()
    counter.post(f"{address}pause/", {"mode": "tournee", "reprendre": ""})
    assert not DeliveryMethod.objects.get().is_paused


@pytest.mark.parametrize(
    "changes",
    [
        {"fee": Decimal(-1)},
        {"minimum": Decimal(-1)},
        {"free_from": Decimal(10), "minimum": Decimal(20)},
        {"weekdays": []},
        {"places": 0},
    ],
)
def test_the_database_keeps_no_round_that_nobody_could_be_on(bakery, loaf, places, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        deliver(bakery, [places.privas], **changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        send(bakery, told="")


def test_a_bookshop_delivers_for_what_the_law_wants(counter, address, bakery):
    bakery.category = Category.objects.get(slug="librairie")
    bakery.save()
    page = save(counter, address, **ROUND | {"fee": "2,99"})
    assert {"fee", "free_from"} <= set(page.context["rounds"].errors)
    save(counter, address, **ROUND | {"fee": "3", "free_from": ""})
    assert DeliveryMethod.objects.get().fee == 3
