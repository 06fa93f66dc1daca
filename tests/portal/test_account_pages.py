"""allauth's pages wear our look, speak French and lose nothing."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests.factories import SAME_ORIGIN, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def strictness(strict_templates):
    """Every page here is ours: an undefined name is a fault."""


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/compte/connexion/", "Connexion"),
        ("/compte/inscription/", "Créer un compte"),
        ("/compte/mot-de-passe/oublie/", "Mot de passe oublié"),
        ("/compte/mot-de-passe/oublie/envoye/", "Regardez votre messagerie"),
        ("/compte/mot-de-passe/nouveau/fait/", "Votre mot de passe est enregistré"),
        ("/compte/mot-de-passe/nouveau/1-faux/", "Ce lien ne marche plus"),
        ("/compte/adresse/a-verifier/", "Regardez votre messagerie"),
        ("/compte/adresse/verifier/faux/", "Ce lien ne marche plus"),
        ("/compte/inactif/", "Ce compte est fermé"),
    ],
)
def test_an_account_page_has_one_heading_and_stays_out_of_search_engines(client, path, heading):
    page = client.get(path).content.decode()

    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == [heading]
    assert 'content="noindex, nofollow"' in page


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/compte/deconnexion/", "Déconnexion"),
        ("/compte/adresse/", "Vos adresses e-mail"),
        ("/compte/mot-de-passe/", "Changer de mot de passe"),
        ("/compte/confirmation/", "Confirmez que c’est vous"),
    ],
)
def test_a_page_of_one_s_own_account_has_one_heading(client, path, heading):
    client.force_login(make_user())

    page = client.get(path).content.decode()

    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == [heading]


def test_a_wrong_password_keeps_the_address_and_forgets_the_password(client):
    page = client.post(
        "/compte/connexion/", {"login": "camille@exemple.example", "password": "rate-rate-rate"}, headers=SAME_ORIGIN
    ).content.decode()

    assert 'value="camille@exemple.example"' in page
    assert "rate-rate-rate" not in page
    assert 'role="alert"' in page
    assert "incorrects" in page


@pytest.mark.parametrize("page", ["connexion", "inscription", "mot-de-passe/oublie"])
def test_a_door_sets_no_cookie_and_opens_to_our_own_form_only(page):
    client = Client(enforce_csrf_checks=True)
    path, sent = f"/compte/{page}/", {"email": "camille@exemple.example", "login": "camille@exemple.example"}

    assert not client.get(path).cookies
    assert client.post(path, sent, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post(path, sent, headers=SAME_ORIGIN).status_code in (200, 302)


@pytest.mark.parametrize("path", ["/compte/connexion/", "/compte/inscription/", "/compte/mot-de-passe/oublie/"])
def test_an_empty_field_says_what_to_do(client, path):
    html = client.post(path, {}, headers=SAME_ORIGIN).content.decode()

    assert "Remplissez ce champ." in html
    assert "Champ requis" not in html


def test_registering_sends_a_link_in_french_that_opens_the_account(client):
    client.post(
        "/compte/inscription/",
        {"email": "camille@exemple.example", "password1": "picodon-affine-14"},
        headers=SAME_ORIGIN,
    )

    (message,) = mail.outbox
    link = re.search(r"https?://\S+/compte/adresse/verifier/\S+", message.body).group()
    assert message.subject == "Confirmez votre adresse"
    assert message.body.startswith("Bonjour,")
    assert "Oui, confirmer" in client.get(link).content.decode()


def test_a_forgotten_password_is_answered_alike_whether_the_account_exists_or_not(client):
    make_user("camille@exemple.example")

    known = client.post("/compte/mot-de-passe/oublie/", {"email": "camille@exemple.example"}, headers=SAME_ORIGIN)
    unknown = client.post("/compte/mot-de-passe/oublie/", {"email": "personne@exemple.example"}, headers=SAME_ORIGIN)

    assert known.url == unknown.url
    assert [message.subject for message in mail.outbox] == [
        "Votre nouveau mot de passe",
        "Pas de compte à cette adresse",
    ]


def test_wagtails_own_login_form_is_no_second_door(client, db):
    response = client.get("/_util/login/?next=/espace/")

    assert response.headers["Location"] == "/compte/connexion/?next=/espace/"
