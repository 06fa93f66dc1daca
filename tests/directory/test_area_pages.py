"""Pages of areas: who stands there, how they are found, what search engines are told, and that they stay fresh."""

import pytest
from django.urls import reverse

from directory.area_listings import counts_by_area
from directory.area_maps import outline
from directory.areas import areas, by_slug
from directory.departments import BY_SLUG
from directory.geography import distance
from directory.maps import COMMUNES, frame, topology
from directory.models import MerchantPage
from directory.places import town_changes
from tests.factories import make_merchant


@pytest.fixture
def diois(places):
    """Two merchants of Die, in the Diois, and one of Privas, who is not."""
    make_merchant(title="Chèvrerie de Romeyer", category="fromager-fermier", town=places.die)
    make_merchant(title="Clairette du Glandasse", category="vigneron", town=places.die)
    make_merchant(title="Le Fournil", town=places.privas)


def test_an_area_shows_who_stands_there_and_how_to_choose(client, diois):
    response = client.get("/commerces/diois/")
    page = response.content.decode()

    assert response.status_code == 200
    assert "dans le Diois</h1>" in page
    assert [card.title for card in response.context["merchants"]] == ["Chèvrerie de Romeyer", "Clairette du Glandasse"]
    assert {link.url for link in response.context["categories"]} == {
        "/recherche/?ou=Diois&categorie=fromager-fermier",
        "/recherche/?ou=Diois&categorie=vigneron",
    }
    assert [(link.name, link.count) for link in response.context["towns"]] == [("Die", 2)]
    assert response.context["map"].outline.startswith("M")
    assert not response.cookies


def test_a_circle_takes_the_shop_where_it_stands_before_its_town(client, places):
    make_merchant(title="Dans Vaise", town=places.lyon, latitude=45.774, longitude=4.806)
    make_merchant(title="Ailleurs à Lyon", town=places.lyon, latitude=45.729, longitude=4.834)

    shown = client.get("/commerces/vaise/").context["merchants"]

    assert [card.title for card in shown] == ["Dans Vaise"]


@pytest.mark.parametrize("slug", ["vaise", "monts-d-or", "ouest-lyonnais", "est-lyonnais"])
def test_the_circle_of_the_database_is_that_of_the_globe(places, slug):
    latitude, longitude, kilometres = circle = by_slug()[slug].circle
    for at, share in enumerate((0.0, 0.5, 0.97, 0.97, 0.97, 1.03, 1.03)):
        north, east = [(1, 0), (0, 1), (1, 0), (0, -1), (-1, 0), (0, 1), (-1, 0)][at]
        point = latitude + north * share * kilometres / 111.2, longitude + east * share * kilometres / 78.2
        make_merchant(title=f"Commerce {at}", town=places.lyon, latitude=point[0], longitude=point[1])

    inside = set(MerchantPage.objects.in_area(by_slug()[slug], ["69"]))

    assert inside == {page for page in MerchantPage.objects.all() if distance(page.point, circle[:2]) <= kilometres}
    assert len(inside) in (4, 5)


def test_search_engines_are_told_of_an_area_once_enough_merchants_stand_there(client, diois, places, settings):
    above = f"{settings.SITE_URL}{reverse('towns')}"
    assert client.get("/commerces/diois/").context["canonical_url"] == above
    assert "/commerces/diois/" not in client.get("/sitemap-pays.xml").content.decode()

    for number in range(settings.INDEXABLE_FROM):
        make_merchant(title=f"Ferme {number}", town=places.die)

    assert client.get("/commerces/diois/").context["canonical_url"] == f"{settings.SITE_URL}/commerces/diois/"
    assert "/commerces/diois/" in client.get("/sitemap-pays.xml").content.decode()
    assert "/commerces/diois/" in client.get("/commerces/").content.decode()


def test_what_is_counted_is_what_is_shown(client, diois, places):
    make_merchant(title="Dans Vaise", town=places.lyon, latitude=45.774, longitude=4.806)
    counts = counts_by_area()

    for area in areas():
        if counts[area.slug].count:
            assert client.get(area.get_absolute_url()).context["page_obj"].paginator.count == counts[area.slug].count
    assert counts["diois"].count == 2
    assert counts["vaise"].count == 1


def test_a_page_of_an_area_changes_with_its_merchants(client, diois, places):
    def shown():
        return [card.title for card in client.get("/commerces/diois/").context["merchants"]]

    assert len(shown()) == 2
    make_merchant(title="Boulangerie du Pont", town=places.die)

    assert "Boulangerie du Pont" in shown()


def test_queries_do_not_grow_with_merchants(client, diois, places, django_assert_max_num_queries):
    for number in range(30):
        make_merchant(title=f"Ferme {number}", town=places.die)

    with django_assert_max_num_queries(16):
        client.get("/commerces/diois/")


def test_no_area_has_the_address_of_a_department_or_a_town(places):
    slugs = set(by_slug())

    assert not slugs & set(BY_SLUG)
    assert not slugs & {town.slug for town in town_changes().created}


def test_an_outline_leaves_out_the_borders_within(places):
    codes = frozenset(["26113", "26289"])
    shapes = topology(*COMMUNES)
    limits = [shapes.arcs[n if n >= 0 else ~n][1] for code in codes for ring in shapes.rings[code] for n in ring]
    shown = frame([(south, west) for south, west, *_ in limits] + [(north, east) for *_, north, east in limits])

    both = outline(shown, codes)

    assert both.count("Z") == sum(outline(shown, frozenset([code])).count("Z") for code in codes)
    neighbours = outline(shown, frozenset(["38548", "38129"]))  # Villard-de-Lans and Corrençon share a border
    assert neighbours.count("Z") == 1
