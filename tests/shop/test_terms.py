"""Terms by version: fifteen days of notice, changes shown, merchants told and asked again."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal import database_clock
from shop import opening, tasks, terms
from shop.models import TermsAcceptance, TermsVersion
from shop.products import open_storefront
from shop.terms import Audience, Change
from tests.browser_forms import filled_in
from tests.factories import make_user

DAYS = {"days": terms.NOTICE_DAYS}


@pytest.fixture
def first(db):
    return terms.in_force()


def later(**changes):
    """Return a version to publish, fifteen days ahead, whose second paragraph is another."""
    text = terms.newest().text.replace("2. Qui peut vendre.", "2. Qui vend ?").replace("11. Partir.", "11. S’en aller.")
    fields = {
        "audience": Audience.MERCHANTS,
        "in_force_on": database_clock.today() + timedelta(**DAYS),
        "text": text,
    }
    return TermsVersion(**fields | changes)


def in_days(count):
    return database_clock.today() + timedelta(days=count)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"in_force_on": terms.NOTICE_DAYS - 1}, "too early"),
        ({"in_force_on": 1}, "too early"),
        ({"in_force_on": 1, "urgency": "loi"}, "haste_is_proved"),
        ({"in_force_on": 30, "urgency": terms.FIRST}, "too early"),
        ({"text": ""}, "terms_have_a_text"),
    ],
)
def test_the_database_publishes_nothing_with_less_than_fifteen_days(first, changes, refusal):
    if "in_force_on" in changes:
        changes = changes | {"in_force_on": max(in_days(changes["in_force_on"]), first.in_force_on + timedelta(1))}
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        terms.publish(later(**changes))


def test_what_is_published_is_never_changed_nor_backdated(first):
    version = terms.publish(later())

    for act in (
        lambda: TermsVersion.objects.filter(pk=version.pk).update(text="Autre chose."),
        lambda: TermsVersion.objects.filter(pk=version.pk).update(in_force_on=in_days(1)),
        first.delete,
        lambda: terms.publish(later(published_at=database_clock.now() - timedelta(days=20), in_force_on=in_days(16))),
        lambda: terms.publish(later()),  # another of the same day
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_changes_are_told_by_paragraph(first):
    version = terms.publish(later())

    told = terms.changes(first, version)

    assert [paragraph.text for paragraph in told if paragraph.change != Change.ADDED] == first.paragraphs
    assert [paragraph.text for paragraph in told if paragraph.change != Change.REMOVED] == version.paragraphs
    assert sum(paragraph.change == Change.SAME for paragraph in told) == len(first.paragraphs) - 2


def test_a_law_or_a_danger_spares_the_notice_and_says_so(client, first, strict_templates):
    day = max(in_days(1), first.in_force_on + timedelta(1))
    version = terms.publish(later(in_force_on=day, urgency="danger", urgency_proof="Une intrusion."))

    assert "Une intrusion." in client.get(terms.address_of(version)).content.decode()


def test_the_public_page_shows_all_versions_and_is_fresh(client, first, strict_templates):
    home = reverse("merchant_terms")
    assert "2. Qui peut vendre." in client.get(home).content.decode()
    version = terms.publish(later())

    page = client.get(home).content.decode()
    assert "2. Qui peut vendre." in page  # the new one does not apply yet
    assert terms.address_of(version) in page
    shown = client.get(terms.address_of(version)).content.decode()
    assert "<del>" in shown
    assert "2. Qui vend" in shown
    assert "ne s’applique pas encore" in shown.replace("\u00a0", " ")
    assert client.get(f"{home}1999-01-01/").status_code == 404
    assert client.cookies == {}


def test_visitors_read_the_version_in_force(client, first):
    assert 'id="moderation"' in client.get("/cgu/").content.decode()
    version = terms.publish(later(audience=Audience.VISITORS, text="Un.\n\nDeux."))

    assert "Deux." in client.get(terms.address_of(version)).content.decode()
    assert mail.outbox == []


def test_merchants_are_told_once_and_asked_at_their_next_visit(client, bakery, baker, first, strict_templates):
    storefront = open_storefront(bakery)
    opening.accept_terms(storefront, baker, first.sha256)
    today = reverse("merchant_today", args=[bakery.pk])
    client.force_login(baker)
    version = terms.publish(later())

    tasks.tell_of_terms(version.pk)
    tasks.tell_of_terms(version.pk)

    (message,) = mail.outbox
    assert message.to == [baker.email]
    assert terms.address_of(version) in message.body
    assert TermsVersion.objects.get(pk=version.pk).told == 1
    assert "De nouvelles conditions" in client.get(today).content.decode()  # told of, not yet in the way
    with time_machine.travel(database_clock.now() + timedelta(**DAYS, hours=2)):
        client.force_login(baker)
        response = client.get(today)
        asked = reverse("new_terms", args=[bakery.pk])
        assert response.url == asked
        page = client.get(asked)
        assert reverse("leave", args=[bakery.pk]) in page.content.decode()
        assert "<ins>" in page.content.decode()
        assert client.get(reverse("merchant_orders", args=[bakery.pk])).status_code == 200
        form = filled_in(page, "j-accepte")
        client.post(reverse("accept_shop_terms", args=[bakery.pk]), form | {"j-accepte": "on"})
        assert client.get(today).status_code == 200
    kept = TermsAcceptance.objects.filter(storefront=storefront).order_by("version")
    assert [one.version for one in kept] == [first.version, version.version]
    client.force_login(make_user())
    assert client.get(asked).status_code == 404


def test_who_may_publishes_in_the_admin_and_nobody_else(client, admin_user, editor, first):
    address = reverse("terms_versions")
    client.force_login(editor)
    assert client.get(address).status_code in (302, 403)
    client.force_login(admin_user)
    text = first.text + "\n\n13. Un ajout."
    sent = {"audience": "commercants", "text": text, "in_force_on": f"{in_days(3):%Y-%m-%d}", "urgency": ""}

    refused = client.post(address, sent).content.decode()
    assert "15 jours" in refused.replace("\u00a0", " ")
    assert "13. Un ajout." in refused
    assert client.post(address, sent | {"in_force_on": f"{in_days(40):%Y-%m-%d}"}).status_code == 302

    assert terms.newest().published_by == admin_user
    assert Client().get(terms.address_of(terms.newest())).status_code == 200
    assert date.fromisoformat(terms.newest().version) == in_days(40)
