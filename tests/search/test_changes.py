"""Whatever way a row is written, the search learns of it."""

import pytest
from django.db import connection, transaction
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction

from directory.models import Category, MerchantPage, MerchantPicture, Town
from home.models import StoryPage
from portal import changes
from portal.models import Picture
from search.indexing import index
from search.indexing.comparison import known_ids
from search.indexing.entries import BUILDERS
from search.models import IndexedEntry
from search.query import Kind
from shop.categories import mirror, missing_categories
from shop.models import ProductDetails, Storefront
from shop.products import Partner, Product, ProductImage, StockRecord
from tests.factories import make_merchant, make_picture
from tests.home.test_campaigns import make_campaign
from tests.jobs import do
from tests.search.factories import make_story
from tests.shop.factories import make_product

pytestmark = pytest.mark.usefixtures("without_elasticsearch")


def entry(kind, thing):
    """Return the document of what was written, once the queue is empty, or None if it has none."""
    index.drain()
    return IndexedEntry.objects.filter(kind=kind, object_id=thing.pk).values_list("document", flat=True).first()


def execute(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def tomme(cheesemonger):
    return make_product(cheesemonger, title="Tomme", stock=3)


def test_a_page_saved_updated_or_written_by_hand(bakery):
    assert entry("merchant", bakery)["title"] == "Le Fournil des Mines"

    bakery.title = "Le Fournil de Maud"
    bakery.save()
    assert entry("merchant", bakery)["title"] == "Le Fournil de Maud"

    MerchantPage.objects.filter(pk=bakery.pk).update(title="Chez Maud", opening_hours="24/7")
    assert (entry("merchant", bakery)["title"], entry("merchant", bakery)["hours"]) == ("Chez Maud", "24/7")

    execute("update wagtailcore_page set title = 'Maud' where id = %s", bakery.pk)
    assert entry("merchant", bakery)["title"] == "Maud"

    execute("update directory_merchantpage set story = '<p>Seigle</p>' where page_ptr_id = %s", bakery.pk)
    assert entry("merchant", bakery)["text"] == "Seigle"


def test_a_draft_changes_nothing(bakery):
    index.drain()
    bakery.title = "Brouillon"
    bakery.save_revision()

    assert index.waiting()[0] == 0
    assert entry("merchant", bakery)["title"] == "Le Fournil des Mines"


def test_unpublishing_and_deleting_remove(bakery, cheesemonger):
    assert entry("merchant", bakery)

    bakery.unpublish()
    assert entry("merchant", bakery) is None

    entry("merchant", cheesemonger)
    pk = cheesemonger.pk
    cheesemonger.delete()
    cheesemonger.pk = pk
    assert entry("merchant", cheesemonger) is None
    assert not IndexedEntry.objects.exists()


def test_an_expired_or_private_page_is_not_found(bakery):
    Page.objects.filter(pk=bakery.pk).update(expired=True)
    assert entry("merchant", bakery) is None

    Page.objects.filter(pk=bakery.pk).update(expired=False)
    assert entry("merchant", bakery)

    restriction = PageViewRestriction.objects.create(page=bakery.get_parent(), restriction_type="login")
    assert entry("merchant", bakery) is None

    restriction.delete()
    assert entry("merchant", bakery)


def test_a_picture_of_the_merchant(bakery):
    picture = MerchantPicture.objects.create(merchant=bakery, image=make_picture())
    assert entry("merchant", bakery)["image"]

    picture.delete()
    assert not entry("merchant", bakery)["image"]


@pytest.mark.parametrize("kind", ["merchant", "story"])
def test_a_picture_whose_sizes_come_later(bakery, kind):
    picture = Picture.objects.create(title="Vitrine", file=get_test_image_file(size=(320, 180)))
    shown = bakery if kind == "merchant" else make_story("Le four")
    if kind == "merchant":
        MerchantPicture.objects.create(merchant=bakery, image=picture)
    else:
        StoryPage.objects.filter(pk=shown.pk).update(picture=picture)
    assert not entry(kind, shown)["image"]

    do("size_pictures")

    assert entry(kind, shown)["image"]


def test_a_product_picture_that_waits_for_its_sizes(tomme):
    tomme.images.create(original=get_test_image_file(filename="tomme.png"))
    waiting = entry("product", tomme)["image"]

    do("size_pictures")

    assert "/images/new/" in waiting
    assert "/renditions/images/products/" in entry("product", tomme)["image"]


def test_a_merchants_change_reaches_her_products(cheesemonger, tomme, places):
    assert entry("product", tomme)["seller"] == "La Crèmerie du Gier"

    MerchantPage.objects.filter(pk=cheesemonger.pk).update(title="Chez Idris", town=places.die)
    found = entry("product", tomme)
    assert (found["seller"], found["town"], found["latitude"]) == ("Chez Idris", "26113", places.die.latitude)

    cheesemonger.refresh_from_db()
    cheesemonger.unpublish()
    assert entry("product", tomme) is None

    cheesemonger.get_latest_revision().publish()
    assert entry("product", tomme)


def test_a_closed_storefront_takes_its_products_along(cheesemonger, tomme):
    assert entry("product", tomme)

    Storefront.objects.get(merchant=cheesemonger).delete()

    assert entry("product", tomme) is None
    assert entry("merchant", cheesemonger)


def test_a_town_and_a_category_reach_their_merchants_and_products(cheesemonger, tomme):
    index.drain()

    Town.objects.filter(insee_code="42218").update(name="Sainté")
    assert entry("merchant", cheesemonger)["town_name"] == "Sainté"
    assert entry("product", tomme)["town_name"] == "Sainté"

    Category.objects.filter(slug="fromagerie-cremerie").update(name="Fromages", synonyms=["tomme"])
    assert entry("merchant", cheesemonger)["category_name"] == "Fromages"
    assert entry("product", tomme)["headline"].startswith("Fromages\ntomme\n")

    # The aisle's own words are not its merchants': only its address is.
    Category.objects.filter(slug="alimentation").update(name="Bouche", slug="bouche")
    assert entry("merchant", cheesemonger)["top"] == "bouche"
    assert "Bouche" not in entry("merchant", cheesemonger)["headline"]


@pytest.mark.parametrize(
    ("write", "fact", "value"),
    [
        (lambda product: Product.objects.filter(pk=product.pk).update(title="Tommette"), "title", "Tommette"),
        (lambda product: Product.objects.filter(pk=product.pk).update(description="Au foin"), "text", "Au foin"),
        (lambda product: StockRecord.objects.filter(product=product).update(price="9.90"), "price", 990),
        (lambda product: StockRecord.objects.filter(product=product).update(num_in_stock=0), "is_available", False),
        (lambda product: StockRecord.objects.filter(product=product).update(num_allocated=3), "is_available", False),
        (lambda product: ProductDetails.objects.filter(product=product).update(label="AOP"), "labels", ["aop"]),
        (lambda product: ProductDetails.objects.filter(product=product).update(unit="le kilo"), "unit", "le kilo"),
    ],
    ids=["title", "description", "price", "stock", "allocated", "label", "unit"],
)
def test_a_fact_of_a_product(tomme, write, fact, value):
    assert entry("product", tomme)[fact] != value

    write(tomme)

    assert entry("product", tomme)[fact] == value


@pytest.mark.parametrize(
    "remove",
    [
        lambda product: Product.objects.filter(pk=product.pk).update(is_public=False),
        lambda product: StockRecord.objects.filter(product=product).delete(),
        lambda product: ProductDetails.objects.filter(product=product).delete(),
        lambda product: execute("update partner_stockrecord set price = null where product_id = %s", product.pk),
    ],
    ids=["hidden", "no stock record", "no facts", "no price"],
)
def test_what_is_no_longer_on_sale_is_not_found(tomme, remove):
    assert entry("product", tomme)

    remove(tomme)

    assert entry("product", tomme) is None


def test_a_picture_and_a_category_of_a_product(tomme):
    mirror(missing_categories())
    shelves = tomme.categories.model
    assert entry("product", tomme)["category"] == "fromagerie-cremerie"

    tomme.categories.set(shelves.objects.filter(slug="caviste"))
    assert entry("product", tomme)["category"] == "caviste"

    ProductImage.objects.bulk_create([ProductImage(product=tomme, original="tomme.webp")])
    assert "tomme.webp" in entry("product", tomme)["image"]


def test_a_sale_that_leaves_stock_changes_no_entry(tomme):
    index.drain()
    before = IndexedEntry.objects.get(kind="product", object_id=tomme.pk).version

    StockRecord.objects.filter(product=tomme).update(num_allocated=1)
    index.drain()

    assert IndexedEntry.objects.get(kind="product", object_id=tomme.pk).version == before


def test_another_partner_means_another_seller(bakery, cheesemonger, tomme):
    make_product(bakery)
    assert entry("product", tomme)["seller"] == "La Crèmerie du Gier"

    StockRecord.objects.filter(product=tomme).update(partner=Partner.objects.get(storefront__merchant=bakery))

    assert entry("product", tomme)["seller"] == "Le Fournil des Mines"


def test_a_story_written_published_and_withdrawn(db):
    story = make_story("Le picodon", text="Un fromage.", live=False)
    assert entry("story", story) is None

    story.save_revision().publish()
    assert entry("story", story)["text"] == "Un fromage."

    execute("""update home_storypage set intro = 'Autre' where page_ptr_id = %s""", story.pk)
    assert entry("story", story)["excerpt"] == "Autre"

    story.refresh_from_db()
    story.unpublish()
    assert entry("story", story) is None


def test_a_campaign_is_found_as_a_story_is_while_it_is_public(db):
    page = make_campaign(("heading", "Les étals de la place"))
    assert entry("story", page)["url"] == "/noel/"
    assert "Les étals de la place" in entry("story", page)["text"]

    execute("""update home_campaignpage set intro = 'Autre' where page_ptr_id = %s""", page.pk)
    assert entry("story", page)["excerpt"] == "Autre"

    page.refresh_from_db()
    page.unpublish()
    assert entry("story", page) is None


def test_a_change_rolled_back_is_no_change(bakery):
    index.drain()
    with transaction.atomic():
        MerchantPage.objects.filter(pk=bakery.pk).update(title="Jamais")
        transaction.set_rollback(True)

    assert index.waiting()[0] == 0


def test_an_unchanged_entry_keeps_its_version(bakery):
    index.drain()
    before = IndexedEntry.objects.get(object_id=bakery.pk).version

    changes.note(f"page:{bakery.pk}")
    assert index.drain() == 1

    assert IndexedEntry.objects.get(object_id=bakery.pk).version == before


def test_a_statement_notes_each_object_once(places):
    for _ in range(4):
        make_merchant()
    index.drain()

    MerchantPage.objects.all().update(story="<p>Ouvert.</p>")

    assert index.waiting()[0] == 4


def test_entries_take_a_constant_number_of_queries(places, cheesemonger, django_assert_max_num_queries):
    for number in range(6):
        merchant = make_merchant()
        MerchantPicture.objects.create(merchant=merchant, image=make_picture())
        make_product(merchant, title=f"Article {number}")
        make_story(f"Histoire {number}")
    index.drain()
    ids = {kind: known_ids(kind) for kind in Kind}
    for kind, limit in ((Kind.MERCHANT, 10), (Kind.PRODUCT, 9), (Kind.STORY, 5)):
        with django_assert_max_num_queries(limit):
            assert len(list(BUILDERS[kind](ids[kind]))) >= 6
