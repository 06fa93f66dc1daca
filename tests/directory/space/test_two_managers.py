"""Two people have the form of one page open, and an editor works on it too."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from directory.models import MerchantManager, MerchantPage
from directory.space.forms import ProfileForm
from portal.typography import no_break
from tests.browser_forms import filled_in
from tests.factories import make_user


class OpenForm:
    """The form of a page as one person has it on their screen."""

    def __init__(self, user, merchant):
        self.client = Client()
        self.client.force_login(user)
        self.address = reverse("space:profile", args=[merchant.pk])
        self.sent = filled_in(self.client.get(self.address), "story")

    def save(self, **changes):
        self.sent |= changes
        sent = {name: value for name, value in self.sent.items() if value is not None}
        response = self.client.post(self.address, sent)
        if response.status_code == 200:
            self.sent = filled_in(response, "story")
        return response


@pytest.fixture
def paul(bakery):
    paul = make_user(first_name="Paul", last_name="Serre")
    MerchantManager.objects.create(merchant=bakery, user=paul)
    return paul


@pytest.fixture
def draft(bakery):
    return lambda: MerchantPage.objects.get(pk=bakery.pk).get_latest_revision_as_object()


@pytest.fixture
def two_forms(baker, paul, bakery):
    bakery.opening_hours, bakery.delivery_note, bakery.story = "Tu-Sa 08:00-12:30", "Le vendredi.", "<p>Du pain.</p>"
    bakery.save_revision().publish()
    return OpenForm(paul, bakery), OpenForm(baker, bakery)


@pytest.mark.parametrize(
    ("his", "hers", "stored"),
    [
        ({"story": "Noir."}, {"delivery_note": "Le mardi."}, {"story": "<p>Noir.</p>", "delivery_note": "Le mardi."}),
        ({"delivery_note": "Le mardi."}, {"step_free": "on"}, {"delivery_note": "Le mardi.", "step_free": True}),
        ({"labels": ["artisan"]}, {"delivers": "on"}, {"labels": ["artisan"], "delivers": True}),
        ({"delivery_note": ""}, {"delivers": "on"}, {"delivery_note": "", "delivers": True}),
    ],
)  # fmt: skip
def test_two_people_change_different_things_and_both_stand(two_forms, draft, his, hers, stored):
    paul, maud = two_forms

    assert paul.save(**his).status_code == 302
    assert maud.save(**hers).status_code == 302

    page = draft()
    assert {name: getattr(page, name) for name in stored} == stored


@pytest.mark.parametrize(
    ("his", "hers", "part", "told", "stored"),
    [
        ({"story": "Du pain noir.\r\nEt blanc."}, {"story": "De la brioche."}, "story", "Du pain noir.\nEt blanc.",
         {"story": "<p>De la brioche.</p>"}),
        ({"delivery_note": "Le mardi."}, {"delivery_note": "Le jeudi."}, "delivery_note", "Le mardi.",
         {"delivery_note": "Le jeudi."}),
        ({"delivery_note": ""}, {"delivery_note": "Le jeudi."}, "delivery_note", "", {"delivery_note": "Le jeudi."}),
        ({"labels": ["bio"]}, {"labels": ["artisan"]}, "labels", "Agriculture biologique", {"labels": ["artisan"]}),
    ],
)  # fmt: skip
def test_two_people_change_the_same_and_the_second_sees_both(two_forms, draft, his, hers, part, told, stored):
    paul, maud = two_forms
    assert paul.save(**his).status_code == 302
    before = draft()

    response = maud.save(**hers)

    page = response.content.decode()
    (conflict,) = response.context["form"].conflicts.values()
    assert response.status_code == 200
    assert (conflict.name, conflict.stored.replace("\u00a0", " ")) == (part, told)
    assert no_break(conflict.stored).replace("\n", "<br>") in page
    assert "par Paul Serre" in page
    assert all(maud.sent.get(name) in (value, *value) for name, value in hers.items())
    assert {name: getattr(draft(), name) for name in stored} == {name: getattr(before, name) for name in stored}

    assert maud.save().status_code == 302
    assert {name: getattr(draft(), name) for name in stored} == stored


def test_the_second_can_keep_what_the_first_wrote(two_forms, draft):
    paul, maud = two_forms
    paul.save(story="Du pain noir.")
    maud.save(story="De la brioche.")

    maud.save(garder="story")

    assert draft().story == "<p>Du pain noir.</p>"


def test_the_second_is_told_what_the_first_changed_and_she_did_not(two_forms):
    paul, maud = two_forms
    paul.save(delivery_note="Le mardi.")

    maud.save(story="De la brioche.")

    page = maud.client.get(maud.address).content.decode().replace("\u00a0", " ")
    assert "Changé entre-temps par ailleurs, et gardé" in page
    assert "quel prix (Le mardi.)" in page


def test_what_an_editor_published_meanwhile_stays(two_forms, draft, bakery, editor):
    _, maud = two_forms
    page = draft()
    page.delivery_note, page.title, page.seo_title = "Le dimanche.", "Le Fournil", "Pain à Privas"
    page.save_revision(user=editor).publish()

    assert maud.save(story="De la brioche.").status_code == 302

    after = draft()
    assert (after.delivery_note, after.title, after.seo_title) == ("Le dimanche.", "Le Fournil", "Pain à Privas")
    assert after.story == "<p>De la brioche.</p>"


def test_an_editors_change_of_the_same_field_is_the_regions(two_forms, draft, editor):
    _, maud = two_forms
    page = draft()
    page.delivery_note = "Le dimanche."
    page.save_revision(user=editor).publish()

    told = maud.save(delivery_note="Le jeudi.").content.decode()

    assert "par la Région" in told
    assert editor.email not in told


def test_a_form_without_snapshot_shows_what_differs_once(two_forms, draft):
    paul, maud = two_forms
    paul.save(delivery_note="Le mardi.")

    response = maud.save(snapshot="", story="De la brioche.")

    assert response.context["form"].conflicts.keys() == {"story", "delivery_note"}
    assert (draft().delivery_note, draft().story) == ("Le mardi.", "<p>Du pain.</p>")


@pytest.mark.django_db(transaction=True)
def test_two_savings_at_the_same_instant_lose_nothing(two_forms, draft):
    gate = Barrier(2)

    def save(form, changes):
        try:
            gate.wait()
            return form.save(**changes).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(save, two_forms, ({"delivery_note": "Le mardi."}, {"story": "De la brioche."})))

    assert answers == [302, 302]
    assert (draft().delivery_note, draft().story) == ("Le mardi.", "<p>De la brioche.</p>")


def test_every_field_that_is_shown_belongs_to_one_part(two_forms, draft, baker):
    form = ProfileForm(None, instance=draft(), sender=baker)

    merged = [name for part in form.parts().values() for name in part.fields]

    assert sorted(merged) == sorted(field.name for field in form.visible_fields())
