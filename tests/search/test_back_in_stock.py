"""« Soyez prévenu de son retour »: one e-mail when an article is for sale again, by the mechanism of alerts."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from home.purges import PURGES
from search.alerts.lookout import notify_back, notify_matches
from search.alerts.models import MOST_WAITING, Alert
from tests.factories import SAME_ORIGIN
from tests.shop.factories import make_product

pytestmark = pytest.mark.usefixtures("strict_templates", "without_elasticsearch")
StockRecord = get_model("partner", "StockRecord")
EMAIL = "odile@voisins.example"


@pytest.fixture
def sold_out(bakery):
    return make_product(bakery, title="Pain de seigle", stock=0)


def ask(product, email=EMAIL):
    return Client().post("/recherche/alerte/", {"email": email, "article": product.pk}, headers=SAME_ORIGIN)


def link():
    return re.search(r"http://127\.0\.0\.1:8000(/recherche/alerte/\S+)", mail.outbox[-1].body)[1]


def confirm(address):
    return Client().post(
        f"{address}confirmer/", {"vu": Alert.objects.latest("pk").pk}, headers=SAME_ORIGIN, follow=True
    )


def restock(product, count=3):
    StockRecord.objects.filter(product=product).update(num_in_stock=count)


def test_from_a_sold_out_article_to_its_return(sold_out):
    page = Client().get(sold_out.get_absolute_url())
    assert f'name="article" value="{sold_out.pk}"' in page.content.decode()
    assert not page.cookies

    assert ask(sold_out).status_code == 200
    assert "Pain de seigle" in mail.outbox[0].body
    shown = Client().get(link())
    assert "Pain de seigle" in shown.content.decode()
    assert notify_back() == 0
    confirm(link())
    assert notify_back() == 0  # there is none yet
    restock(sold_out)
    assert notify_back() == 1

    told = mail.outbox[-1]
    assert (told.to, told.subject) == ([EMAIL], "De retour : Pain de seigle")
    assert sold_out.get_absolute_url() in told.body
    assert "List-Unsubscribe" in told.extra_headers
    assert not Alert.objects.exists()
    assert notify_back() == 0


def test_who_never_confirms_is_never_told(sold_out):
    ask(sold_out)
    restock(sold_out)
    assert notify_back() == 0
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("why", ["hidden", "promised", "shop closed", "page gone"])
def test_what_cannot_be_bought_is_not_back(sold_out, bakery, why):
    ask(sold_out)
    confirm(link())
    restock(sold_out)
    if why == "hidden":
        type(sold_out).objects.filter(pk=sold_out.pk).update(is_public=False)
    elif why == "promised":
        StockRecord.objects.filter(product=sold_out).update(num_allocated=3)
    elif why == "shop closed":
        bakery.accesses.all().delete()
    else:
        bakery.unpublish()
    assert notify_back() == 0
    assert Alert.objects.count() == 1


@pytest.mark.parametrize("article", ["0", "-1", "abc", "999999999", "9" * 30, "unlisted", "in stock"])
def test_what_is_no_sold_out_article_is_refused(bakery, article):
    if article == "unlisted":
        product = make_product(bakery, stock=0)
        type(product).objects.filter(pk=product.pk).update(is_public=False)
        article = product.pk
    elif article == "in stock":
        article = make_product(bakery, stock=2).pk
    page = Client().post("/recherche/alerte/", {"email": EMAIL, "article": article}, headers=SAME_ORIGIN)
    assert page.context["form"].errors
    assert EMAIL in page.content.decode()
    assert not Alert.objects.exists()
    assert mail.outbox == []


def test_asked_twice_is_asked_once_and_a_mailbox_has_few_that_wait(bakery, sold_out):
    for _ in range(3):
        ask(sold_out)
    assert Alert.objects.count() == 1
    for number in range(MOST_WAITING + 1):
        ask(make_product(bakery, title=f"Tourte {number}", stock=0))
    assert Alert.objects.count() == MOST_WAITING
    assert len(mail.outbox) == 1


def test_it_ends_by_its_link_and_with_its_article(sold_out, bakery):
    ask(sold_out)
    Client().post(f"{link()}arreter/")
    assert not Alert.objects.exists()
    ask(sold_out, "paul@voisins.example")
    sold_out.delete()
    assert not Alert.objects.exists()


def test_a_merchant_who_arrives_is_no_return(sold_out, places):
    ask(sold_out)
    confirm(link())
    assert notify_matches(timezone.now() + timedelta(hours=1)) == 0
    assert Alert.objects.count() == 1


def test_it_is_kept_half_a_year(sold_out):
    ask(sold_out)
    confirm(link())
    purge = next(purge for purge in PURGES if purge.name == "alerts")
    assert purge.count(timezone.now() + timedelta(days=182)) == 0
    assert purge.count(timezone.now() + timedelta(days=184)) == 1
