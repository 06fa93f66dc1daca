"""What people type, at each way in, and where it shows: the cases of data/forms.jsonl, and others of their kind."""

import json
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from directory.models import DirectoryPage, MerchantPage
from home.models import StoryIndexPage, StoryPage
from home.site_settings import SiteSettings
from portal.slugs import slug_of
from portal.typography import no_break_html
from shop.products import on_sale, open_storefront, stock_of
from tests.browser_forms import filled_in
from tests.factories import make_merchant, make_user

pytestmark = pytest.mark.django_db

CASES = [json.loads(line) for line in (Path(__file__).parent / "data/forms.jsonl").read_text("utf-8").splitlines()]
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SPACES = "\u00a0\u202f\u2009\u3000"


def typed(number, *others):
    """Return what the cases of one number type, and others of their kind."""
    return [*[case["input"] for case in CASES if case["id"] == number], *others]


@pytest.fixture
def staff(db):
    from django.test import Client

    client = Client()
    client.force_login(make_user(is_superuser=True, is_staff=True))
    return client


@pytest.fixture
def merchant_form(client, baker, bakery):
    """Send the merchant's own form with these changes; return the response."""
    client.force_login(baker)
    address = reverse("space:profile", args=[bakery.pk])

    def send(**changes):
        form = client.get(address).context["form"]
        values = {name: form[name].value() for name in form.fields}
        sent = {name: f"{value:%H:%M}" if hasattr(value, "hour") else value for name, value in values.items()}
        sent = {name: value for name, value in sent.items() if value not in (None, False)}
        return client.post(address, sent | {"send": "1"} | changes)

    return send


@pytest.fixture
def article(client, bakery, baker):
    """Send the merchant's form of a new article; return it as it is on sale, or the form's errors."""
    open_storefront(bakery)
    client.force_login(baker)
    known = {
        "title": "Pain", "description": "", "price": "2,40", "stock": "5", "unit": "la pièce", "measure": "piece",
        "quantity": "1", "vat_rate": "5.5", "label": "", "is_food": "True", "is_alcohol": "False",
        "allergens_known": "on",
        "allergens": ["gluten", "oeufs"], "is_public": "on",
    }  # fmt: skip

    def send(**changes):
        response = client.post(reverse("new_product", args=[bakery.pk]), known | changes)
        return on_sale().get() if response.status_code == 302 else response.context["form"].errors

    return send


def edited(staff, page, **changes):
    """Save a merchant's page in the editors' office and publish it; return the response."""
    data = {
        "title": page.title, "slug": page.slug, "siret": page.siret or "", "category": page.category_id,
        "town": page.town_id, "street": page.street, "postal_code": page.postal_code, "phone": page.phone,
        "opening_hours": "", "story": rich_text(page.story), "pictures": inline_formset([]),
        "comments": inline_formset([]), "action-publish": "action-publish",
    }  # fmt: skip
    return staff.post(f"/gestion/pages/{page.pk}/edit/", nested_form_data(data | changes))


@pytest.mark.parametrize(
    "text", [*typed("F1")[:2], "un\rdeux", "un\u2028deux", "<b>un</b>\ndeux", "Jeanne <jeanne@ferme.example>\nPrivas"]
)
def test_f1_the_editor_opens_a_story_with_line_breaks(merchant_form, staff, bakery, text):
    assert merchant_form(story=text).status_code == 302

    page = MerchantPage.objects.get(pk=bakery.pk)
    assert "<br/>" in page.get_latest_revision_as_object().story
    assert staff.get(f"/gestion/pages/{page.pk}/edit/").status_code == 200


@pytest.mark.parametrize("text", [typed("F1")[2], "<p>a<br>b</p><p>c", "<p><b>a</p>"])
def test_f1_the_editor_opens_what_was_stored_before(staff, places, text):
    page = make_merchant(story=text)

    assert staff.get(f"/gestion/pages/{page.pk}/edit/").status_code == 200


