"""The audit of our own pages: silent on a sound site, and each fault put in is in the next run."""

import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from directory.models import MerchantPage
from home.models import StoryIndexPage, StoryPage
from home.seo import audit as auditing
from home.seo.audit import audit, kind_of
from home.seo.models import SiteAudit
from tests.factories import make_merchant, make_user
from tests.shop.factories import make_product

STORY = "<p>" + "Un fromage, six vallées et des chèvres qui montent. " * 12 + "</p>"


@pytest.fixture(autouse=True)
def search_of_this_database_alone(settings):
    settings.ELASTICSEARCH_URL = []


@pytest.fixture
def region(places):
    """Three cheesemongers in Die, enough for the town and the trade, with a product and a story."""
    merchants = [
        make_merchant(
            title=f"La Maison {number}",
            town=places.die,
            category="fromagerie-cremerie",
            street=f"{number} rue du Four",
            phone="04 75 21 00 00",
            opening_hours="Tu-Sa 08:00-12:30; PH off",
            story=STORY,
            managers=[make_user()],
        )
        for number in (1, 2, 3)
    ]
    make_product(
        merchants[0],
        title="Picodon affiné",
        price=Decimal("3.20"),
        stock=4,
        unit="60 g",
        description="Affiné huit semaines en cave, à croûte bleue. " * 6,
    )
    story = StoryPage(
        title="Le picodon, six vallées",
        intro="Deux lignes qui donnent envie de lire cette histoire de fromage.",
        body=json.dumps([{"type": "text", "value": STORY}]),
    )
    StoryIndexPage.objects.get().add_child(instance=story)
    return merchants


@pytest.fixture
def change(settings, tmp_path):
    """Change a text in a template, as a careless hand would."""

    def change_template(name, old, new):
        changed = tmp_path / name
        source = (changed if changed.exists() else django_settings.BASE_DIR / "templates" / name).read_text()
        assert old in source
        changed.parent.mkdir(parents=True, exist_ok=True)
        changed.write_text(source.replace(old, new))
        [templates] = settings.TEMPLATES
        directories = [tmp_path, *(path for path in templates["DIRS"] if path != tmp_path)]
        settings.TEMPLATES = [{**templates, "DIRS": directories}]

    return change_template


def found(code):
    """Run the audit and return the paths on which it reports a fault."""
    return {path for found_code, path, _ in audit().findings if found_code == code}


def test_a_sound_site_has_no_fault(region):
    made = audit()

    assert made.findings == []
    assert made.indexable["commerçants"] == 3
    assert made.indexable["produits"] == made.indexable["histoires"] == made.indexable["communes"] == 1
    assert made.indexable["métiers"] == made.indexable["catégories"] == 2  # cheese, and food


