"""Who gets in where: each address of the merchant's space and of the desk of merchants, for each person.

tests/directory/data/isolation.csv says it: an address stands there itself or under a beginning (**), the longest that
fits. in: an answer that is theirs; 404: a stranger's; login: led to the login; no: turned away by the admin. An address
that no row fits fails, as does one that answers otherwise.
"""

import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import MerchantManager, MerchantPage, ReasonTemplate
from directory.people import access, requests
from directory.people.models import AccessRequest, Role
from directory.vetting.documents import vault
from directory.vetting.documents.models import Document
from directory.vetting.sanctions import acts
from directory.vetting.sanctions.kinds import Measure
from home.reports.models import Complaint, Notice, TrustedFlagger
from shop.bulk import buy
from shop.models import Enquiry, MerchantOrder
from shop.purchases import Contact
from shop.receipts import issuing
from tests.directory.vetting.applications import draft as make_application
from tests.directory.vetting.evidence import verify
from tests.directory.vetting.procedures import case, impose_at_once
from tests.factories import SAME_ORIGIN, make_user
from tests.shop.factories import make_enquiry, make_product
from tests.urls import patterns

pytestmark = pytest.mark.django_db
PLACES = ("espace/", "gestion/verifications", "gestion/merchant_accesses", "gestion/demandes-acces", "gestion/notices",
          "gestion/complaints", "gestion/trusted_flaggers")  # fmt: skip
with (Path(__file__).parent / "data/isolation.csv").open(newline="") as file:
    TABLE = {row.pop("address"): row for row in csv.DictReader(file)}
PEOPLE = ("anonymous", "shopper", "other", "removed", "ended", "helper", "mandate", "owner", "suspended", "editor")
# What the admin keeps from everybody: nothing is added to these by hand, nor deleted.
SHUT = re.compile(r"gestion/(notices|complaints)/(new|delete)/")
# Answered by a token of an e-mail, whoever brings it (tests/shop/test_digest.py, tests/directory/freshness).
BY_TOKEN = re.compile(r"espace/(?!invitation)[\w-]+/<str:token>/")


def addresses():
    ways = {"".join(str(pattern) for pattern in way) for way, _ in patterns()}
    return sorted(way for way in ways if way.startswith(PLACES) and not BY_TOKEN.match(way))


def row_of(address):
    """Return the row of an address: its own, or that of the longest beginning of it."""
    if address in TABLE:
        return TABLE[address]
    begun = [known for known in TABLE if known.endswith("**") and address.startswith(known[:-2])]
    return TABLE[max(begun, key=len)] if begun else None


@pytest.fixture
def world(bakery, baker, shopper, neighbour, cheesemonger, editor, settings):
    """A shop with something of everything, and everybody who might want to see it."""
    settings.DOCUMENT_KEYS = [Fernet.generate_key().decode()]
    verify(bakery)
    enquiry = make_enquiry(bakery)
    product = make_product(bakery)
    buy({product: 1}, Contact("Camille Moulin", "camille@voisins.example", "06 39 98 21 40"))
    helper, removed, mandated, ended = (make_user() for _ in range(4))
    MerchantManager.objects.create(merchant=bakery, user=helper, role=Role.HELPER)
    today, agency = timezone.localdate(), "Mairie de Privas"
    for user, until in ((mandated, today), (ended, today - timedelta(days=1))):
        MerchantManager.objects.create(merchant=bakery, user=user, role=Role.MANDATE, agency=agency, until=until)
    gone = MerchantManager.objects.create(merchant=bakery, user=removed, role=Role.OWNER)
    assert access.remove(gone.pk, bakery, baker)
    access.invite(bakery, "lea@exemple.fr", Role.HELPER, baker)
    asking = make_user()
    requests.ask(bakery, asking, AccessRequest.Kind.JOIN, "Je travaille ici.")
    application = make_application(shopper, siret="54210765113030")
    opened = acts.open_hearing(bakery, editor, case(Measure.WARNING))
    document = Document.objects.create(
        merchant=bakery,
        kind="bank",
        media_type="application/pdf",
        size=1,
        sealed=vault.seal(b"x"),
        sent_by=baker,
        sender="Maud",
    )
    notice = Notice.objects.create(page=bakery.public_path, reason="ferme", details="Fermé.", email="a@exemple.fr")
    complaint = Complaint.objects.create(notice=notice, side="sender", text="Non.")
    flagger = TrustedFlagger.objects.create(name="Association", email="veille@conso.example")
    template = ReasonTemplate.objects.create(use="ask", title="RIB", text="Envoyez le RIB.")
    order = MerchantOrder.objects.get()
    issuing.give_mandate(order.storefront, baker)
    receipt = issuing.issue(order)
    return {
        "people": {
            "anonymous": None,
            "shopper": shopper,
            "other": neighbour,
            "removed": removed,
            "ended": ended,
            "helper": helper,
            "mandate": mandated,
            "owner": baker,
            "suspended": baker,
            "editor": editor,
        },
        "shop": bakery,
        "values": {
            "espace/<int:pk>/": {"pk": bakery.pk},
            "espace/<int:pk>/commandes/": {"number": order.order.number},
            "espace/<int:pk>/decisions/": {"number": opened.number},
            "espace/inscription/<str:number>/": {"number": application.number},
            "gestion/verifications/dossier/": {"number": application.number},
            "gestion/verifications/fiche/": {"pk": bakery.pk},
            "gestion/verifications/procedure/": {"number": opened.number},
            "gestion/verifications/piece/": {"number": document.number},
            "gestion/verifications/motifs/": {"pk": template.pk},
            "gestion/merchant_accesses/": {"pk": MerchantManager.objects.get(user=helper).pk},
            "gestion/notices/": {"pk": notice.pk},
            "gestion/complaints/": {"pk": complaint.pk},
            "gestion/trusted_flaggers/": {"pk": flagger.pk},
            "": {
                "product_pk": product.pk,
                "access_id": MerchantManager.objects.get(user=helper).pk,
                "invitation_id": bakery.invitations.get().pk,
                "request_id": AccessRequest.objects.get().pk,
                "siret": "73282932000074",
                "token": access.token_of(bakery.invitations.get()),
                "size": "a4",
                "receipt_pk": receipt.pk,
                "enquiry_pk": enquiry.pk,
                "year": receipt.year,
            },
        },
    }


