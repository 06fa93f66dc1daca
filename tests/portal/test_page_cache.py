"""Public pages are kept for a minute at most, and forgotten as soon as something they show changes."""

import gzip
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import caches
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.models import Collection

from directory.guides import TownGuide
from directory.hours import PARIS
from directory.markets import Market
from directory.models import MerchantManager, MerchantPage
from home.models import Partner, StoryIndexPage, StoryPage
from home.site_settings import SiteSettings, _read
from home.snippets import Spotlight
from portal import typography
from portal.changes import forget_old
from portal.memory import process_cache
from portal.models import Picture
from portal.typography import no_break_html
from tests.factories import make_merchant, make_site_settings
from tests.home.test_campaigns import make_campaign
from tests.shop.factories import make_product, order, put_in_basket

# Snapshots tell transactions apart, so that changes must be committed.
pytestmark = pytest.mark.django_db(transaction=True)

StockRecord = get_model("partner", "StockRecord")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def keeping(settings):
    settings.PAGE_SECONDS = 60
    caches["pages"].clear()
    with time_machine.travel(TUESDAY, tick=False):
        yield
    caches["pages"].clear()


@pytest.fixture
def loaf(bakery):
    return make_product(bakery, title="Pain de seigle", price=Decimal("4.90"), stock=5)


@pytest.fixture
def story(db):
    page = StoryIndexPage.objects.get().add_child(instance=StoryPage(title="Le picodon attend jeudi", intro="…"))
    page.save_revision().publish()
    return page


@pytest.fixture
def region(places, bakery, cheesemonger, loaf, story):
    """Addresses by name: two merchants who know nothing of each other, what they sell, and who shows them."""
    picodon = make_product(cheesemonger, title="Picodon affiné")
    return {
        "home": "/",
        "merchants": "/commercants/",
        "bakery": bakery.public_path,
        "cheesemonger": cheesemonger.public_path,
        "loaf": loaf.get_absolute_url(),
        "picodon": picodon.get_absolute_url(),
        "towns": "/commerces/",
        "Ardèche": "/commerces/ardeche/",
        "Loire": "/commerces/loire/",
        "Privas": places.privas.get_absolute_url(),
        "bakeries of Privas": f"{places.privas.get_absolute_url()}boulangerie-patisserie/",
        "Saint-Étienne": places.saint_etienne.get_absolute_url(),
        "stories": "/histoires/",
        "story": story.public_path,
        "legal notice": "/mentions-legales/",
    }


def is_kept(path, client=None):
    """Return whether a visitor gets the page from the cache: all it then costs is one look at what changed."""
    with CaptureQueriesContext(connection) as queries:
        response = (client or Client()).get(path)
    assert response.status_code == 200
    return len(queries) == 1 and "tag = any(" in queries[0]["sql"]


@pytest.fixture
def purged_by(region):
    """A function that makes a change when all pages are kept, and returns the names of those that no longer are.

    It makes sure that they then tell what a process would tell that remembers nothing.
    """

    def purged_by(change):
        for path in region.values():
            Client().get(path)
        assert [name for name, path in region.items() if not is_kept(path)] == []

        change()
        purged = {name for name, path in region.items() if not is_kept(path)}
        pages = {name: Client().get(region[name]).text for name in purged}
        process_cache.clear()
        caches["pages"].clear()
        assert pages == {name: Client().get(region[name]).text for name in purged}
        return purged

    return purged_by


def test_a_page_is_made_once_for_all_visitors(client, region):
    first = client.get(region["bakery"])

    assert is_kept(region["bakery"])
    assert Client().get(region["bakery"]).content == first.content


def test_a_change_of_price_reaches_the_product_and_whoever_lists_it(purged_by, loaf):
    purged = purged_by(lambda: StockRecord.objects.filter(product=loaf).update(price=Decimal("5.10")))

    assert purged == {"loaf", "bakery", "home", "Privas", "bakeries of Privas"}


def test_a_sale_reaches_the_product_and_whoever_lists_it(purged_by, loaf):
    def sell():
        shopper = Client()
        put_in_basket(shopper, loaf)
        assert order(shopper).status_code == 303

    assert purged_by(sell) == {"loaf", "bakery", "home", "Privas", "bakeries of Privas"}


