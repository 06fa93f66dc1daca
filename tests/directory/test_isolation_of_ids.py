"""What others' ids, links and lists give a stranger: nothing, at every address there is.

A shop of one's own in the address and somebody else's id behind it; a link of an e-mail that was forged, or is of
another kind; lists that editors choose from; what visitors search and robots read.
"""

import csv
import re
from itertools import product
from pathlib import Path

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from directory.freshness.links import token_of as hours_token
from directory.models import MerchantPage
from directory.people import access
from directory.people.models import Role
from directory.space.at_once import put_online
from directory.vetting import acts
from search.indexing import index
from shop.leaving.models import MerchantArchive
from shop.models import MerchantOrder
from shop.product_imports import ProductImport
from shop.withdrawal import offer
from shop.withdrawal.acts import Declaration, declare
from tests.directory.test_isolation import addresses, answer, world  # noqa: F401 - a fixture
from tests.directory.vetting.applications import DECLARED, draft
from tests.directory.vetting.evidence import verify
from tests.directory.vetting.procedures import impose_at_once
from tests.factories import SAME_ORIGIN, make_user
from tests.urls import patterns

pytestmark = pytest.mark.django_db
NO_ID = {"pk", "size", "year"}  # the shop itself, and what is nobody’s
OWN = "espace/<int:pk>/"
with (Path(__file__).parent / "data/isolation-tokens.csv").open(newline="") as file:
    LINKS = {row["address"]: row["of"] for row in csv.DictReader(file)}


def holes(address):
    return set(re.findall(r"<(?:\w+:)?(\w+)>", address))


def all_addresses():
    return sorted({"".join(str(pattern) for pattern in way) for way, _ in patterns()})


@pytest.fixture
def things(world):  # noqa: F811
    """Ids of things of the bakery, by the hole of an address that takes them."""
    order, shop = MerchantOrder.objects.get(), world["shop"]
    lines = {
        line.pk: line.units
        for part in offer.parts(offer.load(order.purchase.number), timezone.now())
        for line in part.lines
        if line.units
    }
    declared = Declaration(lines, "Camille Moulin", "camille@voisins.example")
    (given_back,) = declare(order.purchase, declared, lines)
    sent = ProductImport.objects.create(storefront=shop.storefront, file_name="prix.csv", format="ours", rows=[])
    return world["values"][""] | {
        "number": (order.order.number, world["values"]["espace/<int:pk>/decisions/"]["number"]),
        "line": order.order.lines.get().pk,
        "import_pk": sent.pk,
        "archive_pk": MerchantArchive.objects.create(
            merchant=shop, asked_by=world["people"]["owner"], made_at=timezone.now(), content=b"PK"
        ).pk,
        "withdrawal_pk": given_back.pk,
    }


def test_an_id_of_another_shop_is_nothing_at_every_address_of_one_s_own(things, world, cheesemonger, neighbour):  # noqa: F811
    client, wrong = Client(), {}
    client.force_login(neighbour)
    ours = [address for address in addresses() if address.startswith(OWN) and holes(address) - NO_ID]
    assert {hole for address in ours for hole in holes(address)} - NO_ID <= things.keys(), "give the hole a thing"
    assert len(ours) > 10

    for address in ours:
        own = sorted(holes(address) - NO_ID)
        for chosen in product(*(things[hole] if isinstance(things[hole], tuple) else (things[hole],) for hole in own)):
            named = dict(zip(own, chosen, strict=True)) | {"pk": cheesemonger.pk}
            path = "/" + re.sub(r"<\w+:(\w+)>", lambda at: str(named.get(at[1], 1)), address)  # noqa: B023
            for response in (client.get(path), client.post(path, {"act": "x"}, headers=SAME_ORIGIN)):
                back = response.status_code == 302 and response.url == f"/espace/{cheesemonger.pk}/personnes/"
                if response.status_code not in (404, 405) and not back:  # « is gone already » leads to one's own people
                    wrong[path] = response.status_code
            by_owner = path.replace(f"/espace/{cheesemonger.pk}/", f"/espace/{world['shop'].pk}/")
            assert client.get(by_owner).status_code in (404, 405)
    assert wrong == {}
    assert world["shop"].accesses.filter(pk=things["access_id"]).exists()
    assert world["shop"].invitations.filter(pk=things["invitation_id"]).exists()


