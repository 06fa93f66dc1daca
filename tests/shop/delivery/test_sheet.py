"""The rounds sheet: the day's doors, in an order that makes a way."""

import csv
import io
from datetime import time

import pytest

from shop import orders
from shop.delivery import sheet
from tests.shop.delivery.ordering import bought, deliver
from tests.shop.factories import put_in_basket, someone_else

pytestmark = pytest.mark.usefixtures("strict_templates")
WHERE = {
    "privas": ("07000", "Privas"),
    "die": ("26150", "Die"),
    "romans": ("26100", "Romans-sur-Isère"),
}


def test_the_nearest_town_comes_next():
    towns = {"far": (46.0, 4.0), "near": (45.1, 4.0), "between": (45.5, 4.0)}
    assert sheet.way_through(towns, (45.0, 4.0)) == ["near", "between", "far"]
    assert sheet.way_through({}, (45.0, 4.0)) == []


@pytest.fixture
def day(client_of, bakery, loaf, places):
    """Four doors in three towns, ordered in no order at all; the day on which they are brought."""
    loaf.stockrecords.update(num_in_stock=20)
    deliver(bakery, [places.privas, places.die, places.romans], starts=time(14), ends=time(18))
    parts = []
    for town, street in (
        ("die", "3 rue de la Poste"),
        ("privas", "12 rue des Fossés"),
        ("romans", "=HYPERLINK(1)"),
        ("privas", "4 rue des Fossés"),
    ):
        client = client_of()
        put_in_basket(client, loaf)
        code, name = WHERE[town]
        address = {"delivery_street": street, "delivery_postal_code": code, "delivery_town": name}
        parts.append(bought_at(client, bakery, **address))
    return parts[0].slot.start.date()


def bought_at(client, bakery, **address):
    return bought(client, bakery, **someone_else(), **address)


@pytest.fixture
def client_of():
    from django.test import Client

    return Client


def test_doors_stand_town_by_town_from_the_shop_on(client, baker, bakery, day):
    stops = sheet.stops_of(bakery, day)
    assert [(stop.town, stop.street) for stop in stops] == [
        ("Privas", "4 rue des Fossés"),
        ("Privas", "12 rue des Fossés"),
        ("Romans-sur-Isère", "=HYPERLINK(1)"),  # 50 km from Privas, Die 61
        ("Die", "3 rue de la Poste"),
    ]
    client.force_login(baker)
    page = client.get(f"/espace/{bakery.pk}/tournee/?jour={day}").content.decode().replace("\u00a0", " ")
    assert "4 arrêts, <strong>35,60 €</strong> à encaisser" in page
    assert "Feuille de tournée" in client.get(f"/espace/{bakery.pk}/commandes/").content.decode()


def test_the_table_runs_no_formula(client, baker, bakery, day):
    client.force_login(baker)
    answer = client.get(f"/espace/{bakery.pk}/tournee.csv?jour={day}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row[8] for row in rows[1:]] == ["Privas", "Privas", "Romans-sur-Isère", "Die"]
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_what_is_delivered_leaves_the_sheet(client, baker, bakery, day):
    part = bakery.storefront.merchant_orders.get(purchase__delivery_town="Die")
    orders.mark_collected(part, by=baker)
    assert [stop.town for stop in sheet.stops_of(bakery, day)] == ["Privas", "Privas", "Romans-sur-Isère"]
    client.force_login(baker)
    assert client.get(f"/espace/{bakery.pk}/tournee/?jour=demain").status_code == 200


def test_a_stranger_sees_none_of_it(client, neighbour, bakery, day):
    client.force_login(neighbour)
    for path in ("tournee/", "tournee.csv", "livraison/"):
        assert client.get(f"/espace/{bakery.pk}/{path}").status_code == 404