@pytest.mark.parametrize("intro", [*typed("F5")[:2], "Il\x00 chauffe.", "Il chauffe.\x1f", "Il chauffe\u200b.\ufffe"])
def test_f5_a_story_is_clean_as_soon_as_an_editor_saves_it(staff, client, intro):
    index = StoryIndexPage.objects.get()
    data = {
        "title": f"Le four{intro[-1] if intro[-1] < ' ' else ''}", "slug": "le-four", "intro": intro,
        "body": streamfield([("heading", "Au\v bois"), ("text", rich_text("<p>Il chauffe\u200b</p>"))]),
        "comments": inline_formset([]), "action-publish": "action-publish",
    }  # fmt: skip

    response = staff.post(f"/gestion/pages/add/home/storypage/{index.pk}/", nested_form_data(data))

    assert response.status_code == 302, response.context["form"].errors
    story = StoryPage.objects.get()
    assert story.intro in ("Il chauffe. Doucement.", "Il chauffe.")
    assert (story.title, story.body[0].value) == ("Le four", "Au bois")
    assert "\u200b" not in story.body[1].value.source
    feed = client.get("/histoires/atom.xml")
    assert ElementTree.fromstring(feed.content).findtext("a:entry/a:title", None, ATOM) == "Le four"


def test_f5_a_merchant_s_title_is_clean_in_the_feed(staff, client, bakery):
    assert edited(staff, bakery, title=typed("F5")[2]).status_code == 302

    assert MerchantPage.objects.get(pk=bakery.pk).title == "Le Fournil"
    feed = client.get("/commercants/atom.xml")
    assert ElementTree.fromstring(feed.content).findtext("a:entry/a:title", None, ATOM) == "Le Fournil"


def test_settings_are_clean_too(staff):
    page = staff.get("/gestion/settings/home/sitesettings/", follow=True)
    data = filled_in(page, having="announcement") | nested_form_data(
        {"menu": streamfield([]), "footer": streamfield([])}
    )
    data |= {"announcement": "Fermé\v lundi\u200b", "phone": "+33\u00a0(0)4\u00a075\u00a064\u00a001\u00a001"}

    response = staff.post(page.wsgi_request.path, data)

    assert response.status_code == 302, response.context["form"].errors
    site = SiteSettings.load()
    assert (site.announcement, site.phone) == ("Fermé lundi", "04 75 64 01 01")


@pytest.mark.parametrize(
    "siret",
    typed("F22", *(f"732{space}829{space}320{space}00074" for space in SPACES[1:]), "'73282932000074", typed("P2")[0]),
)
def test_f22_an_editor_types_a_siret_as_it_is_printed(staff, places, siret):
    page = make_merchant()

    assert edited(staff, page, siret=siret).status_code == 302
    assert MerchantPage.objects.get(pk=page.pk).siret == "73282932000074"


def test_p2_a_second_page_of_one_establishment_is_refused(staff, bakery):
    other = make_merchant()

    response = edited(staff, other, siret=typed("P2")[0])

    assert "siret" in response.context["form"].errors


@pytest.mark.parametrize(
    "words", typed("F23", *(f"732{space}829{space}320{space}00074" for space in SPACES), "732829320", "732 829 320")
)
def test_f23_editors_find_a_page_by_its_siret(staff, bakery, words):
    make_merchant(title="Un autre commerce", siret="54210765113030")

    page = staff.get("/gestion/pages/search/", {"q": words}).content.decode()

    assert bakery.title in page
    assert "Un autre commerce" not in page


