"""Views, searches and presses are counted as sums by week: cached pages too, and nothing of who."""

import time
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from directory.audience import counting
from directory.audience.models import AudienceWeek
from directory.models import MerchantPage
from tests.factories import SAME_ORIGIN
from tests.search.conftest import up_to_date

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch):
    fresh = counting.Counts()
    monkeypatch.setattr(counting, "count", fresh.add)
    monkeypatch.setattr(counting, "give", fresh.give)
    return fresh


@pytest.fixture
def visitor():
    return Client(headers={"User-Agent": PHONE})


def sums(merchant, kind):
    counting.give()
    return sum(AudienceWeek.objects.filter(merchant=merchant).values_list(kind, flat=True))


def test_each_view_counts_whether_the_page_is_cached_or_not(visitor, bakery, settings):
    settings.PAGE_SECONDS = 60
    for _ in range(3):
        assert visitor.get(bakery.public_path).status_code == 200

    assert sums(bakery, "views") == 3
    visitor.get(bakery.public_path)
    assert sums(bakery, "views") == 4


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "facebookexternalhit/1.1 link preview"},
        {"User-Agent": "Some-Crawler/2"},
        {"User-Agent": "Uptime monitor"},
        {"User-Agent": PHONE, "Sec-Purpose": "prefetch;prerender"},
        {"User-Agent": PHONE, "Purpose": "prefetch"},
    ],
)
def test_programs_and_pages_fetched_ahead_do_not_count(bakery, headers):
    assert Client(headers=headers).get(bakery.public_path).status_code == 200

    assert sums(bakery, "views") == 0


def test_whoever_is_logged_in_does_not_count(visitor, bakery, baker):
    visitor.force_login(baker)
    visitor.get(bakery.public_path)

    assert sums(bakery, "views") == 0


@pytest.mark.parametrize("path", ["/commercants/", "/commercants/personne/", "/", "/recherche/?q=zzz"])
def test_other_pages_do_not_count(visitor, bakery, path):
    visitor.get(path)
    visitor.head(bakery.public_path)

    assert sums(bakery, "views") == 0


@pytest.mark.parametrize(("kind", "column"), [("appel", "calls"), ("itineraire", "directions")])
def test_a_press_is_told_by_the_link_s_ping_without_a_script(visitor, bakery, kind, column):
    MerchantPage.objects.filter(pk=bakery.pk).update(phone="04 75 64 01 01")
    address = reverse("press", args=[bakery.slug, kind])
    assert f'ping="{address}"' in visitor.get(bakery.public_path).content.decode()

    response = visitor.post(address, "PING", content_type="text/ping", headers=SAME_ORIGIN)

    assert (response.status_code, response.cookies) == (204, {})
    assert sums(bakery, column) == 1


def test_a_press_from_another_site_or_of_another_kind_counts_nothing(visitor, bakery):
    address = reverse("press", args=[bakery.slug, "appel"])

    assert visitor.post(address).status_code == 403
    assert visitor.get(address).status_code == 405
    assert visitor.post(reverse("press", args=[bakery.slug, "visite"]), headers=SAME_ORIGIN).status_code == 404
    assert sums(bakery, "calls") == 0


def test_a_search_counts_for_those_whom_it_shows(visitor, bakery, cheesemonger, settings):
    settings.ELASTICSEARCH_URL = []
    up_to_date()
    page = visitor.get("/recherche/?q=boulangerie&ou=Privas")

    assert bakery.title in page.content.decode()
    assert sums(bakery, "shown") == 1
    assert sums(cheesemonger, "shown") == 0


def test_weeks_begin_on_monday_in_paris(visitor, bakery):
    for moment in ("2026-11-29 23:30+01:00", "2026-11-30 00:30+01:00"):
        with time_machine.travel(moment, tick=False):
            counting.count("views", bakery.slug)

    counting.give()
    assert dict(AudienceWeek.objects.values_list("week", "views")) == {date(2026, 11, 23): 1, date(2026, 11, 30): 1}


def test_sums_of_several_processes_add_up_and_those_of_the_gone_are_left_out(bakery, cheesemonger):
    for number in range(3):
        process = counting.Counts()
        process.add("views", bakery.slug, bakery.slug, "parti", 999_999)
        process.add("shown", bakery.pk, cheesemonger.pk)
        process.add("calls", *([bakery.slug] * number))
        process.give()

    row = AudienceWeek.objects.get(merchant=bakery)
    assert (row.views, row.shown, row.calls, row.directions) == (6, 3, 3, 0)
    assert AudienceWeek.objects.get(merchant=cheesemonger).shown == 3


def test_what_cannot_be_stored_is_kept_for_the_next_time(bakery, monkeypatch):
    counting.count("views", bakery.slug)
    with monkeypatch.context() as away:
        away.setattr(counting, "_store", lambda held: (_ for _ in ()).throw(connection.Database.OperationalError()))
        away.setattr(counting, "Error", connection.Database.OperationalError)
        counting.give()

    assert sums(bakery, "views") == 1


def test_counting_costs_a_page_next_to_nothing(nothing_counted):
    """Far below a hundredth of what the cheapest page costs, however busy the machine is."""
    request = RequestFactory().get("/commercants/fournil/", headers={"User-Agent": PHONE})
    began = time.process_time()
    for _ in range(1000):
        counting.is_visitor(request)
        nothing_counted.add("views", "fournil")

    assert (time.process_time() - began) / 1000 < 0.0005  # seconds
