"""The fictional region: the same at each run, believable, and stored once."""

import re
from collections import Counter
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from opening_hours import OpeningHours
from wagtail.models import Page

from deploy.local.fake_register import scenarios
from directory.models import Application, Category, MerchantPage, Sanction, Town
from directory.places import category_changes, town_changes
from home.checks.publishing import missing_references, publish_errors
from home.demo import DATA, accounts, campaigns, desk, front_page, merchants, sample_products, stories, trades
from home.models import HomePage, Notice, StoryPage
from portal.models import Picture, QueuedMail, User
from portal.privacy import register
from search.indexing import index
from shop.allergens import Allergen, question
from shop.food import looks_like_food
from shop.models import MerchantOrder, ProductDetails, Review, Storefront
from shop.products import on_sale
from tests.audit.stops import BUYER, SELLER, SHOPPER, VISITOR
from tests.shop.factories import order_and_confirm, put_in_basket
from tests.walk import shown, walk

FICTIONAL_PHONE = re.compile(r"04 65 71 \d\d \d\d|06 39 98 \d\d \d\d")
DEFAULT, PRODUCTS = 493, 1_200


@pytest.fixture(scope="module")
def region(django_db_setup, django_db_blocker):
    """The demo as `make demo` loads it, once for all tests of this file; return what the command said."""
    with django_db_blocker.unblock(), transaction.atomic():
        category_changes().write()
        town_changes().write()
        yield demo()
        transaction.set_rollback(True)


@pytest.fixture
def towns(region, db):
    return list(Town.objects.all())


@pytest.fixture
def plan(towns):
    return merchants.merchants(towns, DEFAULT)


@pytest.fixture
def shelves(plan, towns):
    return sample_products.shelves(plan, PRODUCTS, {town.insee_code: town for town in towns})


def demo(**options):
    said = StringIO()
    call_command("demo", stdout=said, stderr=StringIO(), **options)
    return said.getvalue()


@pytest.mark.parametrize(
    ("unit", "category", "measure", "quantity"),
    [
        ("pot 500 g", "apiculteur", "kg", "0.5"),
        ("75 cl", "vigneron", "l", "0.75"),
        ("bouteille 1 l", "maraicher", "l", "1"),
        ("filet 2,5 kg", "epicerie-superette", "kg", "2.5"),
        ("lot de 4", "traiteur", "piece", "4"),
        ("6 parts", "boulangerie-patisserie", "piece", "6"),
        ("douzaine", "poissonnerie", "piece", "12"),
        ("paire", "chaussures", "piece", "1"),
        ("50 g", "mercerie-laine", "piece", "1"),
    ],
)
def test_a_unit_tells_its_measure(unit, category, measure, quantity):
    assert sample_products.measure_of(unit, category) == (measure, sample_products.Decimal(quantity))


def test_every_category_has_its_trade(region, db):
    assert set(trades.trades()) == set(Category.objects.exclude(parent=None).values_list("slug", flat=True))


def test_every_picture_of_a_ware_or_story_is_there_and_every_one_serves():
    told = " ".join(text for draft in stories.drafts() for kind, text in draft.parts if text.startswith("picture: "))
    wanted = (
        {sample.picture for sample in sample_products.sample_products() if sample.picture}
        | set(campaigns.GOODS)
        | set(re.findall(r"[\w-]+", told.replace("picture:", "")))
    )
    stored = {file.stem for file in (DATA / "pictures").glob("*.webp")}

    assert {sample.picture for sample in sample_products.sample_products() if sample.picture} <= stored
    assert stored <= wanted


def test_a_drawing_shows_one_ware_and_no_other():
    shown = Counter(sample.picture for sample in sample_products.sample_products() if sample.picture)

    assert [picture for picture, times in shown.items() if times > 1] == []
    assert len(shown) > 100


def test_no_ware_tells_an_untruth_about_allergens():
    for sample in sample_products.sample_products():
        contradicted = question(sample.title, "", sample.is_food, sample.contains)
        assert not contradicted, sample.title
        assert not set(sample.contains) & set(sample.traces), sample.title
        assert {*sample.contains, *sample.traces} <= set(Allergen.values), sample.title
        assert sample.is_food or not (sample.contains or sample.traces), sample.title
        assert looks_like_food(sample.title) in (None, sample.is_food), sample.title


def test_every_product_of_the_demo_is_on_sale_and_its_food_answered(region, db):
    assert [(facts.product.title, facts.missing) for facts in ProductDetails.objects.filter(may_be_sold=False)] == []
    assert on_sale().count() == PRODUCTS
    assert not ProductDetails.objects.filter(is_food=True, allergens_known=False).exists()
    assert ProductDetails.objects.filter(is_food=True).count() > PRODUCTS / 4


