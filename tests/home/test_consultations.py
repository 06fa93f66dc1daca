"""What staff open of other people's data is noted; what they read besides is not."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from directory.people.models import AccessRequest
from directory.vetting.models import Application
from home.reports.models import Notice
from portal.models import Consultation
from portal.privacy.register import holdings
from tests.factories import make_user
from tests.shop.factories import make_product, order_and_confirm, put_in_basket

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db):
    client = Client()
    client.force_login(make_user("admin@region.example", is_superuser=True, is_staff=True))
    return client


@pytest.fixture
def something_of_each(bakery, shopper):
    Application.objects.create(applicant=shopper, siret="73282932000074", declared={"phone": "06 39 98 21 40"})
    AccessRequest.objects.create(merchant=bakery, requester=shopper, text="Bonjour")
    guest = Client()
    put_in_basket(guest, make_product(bakery))
    order_and_confirm(guest)
    return Notice.objects.create(page="/", details="Texte", email="maud@exemple.fr")


def noted():
    return [(one.by.email, one.path, one.holdings) for one in Consultation.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("path", "holding"),
    [
        ("/gestion/notices/", "signalements"),
        ("/gestion/notices/edit/{notice}/", "signalements"),
        ("/gestion/notices/?export=csv", "signalements"),
        ("/gestion/notices/?export=xlsx", "signalements"),
        ("/gestion/demandes-acces/", "demandes d’accès"),
        ("/gestion/users/", "comptes"),
    ],
)
def test_what_an_office_shows_of_people_is_noted(boss, something_of_each, path, holding):
    address = path.format(notice=something_of_each.pk)
    answer = boss.get(address)
    assert answer.status_code == 200
    b"".join(answer.streaming_content) if answer.streaming else answer.content

    ((who, where, what),) = noted()
    assert (who, where) == ("admin@region.example", address.partition("?")[0])
    assert holding in what.split(", ")


@pytest.mark.parametrize(
    "path", ["/gestion/", "/gestion/images/", "/gestion/reports/taches/", "/gestion/reports/locked/"]
)
def test_what_shows_nobody_is_not_noted(boss, path):
    assert boss.get(path).status_code == 200

    assert noted() == []


def test_outside_the_offices_people_read_their_own(client, something_of_each, baker, bakery):
    client.force_login(baker)
    assert client.get(f"/espace/{bakery.pk}/commandes/").status_code == 200

    assert noted() == []


def test_whoever_may_not_enter_has_opened_nothing(client, something_of_each, shopper):
    client.force_login(shopper)
    client.get("/gestion/notices/")

    assert noted() == []


def test_superusers_read_what_was_noted(boss, something_of_each, editor, client):
    notice = f"/gestion/notices/edit/{something_of_each.pk}/"
    boss.get(notice)
    boss.get("/gestion/demandes-acces/")

    page = boss.get("/gestion/reports/consultations/", {"adresse": notice}).content.decode()
    assert notice in page
    assert "admin@region.example" in page
    assert "demandes-acces/</td>" not in page
    client.force_login(editor)
    assert client.get("/gestion/reports/consultations/").status_code == 302


def test_what_was_noted_is_never_rewritten(boss, something_of_each):
    boss.get("/gestion/notices/")

    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Consultation.objects.update(path="/gestion/")
    Consultation.objects.update(by=None)  # the account may go


def test_what_is_watched_is_declared():
    for holding in holdings():
        for column in holding.watched:
            table, name = column.split(".")
            assert name in holding.columns[table].split(), column
