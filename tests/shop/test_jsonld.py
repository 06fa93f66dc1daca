"""What machines read of a product is what its page sells."""

import json
from decimal import Decimal

import pytest

from shop.jsonld import product
from shop.products import on_sale
from tests.schemaorg import faults
from tests.shop.factories import make_product


@pytest.fixture
def picodon(cheesemonger, settings):
    settings.SITE_URL = "https://www.region.example"
    make_product(
        cheesemonger,
        title="Picodon",
        price=Decimal("3.2"),
        stock=1,
        unit="60 g",
        description="Affiné\nhuit semaines.",
    )
    return on_sale().get()


def test_a_product_is_offered_at_its_price_by_its_merchant(picodon, cheesemonger):
    node = product(picodon)

    assert faults(node, root="Product") == []
    assert node["name"] == "Picodon"
    assert node["description"] == "Affiné huit semaines."
    assert node["offers"]["price"] == "3.20"
    assert node["offers"]["priceCurrency"] == "EUR"
    assert node["offers"]["seller"]["name"] == cheesemonger.title
    assert node["offers"]["seller"]["@id"] == f"https://www.region.example{cheesemonger.public_path}#commerce"
    assert node["url"] == f"https://www.region.example{picodon.get_absolute_url()}"


@pytest.mark.parametrize(
    "description",
    [
        "Huile d'olive & miel de l'Ardèche",
        'Dit "le fameux"',
        "Jeanne <jeanne@ferme.example>",
        "1 < 2, 3 > 2 &amp; </script>",
        "« L’été »",
    ],
)
def test_machines_read_a_description_as_it_was_typed(client, picodon, description):
    type(picodon).objects.filter(pk=picodon.pk).update(description=description)

    page = client.get(picodon.get_absolute_url()).content.decode()

    scripts = [rest.partition("</script>")[0] for rest in page.split('<script type="application/ld+json">')[1:]]
    nodes = [node for data in map(json.loads, scripts) for node in data.get("@graph", [data])]
    assert [node["description"] for node in nodes if node["@type"] == "Product"] == [description]


def test_the_last_one_reserved_is_the_last_one_offered(picodon):
    assert product(picodon)["offers"]["availability"] == "https://schema.org/InStock"

    picodon.stockrecords.update(num_allocated=1)

    assert product(on_sale().get())["offers"]["availability"] == "https://schema.org/OutOfStock"


def test_describing_a_product_takes_no_query(picodon, django_assert_num_queries):
    [loaded] = on_sale()

    with django_assert_num_queries(0):
        product(loaded)