def filled(address, world):
    """Return an address with the shop's own ids in it, and whether all of it exists."""
    is_known = True

    def value(found):
        nonlocal is_known
        begun = [known for known in world["values"] if address.startswith(known) and found[1] in world["values"][known]]
        if not begun:
            is_known = False
            return "999999"
        return str(world["values"][max(begun, key=len)][found[1]])

    return "/" + re.sub(r"<\w+:(\w+)>", value, address), is_known


def answer(client, path):
    """Return what somebody gets at an address, in the words of the table; what was done is undone."""
    with transaction.atomic():
        response = client.get(path)
        if response.status_code == 405:
            response = client.post(path, {}, headers=SAME_ORIGIN)
        transaction.set_rollback(True)
    status, to = response.status_code, response.get("Location", "")
    if status in (301, 302) and to.startswith((reverse("account_login"), "/gestion/login/")):
        return "login"
    if status == 403 or (status == 302 and path.startswith("/gestion/") and not to.startswith(path)):
        return "no"
    return "404" if status in (404, 410) else "in" if status < 500 else str(status)


def test_every_address_of_merchants_has_a_row():
    assert [address for address in addresses() if row_of(address) is None] == [], "give it a row in isolation.csv"
    assert all(set(row) == set(PEOPLE) for row in TABLE.values())
    assert len(addresses()) > 60


@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_gets_what_the_table_says_at_every_address(world, who):
    client = Client()
    if who == "suspended":
        impose_at_once(world["shop"], world["people"]["editor"])
    if user := world["people"][who]:
        client.force_login(user)
    wrong = {}
    for address in addresses():
        path, is_known = filled(address, world)
        expected, got = row_of(address)[who], answer(client, path)
        if SHUT.match(address) and expected == "in":
            expected = "no"
        if expected == "in" and not is_known:
            continue  # nothing of the kind exists here: only that strangers get nothing is looked at
        if got != expected:
            wrong[address] = f"{got}, not {expected}"
    assert wrong == {}


def test_an_export_holds_nothing_of_another_shop(world, cheesemonger, neighbour):
    client = Client()
    client.force_login(neighbour)
    ours = [way for way in addresses() if way.endswith((".csv", ".json")) and way.startswith("espace/<int:pk>/")]

    assert ours
    for way in ours:
        text = b"".join(client.get("/" + way.replace("<int:pk>", str(cheesemonger.pk)))).decode()
        assert "Fournil" not in text
        assert "camille@voisins.example" not in text


@pytest.mark.parametrize(
    "where", ["/sitemap.xml", "/sitemap-commercants.xml", "/recherche/?q=fournil", "/commercants/"]
)
def test_a_suspended_merchant_is_nowhere_to_be_found(world, editor, where):
    impose_at_once(world["shop"], editor)
    connection.check_constraints()

    response = Client().get(where)

    assert response.status_code in (200, 404)
    assert world["shop"].public_path not in response.content.decode()
    assert Client().get(world["shop"].public_path).status_code == 410
    assert not MerchantPage.objects.live().filter(pk=world["shop"].pk).exists()


def test_ids_of_others_in_a_form_of_one_s_own_shop_change_nothing(world, cheesemonger, neighbour):
    """The shop in the address is his, what the address or the form names is not."""
    client = Client()
    client.force_login(neighbour)
    values, shop = world["values"][""], cheesemonger.pk
    for path in (
        f"/espace/{shop}/produits/{values['product_pk']}/",
        f"/espace/{shop}/personnes/{values['access_id']}/retirer/",
        f"/espace/{shop}/personnes/invitations/{values['invitation_id']}/annuler/",
        f"/espace/{shop}/personnes/demandes/{values['request_id']}/",
        f"/espace/{shop}/decisions/{world['values']['espace/<int:pk>/decisions/']['number']}/",
        f"/espace/{shop}/commandes/{world['values']['espace/<int:pk>/commandes/']['number']}/annuler/",
        f"/espace/{shop}/demandes/{values['enquiry_pk']}/",
    ):
        client.post(path, {"answer": "give", "act": "observe", "text": "Moi.", "reponse": "non"}, headers=SAME_ORIGIN)

    assert MerchantManager.objects.filter(pk=values["access_id"]).exists()
    assert world["shop"].invitations.filter(pk=values["invitation_id"]).exists()
    assert AccessRequest.objects.get(pk=values["request_id"]).state == "waiting"
    assert not world["shop"].sanctions.get().observations.exists()
    assert MerchantOrder.objects.get().cancelled_because == ""
    assert Enquiry.objects.get().state == "envoyee"
