"""One door for everybody: where it leads, and how it holds."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.models import User
from tests.factories import PASSWORD, SAME_ORIGIN

LOGIN = "/compte/connexion/"
TOO_MANY = "Trop de tentatives de connexion échouées"
WINDOW = timedelta(minutes=5, seconds=1)


def log_in(client, user, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": user.email, "password": password, **extra}, headers=SAME_ORIGIN)


@pytest.mark.parametrize(
    ("person", "destination"), [("shopper", "/boutique/compte/"), ("baker", "/espace/"), ("editor", "/gestion/")]
)
def test_each_person_is_led_to_her_own_pages(client, request, bakery, person, destination):
    response = log_in(client, request.getfixturevalue(person))

    assert response.headers["Location"] == "/compte/"
    assert client.get("/compte/").headers["Location"] == destination


def test_an_editor_who_knocked_at_the_admin_comes_back_to_it(client, editor):
    response = client.get("/gestion/pages/", follow=True)
    assert response.redirect_chain[-1][0] == f"{LOGIN}?next=%2Fgestion%2Fpages%2F"
    assert response.context["form"]

    response = log_in(client, editor, next="/gestion/pages/")

    assert response.headers["Location"] == "/gestion/pages/"


def test_a_shopper_is_refused_at_the_admin_once_and_clearly(client, shopper):
    client.force_login(shopper)

    response = client.get("/gestion/", follow=True)

    assert response.status_code == 403
    assert "Votre compte ne donne pas accès à cette page" in response.content.decode()
    assert "Changer de compte" in response.content.decode()
    assert len(response.redirect_chain) == 1


@pytest.mark.parametrize(
    ("address", "door"),
    [
        ("/gestion/login/?next=/gestion/", f"{LOGIN}?next=%2Fgestion%2F"),
        ("/gestion/password_reset/", "/compte/mot-de-passe/oublie/"),
    ],
)
def test_the_back_offices_have_no_door_of_their_own(client, db, address, door):
    assert client.get(address).headers["Location"] == door


def test_login_leads_to_no_other_site(client, shopper):
    assert log_in(client, shopper, next="https://mechant.example/").headers["Location"] == "/compte/"


def test_the_sixth_bad_password_is_refused_until_the_window_has_passed(client, shopper):
    for _ in range(5):
        assert TOO_MANY not in log_in(client, shopper, "faux").content.decode()

    assert TOO_MANY in log_in(client, shopper, "faux").content.decode()
    assert TOO_MANY in log_in(client, shopper).content.decode()
    with time_machine.travel(timezone.now() + WINDOW):
        assert log_in(client, shopper).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_bad_passwords_are_counted_for_all_processes_together(client, shopper):
    attempts = f"""
import django; django.setup()
from django.test import Client
for _ in range(5):
    Client(headers={{"host": "localhost"}}).post(
        {LOGIN!r}, {{"login": {shopper.email!r}, "password": "faux"}}, headers={SAME_ORIGIN!r}
    )
"""
    subprocess.run([sys.executable, "-c", attempts], check=True, cwd=settings.BASE_DIR, env=other_process())

    assert TOO_MANY in log_in(client, shopper).content.decode()


def other_process():
    """Return the environment of another worker on this test's database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": address_of(connection),
        "DEBUG": "true",  # static files without a manifest
        "HTTPS": "false",
    }


def address_of(connection):
    database = connection.settings_dict
    host = database["HOST"].replace("/", "%2F")  # a socket's directory
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@{host}{port}/{database['NAME']}"


def test_nobody_learns_from_the_login_whether_an_address_has_an_account(client, shopper):
    known, unknown = (
        re.sub(r"csrfmiddlewaretoken. value=.\w+", "", log_in(client, person, "faux").content.decode())
        for person in (shopper, User(email="inconnue@voisins.example"))
    )

    assert known.replace(shopper.email, "") == unknown.replace("inconnue@voisins.example", "")


def test_nobody_learns_from_a_reset_whether_an_address_has_an_account(client, shopper):
    url = reverse("account_reset_password")

    known = client.post(url, {"email": shopper.email}, headers=SAME_ORIGIN)
    unknown = client.post(url, {"email": "inconnue@voisins.example"}, headers=SAME_ORIGIN)

    assert known.headers["Location"] == unknown.headers["Location"]
    assert [message.to for message in mail.outbox] == [[shopper.email], ["inconnue@voisins.example"]]
    assert "/compte/mot-de-passe/nouveau/" in mail.outbox[0].body
    assert "/compte/mot-de-passe/nouveau/" not in mail.outbox[1].body


def test_nobody_learns_from_signing_up_whether_an_address_has_an_account(client, shopper):
    url = reverse("account_signup")

    known = client.post(url, {"email": shopper.email, "password1": "neuf-chevres-blanches"}, headers=SAME_ORIGIN)
    unknown = client.post(
        url, {"email": "nouvelle@voisins.example", "password1": "neuf-chevres-blanches"}, headers=SAME_ORIGIN
    )

    assert known.headers["Location"] == unknown.headers["Location"] == reverse("account_email_verification_sent")
