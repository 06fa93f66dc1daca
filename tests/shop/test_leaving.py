"""A merchant takes everything along in open formats, and asks to be closed once nothing waits."""

import csv
import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from directory.models import MerchantManager, MerchantPicture
from directory.people.models import Role
from home.purges import PURGES
from portal.models import Picture
from shop.importing.values import stored
from shop.leaving.models import KEPT, MerchantArchive
from shop.messages import sending
from shop.messages.models import Message
from shop.models import MerchantOrder, Storefront
from shop.products import Product
from tests.factories import make_picture, make_user
from tests.jobs import do_jobs
from tests.shop.factories import make_product, order_and_confirm, put_in_basket

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaving(client, baker, bakery):
    client.force_login(baker)
    return reverse("leave", args=[bakery.pk])


def archive(client, leaving):
    """Ask for the file, have it made, follow the link of the e-mail; return its files by name."""
    mail.outbox.clear()
    client.post(leaving, {"emporter": "1"})
    do_jobs()
    (sent,) = mail.outbox
    link = next(line for line in sent.body.splitlines() if "archive-" in line).strip()
    response = client.get(link[link.index("/espace/") :])
    assert response["Content-Type"] == "application/zip"
    with ZipFile(io.BytesIO(response.content)) as archived:
        return {name: archived.read(name) for name in archived.namelist()}


def test_everything_is_in_it_in_open_formats(client, leaving, bakery, baker, loaf):
    MerchantPicture.objects.create(merchant=bakery, image=make_picture("Vitrine"), sort_order=0)
    put_in_basket(client, loaf)
    order_and_confirm(client)
    client.force_login(baker)
    order = MerchantOrder.objects.get()
    sending.send(order, Message.Author.BUYER, "À quelle heure ?")

    files = archive(client, leaving)

    assert json.loads(files["fiche.json"])["fiche"]["title"] == bakery.title
    assert files["horaires.osm.txt"].decode().strip() == bakery.opening_hours
    events = Calendar.from_ical(files["horaires.ics"].decode()).walk("VEVENT")
    assert len(events) > 300
    assert all(event["dtend"].dt > event["dtstart"].dt for event in events)
    (row,) = csv.DictReader(io.StringIO(files["commandes.csv"].decode("utf-8-sig")), delimiter=";")
    assert row["Commande"] == order.order.number
    (message,) = json.loads(files["messages.json"])
    assert message["message"] == "À quelle heure ?"
    with Picture.objects.get().file.open() as picture:
        assert files["photos/page-1.jpg"] == picture.read()


def test_its_articles_import_again(client, leaving, bakery, loaf):
    make_product(bakery, title="Fougasse; aux « noix »")
    shop = Storefront.objects.get(merchant=bakery)
    before = stored(shop)
    content = archive(client, leaving)["articles.csv"]

    send = reverse("import_products", args=[bakery.pk])
    shown = client.post(send, {"file": SimpleUploadedFile("articles.csv", content)}).url
    assert [part["key"] for part in client.get(shown).context["sections"]] == ["same"]

    Product.objects.all().delete()
    shown = client.post(send, {"file": SimpleUploadedFile("articles.csv", content)}).url
    client.post(shown, {"appliquer": "", "plan": client.get(shown).context["fingerprint"]})
    assert list(stored(shop).values()) == list(before.values())


def test_a_merchant_without_a_shop_takes_the_page_along(client, leaving):
    files = archive(client, leaving)

    assert set(files) == {"LISEZ-MOI.txt", "fiche.json", "horaires.osm.txt", "horaires.ics"}


def test_the_link_is_the_asker_s_while_they_keep_the_page_and_it_lasts(client, leaving, bakery, baker, neighbour):
    archive(client, leaving)
    address = reverse("merchant_archive", args=[bakery.pk, MerchantArchive.objects.get().pk])
    helper = make_user()
    MerchantManager.objects.create(merchant=bakery, user=helper, role=Role.HELPER)
    for other in (helper, neighbour):
        stranger = Client()
        stranger.force_login(other)
        assert stranger.get(address).status_code == 404
    assert Client().get(address).status_code == 302

    MerchantArchive.objects.update(made_at=timezone.now() - KEPT - timedelta(minutes=1))
    assert client.get(address).status_code == 404
    MerchantArchive.objects.update(made_at=timezone.now())
    MerchantManager.objects.filter(user=baker).delete()
    assert client.get(address).status_code == 404


def test_whoever_lost_the_page_before_it_was_made_gets_nothing(client, leaving, baker):
    client.post(leaving, {"emporter": "1"})
    MerchantManager.objects.filter(user=baker).delete()
    do_jobs()

    assert mail.outbox == []
    assert MerchantArchive.objects.get().content is None


def test_it_is_deleted_after_a_week(client, leaving):
    archive(client, leaving)
    (purge,) = (one for one in PURGES if one.name == "merchant archives")
    assert purge.run(timezone.now()) == 0
    assert purge.run(timezone.now() + KEPT + timedelta(minutes=1)) == 1


def test_the_fourth_of_a_day_is_refused(client, leaving):
    for _ in range(4):
        page = client.post(leaving, {"emporter": "1"}, follow=True)

    assert "demandez le suivant demain" in page.content.decode()
    assert MerchantArchive.objects.count() == 3