MERCHANT, TOWN, PRODUCT, BASE = "directory/merchant_page.html", "directory/town.html", "shop/product.html", "base.html"
SHELVES = ("home/home_page.html", "directory/town.html", "directory/town_category.html", "directory/category.html")
HEAD = "{% block head_extra %}{% merchant_jsonld page pictures %}{% endblock %}"
BROKEN = HEAD.replace("{% end", "<script type='application/ld+json'>{oups</script>{% end")
TITLE, DESCRIPTION, CONTENT = "{% block title %}", "{% block description %}", "{% block content %}"
LOST = "{% endblock %}{% block lost %}"  # what follows is in a block that no page shows
FAULTS = [  # (template, text, what stands in its place), and the faults they make: (code, page)
    (
        [
            (MERCHANT, DESCRIPTION, DESCRIPTION + LOST),
            (MERCHANT, "<h1", "<h1>Deux</h1><h1"),
            (MERCHANT, CONTENT, f'{CONTENT}<a href="/nulle-part/">x</a>'),
            (PRODUCT, "{% product_jsonld product %}", ""),
            (
                TOWN,
                "{% block breadcrumb %}",
                "{% block canonical %}{{ request.build_absolute_uri }}{% endblock %}{% block breadcrumb %}",
            ),
        ],
        {
            ("description", "merchant"),
            ("heading", "merchant"),
            ("broken-link", "some merchant"),
            ("data", "product"),
            ("unlisted", "empty town"),
        },
    ),
    (
        [
            (MERCHANT, HEAD, ""),
            (BASE, "<title>{{ head_title|signed }}</title>", ""),
            (BASE, '"{{ head_description }}"', '"Mon site"'),
            (BASE, '"{{ head_canonical }}"', '"https://ailleurs.example/"'),
            (TOWN, CONTENT, CONTENT + '{% include "nulle-part.html" %}'),
        ],
        {
            ("data", "merchant"),
            ("title", "merchant"),
            ("duplicate-description", "merchant"),
            ("canonical", "merchant"),
            ("status", "town"),
        },
    ),
    (
        [
            (MERCHANT, HEAD, BROKEN),
            (MERCHANT, CONTENT, f"{CONTENT}<h1>Bientôt</h1>{LOST}"),
            *((name, "{% products_of_the_day", "{# ") for name in SHELVES),
            (BASE, "{{ head_title|signed }}", "Mon site"),
        ],
        {("data", "merchant"), ("thin", "merchant"), ("orphan", "product"), ("duplicate-title", "merchant")},
    ),
    (
        [(MERCHANT, HEAD, "{% block robots %}noindex{% endblock %}" + HEAD)],
        {("listed-noindex", "merchant")},
    ),
]
WRONG_PRICE = """<script type="application/ld+json">
{"@type": "Product", "name": "Picodon affiné", "offers": {"price": "1.00", "availability": "https://schema.org/InStock"}}
</script>"""


@pytest.mark.parametrize(("changes", "faults"), FAULTS)
def test_each_fault_put_in_is_in_the_next_run(region, places, change, changes, faults):
    product = region[0].storefront.partner.stockrecords.get().product
    paths = {
        "merchant": [region[0].public_path],
        "some merchant": [merchant.public_path for merchant in region],  # the first one met: the day's draw decides
        "product": [product.get_absolute_url()],
        "town": [places.die.get_absolute_url()],
        "empty town": [places.privas.get_absolute_url()],
    }
    for template, old, new in changes:
        change(template, old, new)

    reported = {(code, path) for code, path, _ in audit().findings}

    missed = {(code, where) for code, where in faults if not reported & {(code, path) for path in paths[where]}}
    assert not missed


def test_structured_data_that_differ_from_the_database_are_told_fact_by_fact(region, change):
    told = '<script type="application/ld+json">{"@type": "Store", "@id": "#commerce", "name": "Autre"}</script>'
    change(MERCHANT, "{% merchant_jsonld page pictures %}", told)

    details = [detail for code, path, detail in audit().findings if code == "data-differs"]

    assert "name : Autre ≠ La Maison 1" in details
    assert "telephone :  ≠ +33 4 75 21 00 00" in details
    assert any(detail.startswith("openingHoursSpecification") for detail in details)


def test_a_price_told_wrong_is_found(region, change):
    change(PRODUCT, "{% product_jsonld product %}", WRONG_PRICE)

    assert [detail for code, _, detail in audit().findings if code == "data-differs"] == ["price : 1.00 ≠ 3.20"]


def test_twins_share_a_title_and_a_description(region):
    MerchantPage.objects.filter(pk=region[1].pk).update(title=region[0].title, category=region[0].category)

    assert found("duplicate-title") == {region[0].public_path, region[1].public_path}


def test_a_link_to_an_old_address_is_told_with_the_new_one(region, django_capture_on_commit_callbacks):
    old = region[1].public_path
    with django_capture_on_commit_callbacks(execute=True):
        region[1].slug = "la-nouvelle-maison"
        region[1].save_revision().publish()
    MerchantPage.objects.filter(pk=region[0].pk).update(story=f'<p><a href="{old}">Voisine</a></p>')

    findings = audit().findings

    assert ["redirect-link", region[0].public_path, f"{old} → /commercants/la-nouvelle-maison/"] in findings


def test_a_page_too_many_clicks_away_is_deep(region, monkeypatch):
    monkeypatch.setattr(auditing, "DEEPEST", 1)

    assert "/commerces/die-26/fromagerie-cremerie/" in found("deep")


