"""Every public page that is kept names what it reads: the change of one row never leaves a page as it was.

Each page is made, and the tables it reads are noted. Then each row of these tables is changed, column by column, and
taken away: what a page shows differently afterwards, one of its tags must tell.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.apps import apps
from django.core.cache import caches
from django.db import DatabaseError, connection, models, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from directory.guides import TownGuide
from directory.hours import PARIS
from directory.markets import DAY_SLUGS, Market
from directory.models import MerchantPage, MerchantPicture
from home.models import Partner, StoryIndexPage, StoryPage
from home.site_settings import _read
from home.snippets import Spotlight
from portal import page_cache
from portal.memory import process_cache
from shop.models import EnquirySetting, Storefront
from tests.factories import make_merchant, make_picture, make_site_settings
from tests.home.test_campaigns import make_campaign
from tests.shop.factories import make_product, make_review

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=PARIS)
LOG = "portal_change"
WATCHED = f"""
    select distinct trigger.tgrelid::regclass::text
    from pg_trigger trigger join pg_proc function on function.oid = trigger.tgfoid
    where function.prosrc like '%insert into {LOG} %'
"""
# What a page reads of a table without showing it.
UNSHOWN = {
    "home_homepage": "Wagtail's way to a page begins at the root",
    "wagtailcore_page": "of the site's menus: home/site_settings.py reads them again each half minute",
    "portal_picture": "of the site's settings: home/site_settings.py reads them again each half minute",
}
OF_MANY = {"directory_merchantpage", "wagtailcore_page", "catalogue_product"}  # of which one page shows several


@dataclass
class Made:
    """A page as it was made. tables: those it read."""

    html: str
    tags: set[str]
    tables: set[str]


@pytest.fixture
def region(places, bakery, baker, cheesemonger, settings):
    """Addresses of pages of every kind that is kept; between them they show every block that follows the tables."""
    settings.PAGE_SECONDS = 60
    make_site_settings()
    # On nobody's page but lists': what only comes into a list must be told too.
    grocer = make_merchant(title="L’Épicerie de Die", town=places.die, category="caviste", opening_hours="24/7")
    # Sells nothing online: its page offers to ask for something to be put aside, and to be called.
    asked = make_merchant(title="La Pelote", town=places.privas, category="boulangerie-patisserie", managers=[baker])
    EnquirySetting.objects.create(merchant=asked)
    make_review(make_product(asked, title="Brioche"))
    Storefront.objects.filter(merchant=asked).update(opened_at=None)
    Partner.objects.create(name="La Région", url="https://region.example")
    for merchant in (bakery, cheesemonger, asked):
        MerchantPicture.objects.create(merchant=merchant, image=make_picture())
    MerchantPage.objects.filter(pk=cheesemonger.pk).update(labels=["igp", "bio"])
    loaf = make_product(bakery, title="Pain de seigle", price=Decimal("4.90"), stock=5)
    make_review(loaf)
    for number in range(13):  # more than their own page shows
        make_product(cheesemonger, title=f"Tomme {number:02}")
    story = StoryPage(title="Le picodon attend jeudi", intro="…", town=places.die, picture=make_picture("Un picodon"))
    StoryIndexPage.objects.get().add_child(instance=story)
    story.save_revision().publish()
    Spotlight.objects.create(merchant=grocer, words="Ouvert tard.", picture=make_picture("L’étal"))
    TownGuide.objects.create(town=places.privas, text="<p>Le samedi.</p>")
    for day in range(7):
        Market.objects.create(
            town=places.privas, weekday=day, opens="08:00", closes="12:00", place="Place du Foiral", source="mairie"
        )
    spotlights = make_campaign(("spotlights", {"title": "À l’honneur"}))
    around = make_campaign(
        ("merchants_around", {"title": "Bio", "town": None, "category": None, "label": "bio", "number": 3})
    )
    chosen = make_campaign(
        ("merchant_cards", {"title": "Choisis", "merchants": [cheesemonger.pk]}),
        ("product_cards", {"title": "Au comptoir", "products": [loaf.pk]}),
    )
    places_of_it = make_campaign(
        ("merchant_map", {"title": "Carte", "town": places.die.pk, "category": None}),
        ("town", {"town": places.privas.pk, "text": "…"}),
    )
    told = make_campaign(("stories", {"title": "À lire", "stories": [story.pk]}))
    privas = places.privas.get_absolute_url()
    return [
        "/",
        "/commercants/",
        bakery.public_path,
        asked.public_path,
        f"{bakery.public_path}verification/",
        f"{bakery.public_path}avis/",
        "/boutique/avis/",
        f"{cheesemonger.public_path}produits/",
        loaf.get_absolute_url(),
        "/commerces/",
        "/commerces/ardeche/",
        privas,
        f"{privas}boulangerie-patisserie/",
        "/metiers/",
        "/metiers/boulangerie-patisserie/",
        f"/marches/{DAY_SLUGS[1]}/",
        "/histoires/",
        story.public_path,
        *(page.public_path for page in (spotlights, around, chosen, places_of_it, told)),
        "/mentions-legales/",
        "/accessibilite/",
        "/classement/",
    ]


def make(path):
    """Make a page from the tables alone."""
    forget()
    with CaptureQueriesContext(connection) as queries:
        response = Client().get(path)
    assert response.status_code == 200, path
    kept = caches["pages"].get(page_cache._key(RequestFactory().get(path)))
    assert kept is not None, f"{path} is not kept"
    words = {word.strip('",();') for query in queries for word in query["sql"].split()}
    tables = {word.split('"')[0] for word in words} & set(connection.introspection.table_names())
    return Made(response.text, set(kept.tags), tables)


def forget():
    caches["pages"].clear()
    process_cache.clear()
    _read.cache_clear()


@contextmanager
def undone():
    """What is done inside is undone after."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def tags_noted_since(moment):
    with connection.cursor() as cursor:
        cursor.execute(f"select tag from {LOG} where noted_at > %s", [moment])
        return {tag for (tag,) in cursor.fetchall()}


