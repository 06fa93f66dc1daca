"""When a merchant last said that their hours are right."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.hours import confirmation
from directory.models import MerchantPage
from tests.browser_forms import filled_in

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("confirmed_on", "told"),
    [
        (date(2026, 11, 1), "Horaires confirmés le 1er\u00a0novembre 2026."),
        (date(2026, 5, 25), "Horaires confirmés le 25\u00a0mai 2026."),
        (date(2026, 5, 24), "Horaires non confirmés depuis mai. Appelez avant de venir."),
        (date(2025, 12, 31), "Horaires non confirmés depuis décembre 2025. Appelez avant de venir."),
        (None, "Horaires que le commerce n’a pas encore confirmés. Appelez avant de venir."),
    ],
)
def test_six_months_is_all_that_a_confirmation_is_good_for(confirmed_on, told):
    assert confirmation(confirmed_on, TODAY) == told


def test_one_tap_confirms_the_hours_online_without_a_review(space):
    space.client.post(reverse("space:confirm_hours", args=[space.pk]))

    assert space.live().confirmed_on == timezone.localdate()
    assert not space.live().has_unpublished_changes


def test_hours_that_changed_while_the_page_was_open_are_not_confirmed_unseen(space):
    sent = filled_in(space.client.get(reverse("merchant_today", args=[space.pk])), "hours")
    page = space.live()
    page.opening_hours = "Mo-Fr 08:00-12:30"
    page.save_revision().publish()

    response = space.client.post(reverse("space:confirm_hours", args=[space.pk]), sent, follow=True)

    assert "ont changé entre-temps" in response.content.decode()
    assert space.live().confirmed_on is None


def test_a_stranger_confirms_nothing(client, neighbour, bakery):
    client.force_login(neighbour)

    assert client.post(reverse("space:confirm_hours", args=[bakery.pk])).status_code == 404
    bakery.refresh_from_db()
    assert bakery.confirmed_on is None


@pytest.mark.parametrize(
    "sent",
    [{}, {"delivery_note": "Le mardi."}, {"story": "Du seigle."}, {"labels": ["bio"]}, {"step_free": "on"}],
)
def test_what_says_nothing_of_the_hours_confirms_none(space, sent):
    space.send(**sent)
    if space.live().has_unpublished_changes:
        space.live().latest_revision.publish()

    assert space.live().confirmed_on is None


def test_an_older_revision_never_takes_a_confirmation_back(space):
    older = space.live().latest_revision
    yesterday = timezone.localdate() - timedelta(1)
    MerchantPage.objects.filter(pk=space.pk).update(confirmed_on=yesterday)

    older.publish()

    assert space.live().confirmed_on == yesterday


def test_services_and_labels_wait_for_an_editor_like_the_rest(space):
    space.send(delivers="on", delivery_note="À vélo dans Privas.", labels=["artisan", "bio"])

    draft = space.draft()
    assert (draft.delivers, draft.delivery_note, draft.labels) == (True, "À vélo dans Privas.", ["artisan", "bio"])
    assert space.live().labels == []


def test_a_label_out_of_the_list_is_refused(space):
    response = space.send(labels=["meilleur-de-la-region"])

    assert "labels" in response.context["form"].errors
