"""Several people keep one page: invited by e-mail, removed at once, and only by owners."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from directory.models import MerchantManager
from directory.people import access
from directory.people.models import Invitation, Role
from directory.people.requests import ask
from directory.vetting.models import JournalEntry
from tests.factories import make_user


@pytest.fixture
def lea(db):
    """Léa helps at the bakery."""
    return make_user("lea@fournil.example", first_name="Léa")


@pytest.fixture
def maud(client, baker, bakery, strict_templates):
    client.force_login(baker)
    return client


def at(name, bakery, *more):
    return reverse(f"people:{name}", args=[bakery.pk, *more])


def invite(client, bakery, email="lea@fournil.example", role="helper"):
    return client.post(at("invite", bakery), {"email": email, "role": role})


def link():
    return re.search(r"/espace/invitation/\S+", mail.outbox[-1].body)[0]


def roles(bakery):
    return dict(bakery.accesses.values_list("user__email", "role"))


@pytest.mark.parametrize(("role", "stored"), [("helper", Role.HELPER), ("owner", Role.OWNER)])
def test_who_is_invited_keeps_the_page_with_that_role(maud, bakery, baker, lea, role, stored):
    invite(maud, bakery, role=role)
    assert mail.outbox[-1].to == [lea.email]
    assert "lea@fournil.example" in maud.get(at("list", bakery)).content.decode()

    maud.force_login(lea)
    assert "Accepter l’invitation" in maud.get(link()).content.decode()
    assert not MerchantManager.objects.filter(user=lea).exists()
    response = maud.post(link())

    assert response.url == reverse("space:profile", args=[bakery.pk])
    assert roles(bakery) == {baker.email: Role.OWNER, lea.email: stored}
    assert maud.get(response.url).status_code == 200
    entry = JournalEntry.objects.get(act="access_given")
    assert (entry.actor, entry.merchant_number, entry.facts["account"]) == (baker, bakery.pk, lea.pk)


def test_an_invitation_serves_once(maud, bakery, lea):
    invite(maud, bakery)
    maud.force_login(lea)
    maud.post(link())
    bakery.accesses.filter(user=lea).delete()

    assert "ne marche plus" in maud.post(link()).content.decode()
    assert lea.email not in roles(bakery)


def test_an_invitation_expires(maud, bakery, lea):
    invite(maud, bakery)
    maud.force_login(lea)

    with time_machine.travel(timezone.now() + access.VALID + timedelta(minutes=1)):
        maud.force_login(lea)
        assert "ne marche plus" in maud.post(link()).content.decode()
    assert lea.email not in roles(bakery)


def test_an_invitation_is_for_the_address_it_was_sent_to(maud, bakery, neighbour):
    invite(maud, bakery)
    maud.force_login(neighbour)

    assert "pour une autre adresse" in maud.post(link()).content.decode()
    assert neighbour.email not in roles(bakery)


def test_a_cancelled_invitation_is_over(maud, bakery, lea):
    invite(maud, bakery)
    maud.post(at("cancel", bakery, Invitation.objects.get().pk))
    maud.force_login(lea)

    assert "ne marche plus" in maud.post(link()).content.decode()


def test_a_new_invitation_takes_the_place_of_the_earlier_one(maud, bakery, lea):
    invite(maud, bakery)
    first = link()
    invite(maud, bakery, email="LEA@fournil.example", role="owner")

    maud.force_login(lea)
    assert "ne marche plus" in maud.post(first).content.decode()
    maud.post(link())
    assert roles(bakery)[lea.email] == Role.OWNER


@pytest.mark.parametrize("token", ["x", "1", "abc:def", "MQ:1abc:xyz"])
def test_a_made_up_link_is_none(maud, token):
    assert "ne marche plus" in maud.post(f"/espace/invitation/{token}/").content.decode()


@pytest.mark.parametrize("email", ["", "lea", "lea@", "lea@fournil"])
def test_what_is_no_address_is_explained(maud, bakery, email):
    assert "Écrivez une adresse entière" in invite(maud, bakery, email=email).content.decode()
    assert not Invitation.objects.exists()


def test_who_is_removed_is_out_at_once(maud, bakery, baker, lea):
    helper = MerchantManager.objects.create(merchant=bakery, user=lea, role=Role.HELPER)
    profile = reverse("space:profile", args=[bakery.pk])
    maud.force_login(lea)
    assert maud.get(profile).status_code == 200
    maud.force_login(baker)

    maud.post(at("remove", bakery, helper.pk))

    maud.force_login(lea)
    assert maud.get(profile).status_code == 404
    assert JournalEntry.objects.get(act="access_withdrawn").facts["account"] == lea.pk


def test_a_page_keeps_an_owner(maud, bakery, baker, lea):
    MerchantManager.objects.create(merchant=bakery, user=lea, role=Role.HELPER)
    own = bakery.accesses.get(user=baker)

    response = maud.post(at("remove", bakery, own.pk), follow=True)

    assert "au moins une personne responsable" in response.content.decode()
    assert baker.email in roles(bakery)


def test_an_owner_may_leave_to_another(maud, bakery, baker, lea):
    MerchantManager.objects.create(merchant=bakery, user=lea, role=Role.OWNER)

    response = maud.post(at("remove", bakery, bakery.accesses.get(user=baker).pk))

    assert response.url == reverse("space:home")
    assert roles(bakery) == {lea.email: Role.OWNER}


@pytest.mark.parametrize("who", ["helper", "stranger", "nobody"])
@pytest.mark.parametrize("act", ["invite", "remove", "cancel", "answer"])
def test_only_owners_change_who_keeps_a_page(client, bakery, baker, lea, neighbour, who, act):
    MerchantManager.objects.create(merchant=bakery, user=lea, role=Role.HELPER)
    access.invite(bakery, "paul@fournil.example", Role.HELPER, baker)
    before = roles(bakery)
    if who != "nobody":
        client.force_login({"helper": lea, "stranger": neighbour}[who])
    target = {"invite": [], "remove": [bakery.accesses.get(user=baker).pk]}.get(act, [Invitation.objects.get().pk])

    response = client.post(at(act, bakery, *target), {"email": "intrus@ailleurs.example", "role": "owner"})

    assert response.status_code == (302 if who == "nobody" else 404)
    assert roles(bakery) == before
    assert [invitation.email for invitation in Invitation.objects.all()] == ["paul@fournil.example"]


def test_a_helper_sees_who_keeps_the_page_and_no_buttons(client, bakery, lea):
    MerchantManager.objects.create(merchant=bakery, user=lea, role=Role.HELPER)
    client.force_login(lea)

    shown = client.get(at("list", bakery)).content.decode()

    assert "maud@fournil.example" in shown
    assert "Retirer l’accès" not in shown
    assert "Inviter quelqu’un" not in shown


def test_nobody_sends_invitations_without_end(maud, bakery):
    for number in range(access.MOST + 3):
        invite(maud, bakery, email=f"personne{number}@fournil.example")

    assert bakery.accesses.count() + Invitation.objects.count() == access.MOST
    assert "beaucoup d’invitations" in invite(maud, bakery, email="x@fournil.example").content.decode()


def test_editors_answer_who_claims_a_page_in_the_admin(client, bakery, shopper, editor):
    ask(bakery, shopper, "own", "J’ai repris la boulangerie.")
    client.force_login(editor)
    office = reverse("access_requests")
    assert "J’ai repris la boulangerie." in client.get(office).content.decode()

    client.post(office, {"request": bakery.access_requests.get().pk, "answer": "give"})

    assert roles(bakery)[shopper.email] == Role.OWNER
    assert "Aucune demande" in client.get(office).content.decode()
    assert mail.outbox[-1].to == [shopper.email]


def test_merchants_do_not_reach_the_office_of_requests(maud):
    assert maud.get(reverse("access_requests")).status_code in (302, 403)


@pytest.mark.parametrize("number", ["", "abc", "-1", "1.5", "9" * 30, "٣", "0"])
def test_the_office_answers_only_requests_that_exist(client, editor, number):
    client.force_login(editor)

    answer = client.post(reverse("access_requests"), {"request": number, "answer": "give"})

    assert answer.status_code == 404