def test_tables_of_libraries_that_the_register_calls_unused_are_empty(region, db):
    """What is kept there would name people, and neither a purge nor an erasure would find it."""
    with connection.cursor() as cursor:
        filled = []
        for table in register.unused_tables():
            cursor.execute(f'select exists (select from "{table}")')
            filled += [table] if cursor.fetchone()[0] else []

    assert filled == [], "declare what they keep in the personal_data.py of the package that writes them"


def test_every_ware_is_sold_by_somebody_at_a_legal_rate():
    sold = {category for trade in trades.trades().values() for category in trade.sells}

    assert {sample.category for sample in sample_products.sample_products()} == sold
    assert {sample.vat_rate for sample in sample_products.sample_products()} <= set(ProductDetails.VatRate.values)
    assert all(0 < sample.price_min <= sample.price_max for sample in sample_products.sample_products())


def test_the_region_is_the_same_at_each_run_and_a_longer_one_begins_with_it(plan, towns):
    assert merchants.merchants(list(reversed(towns)), DEFAULT) == plan
    assert merchants.merchants(towns, DEFAULT + 500)[:DEFAULT] == plan


def test_the_chosen_towns_cover_the_whole_tree_of_categories(plan):
    assert len(plan) == merchants.anchored_count() == DEFAULT
    assert {merchant.trade.slug for merchant in plan} == set(trades.trades())
    assert len({merchant.town for merchant in plan}) >= 80


def test_no_story_serves_twice_and_no_name_twice_in_a_town(plan):
    assert max(Counter(merchant.story for merchant in plan).values()) == 1
    assert max(Counter((merchant.title, merchant.town) for merchant in plan).values()) == 1
    assert not [merchant.story for merchant in plan if re.search(r"[{}]|de [AEIOUYÉÈ]\w+ Arr", merchant.story)]


def test_nobody_can_be_reached_and_all_hours_can_be_read(plan):
    for merchant in plan:
        assert FICTIONAL_PHONE.fullmatch(merchant.phone)
        assert re.fullmatch(r"(bonjour@[\w-]+\.example)?", merchant.email)
        assert re.fullmatch(r"(https://[\w-]+\.example/)?", merchant.website)
        OpeningHours(merchant.opening_hours or "24/7")


def test_a_bigger_region_follows_population_and_has_the_accidents_of_files(towns):
    more = merchants.merchants(towns, 6_000)[DEFAULT:]

    lyon = sum(merchant.town.parent_id is not None for merchant in more) / len(more)
    capitals = sum(merchant.title.isupper() for merchant in more) / len(more)
    assert 0.03 < lyon < 0.15
    assert 0.14 < capitals < 0.26
    assert not [merchant for merchant in more if merchant.town.insee_code == "69123"]  # its arrondissements instead
    assert len({merchant.slug for merchant in more}) == len(more)


def test_shelves_hold_as_many_products_as_asked_in_a_hundred_and_twenty_shops(shelves):
    products = [product for shelf in shelves.values() for product in shelf]

    assert (len(shelves), len(products)) == (120, PRODUCTS)
    assert len({product.reference for product in products}) == PRODUCTS
    assert (
        sum(
            merchant.trade.slug == "fromagerie-cremerie" and merchant.town.insee_code == "42218" for merchant in shelves
        )
        >= 3
    )


def test_a_vigneron_sells_no_wine_of_elsewhere(shelves, towns):
    by_code = {town.insee_code: town for town in towns}
    origins = {sample.title: by_code.get(sample.origin_insee) for sample in sample_products.sample_products()}

    for merchant, shelf in shelves.items():
        if merchant.trade.slug == "vigneron":
            found = [origins[product.title] for product in shelf if origins[product.title]]
            assert all(abs(origin.latitude - merchant.town.latitude) < 0.5 for origin in found), merchant.title


def test_the_command_fills_the_portal_and_keeps_the_page_tree_sound(region, db):
    assert MerchantPage.objects.live().filter(source="synthetic-v1", siret=None).count() == DEFAULT
    assert (Storefront.objects.count(), ProductDetails.objects.count()) == (120, PRODUCTS)
    assert StoryPage.objects.live().count() == 8
    assert not any(Page.find_problems())


def test_run_again_the_command_changes_nothing(region, db):
    before = [
        model.objects.count() for model in (Page, ProductDetails, User, MerchantOrder, Picture, Application, Notice)
    ]

    assert "rien n’a été ajouté" in demo()

    assert before == [
        model.objects.count() for model in (Page, ProductDetails, User, MerchantOrder, Picture, Application, Notice)
    ]


def test_the_command_says_how_the_three_people_log_in(region, client, db):
    assert accounts.DEMO_PASSWORD in region
    for email in (accounts.EDITOR, accounts.MERCHANT, accounts.SHOPPER):
        assert email in region
        assert EmailAddress.objects.get(email=email).verified
        assert client.login(email=email, password=accounts.DEMO_PASSWORD)


