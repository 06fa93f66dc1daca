"""The Region's staff reads reviews before anybody: publishes them, or refuses them with a reason that is told."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from shop.models import Review
from shop.reviews import writing
from tests.factories import make_user
from tests.shop.factories import CONTACT
from tests.shop.test_reviews import TEXT, State, buy, hand_over, logged_in, path, plain, published, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def collected(loaf):
    """A guest's loaf, handed over."""
    return hand_over(buy(loaf))


@pytest.fixture
def manager(db):
    user = make_user("sami@region.example", first_name="Sami", last_name="Roux")
    user.groups.add(Group.objects.get(name="Responsables de boutiques"))
    return user


def test_a_buyer_writes_one_that_nobody_reads_before_staff_has(collected, manager, bakery):
    page = Client().get(f"{collected.purchase.get_absolute_url()}?cle={collected.purchase.key}")
    assert path(collected) in plain(page).replace("&amp;", "&")

    assert write(collected).status_code == 302

    review = Review.objects.get()
    assert (review.state, review.mark, review.first_name) == (State.WAITING, 4, "Camille")
    assert review.experienced_on == timezone.localdate()
    for address in (bakery.public_path, f"{bakery.public_path}avis/"):
        assert TEXT not in plain(Client().get(address))
    office = logged_in(manager)
    assert collected.order.number in plain(office.get("/gestion/boutiques/avis/"))
    desk = f"/gestion/boutiques/avis/{review.pk}/"
    office.post(desk, {"faire": "publier", "shown_state": State.WAITING})

    for address in (bakery.public_path, f"{bakery.public_path}avis/"):
        shop = plain(Client().get(address))
        assert TEXT in shop
        assert "Camille" in shop
        assert "Moulin" not in shop
    told, to_merchant = mail.outbox
    assert told.to == [CONTACT["email"]]
    assert TEXT in to_merchant.body
    assert CONTACT["email"] not in str(to_merchant.message())
    assert ModelLogEntry.objects.get().user == manager


@pytest.mark.parametrize(("reason", "words"), [("", ""), ("autre", ""), ("autre", "  "), ("inconnu", "x")])
def test_a_refusal_needs_a_reason(collected, manager, reason, words):
    review = writing.write(collected, 1, TEXT, "Camille")
    page = logged_in(manager).post(
        f"/gestion/boutiques/avis/{review.pk}/",
        {"faire": "refuser", "shown_state": State.WAITING, "reason": reason, "words": words},
    )
    assert page.context["form"].errors
    assert Review.objects.get().state == State.WAITING


def test_a_refused_one_is_told_why_and_written_anew(collected, manager):
    review = writing.write(collected, 1, "Le fils du patron, Théo, est un voleur.", "Camille")
    logged_in(manager).post(
        f"/gestion/boutiques/avis/{review.pk}/",
        {"faire": "refuser", "shown_state": State.WAITING, "reason": "personne", "words": "Ne nommez pas Théo."},
    )
    (told,) = mail.outbox
    assert "Ne nommez pas Théo" in told.body
    link = re.search(r"http://[^/]+(/boutique/commande/avis/\S+)", told.body)[1]
    assert "Ne nommez pas Théo" in plain(Client().get(link))

    Client().post(link, {"mark": "1", "text": "On m’a rendu trop peu de monnaie.", "first_name": "Camille"})

    review.refresh_from_db()
    assert (review.state, review.text, review.reason) == (State.WAITING, "On m’a rendu trop peu de monnaie.", "")


@pytest.mark.parametrize("act", ["publier", "refuser"])
def test_two_moderators_at_once_only_the_first_decides(collected, manager, act):
    review = published(collected)
    mail.outbox.clear()
    page = logged_in(manager).post(
        f"/gestion/boutiques/avis/{review.pk}/",
        {"faire": act, "shown_state": State.WAITING, "reason": "injure", "words": ""}, follow=True,
    )  # fmt: skip
    assert "Entre-temps" in plain(page)
    assert (Review.objects.get().state, mail.outbox) == (State.PUBLISHED, [])
