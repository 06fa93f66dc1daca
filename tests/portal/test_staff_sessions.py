"""Sessions of staff end after hours; addresses and passwords change by one door, and the owner hears of it."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from portal.models import User
from tests.factories import PASSWORD, SAME_ORIGIN, make_user

pytestmark = pytest.mark.django_db
REPEATED = ["111111111111", "aaaaaaaaaaaaa", "000000000000000", "azazazazazaz"]


@pytest.fixture(autouse=True)
def no_attempts():
    cache.clear()


def log_in(client, user, **extra):
    return client.post("/compte/connexion/", {"login": user.email, "password": PASSWORD, **extra}, headers=SAME_ORIGIN)


@pytest.mark.parametrize("remember", ["", "on"])
@pytest.mark.parametrize(("hours", "is_in"), [(7, True), (9, False)])
def test_staff_log_in_again_after_eight_hours_whatever_they_did_meanwhile(client, editor, remember, hours, is_in):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        log_in(client, editor, remember=remember)
        for _ in range(hours * 2):
            clock.shift(timedelta(minutes=30))
            response = client.get("/gestion/")

    assert (response.status_code == 200) is is_in
    if not is_in:
        assert "login" in response.headers["Location"] or "connexion" in response.headers["Location"]


def test_shoppers_and_merchants_keep_theirs(client, shopper, baker, bakery):
    now = timezone.now()
    other = Client()
    with time_machine.travel(now, tick=False) as clock:
        log_in(client, shopper, remember="on")
        log_in(other, baker, remember="on")
        clock.shift(timedelta(days=3))
        assert client.get("/boutique/compte/").status_code == 200
        assert other.get(f"/espace/{bakery.pk}/fiche/").status_code == 200


def test_who_becomes_staff_logs_in_again_too(client, shopper):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        log_in(client, shopper, remember="on")
        User.objects.filter(pk=shopper.pk).update(is_staff=True)
        clock.shift(timedelta(hours=9))
        assert client.get("/gestion/pages/").headers["Location"] == "/compte/connexion/?next=%2Fgestion%2Fpages%2F"


def test_the_hours_are_a_setting(client, editor, settings):
    settings.STAFF_SESSION_HOURS = 1
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        log_in(client, editor)
        clock.shift(timedelta(minutes=61))
        assert client.get("/gestion/").status_code == 302


def test_a_new_address_asks_for_the_password_and_the_old_one_is_told(client, shopper):
    log_in(client, shopper)
    new = {"email": "neuve@voisins.example", "action_add": ""}

    assert client.post("/compte/adresse/", new).headers["Location"].startswith("/compte/confirmation/")
    assert not EmailAddress.objects.filter(email=new["email"]).exists()
    client.post("/compte/confirmation/", {"password": PASSWORD, "next": "/compte/adresse/"})
    assert EmailAddress.objects.filter(email=new["email"]).exists()  # what was typed was kept meanwhile

    EmailAddress.objects.filter(email=new["email"]).update(verified=True)
    mail.outbox.clear()
    client.post("/compte/adresse/", {"email": new["email"], "action_primary": ""})

    shopper.refresh_from_db()
    assert shopper.email == new["email"]
    (told,) = mail.outbox
    assert told.to == ["camille@voisins.example"]
    assert "L’adresse de votre compte a changé" in told.subject
    assert "neuve@voisins.example" in told.body


def test_a_new_password_asks_for_the_old_one_and_the_account_is_told(client, shopper):
    log_in(client, shopper)
    new = "quatre chevaux bais"

    client.post("/compte/mot-de-passe/", {"oldpassword": "faux", "password1": new, "password2": new})
    assert not mail.outbox
    client.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    (told,) = mail.outbox
    assert told.subject == "Votre mot de passe a changé"
    assert told.to == [shopper.email]


def test_wagtails_own_pages_change_neither(client, editor):
    client.force_login(editor)

    page = client.get("/gestion/account/").text
    assert 'name="name_email-email"' not in page
    assert "old_password" not in page
    sent = {"name_email-first_name": "J", "name_email-last_name": "R", "name_email-email": "voleuse@exemple.fr"}
    client.post("/gestion/account/", sent)

    editor.refresh_from_db()
    assert editor.email == "jeanne@region.example"


def test_a_shoppers_own_page_changes_no_address(client, shopper):
    client.force_login(shopper)
    client.post("/boutique/compte/profil/", {"first_name": "C", "last_name": "M", "email": "voleuse@exemple.fr"})

    shopper.refresh_from_db()
    assert shopper.email == "camille@voisins.example"


@pytest.fixture
def office(client):
    client.force_login(make_user("admin@region.example", is_staff=True, is_superuser=True))
    return client


def change_user(office, user, **changed):
    page = office.get(f"/gestion/users/edit/{user.pk}/").text
    assert page.count("<form") >= 1
    sent = {"email": user.email, "first_name": "Camille", "last_name": "Moulin", "is_active": "on", **changed}
    return office.post(f"/gestion/users/edit/{user.pk}/", sent)


def test_a_superuser_confirms_who_she_is_before_she_changes_an_account(office, shopper):
    asked = office.get(f"/gestion/users/edit/{shopper.pk}/")
    assert asked.headers["Location"].startswith("/compte/confirmation/?next=")
    asked = office.post(f"/gestion/users/edit/{shopper.pk}/", {"email": "voleuse@exemple.fr"})
    assert asked.headers["Location"].startswith("/compte/confirmation/?next=")
    assert office.get("/gestion/users/").status_code == 200  # the list alone asks nothing


def test_what_a_superuser_changes_is_told_to_the_old_address(office, shopper):
    office.post("/compte/confirmation/", {"password": PASSWORD})

    change_user(office, shopper, email="neuve@voisins.example")

    shopper.refresh_from_db()
    assert shopper.email == "neuve@voisins.example"
    (told,) = mail.outbox
    assert told.to == ["camille@voisins.example"]
    assert [(address.email, address.verified) for address in EmailAddress.objects.filter(user=shopper)] == [
        ("neuve@voisins.example", False)
    ]

    mail.outbox.clear()
    change_user(office, shopper, password1="quatre chevaux bais", password2="quatre chevaux bais")
    (told,) = mail.outbox
    assert told.to == ["neuve@voisins.example"]
    assert told.subject == "Votre mot de passe a changé"

    mail.outbox.clear()
    change_user(office, shopper, first_name="Camille-Anne")
    assert not mail.outbox


@pytest.mark.parametrize("password", REPEATED)
def test_a_password_that_repeats_itself_is_refused_at_every_door(client, office, shopper, password):
    refusal = "au moins cinq différents"
    visitor = Client()
    signed = visitor.post(
        "/compte/inscription/", {"email": "lea@exemple.fr", "password1": password}, headers=SAME_ORIGIN
    )
    assert refusal in signed.text

    hers = Client()
    log_in(hers, shopper)
    changed = hers.post(
        "/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    assert refusal in changed.text

    visitor.post("/compte/mot-de-passe/oublie/", {"email": shopper.email}, headers=SAME_ORIGIN)
    link = re.search(r"(/compte/mot-de-passe/nouveau/\S+)", mail.outbox[-1].body)[1]
    link = visitor.get(link).headers["Location"]
    reset = visitor.post(link, {"password1": password, "password2": password}, headers=SAME_ORIGIN)
    assert refusal in reset.text

    office.post("/compte/confirmation/", {"password": PASSWORD})
    sent = {"email": "neuve@region.example", "first_name": "N", "last_name": "R", "password1": password}
    made = office.post("/gestion/users/new/", {**sent, "password2": password})
    assert refusal in made.text
    assert not User.objects.filter(email__in=["lea@exemple.fr", "neuve@region.example"]).exists()


@pytest.mark.parametrize("password", REPEATED)
def test_the_first_administrator_gets_no_such_password_either(monkeypatch, password):
    typed = iter([password, password])

    def type_one(*asked):
        try:
            return next(typed)
        except StopIteration as asked_again:
            raise CommandError("asked again") from asked_again

    class Terminal:
        def isatty(self):
            return True

    monkeypatch.setattr("builtins.input", lambda *asked: "n")  # "Bypass password validation?"
    monkeypatch.setattr("django.contrib.auth.management.commands.createsuperuser.getpass.getpass", type_one)
    with pytest.raises(CommandError, match="asked again"):
        call_command("createsuperuser", email="admin@region.example", interactive=True, stdin=Terminal())
    assert not User.objects.filter(email="admin@region.example").exists()
