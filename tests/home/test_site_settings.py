"""What editors fill in once for the whole site shows on every page, when it should."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from home.models import HomePage, StoryIndexPage
from home.site_settings import SiteSettings, _read, site_settings
from home.snippets import Partner, Spotlight
from tests.factories import make_picture, make_site_settings
from tests.home.test_campaigns import make_campaign, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    """The process forgets what another test has stored."""
    _read.cache_clear()
    yield
    _read.cache_clear()


def page(client, path="/cgu/"):
    return client.get(path).content.decode()


def menu(*links):
    return [("link", {"label": label, "url": url}) for label, url in links]


def foot(html):
    return html[html.index('<footer class="site-footer') :]


def test_the_menu_and_the_footer_are_the_editors_own(client):
    footer = [("column", {"title": "Aides", "links": [{"label": "Le chèque local", "url": "https://aides.example/"}]})]
    make_site_settings(menu=menu(("Marchés", "/marches/")), footer=footer)

    html = page(client)

    assert 'href="/marches/">Marchés</a>' in html
    assert 'href="https://aides.example/">Le chèque local</a>' in html
    assert "Espace commerçant" not in foot(html)
    assert 'href="/mentions-legales/"' in html


def test_an_emptied_menu_gives_the_first_one_back(client):
    make_site_settings(menu=[], footer=[])

    html = page(client)

    assert 'href="/commerces/">Communes</a>' in html
    assert "Espace commerçant" in foot(html)


@pytest.mark.parametrize(
    ("path", "current"), [("/commerces/", "page"), ("/commerces/privas-07/", "true"), ("/histoires/", "")]
)
def test_the_menu_marks_the_page_and_the_branch_it_is_on(client, places, path, current):
    mark = f' aria-current="{current}"' if current else ""

    assert f'href="/commerces/"{mark}>Communes</a>' in page(client, path)


def test_an_announcement_keeps_its_dates(client):
    now = timezone.now()
    make_site_settings(
        announcement="Le portail fête l’Ardèche",
        announcement_from=now + timedelta(days=1),
        announcement_until=now + timedelta(days=3),
    )

    assert "Ardèche" not in page(client)
    with time_machine.travel(now + timedelta(days=2)):
        assert "Ardèche" in page(client)
    with time_machine.travel(now + timedelta(days=4)):
        assert "Ardèche" not in page(client)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"announcement_link": "javascript:alert(1)"}, "announcement_link"),
        (
            {"announcement_from": timezone.now(), "announcement_until": timezone.now() - timedelta(1)},
            "announcement_until",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, field):
    with pytest.raises(ValidationError) as refusal:
        SiteSettings(**wrong).full_clean()

    assert field in refusal.value.message_dict


# Wagtail leaves the temporary files of a rendition to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_the_social_picture_is_the_editors_own_where_a_page_has_none(client):
    make_site_settings(social_picture=make_picture())

    assert ".fill-1200x630.format-jpeg" in page(client).split('property="og:image" content="')[1].split('"')[0]


@pytest.mark.parametrize("form", ["items", "plain"])
def test_pages_of_the_menu_and_of_all_columns_are_read_in_one_query(places, django_assert_max_num_queries, form):
    """The links of a column were once stored plain, and rows of that time are."""
    index = StoryIndexPage.objects.get()

    def stored(label, page):
        return {"label": label, "page": page.pk, "product": None, "url": ""}

    def item(link):
        return {"type": "item", "value": link, "id": "x"} if form == "items" else link

    shown = [stored("Lire", index), stored("Accueil", HomePage.objects.get())]
    columns = [{"title": title, "links": [item(link) for link in shown]} for title in ("Un", "Deux", "Trois")]
    site = make_site_settings()
    site.menu = SiteSettings.menu.field.to_python([{"type": "link", "value": link} for link in shown])
    site.footer = SiteSettings.footer.field.to_python([{"type": "column", "value": column} for column in columns])
    site.save()

    with django_assert_max_num_queries(2):
        read = site_settings()
        assert read.menu_links == [("Lire", "/histoires/"), ("Accueil", "/")]
        assert [(title, *links)[:3] for title, links in read.footer_columns] == [
            (title, ("Lire", "/histoires/"), ("Accueil", "/")) for title in ("Un", "Deux", "Trois")
        ]


def test_partners_stand_at_the_foot_of_every_page(client, django_assert_num_queries):
    assert "Partenaires" not in page(client)

    Partner.objects.create(name="Chambre de métiers", url="https://cma.example/")

    assert 'href="https://cma.example/">Chambre de métiers</a>' in page(client)
    client.get("/compte/connexion/")
    with django_assert_num_queries(0):
        assert "Chambre de métiers" in client.get("/compte/connexion/").text


def test_a_spotlight_shows_for_its_days_and_while_its_merchant_is_online(client, bakery):
    today = timezone.localdate()
    spotlight = Spotlight.objects.create(merchant=bakery, words="Du levain, rien d’autre.", starts_on=today)
    campaign = make_campaign(("spotlights", {"title": "À l’honneur"}))
    assert "Du levain, rien d’autre." in read(client, campaign)

    spotlight.starts_on = today + timedelta(days=1)
    spotlight.save()
    assert "À l’honneur" not in read(client, campaign)

    spotlight.starts_on = today
    spotlight.save()
    bakery.unpublish()
    assert "À l’honneur" not in read(client, campaign)


def test_an_editor_names_a_partner_and_sees_her_mistake(client, editor):
    client.force_login(editor)

    wrong = client.post("/gestion/partners/new/", {"name": "Chambre", "url": "cma.example", "position": 0, "logo": ""})
    assert "Une adresse qui commence par https://." in wrong.content.decode()

    client.post("/gestion/partners/new/", {"name": "Chambre", "url": "https://cma.example", "position": 0, "logo": ""})
    assert Partner.objects.get().name == "Chambre"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["123", "coucou", "54210765113031", "542 107 651"])
def test_a_siret_that_is_none_stays_out_of_the_legal_notice(typed):
    with pytest.raises(ValidationError, match=r"SIRET|numéro"):
        SiteSettings(siret=typed).clean()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["73282932000074", "732 829 320 00074", "732.829.320.00074", "732\u00a0829\u00a0320\u00a000074"]
)
def test_a_siret_is_shown_in_groups_however_it_is_typed(typed):
    site = SiteSettings(siret=typed)
    site.clean()

    assert site.siret == "732 829 320 00074"