def test_the_merchant_of_the_demo_keeps_the_showcase_and_finds_orders(region, db):
    showcase = MerchantPage.objects.get(managers__email=accounts.MERCHANT)

    assert showcase.slug == "la-chevre-et-le-glandasse-die"
    assert MerchantOrder.objects.filter(storefront__merchant=showcase, review=None).count() == 4
    assert Review.objects.published().of_merchant(showcase.pk).count() == 3
    assert not User.objects.get(email=accounts.EDITOR).is_superuser


def test_an_editor_of_the_demo_finds_work_at_the_desk(region, client, db):
    client.force_login(User.objects.get(email=accounts.EDITOR))

    queue = client.get("/gestion/verifications/").content.decode()
    assert all(applicant.declared["title"] in queue for applicant in desk.applicants())
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted", "incomplete"}
    assert Notice.objects.filter(state=Notice.State.NEW, due_on__isnull=False).count() == 3
    assert Sanction.objects.get().stage == "hearing"


def test_the_registers_of_the_demo_know_who_applies():
    played = {scenario.siret: scenario.results[0] for scenario in scenarios() if scenario.key.startswith("D")}

    assert {applicant.siret: applicant.declared["town"] for applicant in desk.applicants()} == {
        siret: unit["matching_etablissements"][0]["commune"] for siret, unit in played.items()
    }


@pytest.mark.parametrize("title", [draft.title for draft in stories.drafts()])
def test_a_story_is_long_enough_and_shows_merchants_and_products(title, region, client, db):
    story = StoryPage.objects.get(title=title)
    kinds = [block.block_type for block in story.body]
    words = " ".join(str(block.value) for block in story.body if block.block_type in ("text", "heading")).split()

    assert 250 <= len(words) <= 500
    assert {"heading", "text", "picture", "quote", "merchant_cards", "product_cards"} <= set(kinds)
    html = client.get(story.public_path).content.decode()
    assert html.count("merchant-card__link") >= 2
    assert html.count("product-card__link") == 3


def test_a_story_leaves_out_products_that_no_shelf_holds():
    bare = stories.Region([], {})

    assert stories._block("live", "products: Reblochon; Picodon | 73 | Deux fromages", bare) is None


BREAKABLE = re.compile(
    r"""[^ \t\n\r|][ \t\n\r]+[:;!?»%€](?!\w) | «[ \t\n\r] | \b0\d(?:[ ]\d\d){4}\b | \b\d{1,3}[ ]000\b""", re.VERBOSE
)


def test_no_page_or_e_mail_of_the_demo_can_break_where_french_must_not(region, client, settings, db):
    settings.ELASTICSEARCH_URL = []
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    index.drain()
    clients = {VISITOR: client, BUYER: Client(), SHOPPER: Client(), SELLER: Client()}
    put_in_basket(clients[BUYER], on_sale().first())
    clients[SHOPPER].force_login(User.objects.get(email=accounts.SHOPPER))
    clients[SELLER].force_login(User.objects.get(email=accounts.MERCHANT))

    pages = {stop.name: page for stop, page in walk(clients) if stop.template != "403.html"}
    unreached = {name for name, page in pages.items() if page is None}
    texts = {name: shown(page.text) for name, page in pages.items() if page}
    assert order_and_confirm(clients[BUYER]).status_code == 303
    client.post("/compte/inscription/", {"email": "lea@exemple.fr", "password1": "quatre chevaux bais"})
    for mail in QueuedMail.objects.all():
        texts[mail.content["subject"]] = f"{mail.content['subject']}\n\n{mail.content['body']}"

    assert QueuedMail.objects.count() >= 3
    assert len(texts) > 50
    assert unreached <= {"shop/merchant_products.html"}  # few shops have so much, and the list is drawn by lot
    found = [
        (name, text[max(0, m.start() - 30) : m.end() + 10])
        for name, text in texts.items()
        for m in BREAKABLE.finditer(text)
    ]
    assert found == []


def test_the_front_page_holds_what_an_editor_would_put_there(client, region):
    home = HomePage.objects.get()

    html = client.get("/").text

    assert [block.block_type for block in home.body] == ["spotlights", "product_cards", "call_to_action"]
    assert len(home.body[1].value["products"]) == 4
    assert publish_errors(home.body) == {}
    assert missing_references(home.body) == []
    assert "Coup de projecteur" in html
    assert "Ouvrir mon espace" in html


def test_what_somebody_made_of_the_front_page_stays(region):
    home = HomePage.objects.get()
    home.body = []
    home.save_revision().publish()

    front_page.fill()

    assert not HomePage.objects.get().body
