"""What must be told of a product that is no food before it is sold: who made it, its warnings, its EPR identifier."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from portal import database_clock
from shop import facts, tasks
from shop.models import ProductDetails
from shop.products import ProductImage, on_sale
from tests.browser_forms import filled_in
from tests.factories import make_user
from tests.shop.factories import TOLD, make_product

PICTURE = "products/planche.800x600.webp"


def make_board(merchant, **changes):
    """Return a board of which all is told, on sale but for these changes."""
    picture = changes.pop("image", PICTURE)
    return make_product(merchant, title="Planche", is_food=False, facts=TOLD | changes, image=picture)


def is_sold(product):
    stored = ProductDetails.objects.get(product=product)
    assert stored.may_be_sold == (not facts.lacking(vars(stored)))
    return on_sale(pk=product.pk).exists()


ABROAD = {"maker_is_abroad": True, "responsible_name": "Import", "responsible_address": "Lyon"}


@pytest.mark.parametrize(
    ("changes", "sold"),
    [
        ({}, True),
        ({"image": ""}, False),
        ({"identifier": ""}, False),
        ({"maker_name": ""}, False),
        ({"maker_address": ""}, False),
        ({"maker_contact": ""}, False),
        ({"maker_name": "", "maker_address": "", "maker_contact": "", "maker_is_seller": True}, True),
        ({"maker_is_abroad": True}, False),
        (ABROAD, False),
        (ABROAD | {"responsible_contact": "contact@import.example"}, True),
        (ABROAD | {"maker_is_seller": True}, True),
        ({"no_warnings": False}, False),
        ({"no_warnings": False, "warnings": "Lame tranchante."}, True),
        ({"epr_stream": ""}, False),
        ({"epr_stream": "12"}, False),
        ({"epr_stream": "12", "epr_idu": "FR123456_12ABCD"}, True),
        ({"identifier": "", "exemption": "ancien", "image": ""}, True),
    ],
)
def test_the_database_sells_what_is_told_of_alone(bakery, changes, sold):
    assert is_sold(make_board(bakery, **changes)) == sold


@pytest.mark.parametrize(
    ("stream", "idu"),
    [("12", "FR12345_12ABCD"), ("12", "FR123456_12ABC"), ("12", "fr123456_12abcd"), ("11", "FR123456_12ABCD"),
     ("", "FR123456_12ABCD"), ("12", "FR123456_12ABCDE")],
)  # fmt: skip
def test_the_database_refuses_an_identifier_that_is_none_or_of_another_stream(bakery, stream, idu):
    with pytest.raises(DatabaseError, match=r"idu|too long"), transaction.atomic():
        make_board(bakery, epr_stream=stream, epr_idu=idu)


def test_a_picture_that_goes_or_comes_ends_or_begins_the_sale(bakery):
    board = make_board(bakery)
    board.images.all().delete()
    assert not is_sold(board)

    ProductImage.objects.create(product=board, original=PICTURE)
    assert is_sold(board)
    ProductDetails.objects.filter(product=board).update(has_picture=False)  # nobody says otherwise
    assert is_sold(board)


def test_what_was_on_sale_before_sells_until_its_day_and_no_longer(bakery):
    today = database_clock.today()
    board = make_product(bakery, title="Planche", is_food=False, facts={"facts_due_on": today})
    details = ProductDetails.objects.filter(product=board)

    tasks.end_time_for_facts()
    assert on_sale(pk=board.pk).exists()
    with pytest.raises(IntegrityError, match="facts_are_due"), transaction.atomic():
        details.update(facts_due_on=today + timedelta(days=1))
    stale = details.get()
    details.update(facts_due_on=today - timedelta(days=1))
    tasks.end_time_for_facts()

    assert not on_sale(pk=board.pk).exists()
    assert "Il manque une photo" in details.get().missing
    stale.save()
    assert details.get().facts_due_on is None


@pytest.mark.usefixtures("strict_templates")
def test_a_merchant_is_told_each_fact_that_misses_and_nothing_typed_is_lost(client, bakery, baker):
    board = make_board(bakery, identifier="", epr_stream="", image="")
    client.force_login(baker)
    address = reverse("edit_product", args=[bakery.pk, board.pk])

    page = client.post(address, filled_in(client.get(address), "title") | {"maker_name": " ", "epr_stream": "12"})

    errors = page.context["form"].errors
    assert set(errors) == {"image", "identifier", "maker_name", "epr_idu"}
    assert "le nom du fabricant" in errors["maker_name"][0]
    assert "3 rue des Ateliers" in page.content.decode()
    sent = filled_in(page, "title") | {"identifier": "M1", "maker_name": "Pilat", "epr_idu": "FR123456_11ABCD"}
    assert "filière 11" in client.post(address, sent).context["form"].errors["epr_idu"][0]
    assert (
        client.post(address, {k: v for k, v in sent.items() if k != "is_public"} | {"epr_idu": ""}).status_code == 302
    )


@pytest.mark.usefixtures("strict_templates")
@pytest.mark.parametrize("own", [True, False])
def test_a_products_page_tells_who_made_it_its_warnings_and_who_sells(client, bakery, own):
    board = make_board(
        bakery, maker_is_seller=own, no_warnings=False, warnings="Lame <tranchante>.", epr_stream="14",
        epr_idu="FR123456_14ABCD",
    )  # fmt: skip
    bakery.storefront.legal_name, bakery.storefront.legal_form = "Mines & Fils", "sarl"
    bakery.storefront.save()

    page = client.get(board.get_absolute_url()).content.decode().replace("\u00a0", " ")

    assert ("Ateliers du Pilat, 3 rue des Ateliers" in page) != own
    assert ("Mines &amp; Fils, SARL, 12 cours du Palais" in page) == own
    assert "Lame &lt;tranchante&gt;." in page
    assert "FR123456_14ABCD (articles de bricolage et de jardin)" in page
    assert "SIREN 732829320" in page
    assert "Modèle 12" in page


def test_staff_find_what_is_to_be_completed(client, bakery):
    manager = make_user()
    manager.groups.add(Group.objects.get(name="Responsables de boutiques"))
    make_board(bakery)
    make_product(bakery, title="Torchon", is_food=False)
    client.force_login(manager)

    lacking = client.get("/gestion/boutiques/articles/?lacks_facts=true").content.decode()

    assert "Torchon" in lacking
    assert "Planche" not in lacking
    unnamed = client.get("/gestion/boutiques/?is_named=false").content.decode()
    assert bakery.title in unnamed
