"""Editors change the tree of categories in one place; pages, search and mirror follow, no file writes over it."""

import pytest
from django.core.management import call_command
from oscar.core.loading import get_model

from directory.models import Category
from tests.browser_forms import filled_in

pytestmark = pytest.mark.django_db

Mirror = get_model("catalogue", "Category")
LIST = "/gestion/categories/"


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


def change(office, category, **changes):
    address = f"{LIST}edit/{category.pk}/"
    return office.post(address, filled_in(office.get(address), "naf_codes") | changes)


def test_a_name_and_its_synonyms_are_changed_and_the_mirror_follows(office, bakery):
    category = bakery.category

    assert change(office, category, name="Boulangerie", synonyms="fournil, pain").status_code == 302

    category.refresh_from_db()
    assert (category.name, category.synonyms, category.slug) == ("Boulangerie", ["fournil", "pain"], category.slug)
    assert Mirror.objects.get(slug=category.slug).name == "Boulangerie"
    assert "Boulangerie" in office.get(category.get_absolute_url()).text


def test_the_file_does_not_write_over_what_an_editor_wrote(office, bakery, capsys):
    change(office, bakery.category, name="Boulangerie", synonyms="fournil")

    call_command("load_places", "--write")

    bakery.category.refresh_from_db()
    assert (bakery.category.name, bakery.category.synonyms) == ("Boulangerie", ["fournil"])
    assert Category.objects.get(slug="caviste").name


def test_a_category_is_added_below_a_shelf_and_mirrored(office, bakery):
    shelf = bakery.category.parent
    form = {
        "name": "Fumoir à saumon",
        "parent": shelf.pk,
        "position": "107",
        "synonyms": "saumon fumé",
        "naf_codes": "",
    }

    assert office.post(f"{LIST}new/", form).status_code == 302

    added = Category.objects.get(name="Fumoir à saumon")
    assert (added.slug, added.parent) == ("fumoir-a-saumon", shelf)
    assert Mirror.objects.get(slug="fumoir-a-saumon").get_parent().slug == shelf.slug
    again = office.post(f"{LIST}new/", form | {"name": "Fumoir a Saumon"})
    assert "Une catégorie a déjà ce nom" in again.text


def test_a_shelf_with_categories_stays_a_shelf(office, bakery):
    shelf = bakery.category.parent
    other = Category.objects.filter(parent=None).exclude(pk=shelf.pk).first()

    refused = change(office, shelf, parent=str(other.pk))

    assert "elle reste un rayon" in refused.text


def test_nobody_deletes_one(admin_client, bakery):
    assert admin_client.post(f"{LIST}delete/{bakery.category.pk}/").status_code in (302, 403, 404)
    assert Category.objects.filter(pk=bakery.category_id).exists()


@pytest.mark.parametrize("who", ["baker", "shopper"])
def test_nobody_else_changes_one(client, request, bakery, who):
    client.force_login(request.getfixturevalue(who))

    client.post(f"{LIST}edit/{bakery.category.pk}/", {"name": "Piraté", "position": 1})

    bakery.category.refresh_from_db()
    assert bakery.category.name != "Piraté"