def database_time():
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def chosen(column):
    """Return SQL for each other value of a column that has few: where it changes what a page shows of others."""
    name, base = connection.ops.quote_name(column.column), getattr(column, "base_field", None)
    if choices := (base or column).choices:
        values = [f"'{value}'" for value, _ in choices if value not in ("", None)][:2]
        return [f"array[{value}]" for value in values] if base else values
    if column.remote_field:
        target = column.remote_field.model._meta
        key = connection.ops.quote_name(target.pk.column)
        return [f"(select {key} from {target.db_table} other where other.{key} <> thing.{name} order by {key} limit 1)"]
    return [f"not {name}"] if isinstance(column, models.BooleanField) else []


def altered(column):
    """Return SQL for another value of a column of text or numbers, or "" for one of another kind."""
    name = connection.ops.quote_name(column.column)
    if isinstance(column, models.DateField):
        return f"{name} + interval '400 days'"
    if isinstance(column, models.TimeField):
        return f"{name} + interval '30 minutes'"
    if isinstance(column, models.IntegerField | models.FloatField | models.DecimalField):
        return f"coalesce({name}, 0) + 1"
    is_text = isinstance(column, models.CharField | models.TextField) and "json" not in column.db_type(connection)
    return f"'Z' || substr({name}, 2)" if is_text else ""


def changes_of(table):
    """Yield (statement, whether of all rows): a choice changed, all texts and numbers of a row, or the row gone."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table and not model._meta.proxy)
    key = connection.ops.quote_name(model._meta.pk.column)
    columns = [
        column
        for column in model._meta.local_concrete_fields
        if not column.primary_key and column.name != "content_type"  # a page never becomes one of another type
    ]
    choices = [f'"{column.column}" = {value}' for column in columns for value in chosen(column)]
    plain = [f'"{column.column}" = {altered(column)}' for column in columns if not chosen(column) and altered(column)]
    for new in (*plain, *choices):
        yield f"update {table} thing set {new}", True
    with connection.cursor() as cursor:
        cursor.execute(f"select min({key}), max({key}) from {table}")
        rows = set(cursor.fetchone()) - {None}
    for row in rows if table in OF_MANY else sorted(rows)[-1:]:
        for new in filter(None, [*choices, ", ".join(plain)]):
            yield f"update {table} thing set {new} where {key} = {row}", False
        if table != "wagtailcore_page":  # its type's row goes first, and tells
            yield f"delete from {table} where {key} = {row}", False


def walk(paths):
    """Yield a sentence for each page that a change leaves as it was, though it is another then."""
    pages = {path: make(path) for path in paths}
    with connection.cursor() as cursor:
        cursor.execute(WATCHED)
        watched = {table for (table,) in cursor.fetchall()}
    for table in sorted(watched & set().union(*(page.tables for page in pages.values()))):
        readers = {path: page for path, page in pages.items() if table in page.tables}
        told_of_any = set()
        for statement, is_of_all in changes_of(table):
            with undone():
                told = noted_by(statement)
                if is_of_all:
                    told_of_any |= told
                    continue
                for path, page in readers.items():
                    if told.isdisjoint(page.tags) and another(path, page):
                        yield f"{path} stays as it was after « {statement} », which notes {sorted(told)}"
        for path, page in readers.items():
            if told_of_any and told_of_any.isdisjoint(page.tags) and table not in UNSHOWN:
                yield f"{path} reads {table} and bears none of the tags that a change of its rows notes"


def noted_by(statement):
    """Return the tags that a statement notes; none where the tables forbid it, since it cannot happen."""
    before = database_time()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return set()
    return tags_noted_since(before)


def another(path, page):
    """Return whether a page is made otherwise now; one that cannot be made of half-taken rows is no page."""
    forget()
    try:
        with transaction.atomic():
            response = Client(raise_request_exception=False).get(path)
    except DatabaseError:
        return False
    return response.status_code != 500 and response.text != page.html


@pytest.mark.django_db
def test_no_change_of_a_row_leaves_a_page_that_shows_it(region):
    with time_machine.travel(TUESDAY, tick=False):
        faults = list(walk(region))
    assert not faults, "\n".join(faults)
