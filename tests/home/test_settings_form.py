"""The settings of the site as editors change them: nothing is wiped, nobody overwritten, and closing asks."""

import json

import pytest
from django.apps import apps
from django.db import connection

from home.links_to_pages import converted
from home.models import CampaignPage, HomePage, StoryIndexPage
from home.site_settings import FOOTER, MENU, SiteSettings, _read, original_footer, original_menu
from tests.browser_forms import filled_in
from tests.factories import make_site_settings
from tests.home.block_forms import stream
from tests.home.test_campaigns import make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    _read.cache_clear()
    yield
    _read.cache_clear()


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


def address():
    return f"/gestion/settings/home/sitesettings/{SiteSettings.objects.get().pk}/"


def link_fields(prefix, label, url="", page=""):
    return {f"{prefix}-label": label, f"{prefix}-url": url, f"{prefix}-page": page, f"{prefix}-product": ""}


def opened(client):
    """Return what the form sends as it is shown; its menus, which a script draws, as they are stored."""
    form = filled_in(client.get(address()), having="announcement")
    site = SiteSettings.objects.get()
    menu = [
        ("link", link_fields(f"menu-{number}-value", block.value["label"], block.value["url"] or "",
                             block.value["page"].pk if block.value["page"] else ""))
        for number, block in enumerate(site.menu)
    ]  # fmt: skip
    footer = []
    for number, block in enumerate(site.footer):
        prefix = f"footer-{number}-value"
        fields = {f"{prefix}-title": block.value["title"], f"{prefix}-links-count": len(block.value["links"])}
        for place, link in enumerate(block.value["links"]):
            item = f"{prefix}-links-{place}"
            fields |= {f"{item}-deleted": "", f"{item}-order": place, f"{item}-type": "item", f"{item}-id": ""}
            page = link["page"].pk if link["page"] else ""
            fields |= link_fields(f"{item}-value", link["label"], link["url"] or "", page)
        footer.append(("column", fields))
    return form | stream("menu", *menu) | stream("footer", *footer)


def labels(site):
    return [label for label, _ in site.menu_links]


def test_the_stored_menus_are_rows_from_the_start():
    site = SiteSettings.objects.get()

    assert labels(site) == [label for label, _ in MENU]
    assert [title for title, _ in site.footer_columns] == [title for title, _ in FOOTER]
    assert site.menu[0].value["page"].slug == "commercants"  # « /commercants/ » was typed


def test_a_link_that_is_added_adds(office):
    form = opened(office)
    number = form["menu-count"]
    form["menu-count"] = number + 1
    form |= {f"menu-{number}-type": "link", f"menu-{number}-deleted": "", f"menu-{number}-order": number,
             f"menu-{number}-id": "", **link_fields(f"menu-{number}-value", "Marchés", "/marches/samedi/")}  # fmt: skip

    answer = office.post(address(), form)

    assert answer.status_code == 302, answer.context["form"].errors
    site = SiteSettings.objects.get()
    assert labels(site) == [*(label for label, _ in MENU), "Marchés"]


def test_what_the_law_wants_found_stays_at_the_foot():
    site = make_site_settings(
        footer=[("column", {"title": "Aides", "links": [{"label": "Chèque", "url": "https://aides.example/"}]})]
    )

    ((title, links),) = site.footer_columns
    assert title == "Aides"
    assert {"/signaler/", "/classement/", "/mentions-legales/#contact"} < {url for _, url in links}


def test_an_emptied_menu_is_stored_with_its_first_rows():
    site = make_site_settings(menu=[], footer=[])

    stored = SiteSettings.objects.get()
    assert labels(stored) == labels(site) == [value["label"] for _, value in original_menu()]
    assert len(stored.footer) == len(original_footer())


def test_a_link_follows_its_page_and_goes_with_it(client):
    page = make_campaign()
    make_site_settings(
        menu=[("link", {"label": "Noël", "page": page}), ("link", {"label": "Villes", "url": "/commerces/"})]
    )
    assert 'href="/noel/">Noël</a>' in client.get("/cgu/").text

    page.slug = "fetes"
    page.save_revision().publish()
    _read.cache_clear()
    assert 'href="/fetes/">Noël</a>' in client.get("/cgu/").text

    page.refresh_from_db()
    page.unpublish()
    _read.cache_clear()
    html = client.get("/cgu/").text
    assert ">Noël</a>" not in html
    assert ">Villes</a>" in html


