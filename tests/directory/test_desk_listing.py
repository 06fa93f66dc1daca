"""How an editor finds one merchant among namesakes, in the list, the page choosers and the search of the admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import DirectoryPage
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def namesakes(places):
    return [
        make_merchant(title="La Huche à Pain", town=places.die, siret="73282932000074"),
        make_merchant(title="La Huche à Pain", town=places.romans),
        make_merchant(title="La Huche à Pain", town=places.privas, live=False),
        make_merchant(title="La Chèvre Rieuse", town=places.die, category="fromagerie-cremerie"),
    ]


def shown(client, **asked):
    page = client.get(f"/gestion/pages/{DirectoryPage.objects.get().pk}/", asked)
    assert page.status_code == 200
    return [merchant.pk for merchant in page.context["object_list"]]


def test_the_list_tells_namesakes_apart(office, namesakes):
    page = office.get(f"/gestion/pages/{DirectoryPage.objects.get().pk}/").content.decode()

    for told in ("Die (26)", "Romans-sur-Isère (26)", "Privas (07)", "26150", "Boulangerie"):
        assert told in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("La Chevre", [3]),
        ("la chèvre", [3]),
        ("chevres", [3]),
        ("huche die", [0]),
        ("HUCHE", [0, 1, 2]),
        ("26150", [0, 3]),
        ("73282932000074", [0]),
        ("732 829 320 00074", [0]),
        ("fromagerie", [3]),
        ("huche romans", [1]),
        ("licorne", []),
    ],
)
@pytest.mark.parametrize("where", ["list", "chooser", "search"])
def test_she_is_found_by(office, namesakes, typed, found, where):
    wanted = {namesakes[number].pk for number in found}
    if where == "list":
        assert set(shown(office, q=typed)) == wanted
    else:
        address = "/gestion/choose-page/search/" if where == "chooser" else "/gestion/pages/search/"
        page = office.get(
            address, {"q": typed, "page_type": "directory.merchantpage"} if where == "chooser" else {"q": typed}
        )
        for merchant in namesakes:
            mark = f'data-id="{merchant.pk}"' if where == "chooser" else f"/gestion/pages/{merchant.pk}/edit/"
            assert (mark in page.content.decode()) == (merchant.pk in wanted)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"department": "26"}, [0, 1, 3]),
        ({"state": "offline"}, [2]),
        ({"state": "online"}, [0, 1, 3]),
        ({"state": "review"}, []),
        ({"state": "draft"}, []),
    ],
)
def test_the_list_is_narrowed_by(office, namesakes, asked, found):
    assert set(shown(office, **asked)) == {namesakes[number].pk for number in found}


def test_and_by_town_and_trade(office, namesakes, places):
    assert set(shown(office, town=places.die.pk)) == {namesakes[0].pk, namesakes[3].pk}
    assert shown(office, category=namesakes[3].category_id) == [namesakes[3].pk]


def test_the_list_costs_the_same_for_many(office, namesakes):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            shown(office)
        return len([query for query in queries if "portal_cache" not in query["sql"]])  # Wagtail's paths of its sites

    cost()
    before = cost()
    for number in range(8):
        make_merchant(title=f"Boutique {number}")

    assert cost() <= before


def test_the_town_is_told_with_the_name_in_choosers_and_forms_and_once_in_the_list(office, namesakes):
    page = namesakes[1]
    named = "La Huche à Pain, Romans-sur-Isère"

    assert named in office.get("/gestion/choose-page/search/", {"q": page.title}).text
    assert named in office.get(f"/gestion/choose-page/{page.get_parent().pk}/").json()["html"]
    (chosen,) = office.get("/gestion/choose-page/chosen-multiple/", {"id": page.pk}).json()["result"]
    assert chosen["adminTitle"] == named
    assert named in office.get(f"/gestion/pages/{page.pk}/edit/").text
    assert named not in office.get(f"/gestion/pages/{page.get_parent().pk}/").text
