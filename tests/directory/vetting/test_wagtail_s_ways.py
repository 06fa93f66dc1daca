"""Every way that Wagtail has to take a page offline or to delete it: for a merchant, each leads to the procedure."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from directory.models import DirectoryPage, MerchantPage
from directory.space.reviews import submit
from directory.vetting.sanctions.kinds import Measure
from tests.directory.vetting.applications import draft as make_application
from tests.directory.vetting.evidence import verify
from tests.directory.vetting.procedures import impose_at_once
from tests.factories import make_merchant, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["editor", "superuser"])
def office(request, client, editor):
    editor.is_superuser = editor.is_staff = request.param == "superuser"
    editor.save()
    client.force_login(editor)
    return client


@pytest.fixture
def shop(bakery):
    return verify(bakery)


def admin(name, page):
    return reverse(f"wagtailadmin_pages:{name}", args=[page.pk])


def bulk(act, *pages):
    return f"/gestion/bulk/wagtailcore/page/{act}/?{'&'.join(f'id={page.pk}' for page in pages)}&next=/gestion/"


def api(act, page):
    return reverse("wagtailadmin_api:pages:action", args=[page.pk, act])


def post_api(client, act, page, **data):
    return client.post(api(act, page), json.dumps(data), content_type="application/json")


WAYS = {
    "unpublish, asked": lambda client, page: client.get(admin("unpublish", page), follow=True),
    "unpublish, sent": lambda client, page: client.post(admin("unpublish", page), follow=True),
    "unpublish with descendants": lambda client, page: client.post(
        admin("unpublish", page), {"include_descendants": "on"}, follow=True
    ),
    "unpublish in bulk, asked": lambda client, page: client.get(bulk("unpublish", page), follow=True),
    "unpublish in bulk": lambda client, page: client.post(bulk("unpublish", page), follow=True),
    "unpublish the root in bulk": lambda client, page: client.post(
        bulk("unpublish", DirectoryPage.objects.get()), {"include_descendants": "on"}, follow=True
    ),
    "delete, asked": lambda client, page: client.get(admin("delete", page), follow=True),
    "delete, sent": lambda client, page: client.post(admin("delete", page), {"confirm": page.title}, follow=True),
    "delete in bulk": lambda client, page: client.post(bulk("delete", page), follow=True),
    "delete the root": lambda client, page: client.post(admin("delete", DirectoryPage.objects.get()), follow=True),
    "unpublish by the API": lambda client, page: post_api(client, "unpublish", page),
    "unpublish the root by the API": lambda client, page: post_api(
        client, "unpublish", DirectoryPage.objects.get(), recursive=True
    ),
    "delete by the API": lambda client, page: post_api(client, "delete", page),
    "delete the root by the API": lambda client, page: post_api(client, "delete", DirectoryPage.objects.get()),
}
SILENT = ("API", "root", "bulk, asked")  # answers that are no page, pages of others, Wagtail's own « pas le droit »
LEADING = [way for way in WAYS if not any(word in way for word in SILENT)]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_takes_a_merchant_offline_or_deletes_her(office, shop, way):
    answer = WAYS[way](office, shop)

    assert answer.status_code in (200, 403), answer.status_code
    assert MerchantPage.objects.get(pk=shop.pk).live
    if way in LEADING:
        assert "par une procédure" in answer.content.decode()
        ways = [answer.content.decode(), *(address for address, _ in answer.redirect_chain)]
        assert any(reverse("vetting:merchant", args=[shop.pk]) in way for way in ways)


@pytest.mark.parametrize("act", ["reject", "approve"])
def test_no_end_of_a_review_takes_her_offline(office, editor, shop, baker, act):
    submit(shop, baker)
    state = shop.current_workflow_task_state

    state.task.specific.on_action(state, editor, act, comment="Quel jour fermez-vous ?")

    assert MerchantPage.objects.get(pk=shop.pk).live


def test_no_date_takes_her_offline(shop):
    soon = shop.get_latest_revision_as_object()
    soon.expire_at = timezone.now() + timedelta(minutes=1)

    with pytest.raises(ValidationError, match="ne disparaît pas"):
        soon.save_revision().publish()
    revision = soon.save_revision(clean=False)
    with pytest.raises(ValidationError, match="ne disparaît pas"):
        revision.publish()
    call_command("publish_scheduled")
    assert MerchantPage.objects.get(pk=shop.pk).live


def test_the_admin_shows_the_way_in_the_place_of_its_buttons(office, shop):
    shown = office.get(admin("edit", shop)).content.decode()

    assert reverse("vetting:merchant", args=[shop.pk]) in shown
    assert admin("unpublish", shop) not in shown
    assert admin("delete", shop) not in shown


@pytest.mark.parametrize("way", ["delete, sent", "delete in bulk", "delete by the API"])
def test_what_never_was_public_is_deleted(office, places, way):
    page = make_merchant(live=False, vouch=list)

    WAYS[way](office, page)

    assert not MerchantPage.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("way", ["delete, sent", "delete in bulk", "delete by the API"])
def test_what_somebody_waits_for_is_not(office, places, way):
    page = make_merchant(live=False, vouch=list)
    make_application(make_user(), merchant=page)

    WAYS[way](office, page)

    assert MerchantPage.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("way", ["delete, sent", "delete in bulk", "delete by the API"])
@pytest.mark.parametrize("measure", [Measure.HIDING, Measure.SUSPENSION, Measure.END])
def test_a_merchant_is_deleted_when_her_contract_is_over_and_no_sooner(office, editor, shop, measure, way):
    impose_at_once(shop, editor, measure)

    WAYS[way](office, shop)

    assert MerchantPage.objects.filter(pk=shop.pk).exists() == (measure != Measure.END)