@pytest.mark.parametrize("where", ["menu", "footer", "announcement"])
def test_a_page_in_a_menu_or_the_announcement_that_changes_is_told_to_all_pages(where):
    page = make_campaign()
    link = {"label": "Noël", "page": page}
    make_site_settings(
        **{
            "menu": {"menu": [("link", link)]},
            "footer": {"footer": [("column", {"title": "Fêtes", "links": [link]})]},
            "announcement": {"announcement": "Noël", "announcement_page": page},
        }[where]
    )

    def is_told(change):
        with connection.cursor() as cursor:
            cursor.execute("delete from portal_change")
            change()
            cursor.execute("select count(*) from portal_change where tag = 'site'")
            return cursor.fetchone()[0] > 0

    other = StoryIndexPage.objects.get()
    assert not is_told(lambda: other.save_revision().publish())
    assert is_told(page.unpublish)


@pytest.mark.parametrize(
    ("typed", "is_page"),
    [("/commercants/", True), ("/histoires", True), ("/histoires/?page=2", False), ("/recherche/", False),
     ("https://ailleurs.example/histoires/", False), ("/histoires/#fin", False), ("mailto:a@b.fr", False)],
)  # fmt: skip
def test_typed_addresses_of_pages_become_pages(typed, is_page):
    (block,) = converted(apps, [{"type": "link", "value": {"label": "Ici", "url": typed}}])

    assert bool(block["value"].get("page")) == is_page
    assert block["value"]["url"] == ("" if is_page else typed)


@pytest.mark.parametrize(
    ("typed", "is_page"),
    [("/histoires/", True), ("/histoires", True), ("http://127.0.0.1:8000/histoires/", True), ("/recherche/", False),
     ("/histoires/?page=2", False), ("/histoires/#fin", False), ("https://ailleurs.example/histoires/", False)],
)  # fmt: skip
def test_an_address_typed_into_a_text_becomes_its_page(office, typed, is_page):
    home, index = HomePage.objects.get(), StoryIndexPage.objects.get()
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": typed}}
    block = {"key": "a", "text": "Lire", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
             "entityRanges": [{"offset": 0, "length": 4, "key": 0}]}  # fmt: skip
    text = json.dumps({"blocks": [block], "entityMap": {"0": link}})
    form = {"title": "Noël", "slug": "noel", "intro": "Samedi.", "picture": "", "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0, **stream("body", ("text", {"body-0-value": text}))}  # fmt: skip

    office.post(f"/gestion/pages/add/home/campaignpage/{home.pk}/", form)

    stored = CampaignPage.objects.get().get_latest_revision_as_object().body[0].value.source
    assert (f'<a linktype="page" id="{index.pk}">Lire</a>' in stored) == is_page
    assert (f'<a href="{typed}">Lire</a>' in stored) == (not is_page)


@pytest.mark.parametrize("way", ["chosen", "typed"])
def test_the_announcement_follows_its_page_and_loses_its_link_with_it(client, office, way):
    page = make_campaign()
    link = {"announcement_page": page.pk} if way == "chosen" else {"announcement_link": "/noel/"}
    assert office.post(address(), opened(office) | {"announcement": "Marché de nuit"} | link).status_code == 302
    site = SiteSettings.objects.get()
    assert (site.announcement_page_id, site.announcement_link) == (page.pk, "")
    _read.cache_clear()
    assert '<a href="/noel/">Marché de nuit</a>' in client.get("/cgu/").text

    page.slug = "fetes"
    page.save_revision().publish()
    _read.cache_clear()
    assert '<a href="/fetes/">Marché de nuit</a>' in client.get("/cgu/").text

    page.refresh_from_db()
    page.unpublish()
    _read.cache_clear()
    html = client.get("/cgu/").text
    assert "Marché de nuit</span>" in html
    assert "/fetes/" not in html


def test_the_announcement_leads_to_one_place(office):
    page = make_campaign()
    link = {"announcement_page": page.pk, "announcement_link": "https://ailleurs.example/"}

    refused = office.post(address(), opened(office) | {"announcement": "Marché"} | link)

    assert "Un lien mène à un seul endroit" in refused.text
    assert SiteSettings.objects.get().announcement == ""


def test_two_editors_who_change_different_things_both_keep_them(office):
    first, second = opened(office), opened(office)

    assert office.post(address(), first | {"phone": "04 75 64 00 00"}).status_code == 302
    assert office.post(address(), second | {"announcement": "Marché de nuit samedi"}).status_code == 302

    site = SiteSettings.objects.get()
    assert site.phone
    assert site.announcement == "Marché de nuit samedi"


def test_two_editors_who_change_the_same_thing_are_told(office):
    first, second = opened(office), opened(office)
    office.post(address(), first | {"announcement": "Samedi"})

    refused = office.post(address(), second | {"announcement": "Dimanche"})
    assert refused.status_code == 200
    assert "changé entre-temps" in refused.text
    assert "« Samedi »" in refused.text
    assert SiteSettings.objects.get().announcement == "Samedi"

    again = {**second, "announcement": "Dimanche", "snapshot": filled_in(refused, having="announcement")["snapshot"]}
    assert office.post(address(), again).status_code == 302
    assert SiteSettings.objects.get().announcement == "Dimanche"
