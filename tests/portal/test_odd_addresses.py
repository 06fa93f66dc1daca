"""Addresses that nobody links to are not found; they break nothing. Every pattern of the resolver is tried."""

import re
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls.resolvers import RegexPattern, RoutePattern

from tests.factories import make_user
from tests.urls import patterns

BEYOND = "99999999999999999999"  # a bigint has 19 digits
NUMBERS = ["0", BEYOND, "9223372036854775808", "-1", "٣"]
TEXTS = [
    "a",
    "%00",
    "a%00b",
    "%0a",
    "%01%1f",
    "%c3%28",
    "%ff%fe",
    "%5c..%5c",
    "..%2f..%2f",
    "%e2%80%ae",
    "%f0%9f%a7%80",
    "é" * 40,
    "a" * 3000,
    "%25",
    "%252e",
    "{0}",
    "%7B%7B7*7%7D%7D",
    "'--",
    BEYOND,
]
QUERIES = ["%00", "-1", "%c3%28", "9999-99-99"]
PARAMETERS = [
    "page", "p", "q", "ou", "id", "pk", "ordering", "export", "next", "ville", "metier", "rayon", "depuis", "periode",
    "lat", "lon", "tri", "commune", "jour", "date", "du", "au", "site", "locale", "parent_page_id", "choose",
    "object_id", "content_type", "category", "place", "days", "collection_id", "tag", "live", "town", "user",
]  # fmt: skip


# Ends the session; Wagtail's own trial of the page of errors.
ON_PURPOSE = ("/gestion/logout/", "/compte/deconnexion/", "/gestion/failwhale/")


def addresses():
    """Yield addresses: each pattern of the resolver, its converters and groups filled in with what is odd."""
    for way, _ in patterns():
        numeric = any(converter.regex == "[0-9]+" for part in way for converter in part.converters.values())
        for odd in [*NUMBERS, *TEXTS] if not numeric else [*NUMBERS, "%00", "a"]:
            address = "/" + "".join(filled(part, odd) for part in way)
            yield address


def filled(part, odd):
    """Return a pattern's own text with ``odd`` in each of its holes."""
    if isinstance(part, RoutePattern):
        return re.sub(r"<[^>]+>", lambda hole: odd, str(part))
    assert isinstance(part, RegexPattern)
    text = str(part).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
    while (hole := re.search(r"\(\?P<\w+>", text)) is not None:
        text = text[: hole.start()] + odd + text[closing(text, hole.end()) :]
    return re.sub(r"\(\?:[^()]*\)[?*+]?|[\\?*+]", "", text)


def closing(text, start):
    """Return the place after the bracket that closes the group which began before ``start``."""
    depth, place = 1, start
    while depth:
        depth += {"(": 1, ")": -1}.get(text[place], 0) * (text[place - 1] != "\\")
        place += 1
    return place


def get(client, address):
    """Ask for an address as a front server passes it on: the test client would encode what is encoded already."""
    path, _, query = address.partition("?")
    raw = re.sub(r"%([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), quote(path, safe="/%:{}*'()[]@!$&,;=+~"))
    return client.generic("GET", "/", PATH_INFO=raw, QUERY_STRING=query)


@pytest.fixture
def visitors(places, bakery):
    superuser = make_user("admin@region.example", is_staff=True, is_superuser=True)
    inside = Client(raise_request_exception=False)
    inside.force_login(superuser)
    return {"a visitor": Client(raise_request_exception=False), "a superuser": inside}


def fault(client, address):
    """Return what broke at an address, or None; what its page wrote is undone."""
    with transaction.atomic():
        response = get(client, address)
        if hasattr(response, "streaming_content"):
            response.close()
        transaction.set_rollback(True)
    return (
        repr(getattr(response, "exc_info", [response.status_code])[:2])[:160] if response.status_code >= 500 else None
    )


WALKED = sorted(set(addresses()))
PART = 16  # of the walk, so that a failure names a few addresses


def test_the_walk_goes_to_every_pattern():
    assert len(WALKED) > 1500
    assert f"/boutique/panier/ajouter/{BEYOND}/" in WALKED
    assert any(address.startswith("/gestion/pages/") for address in WALKED)


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PART))
def test_an_odd_address_breaks_nothing(visitors, part):
    client = visitors["a visitor"]
    found = {address[:120]: what for address in WALKED[part::PART] if (what := fault(client, address))}
    assert not found, "\n".join(f"{address}: {what}" for address, what in found.items())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/gestion/boutiques/commandes/%e2%80%ae/",
        "/gestion/boutiques/commandes/%01%1f/manque/",
        "/gestion/boutiques/commandes/a%00b/annuler/",
        "/gestion/boutiques/commandes/achat/%c3%28/",
        "/gestion/documents/chooser/chosen/%f0%9f%a7%80/",
    ],
)
def test_an_odd_address_of_an_office_is_not_found(visitors, address):
    assert get(visitors["a superuser"], address).status_code == 404


@pytest.mark.django_db
def test_a_number_beyond_any_id_breaks_nothing_in_the_shop_s_office(visitors):
    walked = [address for address in WALKED if BEYOND in address and address.startswith("/gestion/boutiques/")]
    found = {address: what for address in walked if (what := fault(visitors["a superuser"], address))}

    assert len(walked) > 5
    assert not found, "\n".join(f"{address}: {what}" for address, what in found.items())


def plain_addresses():
    """Return the addresses without holes."""
    return sorted(
        {
            "/" + "".join(filled(part, "") for part in way)
            for way, _ in patterns()
            if not any(part.converters or (isinstance(part, RegexPattern) and part.regex.groups) for part in way)
        }
    )


@pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")  # Oscar's list of offers
@pytest.mark.django_db
@pytest.mark.parametrize("odd", QUERIES, ids=lambda odd: odd[:20])
def test_an_odd_parameter_breaks_nothing(visitors, odd):
    query = "&".join(f"{name}={odd}" for name in PARAMETERS if name != "export")
    found = {
        (who, address): status
        for address in plain_addresses()
        for who, client in visitors.items()
        if not address.startswith(ON_PURPOSE) and (status := fault(client, f"{address}?{query}"))
    }
    assert not found, "\n".join(f"{who} at {address}: {what}" for (who, address), what in found.items())