def test_a_new_product_reaches_its_merchant_what_she_sells_and_who_pictures_it(purged_by, bakery):
    purged = purged_by(lambda: make_product(bakery, title="Brioche"))

    assert purged == {"bakery", "loaf", "home", "merchants", "Privas", "bakeries of Privas"}


def test_the_last_one_sold_reaches_whoever_proposes_what_is_in_stock(purged_by, loaf):
    purged = purged_by(lambda: StockRecord.objects.filter(product=loaf).update(num_in_stock=0))

    assert purged == {"bakery", "loaf", "home", "merchants", "Privas", "bakeries of Privas"}


def test_a_renamed_merchant_reaches_all_who_name_her(purged_by, bakery):
    bakery.title = "Le Fournil du Palais"

    purged = purged_by(lambda: bakery.save_revision().publish())

    assert purged == {"bakery", "loaf", "home", "merchants", "towns", "Privas", "bakeries of Privas"}


def test_a_renamed_merchant_reaches_her_neighbours(purged_by, places, region):
    near = make_merchant(title="Chez Nine", town=places.die, latitude=44.75, longitude=5.37)

    purged = purged_by(lambda: near.__class__.objects.filter(pk=near.pk).update(title="Chez Ninon"))

    assert {"bakery", "cheesemonger"} <= purged
    assert not purged & {"loaf", "picodon", "Privas", "Saint-Étienne", "story", "Ardèche"}


def test_new_hours_reach_whoever_says_who_is_open(purged_by, bakery):
    purged = purged_by(lambda: MerchantPage.objects.filter(pk=bakery.pk).update(opening_hours="Mo off"))

    assert purged == {"bakery", "loaf", "home", "merchants", "towns", "Privas", "bakeries of Privas"}


def test_a_shop_that_may_no_longer_sell_reaches_whoever_proposes_what_it_sold(purged_by, bakery, loaf):
    purged = purged_by(lambda: MerchantManager.objects.filter(merchant=bakery).delete())

    assert purged == {"bakery", "loaf", "home", "merchants", "Privas", "bakeries of Privas"}


def test_a_merchant_who_leaves_reaches_all_who_count_her(purged_by, region, bakery):
    del region["bakery"], region["loaf"], region["bakeries of Privas"]  # they leave with them

    # Saint-Étienne proposes Privas among its neighbours, with the number of its merchants.
    assert purged_by(bakery.unpublish) == {"home", "merchants", "towns", "Ardèche", "Privas", "Saint-Étienne"}


def test_raw_sql_reaches_the_pages_too(purged_by, bakery):
    def write():
        with connection.cursor() as cursor:
            cursor.execute("update directory_merchantpage set confirmed_on = now() where page_ptr_id = %s", [bakery.pk])

    assert purged_by(write) == {"bakery", "loaf", "home", "merchants", "Privas", "bakeries of Privas"}


def test_a_draft_reaches_nobody(purged_by, bakery, story):
    def draft():
        for page in (bakery, story):
            page.title = "Autrement"
            page.save_revision()

    assert purged_by(draft) == set()


def test_a_published_story_reaches_the_front_page_and_the_list(purged_by, story):
    story.intro = "Une autre."

    purged = purged_by(lambda: story.save_revision().publish())

    assert purged == {"home", "stories", "story", "Privas", "Saint-Étienne"}  # towns show the stories told of them


def test_what_the_region_says_on_all_pages_reaches_all_of_them(purged_by, region):
    site = SiteSettings.load()
    site.announcement = "Le portail ferme lundi soir."

    purged = purged_by(site.save)

    assert purged == set(region)
    assert "ferme lundi soir" in Client().get("/").text


def test_a_label_that_a_merchant_gains_reaches_whoever_lists_those_who_have_it(purged_by, region, bakery):
    block = {"title": "Bio", "town": None, "category": None, "label": "bio", "number": 3}
    region["campaign"] = make_campaign(("merchants_around", block)).public_path

    purged = purged_by(lambda: MerchantPage.objects.filter(pk=bakery.pk).update(labels=["bio"]))

    assert "campaign" in purged
    assert bakery.title in Client().get(region["campaign"]).text