@pytest.mark.parametrize("title", [*typed("F29")[0:3:2], "Cœur d’agneau", "L'Œuf", "Æble", "Weißwurst"])
def test_f29_an_article_s_address_keeps_its_letters(article, title):
    slugs = ["oeufs-bio", "confiture-de-l-ete", "coeur-d-agneau", "l-oeuf", "aeble", "weisswurst"]

    assert article(title=title).slug in slugs


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        (typed("F29")[1], "au-boeuf-qui-rit-privas"),
        (typed("F29")[3], "chez-soeur-anne-privas"),
        ("L’Œuf et l’Été", "l-oeuf-et-l-ete-privas"),
        ("Aux Sœurs Næss", "aux-soeurs-naess-privas"),
        ("Zum Weißen Bären", "zum-weissen-baren-privas"),
    ],
)
@pytest.mark.parametrize("script", ["django", "urlify"])
def test_f29_a_merchant_s_address_keeps_its_letters(staff, places, bakery, title, slug, script):
    from django.utils.text import slugify

    shown = {"django": slugify(title), "urlify": slug.removesuffix("-privas").replace("-l-", "-l")}[script]
    data = {
        "title": title, "slug": shown, "siret": "", "category": bakery.category_id, "town": places.privas.pk,
        "postal_code": "07000", "story": rich_text(""), "pictures": inline_formset([]), "comments": inline_formset([]),
    }  # fmt: skip

    staff.post(f"/gestion/pages/add/directory/merchantpage/{DirectoryPage.objects.get().pk}/", nested_form_data(data))

    assert MerchantPage.objects.get(title=title).slug == slug


@pytest.mark.parametrize("title", ["Au Bœuf qui rit", "L’Œuf et l’Été"])
def test_f29_a_merchant_stored_by_no_form_has_the_same_address(places, title):
    assert make_merchant(title=title).slug == slug_of(f"{title} Privas")


@pytest.mark.parametrize(
    ("written", "price"),
    [
        *zip(typed("F31")[:3], ["1250.00", "1250.00", "8.40"], strict=True),
        ("1.250,00", "1250.00"), ("8.40", "8.40"), ("8€40", "8.40"), ("1\u00a0250", "1250.00"), ("6,0", "6.00"),
    ],
)  # fmt: skip
def test_f31_a_price_is_written_as_people_do(article, written, price):
    assert stock_of(article(price=written)).price == Decimal(price)


@pytest.mark.parametrize("written", [typed("F31")[3], "1\u202f000", "1\u00a0000", "1000,0", "1000.0"])
def test_f31_a_stock_is_written_as_people_do(article, written):
    assert stock_of(article(stock=written)).num_in_stock == 1000


@pytest.mark.parametrize(
    ("quantity", "unit_price"),
    [
        (typed("F32")[0], "24\u202f000,00\u00a0€/kg"), ("0.0005", "24\u202f000,00\u00a0€/kg"),
        ("0,00025", "48\u202f000,00\u00a0€/kg"), ("0,001", "12\u202f000,00\u00a0€/kg"), ("1,250", "9,60\u00a0€/kg"),
        ("0,06", "200,00\u00a0€/kg"),
    ],
)  # fmt: skip
def test_f32_what_is_sold_by_the_half_gram_tells_the_price_of_a_kilo(client, article, quantity, unit_price):
    product = article(title="Safran", price="12", measure="kg", unit="la dose", quantity=quantity)

    assert unit_price in client.get(product.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("field", "written", "reason"),
    [
        ("price", "1.250", "écrivez 1250 ou 1,25"),
        ("price", "-8,40", "Écrivez au moins 0,01."),
        ("stock", "6,5", "Écrivez un nombre entier"),
        ("stock", "-1", "Écrivez au moins 0."),
        ("quantity", "0", "Écrivez une quantité plus grande que zéro."),
        ("quantity", "0,0000001", "Pas plus de 6 chiffres après la virgule."),
    ],
)
def test_a_number_refused_says_how_to_write_it(article, field, written, reason):
    assert reason in str(article(**{field: written})[field])


