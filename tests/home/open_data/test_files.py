"""The files of the open data: their formats, what is in them and what never is, and how soon who leaves is out."""

import csv
import hashlib
import io
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Application, Check, MerchantPage
from directory.vetting.sirene import StockEstablishment
from directory.vetting.trail import trail
from home.open_data import making
from home.open_data.datasets import DATASETS, merchant_rows
from home.open_data.models import OpenDataEdition, OpenDataFile
from tests.directory.vetting.evidence import verify
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db


def rows(client, name):
    return list(csv.DictReader(io.StringIO(client.get(f"/donnees/{name}.csv").content.decode())))


def names(client):
    return {row["nom"] for row in rows(client, "commercants")}


def test_each_format_tells_the_same_of_each_merchant(client, bakery, cheesemonger):
    MerchantPage.objects.filter(pk=bakery.pk).update(latitude=44.7352, longitude=4.5994)

    listed = rows(client, "commercants")
    objects = [json.loads(line) for line in client.get("/donnees/commercants.jsonl").text.splitlines()]
    features = json.loads(client.get("/donnees/commercants.geojson").content)["features"]

    assert [row["nom"] for row in listed] == ["Le Fournil des Mines", "La Crèmerie du Gier"]
    assert [one["nom"] for one in objects] == [one["properties"]["nom"] for one in features]
    assert listed[0]["siret"] == objects[0]["siret"] == "73282932000074"
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [4.5994, 44.7352]}
    assert features[1]["geometry"] is None
    assert rows(client, "horaires")[0]["horaires"] == bakery.opening_hours


def test_every_file_keeps_its_schema_and_its_checksum(client, bakery, cheesemonger):
    verify(bakery)
    MerchantPage.objects.filter(pk=bakery.pk).update(labels=["bio"])
    sums = dict(reversed(line.split("  ")) for line in client.get("/donnees/sommes-sha256.txt").text.splitlines())
    read = {"integer": int, "number": float, "string": str, "array": json.loads, "date": date.fromisoformat}

    for dataset in DATASETS:
        schema = json.loads(client.get(f"/donnees/{dataset.name}.schema.json").content)
        listed = rows(client, dataset.name)
        assert listed, dataset.name
        assert list(listed[0]) == [field["name"] for field in schema["fields"]]
        for row in listed:
            for field in schema["fields"]:
                value = row[field["name"]]
                assert value or not field.get("constraints", {}).get("required"), (dataset.name, field)
                if value:
                    read.get(field["type"], {"true": 1, "false": 0}.__getitem__)(value)
        for extension in dataset.formats:
            name = f"{dataset.name}.{extension}"
            assert hashlib.sha256(client.get(f"/donnees/{name}").content).hexdigest() == sums.pop(name)
    assert sums == {}


def test_neither_telephone_nor_email_is_given_out(client, places):
    make_merchant(phone="+33475640000", email="maud@fournil.example")

    given = b"".join(client.get(f"/donnees/{file.name}").content for file in making.current().files.all())

    assert b"475640000" not in given
    assert b"maud@" not in given


def test_who_is_hidden_is_out_of_the_files_at_the_next_download(client, bakery, cheesemonger):
    assert names(client) == {bakery.title, cheesemonger.title}

    bakery.unpublish()

    assert names(client) == {cheesemonger.title}
    assert OpenDataEdition.objects.count() == 1  # nothing of the one before is kept


def test_a_name_that_is_no_longer_theirs_is_out_at_the_next_download(client, bakery):
    assert names(client) == {bakery.title}

    MerchantPage.objects.filter(pk=bakery.pk).update(title="Au bon pain de Privas")

    assert names(client) == {"Au bon pain de Privas"}


def test_who_is_new_waits_for_the_night(client, bakery, cheesemonger):
    names(client)
    newcomer = make_merchant(title="La Nouvelle")
    assert newcomer.title not in names(client)

    making.make()

    assert newcomer.title in names(client)


def test_who_is_not_diffused_is_never_in_the_files(client, bakery, cheesemonger):
    making.make()
    StockEstablishment.objects.create(
        siret=bakery.siret, insee_code="07186", is_head_office=True, is_diffusible=False, loaded_at=timezone.now()
    )
    Application.objects.create(merchant=cheesemonger, siret=cheesemonger.siret, found={"is_diffusible": False})

    assert names(client) == set()
    assert client.get(bakery.public_path).status_code == 200  # their own page is theirs


def test_a_file_that_nobody_changed_is_not_sent_twice(client, bakery):
    first = client.get("/donnees/commercants.csv")
    making.make()

    again = client.get("/donnees/commercants.csv", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert not again.content
    assert first["Access-Control-Allow-Origin"] == "*"


def test_a_file_is_sent_as_it_is_stored_to_who_reads_gzip(client, bakery):
    response = client.get("/donnees/commercants.csv", headers={"accept-encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert response.content == bytes(OpenDataFile.objects.get(name="commercants.csv").content)


def test_the_seal_and_its_checks_are_those_of_the_page(client, bakery, cheesemonger):
    verify(bakery)
    today = timezone.localdate()

    def told():
        return {row["id"]: row["local_verifie"] for row in merchant_rows()}

    assert told() == {bakery.pk: True, cheesemonger.pk: False}
    assert trail(bakery, today).is_sealed
    facts = [row["intitule"] for row in rows(client, "verifications")]
    assert sorted(facts) == sorted(str(fact.what) for fact in trail(bakery, today).verified)

    latest = Check.objects.filter(merchant=bakery).first()
    Check.objects.create(
        merchant=bakery, siret=bakery.siret, kind=latest.kind, result="failed", source=latest.source, day=today
    )

    assert told()[bakery.pk] is trail(bakery, today).is_sealed is False


def test_making_costs_no_more_queries_for_more_merchants(bakery):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            making.make()
        return len(queries)

    making.make()
    before = cost()
    for number in range(5):
        make_merchant(opening_hours="24/7", labels=["bio"], title=f"Commerce {number}")

    assert cost() == before


def test_the_catalogue_names_every_file_with_its_size(client, bakery):
    catalogue = json.loads(client.get("/donnees/catalogue.jsonld").content)

    given = [part for dataset in catalogue["dcat:dataset"] for part in dataset["dcat:distribution"]]
    assert {part["dct:title"] for part in given} == set(OpenDataFile.objects.values_list("name", flat=True))
    for part in given:
        content = client.get("/donnees/" + part["dct:title"]).content
        assert int(part["dcat:byteSize"]["@value"]) == len(content)
    assert catalogue["dct:license"]["@id"].startswith("https://www.etalab.gouv.fr/")


def test_the_page_explains_each_column_and_sets_no_cookie(client, bakery):
    response = client.get("/donnees/")

    assert response.status_code == 200
    assert not response.cookies
    for dataset in DATASETS:
        assert f'id="{dataset.name}"' in response.text
        assert all(f"<code>{column.name}</code>" in response.text for column in dataset.columns)
    assert client.get("/donnees/clients.csv").status_code == 404
    assert client.get("/donnees/clients.schema.json").status_code == 404