def test_every_link_with_a_token_has_a_row():
    linked = {address for address in all_addresses() if "token" in holes(address)}

    assert linked - {address for address in linked if address.startswith("_")} == LINKS.keys()


def test_a_forged_link_or_one_of_another_kind_opens_nothing_and_changes_nothing(world, baker):  # noqa: F811
    page = MerchantPage.objects.get(pk=world["shop"].pk)
    put_online(page, baker, opening_hours="Mo 08:00-12:00", confirmed_on=None)
    tokens = {
        "hours": hours_token(page),
        "invitation": access.token_of(page.invitations.get()),
        "forged": "MTIz:1abcde:forged",
        "number": str(page.pk),
        "unsalted": signing.dumps(page.pk),
    }
    accesses, wrong = set(page.accesses.values_list("user", flat=True)), {}
    client = Client()
    client.force_login(make_user())
    for address, kind in LINKS.items():
        for of, token in tokens.items():
            if of == kind:
                continue
            path = "/" + address.replace("<str:token>", token).replace("<token>", token).replace("<uidb64>", "MQ")
            for response in (client.get(path), client.post(path, {"answer": "yes"}, headers=SAME_ORIGIN)):
                told = response.content.decode()
                if response.status_code >= 500 or page.title in told or "camille@voisins.example" in told:
                    wrong[path] = response.status_code
    page.refresh_from_db()
    assert wrong == {}
    assert page.confirmed_on is None
    assert set(page.accesses.values_list("user", flat=True)) == accesses
    assert page.invitations.count() == 1


@pytest.mark.parametrize("who", ["anonymous", "shopper", "other", "removed", "ended", "helper", "mandate", "owner"])
def test_nobody_but_the_staff_reads_what_editors_choose_from(world, who):  # noqa: F811
    client = Client()
    if user := world["people"][who]:
        client.force_login(user)
    lists = [address for address in all_addresses() if address.startswith("gestion/") and "chooser" in address]
    assert len(lists) > 20

    open_to = [
        path
        for path in ("/" + re.sub(r"<\w+:\w+>", "1", address) for address in lists)
        if answer(client, path) not in ("login", "no")
    ]

    assert open_to == []


def indexed():
    while index.consume(waits=True):
        pass


SHOWN_IN = (
    "/recherche/suggestions?q=ruch", "/recherche/?q=ruches", "/recherche/?q=ruches&tout=1", "/sitemap.xml",
    "/sitemap-commercants.xml", "/commerces/privas-07/", "/commercants/",
)  # fmt: skip


@pytest.mark.parametrize("state", ["waits", "suspended", "unpublished"])
def test_whoever_is_not_online_is_in_no_list_suggestion_or_map_of_the_site(places, editor, shopper, settings, state):
    settings.ELASTICSEARCH_URL = []
    application = draft(shopper, declared=DECLARED)
    acts.submit(application)
    page = application.merchant
    if state != "waits":
        verify(page)
        access.give(page, shopper, Role.OWNER, editor)
        page.get_latest_revision().publish()
        indexed()
        assert "Ruches" in Client().get(SHOWN_IN[0]).content.decode()
        page = MerchantPage.objects.get(pk=page.pk)
        impose_at_once(page, editor) if state == "suspended" else page.unpublish()
    indexed()

    client = Client()
    client.force_login(shopper)  # not even to who applied
    told = {where: client.get(where) for where in SHOWN_IN}

    assert [where for where, response in told.items() if "Ruches du Coiron" in response.content.decode()] == []
    assert [where for where, response in told.items() if page.slug in response.content.decode()] == []
