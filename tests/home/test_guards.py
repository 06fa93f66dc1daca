"""What an editor cannot undo by two clicks, and addresses that stay true."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from directory.models import DirectoryPage
from home.checks.guards import MOST_AT_ONCE
from home.models import CampaignPage, HomePage, StoryIndexPage
from portal.addresses import is_reserved
from tests.browser_forms import filled_in
from tests.factories import make_merchant
from tests.home.test_blocks import make_story
from tests.home.test_campaigns import make_campaign

pytestmark = pytest.mark.django_db
STANDING = [HomePage, StoryIndexPage, DirectoryPage]


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture(params=["editor", "superuser"])
def anybody(request, client, editor):
    editor.is_superuser = request.param == "superuser"
    editor.save()
    client.force_login(editor)
    return client


@pytest.mark.parametrize("model", STANDING)
@pytest.mark.parametrize("act", ["unpublish", "delete"])
def test_nobody_withdraws_or_deletes_what_the_site_stands_on(anybody, model, act):
    page = model.objects.get()

    answer = anybody.post(f"/gestion/pages/{page.pk}/{act}/", {"include_descendants": "on"}, follow=True)

    assert model.objects.get().live
    assert answer.status_code == 200
    if answer.redirect_chain[-1][0] != "/gestion/":  # where those without the right are sent
        assert "Le site repose sur" in answer.content.decode()


@pytest.mark.parametrize("model", STANDING)
@pytest.mark.parametrize("act", ["unpublish", "delete", "move"])
def test_nor_many_at_once(anybody, model, act):
    page = model.objects.get()
    address = f"/gestion/bulk/wagtailcore/page/{act}/?id={page.pk}&next=/gestion/"

    anybody.post(address, {"include_descendants": "on", "chooser": StoryIndexPage.objects.get().pk})

    stored = model.objects.get()
    assert stored.live
    assert stored.path == page.path


@pytest.mark.parametrize("model", STANDING)
@pytest.mark.parametrize("change", [{"slug": "ailleurs"}, {"expire_at": "2040-01-01 10:00"}])
def test_nor_gives_it_another_address_or_an_end(anybody, model, change):
    page = model.objects.get()
    form = {"title": page.title, "slug": page.slug, "intro": "Bonjour", "body-count": 0, "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0, "action-publish": "1"}  # fmt: skip

    answer = anybody.post(f"/gestion/pages/{page.pk}/edit/", form | change)

    stored = model.objects.get()
    assert (stored.slug, stored.expire_at) == (page.slug, None)
    assert answer.status_code == 200
    assert "Le site repose sur cette page" in answer.content.decode()


def test_an_editor_withdraws_no_merchant_by_ticking_them(office, places):
    merchants = [make_merchant() for _ in range(MOST_AT_ONCE + 1)]
    ids = "&".join(f"id={merchant.pk}" for merchant in merchants)

    answer = office.post(f"/gestion/bulk/wagtailcore/page/unpublish/?{ids}&next=/gestion/", follow=True)
    assert answer.content.decode().count("par une procédure") == MOST_AT_ONCE + 1
    assert Page.objects.filter(pk__in=[merchant.pk for merchant in merchants], live=False).count() == 0

    office.post(f"/gestion/bulk/wagtailcore/page/unpublish/?id={merchants[0].pk}&next=/gestion/")
    assert Page.objects.get(pk=merchants[0].pk).live


@pytest.mark.parametrize(
    "slug",
    ["recherche", "compte", "boutique", "gestion", "signaler", "espace", "commercants", "commerces",
     "metiers", "histoires", "cgu", "mentions-legales", "donnees-personnelles", "classement", "sante", "static",
     "media", "accessibilite"],
)  # fmt: skip
def test_an_address_that_the_portal_answers_is_reserved(slug):
    taken = is_reserved(HomePage.objects.get().url_path, slug)

    assert taken or slug in ("commercants",)  # Wagtail's own page, whose slug is unique


@pytest.mark.parametrize("slug", ["noel", "recherche-du-pain", "les-marches", "fetes-2027", "a"])
def test_others_are_not(slug):
    assert not is_reserved(HomePage.objects.get().url_path, slug)
    assert not is_reserved(StoryIndexPage.objects.get().url_path, slug)
    assert not is_reserved(StoryIndexPage.objects.get().url_path, "recherche")


def test_a_campaign_called_search_is_told_so_with_all_else_that_is_wrong(office):
    home = HomePage.objects.get()
    form = {"title": "Recherche", "slug": "recherche", "intro": "Samedi.", "picture": "", "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0, "body-count": 1, "body-0-type": "heading", "body-0-deleted": "",
            "body-0-order": 0, "body-0-value": ""}  # fmt: skip

    refused = office.post(f"/gestion/pages/add/home/campaignpage/{home.pk}/", form | {"action-publish": "1"})

    html = refused.content.decode()
    assert "Cette adresse est déjà celle d’une page du portail" in html
    assert "blockErrors" in html
    told = office.post(f"/gestion/pages/add/home/campaignpage/{home.pk}/", form)
    assert "Cette adresse est déjà celle d’une page du portail" in told.text  # a draft would be lost there as well
    assert not CampaignPage.objects.exists()


@pytest.fixture
def taken():
    """A campaign whose draft was given, before there was a rule, an address that another page answers."""
    page = make_campaign()
    page.unpublish()
    draft = page.get_latest_revision_as_object()
    draft.slug = "recherche"
    draft.save_revision(clean=False)
    return CampaignPage.objects.get()


@pytest.mark.parametrize("way", ["list", "clock", "form", "draft"])
def test_no_way_of_publishing_leads_to_an_address_that_is_taken(office, taken, way):
    edit = f"/gestion/pages/{taken.pk}/edit/"
    if way == "list":
        answer = office.post(f"/gestion/bulk/wagtailcore/page/publish/?id={taken.pk}&next=/gestion/", follow=True)
        assert "déjà celle d’une page du portail" in answer.text
    elif way == "clock":
        Revision.objects.filter(pk=taken.latest_revision_id).update(approved_go_live_at=timezone.now())
        call_command("publish_scheduled", stderr=StringIO())
        assert [message.to for message in mail.outbox] == [["jeanne@region.example"]]
    else:
        form = filled_in(office.get(edit), having="title") | {"body-count": 0, "slug": "recherche"}
        pressed = {"action-publish": "1"} if way == "form" else {}
        kept = {name: value for name, value in form.items() if not name.startswith("action-")}
        assert "déjà celle d’une page du portail" in office.post(edit, kept | pressed).text

    stored = CampaignPage.objects.get()
    assert (stored.live, stored.slug) == (False, "noel")


def test_pages_with_faults_are_left_out_of_a_publication_in_bulk(office):
    dead = make_campaign(("text", '<p><a href="/nulle-part/">Le programme</a></p>'), title="Sans issue")
    whole = make_campaign(title="Entière")
    for page in (dead, whole):
        page.unpublish()

    answer = office.post(
        f"/gestion/bulk/wagtailcore/page/publish/?id={dead.pk}&id={whole.pk}&next=/gestion/", follow=True
    )

    assert any(
        "Sans issue" in str(message) and "/nulle-part/" in str(message) for message in answer.context["messages"]
    )
    assert set(CampaignPage.objects.live()) == {whole}


def test_a_campaign_is_not_copied_to_an_address_that_is_taken(office):
    page = make_campaign()
    form = {"new_title": "Recherche", "new_slug": "recherche", "new_parent_page": HomePage.objects.get().pk,
            "publish_copies": "on"}  # fmt: skip

    answer = office.post(f"/gestion/pages/{page.pk}/copy/", form, follow=True)

    assert "est déjà celle d’une page" in answer.content.decode()
    assert CampaignPage.objects.count() == 1


@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    """Give a page another address, as an editor does: Wagtail keeps the former one once that is stored."""

    def renamed(page, slug):
        with django_capture_on_commit_callbacks(execute=True):
            page = type(page).objects.get(pk=page.pk)
            page.slug = slug
            page.save_revision().publish()
        return type(page).objects.get(pk=page.pk)

    return renamed


def end_of(client, path):
    """Return the status where the way from an address ends. Fails on a loop."""
    answer = client.get(path, follow=True)
    return answer.status_code


@pytest.mark.parametrize("make", [make_campaign, make_story])
def test_no_address_leads_to_itself_whatever_became_of_its_page(client, make, rename):
    page = make(slug="a") if make is make_story else rename(make_campaign(), "a")
    above = page.public_path.removesuffix("a/")
    first = page.save_revision()
    for slug in ("b", "c", "a", "b", "a"):
        page = rename(page, slug)
        assert {end_of(client, f"{above}{each}/") for each in ("a", "b")} == {200}
    page = rename(page, "b")
    first.publish()
    assert end_of(client, f"{above}a/") == end_of(client, f"{above}b/") == 200

    type(page).objects.get(pk=page.pk).unpublish()
    assert {end_of(client, f"{above}{each}/") for each in ("a", "b", "c")} == {404}
    type(page).objects.get(pk=page.pk).save_revision().publish()
    assert {end_of(client, f"{above}{each}/") for each in ("a", "b", "c")} == {200}
    type(page).objects.get(pk=page.pk).delete()
    assert {end_of(client, f"{above}{each}/") for each in ("a", "b", "c")} == {404}


def test_two_pages_may_exchange_their_addresses(client, rename):
    one, two = make_story(slug="un"), make_story(slug="deux")

    one = rename(one, "trois")
    two = rename(two, "un")
    one = rename(one, "deux")

    assert client.get("/histoires/un/").context["page"].pk == two.pk
    assert client.get("/histoires/deux/").context["page"].pk == one.pk
    two.unpublish()
    assert client.get("/histoires/un/", follow=True).context["page"].pk == one.pk  # whose address it was before


@pytest.mark.parametrize("links", [["/a"], ["/b", "/a"], ["/b", "/c", "/b"], ["/b", "/c", "/d", "/a"]])
def test_redirects_that_were_typed_do_not_go_round(client, links):
    for start, end in zip("abcd", links, strict=False):
        Redirect.objects.create(old_path=f"/{start}", redirect_link=f"http://testserver{end}/")

    assert end_of(client, "/a/") == 404


def test_a_redirect_still_leads_where_it_should(client):
    page = make_campaign()
    Redirect.objects.create(old_path="/fetes", redirect_page=page)
    Redirect.objects.create(old_path="/vieux", redirect_link="/fetes/")
    Redirect.objects.create(old_path="/dehors", redirect_link="https://www.auvergnerhonealpes.fr/")

    assert end_of(client, "/fetes/") == end_of(client, "/vieux/") == 200
    assert client.get("/dehors/").headers["Location"] == "https://www.auvergnerhonealpes.fr/"
