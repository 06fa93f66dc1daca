"""What was stored before text was cleaned: the migrations that mend it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from oscar.core.loading import get_model
from wagtail.models import Revision

from directory.models import MerchantPage, TownGuide
from home.models import StoryPage
from home.site_facts import SiteFacts
from tests.factories import make_merchant, make_site_facts, make_user
from tests.home.test_blocks import make_story
from tests.shop.factories import make_product

pytestmark = pytest.mark.django_db

clean_text = import_module("home.migrations.0015_clean_text")
drafts = import_module("directory.migrations.0009_drafts_as_stored")
plain_descriptions = import_module("shop.migrations.0008_plain_descriptions")


def mend():
    with connection.schema_editor() as schema_editor:
        clean_text.mend(apps, schema_editor)


@pytest.fixture
def staff(client):
    client.force_login(make_user(is_superuser=True, is_staff=True))
    return client


def test_a_merchant_s_page_and_its_drafts_are_mended(places, staff):
    page = make_merchant(title="Le\vFournil", story="<p>a<br>b</p>", street="12\u200b cours")
    page.story = "<p>un<br>deux<br >trois\f</p>"
    page.save_revision()

    mend()

    page = MerchantPage.objects.get(pk=page.pk)
    assert (page.title, page.draft_title) == ("Le Fournil", "Le Fournil")
    assert (page.story, page.street) == ("<p>a<br/>b</p>", "12 cours")
    assert page.get_latest_revision_as_object().story == "<p>un<br/>deux<br/>trois </p>"
    assert staff.get(f"/gestion/pages/{page.pk}/edit/").status_code == 200


def test_the_blocks_of_a_story_and_of_its_drafts_are_mended(places):
    story = make_story(("text", "<p>Il\u000bchauffe<br>doucement</p>"), ("heading", "Le\u200b four"))

    mend()

    stored = StoryPage.objects.get(pk=story.pk)
    for page in (stored, stored.get_latest_revision_as_object()):
        assert page.body[0].value.source == "<p>Il chauffe<br/>doucement</p>"
        assert page.body[1].value == "Le four"


def test_settings_snippets_articles_and_towns_are_mended(places, bakery):
    make_site_facts(announcement="Fermé\v lundi")
    TownGuide.objects.create(town=places.die, text="<p>La\u200e halle<br>le samedi</p>")
    product = make_product(bakery, title="Pain\u200b d’épi", description="Seigle.\r\nÀ garder\u00ad au sec.")

    mend()

    assert SiteFacts.load().announcement == "Fermé lundi"
    assert TownGuide.objects.get().text == "<p>La halle<br/>le samedi</p>"
    product.refresh_from_db()
    assert (product.title, product.description) == ("Pain d’épi", "Seigle.\nÀ garder au sec.")


def test_what_is_clean_is_not_written(places, bakery, django_assert_num_queries):
    make_story(("text", "<p>Un<br/>deux</p>"))
    before = dict(Revision.objects.values_list("pk", "content"))

    with connection.execute_wrapper(refuse_updates):
        mend()

    assert dict(Revision.objects.values_list("pk", "content")) == before


def refuse_updates(execute, sql, params, many, context):
    assert not sql.startswith("update"), sql
    return execute(sql, params, many, context)


@pytest.mark.parametrize(
    ("stored", "plain"),
    [
        ("<p>Affiné <strong>huit</strong> mois.</p><p>Foin &amp; lait</p>", "Affiné huit mois.\n\nFoin & lait"),
        ("Farine<br>de seigle", "Farine\nde seigle"),
        ("<ul><li>seigle</li><li>épeautre</li></ul>", "seigle\n\népeautre"),
        ("Jeanne <jeanne@ferme.example>\n\nDLC <3 jours", "Jeanne <jeanne@ferme.example>\n\nDLC <3 jours"),
        ("Sel &amp; poivre, 1 < 2", "Sel &amp; poivre, 1 < 2"),
    ],
)
def test_descriptions_become_plain_text(places, bakery, stored, plain):
    product = make_product(bakery, title="Œufs bio", description=stored)
    get_model("catalogue", "Product").objects.filter(pk=product.pk).update(slug="ufs-bio")

    plain_descriptions.mend(apps, None)

    product.refresh_from_db()
    assert (product.description, product.slug) == (plain, "oeufs-bio")


def test_an_article_s_old_address_leads_to_the_new_one(client, places, bakery):
    product = make_product(bakery, title="Œufs bio")

    response = client.get(f"/boutique/produits/ufs-bio_{product.pk}/")

    assert (response.status_code, response.headers["Location"]) == (301, f"/boutique/produits/oeufs-bio_{product.pk}/")


def test_drafts_follow_the_rules_of_the_columns(places, bakery):
    page = MerchantPage.objects.get(pk=bakery.pk)
    page.website = "https://contact@fournil.example/"
    revision = page.save_revision(clean=False)
    Revision.objects.filter(pk=revision.pk).update(content=revision.content | {"siret": "７３２８２９３２００００７４"})
    MerchantPage.objects.filter(pk=page.pk).update(website="https://contact@fournil.example", email="")

    with connection.schema_editor() as schema_editor:
        drafts.mend(apps, schema_editor)

    stored = MerchantPage.objects.get(pk=page.pk)
    for kept in (stored, stored.get_latest_revision_as_object()):
        assert (kept.siret, kept.website, kept.email) == ("73282932000074", "", "contact@fournil.example")


def test_an_email_address_beside_another_waits_for_an_editor(places, bakery):
    MerchantPage.objects.filter(pk=bakery.pk).update(website="https://contact@fournil.example", email="maud@a.example")

    with connection.schema_editor() as schema_editor:
        drafts.mend(apps, schema_editor)

    stored = MerchantPage.objects.get(pk=bakery.pk)
    assert (stored.website, stored.email) == ("https://contact@fournil.example", "maud@a.example")


def test_the_shop_s_office_edits_a_description_as_plain_text(staff, bakery):
    product = make_product(bakery, description="Jeanne <jeanne@ferme.example>\n\nDLC 5 jours")

    page = staff.get(f"/boutique/gestion/catalogue/products/{product.pk}/").content.decode()

    description = page.partition('<textarea name="description"')
    assert '<div class="no-widget-init">' in description[0]
    assert "Jeanne &lt;jeanne@ferme.example&gt;\n\nDLC 5 jours" in description[2]
