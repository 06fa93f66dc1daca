"""A client that was written from the documentation alone finds and reads everything, and both sources agree."""

import pytest

from tests.home.open_data.reuser import Reuser

pytestmark = pytest.mark.django_db
HOME = "http://127.0.0.1:8000"


@pytest.fixture
def reuser(client):
    def fetch(address):
        assert address.startswith(f"{HOME}/"), address
        response = client.get(address.removeprefix(HOME))
        return response.status_code, response.headers, response.content

    return Reuser(fetch, HOME)


def test_files_are_found_checked_and_joined(reuser, bakery, cheesemonger):
    tables = reuser.tables()

    towns = {row["insee"]: row["nom"] for row in tables["communes"]}
    categories = {row["code"] for row in tables["categories"]}
    hours = {row["commercant_id"]: row["horaires"] for row in tables["horaires"]}
    found = {row["nom"]: row for row in tables["commercants"]}
    assert set(found) == {bakery.title, cheesemonger.title}
    assert towns[found[bakery.title]["commune_insee"]] == "Privas"
    assert found[bakery.title]["categorie"] in categories
    assert hours[found[bakery.title]["id"]] == bakery.opening_hours


def test_the_api_and_the_files_tell_the_same(reuser, bakery, cheesemonger):
    lists = [path for path, told in reuser.api()["paths"].items() if "{" not in path and "get" in told]

    told = {path.rpartition("/")[2]: reuser.all_of(path) for path in lists}

    tables = reuser.tables()
    for name, key in (("commercants", "id"), ("communes", "insee"), ("categories", "code")):
        assert {row[key] for row in told[name]} == {row[key] for row in tables[name]}
    assert {row["nom"] for row in told["commercants"]} == {bakery.title, cheesemonger.title}