@pytest.mark.parametrize(
    ("latitude", "longitude", "shown"),
    [
        ("44,7354", "4,5990", "44,7354"),
        ("44.735", "4.599", "44,735"),
        ("44,735", "4,599", "44,735"),
        (" 44,735412345678\u00a0", "4.599012345678", "44,735412345678"),
        ("", "", None),
    ],
)
def test_an_editor_types_a_position_as_she_pastes_it(staff, places, latitude, longitude, shown):
    page = make_merchant()

    assert edited(staff, page, latitude=latitude, longitude=longitude).status_code == 302

    page = MerchantPage.objects.get(pk=page.pk)
    if shown:
        assert page.latitude == float(shown.replace(",", "."))
        assert page.longitude == float(longitude.strip().replace(",", ".").replace("−", "-"))
    else:
        assert (page.latitude, page.longitude) == (None, None)
    form = staff.get(f"/gestion/pages/{page.pk}/edit/").context["form"]
    assert filled_in(staff.get(f"/gestion/pages/{page.pk}/edit/"), "title")["latitude"] == (shown or "")
    assert not form.fields["latitude"].has_changed(page.latitude, shown or "")


@pytest.mark.parametrize(
    ("latitude", "reason"),
    [
        ("447354", "Écrivez au plus 90."),
        ("-91", "Écrivez au moins -90."),
        ("44.7354, 4.5990", "Écrivez des degrés, par exemple 44,7354."),
        ("nan", "Écrivez des degrés"),
        ("44°44’", "Écrivez des degrés"),
        ("9" * 40, "Écrivez au plus 90."),
        ("−0,5", "À "),  # a minus is read, and the place is far from the town
    ],
)
def test_what_is_no_position_is_refused_in_words(staff, places, latitude, reason):
    response = edited(staff, make_merchant(), latitude=latitude, longitude="4,5990")

    assert reason in str(response.context["form"].errors["latitude"])
    assert filled_in(response, "title")["latitude"] == latitude


@pytest.mark.parametrize("written", typed("F37", "mailto:contact@fournil.example", "https://contact@fournil.example"))
def test_f37_an_email_address_is_no_website(client, baker, staff, bakery, written):
    client.force_login(baker)
    contacts = reverse("space:contacts", args=[bakery.pk])
    response = client.post(contacts, filled_in(client.get(contacts), "website") | {"website": written})
    assert "C’est une adresse électronique" in response.content.decode()
    assert "C’est une adresse électronique" in edited(staff, bakery, website=written).content.decode()


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        (
            typed("P1")[0],
            ["<p>Commandes : Jeanne &lt;jeanne@ferme.example&gt;</p>", "<p>À garder au frais.<br>DLC 5 jours</p>"],
        ),
        ("Un\r\ndeux\r\n\r\ntrois", ["<p>Un<br>deux</p>", "<p>trois</p>"]),
        ("<b>Gras</b> & <i>rond</i>", ["<p>&lt;b&gt;Gras&lt;/b&gt; &amp; &lt;i&gt;rond&lt;/i&gt;</p>"]),
        ("1 < 2 <3 > 0", ["<p>1 &lt; 2 &lt;3 &gt; 0</p>"]),
        ("&amp; &nbsp;", ["<p>&amp;amp; &amp;nbsp;</p>"]),
    ],
)
def test_p1_a_description_keeps_every_word_and_line(client, article, text, paragraphs):
    product = article(description=text)

    page = client.get(product.get_absolute_url()).content.decode()
    for paragraph in paragraphs:
        assert no_break_html(paragraph) in page
    form = client.get(reverse("edit_product", args=[stock_of(product).partner.storefront.merchant_id, product.pk]))
    assert form.context["form"]["description"].value() == text.replace("\r\n", "\n")


def test_every_case_is_tried():
    """F28 and F30 are tried in tests/shop/, P7 and P8 in tests/directory/test_import_spreadsheets.py."""
    numbers = "F1 F5 F22 F23 F28 F29 F30 F31 F32 F37 P1 P2 P7 P8"
    assert {case["id"] for case in CASES} == set(numbers.split())