def test_a_page_in_error_that_only_the_sitemap_knows_is_told(region, change):
    change(MERCHANT, CONTENT, f"{CONTENT}<h1>Vide</h1>{LOST}")
    change(PRODUCT, CONTENT, CONTENT + '{% include "nulle-part.html" %}')

    assert region[0].storefront.partner.stockrecords.get().product.get_absolute_url() in found("status")


def test_losing_many_pages_at_once_is_a_fault(region):
    audit()
    for merchant in region[:2]:
        merchant.unpublish()

    findings = audit().findings

    assert ["loss", "commerçants", "3 → 1"] in findings
    assert ["loss", "produits", "1 → 0"] in findings


def test_the_command_tells_the_faults_and_writes_them(region, tmp_path, capsys):
    MerchantPage.objects.filter(pk=region[0].pk).update(story='<p><a href="/nulle-part/">x</a></p>')

    call_command("audit_site", file=tmp_path / "audit.json")

    assert "1 Lien mort" in capsys.readouterr().out
    written = json.loads((tmp_path / "audit.json").read_text())
    assert written["totals"] == {"broken-link": 1}


def test_a_strict_run_fails_when_something_is_wrong(region):
    call_command("audit_site", strict=True)
    MerchantPage.objects.filter(pk=region[0].pk).update(story='<p><a href="/nulle-part/">x</a></p>')

    with pytest.raises(CommandError):
        call_command("audit_site", strict=True)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "accueil"),
        ("/commercants/le-fournil-die/", "commerçants"),
        ("/commercants/", "autres"),
        ("/commercants/?page=2", "autres"),
        ("/commerces/die-26/", "communes"),
        ("/commerces/drome/", "autres"),
        ("/commerces/die-26/primeur/", "métiers"),
        ("/boutique/produits/picodon_12/", "produits"),
        ("/histoires/le-picodon/", "histoires"),
    ],
)
def test_the_kind_of_a_page_is_in_its_address(path, kind):
    assert kind_of(path) == kind


def test_editors_read_the_last_audit_and_its_change(client, editor, region):
    audit()
    SiteAudit.objects.update(made_at=timezone.now() - timedelta(days=1))
    region[0].unpublish()
    audit()
    client.force_login(editor)

    page = client.get("/gestion/reports/referencement/")

    assert page.status_code == 200
    assert "<td>Commerçants</td><td>2</td><td>-1</td>" in page.text
    assert "<polyline" in page.text
    assert "Chute du nombre de pages indexables" in page.text


def test_before_the_first_audit_editors_read_when_it_comes(client, editor):
    client.force_login(editor)

    assert "la nuit qui vient" in client.get("/gestion/reports/referencement/").text


def test_the_report_is_for_staff(client, shopper):
    client.force_login(shopper)

    assert client.get("/gestion/reports/referencement/").status_code in (302, 403)


def test_of_what_the_sitemap_omits_a_sample_is_read_another_each_day(region, monkeypatch):
    monkeypatch.setattr(auditing, "SAMPLE", 3)
    read = set()

    for day in range(3):
        with time_machine.travel(timezone.now() + timedelta(days=day)):
            crawl = auditing.Crawl()
            crawl.run(lambda count: None)
        towns = {page.path for page in crawl.pages.values() if page.status and kind_of(page.path) == "communes"}
        assert len(towns - crawl.sitemap) == 3 < len(crawl.beside["communes"])
        assert crawl.sitemap <= {page.path for page in crawl.pages.values() if page.status}
        read |= towns - crawl.sitemap

    assert len(read) > 3


def test_an_audit_that_takes_too_long_ends_and_says_so(region, monkeypatch):
    whole = audit()
    monkeypatch.setattr(auditing, "MINUTES", 0)

    made = audit()

    assert made.pages < whole.pages
    assert [code for code, *_ in made.findings if code != "orphan"] == ["unread"]
    with pytest.raises(CommandError):
        call_command("audit_site", "--strict", stdout=io.StringIO())