def test_a_renamed_merchant_reaches_the_spotlight_on_her(purged_by, region, bakery):
    Spotlight.objects.create(merchant=bakery, words="Du levain.")
    region["campaign"] = make_campaign(("spotlights", {"title": "À l’honneur"})).public_path

    purged = purged_by(lambda: MerchantPage.objects.filter(pk=bakery.pk).update(title="Chez Maud"))

    assert "campaign" in purged
    assert "Chez Maud" in Client().get(region["campaign"]).text


def test_a_merchant_who_comes_back_reaches_the_spotlight_on_her(purged_by, region, bakery):
    Spotlight.objects.create(merchant=bakery, words="Du levain.")
    MerchantPage.objects.filter(pk=bakery.pk).update(live=False)
    for hers in ("bakery", "loaf", "bakeries of Privas"):
        del region[hers]
    region["campaign"] = make_campaign(("spotlights", {"title": "À l’honneur"})).public_path

    purged = purged_by(lambda: MerchantPage.objects.filter(pk=bakery.pk).update(live=True))

    assert "campaign" in purged
    assert bakery.title in Client().get(region["campaign"]).text


def test_a_partner_reaches_all_pages(purged_by, region):
    assert purged_by(lambda: Partner.objects.create(name="La Région", url="https://region.example")) == set(region)


def test_a_market_reaches_its_town_and_whoever_lists_markets(purged_by, places):
    day = {"weekday": 1, "opens": "08:00", "closes": "12:00", "place": "Place du Foiral", "source": "mairie"}

    assert purged_by(lambda: Market.objects.create(town=places.privas, **day)) == {
        "home",
        "towns",
        "Privas",
        "bakeries of Privas",
    }


def test_words_on_a_town_reach_that_town(purged_by, places):
    purged = purged_by(lambda: TownGuide.objects.create(town=places.privas, text="<p>Le samedi.</p>"))

    assert purged == {"Privas", "bakeries of Privas"}


def test_a_statement_that_changes_thousands_of_things_reaches_only_who_shows_them(purged_by, region):
    collection = Collection.get_first_root_node()
    Picture.objects.bulk_create(
        Picture(title="Vitrine", file="vitrine.jpg", width=1, height=1, collection=collection) for _ in range(1001)
    )

    assert purged_by(lambda: Picture.objects.update(credit="Région")) == set()


def test_a_change_that_is_committed_while_the_page_is_made_is_not_missed(region, bakery, monkeypatch):
    """The page reads the old name, the change commits, and only then is the page kept."""
    serve = MerchantPage.serve

    def serve_slowly(self, request, *args, **kwargs):
        response = serve(self, request, *args, **kwargs).render()
        MerchantPage.objects.filter(pk=bakery.pk).update(title="Le Fournil du Palais")
        return response

    monkeypatch.setattr(MerchantPage, "serve", serve_slowly)
    assert "Le Fournil des Mines" in Client().get(bakery.public_path).text
    monkeypatch.undo()

    assert "Le Fournil du Palais" in Client().get(bakery.public_path).text


def test_a_change_that_is_rolled_back_reaches_nobody(purged_by, bakery):
    def give_up():
        with transaction.atomic():
            MerchantPage.objects.filter(pk=bakery.pk).update(phone="04 75 64 00 02")
            transaction.set_rollback(True)

    assert purged_by(give_up) == set()


def test_nobody_reads_a_page_older_than_a_minute(region):
    with time_machine.travel(TUESDAY, tick=False) as clock:
        Client().get(region["bakery"])
        clock.shift(timedelta(seconds=59))
        assert is_kept(region["bakery"])
        assert Client().get(region["bakery"])["Cache-Control"] == "public, max-age=1"

        clock.shift(timedelta(seconds=1))
        assert not is_kept(region["bakery"])


@pytest.mark.parametrize("name", ["home", "bakery", "Privas", "bakeries of Privas"])
def test_a_page_made_anew_asks_only_what_has_changed(region, settings, name):
    settings.PAGE_SECONDS = 0
    Client().get(region[name])

    with CaptureQueriesContext(connection) as queries:
        Client().get(region[name])

    assert len(queries) == 1
    assert "pg_current_snapshot" in queries[0]["sql"]


def test_a_process_that_remembers_nothing_makes_the_front_page_in_thirteen_queries(
    region, django_assert_max_num_queries
):
    make_site_settings()
    process_cache.clear()
    _read.cache_clear()

    with django_assert_max_num_queries(13):  # one of them for the pages in the menus
        page = Client().get(region["home"]).text

    assert "Pain de seigle" in page
    assert "Le picodon attend jeudi" in page


