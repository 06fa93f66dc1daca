"""The editors' desk: what is checked before publishing, what grows old, and what they see first."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Comment, Page

from directory.hours import confirmation
from directory.models import MerchantPage
from home.blocks import CampaignBlocks
from home.checks.forms import CheckedPageForm
from home.checks.publishing import missing_references, publish_errors
from home.checks.to_review import ToReviewView, of_reason
from home.models import CampaignPage, HomePage, StoryIndexPage, StoryPage
from tests.factories import make_merchant, make_picture
from tests.home.test_blocks import make_story
from tests.home.test_campaigns import make_campaign

pytestmark = pytest.mark.django_db


def body(*blocks):
    return CampaignBlocks().to_python([{"type": name, "value": value} for name, value in blocks])


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("/nulle-part/", "qui ne répond pas"),
        ("http://ailleurs.example/", "commence par https://"),
        ("https://ailleurs", "qui n’est pas une adresse"),
    ],
)
def test_a_link_that_leads_nowhere_stops_the_page(link, fault):
    (told,) = publish_errors(body(("text", f'<p><a href="{link}">Le programme</a></p>')))[0]

    assert "Le programme" in told
    assert fault in told


@pytest.mark.parametrize("link", ["/histoires/", "https://www.auvergnerhonealpes.fr/aides", "mailto:a@b.fr", "#haut"])
def test_a_link_that_leads_somewhere_passes(link):
    assert publish_errors(body(("text", f'<p><a href="{link}">Le programme</a></p>'))) == {}


def test_a_link_to_a_deleted_page_stops_the_page(bakery):
    text = body(("text", f'<p><a linktype="page" id="{bakery.pk}">Le Fournil</a></p>'))
    assert publish_errors(text) == {}

    bakery.delete()

    assert "supprimé" in publish_errors(text)[0][0]


def test_a_link_that_does_not_say_where_it_leads_stops_the_page():
    (told,) = publish_errors(body(("text", '<p><a href="/histoires/">Cliquez ici</a></p>')))[0]

    assert "ne dit pas où il mène" in told


def test_a_subtitle_without_a_title_above_stops_the_page():
    orphan = ("text", "<h3>Les étals</h3><p>…</p>")

    assert "Les étals" in publish_errors(body(orphan))[0][0]
    assert publish_errors(body(("heading", "Le marché"), orphan)) == {}


def test_a_picture_described_by_its_file_name_stops_the_page():
    picture = {"image": {"image": make_picture().pk, "decorative": False, "alt_text": "IMG_2031.jpg"}, "caption": ""}

    assert "nom de fichier" in publish_errors(body(("picture", picture)))[0][0]


def test_only_publishing_is_held_back(client, editor):
    client.force_login(editor)
    address = f"/gestion/pages/add/home/storypage/{StoryIndexPage.objects.get().pk}/"
    form = {
        "title": "Le marché", "slug": "le-marche", "intro": "Samedi.", "picture": "", "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0, "body-count": 1, "body-0-type": "text", "body-0-deleted": "", "body-0-order": 0,
        "body-0-value": '{"blocks": [{"key": "a", "text": "Les étals", "type": "header-three", "depth": 0, '
        '"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
    }  # fmt: skip

    refused = client.post(address, {**form, "action-publish": "1"})
    assert refused.status_code == 200
    assert "Ajoutez un intertitre avant" in refused.content.decode()
    assert not StoryPage.objects.exists()

    client.post(address, form)
    assert not StoryPage.objects.get().live


def test_stories_and_campaigns_are_checked():
    assert StoryPage.base_form_class is CampaignPage.base_form_class is CheckedPageForm


def test_comments_can_be_left_on_a_story(client, editor):
    client.force_login(editor)
    story = make_story()

    address = f"/gestion/pages/{story.pk}/edit/"
    prefix = client.get(address).context["form"].formsets["comments"].prefix
    comment = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "0-contentpath": "intro", "0-text": "Plus court ?"}
    comment |= {"0-replies-TOTAL_FORMS": 0, "0-replies-INITIAL_FORMS": 0}
    page = {"title": story.title, "slug": story.slug, "intro": "Samedi.", "picture": "", "body-count": 0}

    client.post(address, page | {f"{prefix}-{name}": value for name, value in comment.items()})

    comment = Comment.objects.get(page=story)
    assert (comment.user, comment.contentpath, comment.text) == (editor, "intro", "Plus court ?")


def report(client, **query):
    page = client.get("/gestion/reports/a-revoir/", query)
    assert page.status_code == 200
    return page.content.decode()


def age(page, **interval):
    Page.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - timedelta(**interval))


def test_the_report_names_what_grows_old_and_why(client, editor, bakery, cheesemonger):
    client.force_login(editor)
    old = make_campaign(("merchant_cards", {"title": "Ici", "merchants": [bakery.pk]}))
    age(old, days=400)
    MerchantPage.objects.filter(pk=cheesemonger.pk).update(confirmed_on=timezone.localdate() - timedelta(days=200))

    html = report(client)
    assert "Les marchés de Noël" in html
    assert "pas republiée depuis un an" in html
    assert "La Crèmerie du Gier" in html
    assert "horaires confirmés le" in html
    assert "Le Fournil des Mines" not in html
    assert "La Crèmerie du Gier" not in report(client, reason="ancienne")


@pytest.mark.parametrize("today", ["2026-08-31", "2027-03-30", "2026-11-27"])
def test_the_report_and_the_merchants_page_agree_on_when_hours_grow_old(cheesemonger, today):
    found = set()
    with time_machine.travel(f"{today}T12:00:00+01:00", tick=False):
        for days in range(175, 190):
            confirmed_on = timezone.localdate() - timedelta(days=days)
            MerchantPage.objects.filter(pk=cheesemonger.pk).update(confirmed_on=confirmed_on)

            is_listed = Page.objects.filter(of_reason("horaires"), pk=cheesemonger.pk).exists()

            assert is_listed == ("non confirmés" in confirmation(confirmed_on, timezone.localdate()))
            found.add(is_listed)
    assert found == {True, False}


def test_the_report_tells_what_expires_soon_and_what_has_vanished(client, editor, bakery):
    client.force_login(editor)
    page = make_campaign(("merchant_cards", {"title": "Ici", "merchants": [bakery.pk]}))
    assert "Les marchés de Noël" not in report(client)

    bakery.unpublish()
    assert "un commerçant n’est plus en ligne" in report(client, reason="disparu")

    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() + timedelta(days=3))
    assert "retirée le" in report(client, reason="retrait")


def test_the_report_is_a_spreadsheet_too(client, editor):
    client.force_login(editor)
    age(make_campaign(), days=400)

    answer = client.get("/gestion/reports/a-revoir/", {"export": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert lines[0] == "Page,Pourquoi,Publiée le,Type,Adresse"
    assert lines[1].startswith("Les marchés de Noël,pas republiée depuis un an,")


def test_a_long_report_asks_no_more_queries(client, editor, places, django_assert_max_num_queries):
    client.force_login(editor)
    merchants = [make_merchant(opening_hours="Mo-Fr 09:00-12:00") for _ in range(2)]
    [age(merchant, days=300) for merchant in merchants]
    report(client)
    with django_assert_max_num_queries(60) as few:
        report(client)

    [age(make_merchant(opening_hours="Mo-Fr 09:00-12:00"), days=300) for _ in range(4)]

    with django_assert_max_num_queries(len(few)):
        report(client)
    assert ToReviewView.paginate_by == 50


def test_her_tasks_come_first_and_in_french(client, editor):
    client.force_login(editor)
    home = client.get("/gestion/").content.decode()

    assert "Bonjour Jeanne" in home
    for job in ("Relire les fiches", "Traiter les signalements", "Revoir ce qui vieillit", "Écrire une histoire",
                "Monter une campagne", "Mettre un commerçant en lumière", "Annoncer quelque chose"):  # fmt: skip
        assert job in home
    assert "guide.wagtail.org" not in home


def test_every_task_leads_somewhere(client, editor):
    client.force_login(editor)
    jobs = client.get("/gestion/").context["jobs"]

    assert {client.get(job.url, follow=True).status_code for job in jobs} == {200}


def test_a_preview_carries_the_accessibility_checker_and_a_public_page_does_not(client, editor):
    page = make_campaign(("heading", "Où aller"))
    client.force_login(editor)
    address = f"/gestion/pages/{page.pk}/edit/preview/"
    client.post(address, {"title": page.title, "slug": page.slug, "intro": page.intro, "body-count": 0, "picture": "",
                          "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0})  # fmt: skip

    preview = client.get(address, {"mode": "", "in_preview_panel": "true"})
    assert "color-contrast" in preview.content.decode()
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "wagtail-userbar" not in client.get(page.public_path).content.decode()


def test_what_has_vanished_is_told_when_she_saves(client, editor, bakery):
    page = make_campaign(("merchant_cards", {"title": "Ici", "merchants": [bakery.pk]}))
    bakery.unpublish()

    assert missing_references(CampaignPage.objects.get(pk=page.pk).body) == [
        "Commerçants choisis : un commerçant n’est plus en ligne."
    ]
    assert HomePage.objects.get().get_children().filter(pk=page.pk).exists()
