"""The bakery's form as its browser sends it, and the editors' desk beside it."""

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import MerchantPage
from directory.space.hours_form import DAYS
from tests.browser_forms import filled_in


class Space:
    """The space of one merchant's page, used through a client."""

    def __init__(self, client, merchant):
        self.client = client
        self.url = reverse("space:profile", args=[merchant.pk])
        self.preview_url = reverse("space:preview", args=[merchant.pk])
        self.pk = merchant.pk

    def fields(self):
        """Return what a browser would send of the form as it is shown."""
        form = self.client.get(self.url).context["form"]
        values = {name: form[name].value() for name in form.fields}
        sent = {name: f"{value:%H:%M}" if hasattr(value, "hour") else value for name, value in values.items()}
        return {name: value for name, value in sent.items() if value not in (None, False)}

    def fill_in(self, **sent):
        """Send these fields only, and what the page carries besides."""
        return self.client.post(self.url, {"snapshot": self.fields()["snapshot"]} | sent)

    def send(self, **changes):
        return self.client.post(self.url, self.fields() | {"send": "1"} | changes)

    def save(self, **changes):
        return self.client.post(self.url, self.fields() | changes)

    def live(self):
        return MerchantPage.objects.get(pk=self.pk)

    def draft(self):
        return self.live().get_latest_revision_as_object()


class Desk:
    """An editor in Wagtail's admin, beside the merchant in their space."""

    def __init__(self, editor, page_pk):
        self.client, self.pk = Client(), page_pk
        self.client.force_login(editor)

    def page(self):
        return MerchantPage.objects.get(pk=self.pk)

    def edit(self, **sent):
        """Send the page's form as the browser shows it, with these fields and the pressed button."""
        url = reverse("wagtailadmin_pages:edit", args=[self.pk])
        shown = filled_in(self.client.get(url), "title")
        pressed = ("action-publish", "action-submit", "action-workflow-action", "action-cancel-workflow")
        kept = {name: value for name, value in shown.items() if name not in pressed and name != "workflow-action-name"}
        return self.client.post(url, kept | sent, follow=True)

    def approve(self, **sent):
        return self.edit(**{"action-workflow-action": "1", "workflow-action-name": "approve"} | sent)

    def reject(self, extra='{"comment": "Quel jour fermez-vous ?"}'):
        return self.edit(
            **{
                "action-workflow-action": "1",
                "workflow-action-name": "reject",
                "workflow-action-extra-data": extra,
            }
        )

    def act(self, action, comment=""):
        state = self.page().current_workflow_task_state
        url = reverse("wagtailadmin_pages:workflow_action", args=[self.pk, action, state.pk])
        return self.client.post(url, {"comment": comment}, follow=True)

    def bulk(self, action, **sent):
        url = f"/gestion/bulk/wagtailcore/page/{action}/?id={self.pk}&next=/gestion/"
        return self.client.post(url, sent, follow=True)


@pytest.fixture
def desk(editor, bakery):
    return Desk(editor, bakery.pk)


@pytest.fixture
def space(client, baker, bakery):
    client.force_login(baker)
    return Space(client, bakery)


@pytest.fixture
def closed_all_week():
    return {f"{day}_ferme": "on" for day in DAYS}