def test_what_a_load_balancer_asks_is_answered_by_a_new_process_without_a_database():
    def refuse(*arguments):
        raise OperationalError("down")

    process_cache.clear()

    with connection.execute_wrapper(refuse):
        assert Client().get("/sante/").status_code == 503


@pytest.fixture
def outage():
    """A context in which the database answers nobody."""

    def refuse(*arguments):
        raise OperationalError("down")

    return lambda: connection.execute_wrapper(refuse)


def test_a_kept_page_goes_on_being_shown_while_the_database_is_away(region, outage):
    client = Client(raise_request_exception=False)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        before = client.get(region["bakery"])

        for minutes in (0, 5):
            clock.shift(timedelta(minutes=minutes))
            with outage():
                during = client.get(region["bakery"])
            assert (during.status_code, during.content) == (200, before.content)
        assert during["Cache-Control"] == "public, max-age=0"

        clock.shift(timedelta(minutes=7))  # in all, longer than is honest
        with outage():
            assert client.get(region["bakery"]).status_code == 503


@pytest.mark.parametrize("address", ["/commercants/", "/recherche/?q=pain", "/boutique/panier/", "/compte/connexion/"])
def test_without_a_database_a_page_says_when_to_come_back(region, outage, address):
    process_cache.clear()

    with outage():
        response = Client(raise_request_exception=False).get(address)

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "De retour dans un instant" in response.text


def test_what_breaks_for_another_reason_is_no_outage(region, monkeypatch):
    monkeypatch.setattr("search.page.views.render", lambda *arguments, **options: 1 / 0)

    response = Client(raise_request_exception=False).get("/recherche/")

    assert response.status_code == 500
    assert "Une panne de notre côté" in response.text


@pytest.fixture
def untold():
    """``untold(sql, *values)``: change tables as a restore does, which fires no trigger."""

    def untold(sql, *values):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            cursor.execute(sql, values)

    return untold


def test_after_a_restore_nobody_is_shown_what_never_came(region, untold, bakery):
    address, page = region["bakery"], Client()
    untold("update wagtailcore_page set title = 'Le Fournil du Futur' where id = %s", bakery.pk)
    assert "Fournil du Futur" in page.get(address).content.decode()
    memory_before = process_cache.generation

    untold("update wagtailcore_page set title = 'Le Fournil de jadis' where id = %s", bakery.pk)
    assert "Fournil du Futur" in page.get(address).content.decode()  # nothing told of it

    untold("update portal_databasemark set id = id")
    assert "Fournil de jadis" in page.get(address).content.decode()
    assert process_cache.generation > memory_before


def test_a_page_kept_by_older_code_is_made_anew(region):
    first = Client().get(region["bakery"])
    (key,) = [key.rpartition(":")[2] for key in caches["pages"]._cache]
    known = caches["pages"].get(key)
    assert known.is_fresh()
    del known.__dict__["position"]  # what older code has pickled
    assert not known.is_fresh()
    caches["pages"].set(key, known)
    assert Client().get(region["bakery"]).content == first.content


