"""What an editor can do in Wagtail's admin, and what they cannot."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import Page, Workflow

from directory.models import DirectoryPage
from home.models import HomePage, StoryIndexPage, StoryPage
from tests.factories import make_user

pytestmark = pytest.mark.django_db

# Tables that editors keep whole.
KEPT = (
    *("spotlight", "partner", "market", "townguide", "synonym", "promotedanswer"),
    *("merchantmanager", "reasontemplate", "trustedflagger"),
)


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


def test_editors_are_no_superusers_and_do_not_manage_shops(office, editor):
    assert not editor.is_superuser
    assert not editor.is_staff
    assert office.get("/gestion/boutiques/commandes/")["Location"] == "/gestion/"


def test_the_group_holds_these_rights_and_no_other():
    group = Group.objects.get(name="Rédaction")

    assert set(group.permissions.values_list("codename", flat=True)) == {
        "access_admin",
        "add_redirect",
        "change_redirect",
        "delete_redirect",
        "view_redirect",
        "view_notice",
        "change_notice",
        "change_sitesettings",
        "view_demand",
        "view_jobreport",
        "change_jobreport",
        "view_application",
        "change_application",
        "view_vetting",
        "view_journalentry",
        "view_sanction",
        "view_complaint",
        "view_review",
        "change_review",
        "change_complaint",
        "add_category",
        "change_category",
        "view_category",
        "view_recall",
        "change_recall",
        *(f"{action}_monthlycost" for action in ("add", "change", "delete", "view")),
        *(f"{action}_{kept}" for kept in KEPT for action in ("add", "change", "delete", "view")),
    }
    assert {(right.page.specific_class, right.permission.codename) for right in group.page_permissions.all()} == {
        (HomePage, f"{action}_page") for action in ("add", "change", "publish", "lock", "unlock")
    }
    assert set(group.collection_permissions.values_list("permission__codename", flat=True)) == {
        f"{action}_{kind}" for action in ("add", "change", "choose") for kind in ("image", "document")
    }


@pytest.mark.parametrize("model", [HomePage, StoryIndexPage, DirectoryPage])
def test_every_page_of_the_site_is_hers_to_write_and_publish(editor, model):
    rights = model.objects.get().permissions_for_user(editor)

    assert rights.can_edit()
    assert rights.can_publish()


def test_a_merchant_s_page_is_hers_to_vet(editor, bakery):
    rights = bakery.permissions_for_user(editor)

    assert rights.can_edit()
    assert rights.can_publish()
    assert not rights.can_unpublish()  # by a decision with its reasons, in Vérifications


def test_the_tree_above_the_site_is_not_hers(editor):
    rights = Page.objects.get(depth=1).permissions_for_user(editor)

    assert not rights.can_edit()
    assert not rights.can_add_subpage()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "pages/",
        "images/",
        "images/add/",
        "documents/",
        "documents/add/",
        "redirects/",
        "redirects/add/",
        "synonyms/",
        "promoted_answers/",
        "spotlights/new/",
        "categories/",
        "categories/new/",
        "partners/new/",
        "notices/",
        "settings/home/sitesettings/",
        "reports/recherches/",
        "reports/a-revoir/",
        "merchant_accesses/",
        "user_chooser/",
        "verifications/",
        "verifications/commercants/",
        "verifications/journal/",
    ],
)
def test_she_opens(office, address):
    assert office.get(f"/gestion/{address}", follow=True).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "users/",
        "users/new/",
        "groups/",
        "groups/new/",
        "sites/",
        "collections/",
        "workflows/list/",
        "workflows/tasks/index/",
        "snippets/",
    ],
)
def test_she_is_turned_away_from(office, address):
    assert office.get(f"/gestion/{address}").headers["Location"] == "/gestion/"


def menu(office):
    """Return every address of the menu that the admin draws for them."""
    html = office.get("/gestion/").content.decode()
    props = re.search(r'<script id="wagtail-sidebar-props" type="application/json">(.*?)</script>', html, re.DOTALL)
    return sorted(set(re.findall(r'"(?:url|href)": "(/gestion/[^"]*)"', props[1])))


def test_every_entry_of_her_menu_opens(office):
    addresses = menu(office)

    assert len(addresses) > 15
    # « Journaux », Wagtail's own history of the site, among them.
    assert {address: office.get(address, follow=True).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


def test_her_menu_has_her_tools_and_nothing_of_an_administrator_s(office):
    addresses = " ".join(menu(office))

    for tool in ("notices", "spotlights", "partners", "synonyms", "promoted_answers", "redirects", "sitesettings",
                 "reports/a-revoir", "reports/referencement", "images", "documents"):  # fmt: skip
        assert tool in addresses
    for foreign in ("/users/", "/groups/", "/sites/", "/collections/", "/workflows/list", "aging"):
        assert foreign not in addresses


def test_nothing_remains_of_wagtail_s_own_groups_and_workflow():
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()
    assert {workflow.name for workflow in Workflow.objects.all()} == {"Relecture des fiches", "Relecture des histoires"}


def test_merchants_and_stories_are_reviewed_and_nothing_else(bakery):
    assert bakery.get_workflow().name == "Relecture des fiches"
    assert StoryIndexPage.objects.get().get_workflow().name == "Relecture des histoires"
    assert HomePage.objects.get().get_workflow() is None


@pytest.fixture
def writer(db):
    """Léo writes stories, and publishes none."""
    user = make_user("leo@region.example", first_name="Léo")
    user.groups.add(Group.objects.get(name="Plumes"))
    return user


def test_a_story_of_who_may_not_publish_waits_for_an_editor(client, writer, editor, places):
    index = StoryIndexPage.objects.get()
    form = {"title": "Le marché", "slug": "le-marche", "intro": "Samedi.", "picture": "", "author": "Léo Marchand",
            "town": places.die.pk, "body-count": 0, "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}  # fmt: skip
    client.force_login(writer)

    client.post(f"/gestion/pages/add/home/storypage/{index.pk}/", form | {"action-publish": "1"})
    assert not StoryPage.objects.filter(live=True).exists()
    story = StoryPage.objects.first()
    address = f"/gestion/pages/{story.pk}/edit/"
    client.post(address, form | {"action-submit": "1"})
    story.refresh_from_db()
    assert story.current_workflow_state is not None

    client.force_login(editor)
    shown = client.get(address).text
    assert "Renvoyer à l’auteur" in shown
    assert "commerçant" not in re.search(r"<footer.*?</footer>", shown, re.DOTALL)[0]
    assert "Arrêter la relecture" in shown
    desk = client.get("/gestion/").text
    assert "Relire les histoires (1)" in desk
    assert "Relire les fiches des commerçants (0)" not in desk
    client.post(address, form | {"action-workflow-action": "1", "workflow-action-name": "approve"})

    assert StoryPage.objects.get().live
    html = client.get("/histoires/le-marche/").text
    assert "par Léo Marchand" in html
    assert f'href="{places.die.get_absolute_url()}"' in html
    assert '"author":{"@type":"Person","name":"Léo Marchand"}' in html
    assert "Le marché" in client.get(places.die.get_absolute_url()).text
    assert "Le marché" not in client.get(places.privas.get_absolute_url()).text


def test_the_migration_made_no_permission_twice():
    found = Permission.objects.filter(content_type__app_label="wagtailcore", codename="publish_page")

    assert found.count() == 1


def test_the_admin_speaks_french(office):
    html = office.get("/gestion/").content.decode()

    assert '<html lang="fr"' in html
    assert "J’achète dans ma région" in html
    assert "Sommaire du site" in html


def test_the_menu_has_no_help_in_english(office):
    html = office.get("/gestion/").content.decode()

    assert "keyboard-shortcuts-trigger" in html
    assert "whats-new-in-wagtail" not in html
