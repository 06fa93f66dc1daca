"""The read API: what it answers, to whom, how often, and that it shows no merchant whom the pages do not."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.hours import PARIS
from directory.markets import Market
from directory.models import MerchantPage
from directory.vetting.sanctions.kinds import Measure
from directory.vetting.sirene import StockEstablishment
from home.api import door
from home.open_data.datasets import DATASETS
from search.indexing import index
from search.query import Kind
from tests.directory.vetting.evidence import verify
from tests.directory.vetting.procedures import impose_at_once
from tests.factories import make_merchant
from tests.shop.factories import make_product

pytestmark = pytest.mark.django_db
API = "/api/v1/"


def get(client, path, **parameters):
    response = client.get(f"{API}{path}", parameters)
    assert response.status_code == 200, response.text
    return response.json()


def named(client, path="commercants", **parameters):
    return [row["nom"] for row in get(client, path, **parameters)["resultats"]]


def make_market(town, **fields):
    given = {"weekday": 5, "opens": "08:00", "closes": "12:30", "place": "Place du Foiral", "source": "mairie"}
    return Market.objects.create(town=town, **given | fields)


def test_a_merchant_is_told_in_the_words_of_the_open_data(client, bakery):
    told = get(client, f"commercants/{bakery.pk}")

    columns = {column.name for column in DATASETS[0].columns}
    assert columns | {"horaires", "horaires_confirmes_le", "labels"} == set(told)
    assert told["nom"] == bakery.title
    assert told["horaires"] == bakery.opening_hours


def test_merchants_are_found_by_town_department_and_category(client, bakery, cheesemonger, places):
    lyon = make_merchant(title="Rue de Bonnel", town=places.lyon_3)

    assert named(client, commune="07186") == [bakery.title]
    assert named(client, commune="69123") == [lyon.title]  # a district's count for the commune
    assert named(client, departement="42") == [cheesemonger.title]
    assert named(client, categorie="fromagerie-cremerie") == [cheesemonger.title]
    assert named(client, categorie="alimentation", departement="07") == [bakery.title]
    assert named(client, commune="99999") == []


def test_merchants_are_found_by_words_and_by_when_they_are_open(client, bakery, cheesemonger):
    with time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=PARIS), tick=False):
        index.refresh(Kind.MERCHANT, [bakery.pk, cheesemonger.pk])

        assert named(client, texte="crèmerie") == [cheesemonger.title]
        assert named(client, texte="cremeries gier") == [cheesemonger.title]
        assert named(client, texte="crèmerie mines") == []
        assert named(client, ouvert_a="2026-11-25T13:30") == [cheesemonger.title]
        assert named(client, ouvert_a="2026-11-29T10:00+01:00") == [bakery.title]
        too_far = client.get(f"{API}commercants", {"ouvert_a": "2027-01-01T10:00"})
    assert too_far.status_code == 400
    assert too_far.json()["erreur"]["code"] == "moment_trop_loin"


def test_products_towns_categories_and_markets_are_told(client, bakery, cheesemonger, places):
    loaf = make_product(bakery, title="Pain de seigle", price=Decimal("4.90"), stock=5)
    make_product(cheesemonger, title="Picodon", price=Decimal("3.20"), stock=0)
    market = make_market(places.privas)

    assert named(client, "articles", commercant=bakery.pk) == ["Pain de seigle"]
    assert named(client, "articles", departement="42") == ["Picodon"]
    told = get(client, f"articles/{loaf.pk}")
    assert (told["prix"], told["disponible"], told["vendu_en_ligne"]) == ("4.90", True, True)
    assert get(client, "communes/07186")["commercants"] == 1
    assert {"Privas"} <= set(named(client, "communes", departement="07"))
    assert {row["code"] for row in get(client, "categories")} >= {"boulangerie-patisserie", "alimentation"}
    listed = get(client, "marches", jour=6, commune="07186")["resultats"]
    assert [(row["id"], row["debut"], row["fin"]) for row in listed] == [(market.pk, "08:00", "12:30")]
    assert get(client, "marches", jour=1)["resultats"] == []


def walked(client, path, between=lambda: None):
    """Follow a list to its end, doing something after each page."""
    rows, address = [], f"{API}{path}"
    while address:
        told = client.get(address).json()
        rows += told["resultats"]
        address = told["suivant"]
        between()
    return rows


def test_pages_of_a_list_miss_and_repeat_nothing_while_rows_come_and_go(client, places):
    merchants = [make_merchant(title=f"Commerce {number}") for number in range(7)]
    gone = iter([merchants[0], merchants[1]])

    def one_leaves_and_one_comes():
        leaving = next(gone, None)
        if leaving:
            leaving.unpublish()
            make_merchant(title="Nouveau")

    found = [row["id"] for row in walked(client, "commercants?nombre=3&commune=07186", one_leaves_and_one_comes)]

    assert found[:7] == [merchant.pk for merchant in merchants]
    assert len(found) == len(set(found)) == 9
    towns = [row["insee"] for row in walked(client, "communes?nombre=2")]
    assert len(towns) > 2
    assert towns == sorted(set(towns))


def draft(merchant, editor):
    merchant.unpublish()


def hidden(merchant, editor):
    impose_at_once(merchant, editor, Measure.HIDING)


def suspended(merchant, editor):
    impose_at_once(merchant, editor, Measure.SUSPENSION)


def ended(merchant, editor):
    impose_at_once(merchant, editor, Measure.END)


def undiffused(merchant, editor):
    StockEstablishment.objects.create(
        siret=merchant.siret, insee_code="07186", is_head_office=True, is_diffusible=False, loaded_at=timezone.now()
    )


@pytest.mark.parametrize("become", [draft, hidden, suspended, ended, undiffused], ids=lambda one: one.__name__)
def test_who_is_not_online_has_no_answer_anywhere(client, bakery, editor, become):
    verify(bakery)
    loaf = make_product(bakery, title="Pain de seigle")
    index.refresh(Kind.MERCHANT, [bakery.pk])
    index.refresh(Kind.PRODUCT, [loaf.pk])
    noon = timezone.localtime().isoformat()
    addresses = [
        f"commercants/{bakery.pk}",
        f"articles/{loaf.pk}",
        "commercants?commune=07186",
        "commercants?categorie=boulangerie-patisserie",
        "commercants?texte=fournil",
        "articles?texte=seigle",
        f"articles?commercant={bakery.pk}",
    ]
    assert all("Fournil" in text or "seigle" in text for text in answers(client, addresses))
    assert client.get("/donnees/commercants.csv").text.count(bakery.title) == 1

    become(bakery, editor)

    assert not [text for text in answers(client, [*addresses, f"commercants?ouvert_a={noon[:16]}"]) if named_in(text)]
    assert get(client, "communes/07186")["commercants"] == 0
    assert bakery.title not in client.get("/donnees/commercants.csv").text
    assert (client.get(bakery.public_path).status_code == 200) is (become is undiffused)


def answers(client, addresses):
    return [client.get(f"{API}{address}").text for address in addresses]


def named_in(text):
    return "Fournil" in text or "seigle" in text


def test_an_answer_that_has_not_changed_is_not_sent_again(client, bakery):
    first = client.get(f"{API}commercants/{bakery.pk}")
    asked = {"if-none-match": first["ETag"]}

    assert client.get(f"{API}commercants/{bakery.pk}", headers=asked).status_code == 304

    MerchantPage.objects.filter(pk=bakery.pk).update(website="https://fournil.example")
    assert client.get(f"{API}commercants/{bakery.pk}", headers=asked).status_code == 200


def test_any_site_may_read_and_nobody_may_send(client, bakery):
    assert client.get(f"{API}commercants")["Access-Control-Allow-Origin"] == "*"
    asked = client.options(f"{API}commercants")
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(f"{API}commercants").status_code == 405
    assert client.head(f"{API}commercants").status_code == 200


def test_who_asks_too_often_is_told_when_to_come_back(client, bakery, monkeypatch):
    monkeypatch.setattr(door, "LIMIT", door.Limit("api", 3, timedelta(minutes=10)))
    for _ in range(3):
        get(client, "commercants")

    refused = client.get(f"{API}commercants")

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 600
    assert refused["Access-Control-Allow-Origin"] == "*"
    told = refused.json()["erreur"]
    assert "revenez" in told["message"]
    assert "come back" in told["message_en"]
    assert client.get(f"{API}commercants", REMOTE_ADDR="203.0.113.9").status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["commercants?nombre=0", "commercants?nombre=201", "commercants?apres=x", "commercants?apres=-1",
     "commercants?ouvert_a=demain", "marches?jour=8", "articles?commercant=x",
     "commercants?apres=99999999999999999999", f"commercants?texte={'a' * 101}"],
)  # fmt: skip
def test_what_cannot_be_read_is_named(client, places, asked):
    response = client.get(f"{API}{asked}")

    assert response.status_code == 400
    assert asked.partition("?")[2].partition("=")[0] in response.json()["erreur"]["message"]


@pytest.mark.parametrize("asked", ["commercants/999999", "communes/00000", "communes/%00", "articles/0"])
def test_what_is_not_there_is_not_found(client, places, asked):
    assert client.get(f"{API}{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["commercants?texte=%00", "commercants?commune=%00", "articles?departement=%00"])
def test_odd_characters_break_nothing(client, bakery, asked):
    assert client.get(f"{API}{asked}").status_code == 200


def test_answers_cost_no_more_queries_for_more_rows(client, bakery, cheesemonger, places):
    def cost(path):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{API}{path}")
        return len(queries)

    make_product(bakery, title="Pain")
    make_market(places.privas)
    paths = ("commercants", "articles", "communes", "categories", "marches", "commercants?texte=pain")
    for path in paths:
        cost(path)
    before = [cost(path) for path in paths]
    for number in range(4):
        merchant = make_merchant(title=f"Pain {number}", town=places.die, labels=["bio"])
        make_product(merchant, title=f"Pain {number}")
        make_market(places.die, weekday=number)

    assert [cost(path) for path in paths] == before


def test_the_documentation_tells_every_address_and_calls_nobody(client, places):
    document = client.get(f"{API}openapi.json").json()
    page = client.get("/api/")

    assert page.status_code == 200
    assert not page.cookies
    assert document["info"]["version"] == "1"
    for path, told in document["paths"].items():
        assert f"GET {path}" in page.text
        assert set(told) == {"get"}
        for parameter in told["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page.text
    assert 'src="http' not in page.text