def test_a_page_asked_with_its_tag_is_not_sent_again(client, region):
    tag = client.get(region["loaf"])["ETag"]

    again = client.get(region["loaf"], headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=60"


def test_a_page_travels_compressed_to_whoever_can_read_it(client, region):
    plain = client.get(region["bakery"])
    zipped = client.get(region["bakery"], headers={"accept-encoding": "br, gzip"})

    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert len(zipped.content) < len(plain.content) / 3
    assert zipped["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert zipped["ETag"] == plain["ETag"]


def test_a_kept_page_gets_its_no_break_spaces_once_for_all(client, region, monkeypatch):
    made = []
    monkeypatch.setattr(typography, "no_break_html", lambda html: made.append(html) or no_break_html(html))

    first = client.get(region["bakery"])
    again = client.get(region["bakery"])
    zipped = client.get(region["bakery"], headers={"accept-encoding": "gzip"})
    head = client.head(region["bakery"])
    unchanged = client.get(region["bakery"], headers={"if-none-match": first["ETag"]})

    assert len(made) == 1
    assert first.text == no_break_html(made[0]) != made[0]
    assert first.content == again.content == gzip.decompress(zipped.content)
    assert int(zipped["Content-Length"]) == len(zipped.content)
    assert int(first["Content-Length"]) == int(again["Content-Length"]) == int(head["Content-Length"])
    assert int(first["Content-Length"]) == len(first.content)
    assert first["ETag"] == again["ETag"] == zipped["ETag"] == head["ETag"]
    assert (head.content, unchanged.status_code, unchanged.content) == (b"", 304, b"")


def test_a_page_that_nobody_keeps_gets_them_once_an_answer(client, monkeypatch):
    made = []
    monkeypatch.setattr(typography, "no_break_html", lambda html: made.append(html) or no_break_html(html))

    first = client.get("/boutique/panier/")
    head = client.head("/boutique/panier/")

    assert len(made) == 2
    assert first.text == no_break_html(made[0]) != made[0]
    assert int(first["Content-Length"]) == len(first.content)
    assert head.content == b""
    assert "ETag" not in first or first["ETag"] == head["ETag"]


def test_only_the_page_number_makes_another_page(client, region):
    client.get(region["merchants"])

    assert is_kept(f"{region['merchants']}?utm_source=lettre&q=pain")
    assert not is_kept(f"{region['merchants']}?page=1")


def test_all_public_pages_of_the_region_can_be_kept_and_say_so(client, region):
    for path in region.values():
        response = client.get(path)

        assert response["Cache-Control"] == "public, max-age=60", path
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert response["ETag"]


def test_a_shopper_with_a_basket_gets_the_same_pages(client, region, loaf):
    client.get(region["bakery"])
    shopper = Client()
    put_in_basket(shopper, loaf)
    shopper.get(reverse("basket:summary"))  # tells that the loaf was put there

    assert "oscar_open_basket" in shopper.cookies
    assert is_kept(region["bakery"], shopper)


@pytest.mark.parametrize("person", ["baker", "editor"])
def test_who_is_logged_in_gets_the_same_pages_and_always_asks_again(request, client, region, person):
    visitors_page = client.get(region["bakery"]).content
    client.force_login(request.getfixturevalue(person))

    response = client.get(region["bakery"])

    assert response.content == visitors_page
    assert is_kept(region["bakery"], client)
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("person", ["baker", "editor"])
def test_a_page_made_for_somebody_is_kept_for_nobody(request, client, region, person):
    client.force_login(request.getfixturevalue(person))

    client.get(region["bakery"])

    assert not is_kept(region["bakery"])


def test_a_message_is_told_once_and_kept_for_nobody(client, region, baker, bakery):
    client.get(region["bakery"])
    client.force_login(baker)
    client.post(reverse("space:confirm_hours", args=[bakery.pk]))
    assert "messages" in client.cookies

    told = client.get(region["bakery"])

    assert "Merci" in told.text
    assert told["Cache-Control"] == "private, no-store"
    assert "Merci" not in Client().get(region["bakery"]).text


def test_a_preview_shows_the_draft_and_not_the_page_kept_at_its_address(client, region, editor, story):
    client.get(region["story"])
    client.force_login(editor)
    story.title = "Un titre encore secret"
    story.save_revision()

    preview = client.get(f"/gestion/pages/{story.pk}/view_draft/")

    assert "Un titre encore secret" in preview.text
    assert "Un titre encore secret" not in Client().get(region["story"]).text


@pytest.mark.parametrize("path", ["/compte/connexion/", "/espace/", "/boutique/panier/"])
def test_a_page_that_may_be_somebodys_is_stored_nowhere(client, path):
    assert "no-store" in client.get(path)["Cache-Control"]


def test_a_search_is_asked_anew_each_time(client, region):
    response = client.get("/recherche/", {"q": "pain"})

    assert response["Cache-Control"] == "public, no-cache"
    assert response["ETag"]
    assert "Cookie" not in response.get("Vary", "")


def test_old_changes_are_forgotten(bakery):
    def changes():
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from portal_change")
            return cursor.fetchone()[0]

    with connection.cursor() as cursor:
        cursor.execute("delete from portal_change")
        cursor.execute("insert into portal_change (tag, noted_at) values ('page:1', now() - interval '2 hours')")
        cursor.execute("insert into portal_change (tag) values ('page:2')")

    forget_old()

    assert changes() == 1
