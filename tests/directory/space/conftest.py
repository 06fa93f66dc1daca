"""The bakery's form as its browser sends it."""

import pytest
from django.urls import reverse

from directory.models import MerchantPage
from directory.space.hours_form import DAYS


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


@pytest.fixture
def space(client, baker, bakery):
    client.force_login(baker)
    return Space(client, bakery)


@pytest.fixture
def closed_all_week():
    return {f"{day}_ferme": "on" for day in DAYS}
