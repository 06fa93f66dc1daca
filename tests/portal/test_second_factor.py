"""Staff come in by a second factor, over allauth's real views; a code opens once; nobody is locked out for good."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client, TestCase

from tests.factories import PASSWORD, SAME_ORIGIN, make_user
from tests.second_factor import code_of, secret_on

pytestmark = pytest.mark.django_db

SET_UP = "/compte/double-authentification/"
APP = f"{SET_UP}application/"
CODES = f"{SET_UP}codes-de-secours/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True
    cache.clear()


@pytest.fixture
def manager():
    return make_user("gerante@region.example", is_staff=True)


@pytest.fixture
def superuser():
    return make_user("admin@region.example", is_staff=True, is_superuser=True)


def log_in(client, user, **extra):
    return client.post("/compte/connexion/", {"login": user.email, "password": PASSWORD, **extra}, headers=SAME_ORIGIN)


def set_up_app(client):
    """Add an app as a person does, the password asked again; return its secret and the last answer."""
    assert client.get(APP).headers["Location"] == f"/compte/confirmation/?next={APP.replace('/', '%2F')}"
    client.post("/compte/confirmation/", {"password": PASSWORD, "next": APP})
    secret = secret_on(client.get(APP).text)
    with TestCase.captureOnCommitCallbacks(execute=True):
        return secret, client.post(APP, {"code": code_of(secret)})


def recovery_codes(client):
    return re.findall(r"<li><code>(\d{8})</code></li>", client.get(CODES).text)


@pytest.mark.parametrize("address", ["/gestion/", "/gestion/pages/?q=pain", "/gestion/users/"])
@pytest.mark.parametrize("person", ["editor", "manager", "superuser"])
def test_staff_set_a_second_factor_up_before_they_enter_and_go_on_to_where_they_went(client, request, person, address):
    user = request.getfixturevalue(person)
    log_in(client, user)

    assert client.get(address).headers["Location"] == SET_UP
    assert "Une étape de plus pour entrer dans la gestion" in client.get(SET_UP).text

    _, response = set_up_app(client)

    assert response.headers["Location"] == CODES
    page = client.get(CODES)
    assert f'href="{address}"' in page.text
    assert len(recovery_codes(client)) == 10
    entered = client.get(address)
    assert entered.status_code in (200, 302, 403)
    assert not entered.headers.get("Location", "").startswith("/compte/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_of_the_office_is_done_without_the_factor(client, editor, method):
    log_in(client, editor)

    for address in ("/gestion/images/add/", "/gestion/api/main/pages/", "/gestion/reports/a-revoir/"):
        assert getattr(client, method)(address).headers["Location"] == SET_UP


def test_shoppers_and_merchants_need_none(client, shopper, baker, bakery):
    log_in(client, shopper)
    assert client.get("/boutique/compte/").status_code == 200

    client = Client()
    log_in(client, baker)
    assert client.get(f"/espace/{bakery.pk}/fiche/").status_code == 200


def test_a_shopper_may_have_one(client, shopper):
    log_in(client, shopper)
    secret, _ = set_up_app(client)

    other = Client()
    assert log_in(other, shopper).headers["Location"] == f"{SET_UP}code/"
    assert other.get("/boutique/compte/").status_code == 302
    other.post(f"{SET_UP}code/", {"code": code_of(secret, later=1)}, headers=SAME_ORIGIN)
    assert other.get("/boutique/compte/").status_code == 200


def test_at_login_the_code_is_asked_for_and_leads_where_she_went(client, editor):
    log_in(client, editor)
    secret, _ = set_up_app(client)

    other = Client()
    assert log_in(other, editor, next="/gestion/pages/").headers["Location"] == f"{SET_UP}code/"
    assert other.get("/gestion/").headers["Location"].startswith("/gestion/login/")

    wrong = other.post(f"{SET_UP}code/", {"code": "000000"}, headers=SAME_ORIGIN)
    assert "Ce code n’est pas le bon" in wrong.text
    code = code_of(secret, later=1)
    spaced = f"{code[:3]} {code[3:]}"
    assert other.post(f"{SET_UP}code/", {"code": spaced}, headers=SAME_ORIGIN).headers["Location"] == "/gestion/pages/"
    assert other.get("/gestion/").status_code == 200


def enter(user, code):
    """Log in again with a code; return whether that opened the account."""
    client = Client()
    log_in(client, user)
    return client.post(f"{SET_UP}code/", {"code": code}, headers=SAME_ORIGIN).status_code == 302


def test_a_code_of_the_app_opens_once_as_long_as_it_would_be_believed(client, editor, time_machine_at):
    log_in(client, editor)
    secret, _ = set_up_app(client)
    code = code_of(secret, later=1)

    assert enter(editor, code)
    assert not enter(editor, code)
    time_machine_at.shift(35)  # allauth alone forgets a used code after one period
    assert not enter(editor, code)


@pytest.fixture
def time_machine_at():
    import time_machine

    with time_machine.travel(1_790_000_000, tick=False) as traveller:
        yield traveller


def test_a_recovery_code_opens_once(client, editor):
    log_in(client, editor)
    set_up_app(client)
    first, second, *_ = recovery_codes(client)

    assert enter(editor, first)
    assert not enter(editor, first)
    assert enter(editor, f"{second[:4]} {second[4:]}")
    third = recovery_codes(client)[0]
    client.post(f"{CODES}nouveaux/")
    assert not enter(editor, third)


def test_recovery_codes_can_be_kept_as_a_file_by_their_owner_alone(client, editor):
    log_in(client, editor)
    set_up_app(client)

    kept = client.get(f"{CODES}telecharger/")

    assert all(code in kept.text for code in recovery_codes(client))
    assert Client().get(f"{CODES}telecharger/").status_code == 302


def test_a_session_older_than_the_factor_is_asked_for_it(client, editor):
    thief = Client()
    log_in(thief, editor)
    log_in(client, editor)
    secret, _ = set_up_app(client)

    asked = thief.get("/gestion/pages/")
    assert asked.headers["Location"] == f"{SET_UP}confirmation/?next=%2Fgestion%2Fpages%2F"
    assert "/confirmation/" in thief.get(f"{APP}retirer/").headers["Location"]
    assert thief.get("/compte/confirmation/").headers["Location"].startswith(f"{SET_UP}confirmation/")  # no password

    shown = thief.post(f"{SET_UP}confirmation/", {"code": code_of(secret, later=1), "next": "/gestion/pages/"})
    assert shown.headers["Location"] == "/gestion/pages/"
    assert thief.get("/gestion/pages/").status_code in (200, 302)


def test_attempts_at_the_code_are_counted_per_account_and_per_address(settings, editor, client, shopper):
    settings.TRUSTED_PROXIES = 1
    for user in (editor, shopper):
        owner = Client()
        log_in(owner, user)
        set_up_app(owner)

    def attempts(user, address, number):
        visitor = Client(headers={"x-forwarded-for": address})
        log_in(visitor, user)
        return [visitor.post(f"{SET_UP}code/", {"code": "000000"}, headers=SAME_ORIGIN).text for _ in range(number)]

    assert "Trop de tentatives" in attempts(editor, "203.0.113.7", 7)[-1]
    assert "Trop de tentatives" in attempts(editor, "203.0.113.8", 1)[-1]  # the account
    assert "Trop de tentatives" not in attempts(shopper, "203.0.113.9", 1)[-1]
    cache.clear()
    attempts(shopper, "203.0.113.7", 5)
    attempts(editor, "203.0.113.7", 5)
    third = make_user()
    visitor = Client(headers={"x-forwarded-for": "203.0.113.7"})
    assert "Trop de tentatives" in log_in(visitor, third).text  # the address, at either door


def test_asking_again_is_counted_too_and_answered_in_french(client, shopper):
    log_in(client, shopper)

    answers = [client.post("/compte/confirmation/", {"password": "non"}) for _ in range(12)]

    assert answers[-1].status_code == 429
    assert "Patientez quelques minutes" in answers[-1].text


def test_a_change_of_factor_is_told_to_the_account(client, editor):
    log_in(client, editor)
    set_up_app(client)
    (told,) = mail.outbox
    assert told.to == [editor.email]
    assert told.subject == "Double authentification\u00a0: application ajoutée"
    assert "Une application de codes vient d’être ajoutée" in told.body
    assert "Sinon, choisissez tout de suite un autre mot de passe" in told.body

    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(f"{CODES}nouveaux/")
    client.post(f"{APP}retirer/")

    assert [message.subject.split("\u00a0: ")[1] for message in mail.outbox[1:]] == [
        "nouveaux codes",
        "application retirée",
    ]
    assert not Authenticator.objects.filter(user=editor).exists()
    assert client.get("/gestion/").headers["Location"] == SET_UP


def test_the_switch_lets_a_demo_in_by_its_printed_password(client, editor, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    log_in(client, editor)

    assert client.get("/gestion/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        "application/",
        "application/retirer/",
        "codes-de-secours/",
        "codes-de-secours/nouveaux/",
        "cles/",
        "cles/ajouter/",
    ],
)
def test_each_page_has_one_heading_and_no_english(client, editor, settings, strict_templates, path):
    settings.SITE_URL = "https://portail.example"
    log_in(client, editor)
    set_up_app(client)

    page = client.get(f"{SET_UP}{path}", follow=True)

    assert page.status_code == 200
    assert len(re.findall(r"<h1[^>]*>", page.text)) == 1
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", page.text, flags=re.DOTALL)
    assert not re.findall(r"\b(the|your|key|code is|authenticator app|deactivate|recovery codes)\b", text.lower())


@pytest.mark.parametrize(
    ("site", "domain"),
    [
        ("https://portail.example", "portail.example"),
        ("https://portail.example:8443", "portail.example"),
        ("http://localhost:8000", "localhost"),
        ("http://portail.example", ""),
        ("http://127.0.0.1:8000", ""),
        ("https://192.0.2.10", ""),
        ("https://[2001:db8::1]", ""),
    ],
)
def test_passkeys_are_made_for_the_public_address_alone(client, shopper, settings, site, domain):
    settings.SITE_URL = site
    log_in(client, shopper)

    assert ('href="/compte/double-authentification/cles/ajouter/"' in client.get(SET_UP).text) is bool(domain)
    if domain:
        client.post("/compte/confirmation/", {"password": PASSWORD})
        assert (
            f'"rp": {{"name": "J\\u2019ach\\u00e8te dans ma r\\u00e9gion", "id": "{domain}"}}'
            in client.get(f"{SET_UP}cles/ajouter/").text
        )


def reset(*arguments):
    said = StringIO()
    call_command("reset_second_factor", *arguments, stdout=said)
    return said.getvalue()


def test_a_lost_factor_is_reset_by_a_command_that_changes_nothing_unless_asked(client, editor):
    log_in(client, editor)
    set_up_app(client)
    mail.outbox.clear()

    assert "Nothing was changed" in reset(editor.email.upper())
    assert Authenticator.objects.filter(user=editor).count() == 2
    assert client.get("/gestion/pages/").status_code != 403

    assert "1 open session" in reset(editor.email, "--write")

    assert not Authenticator.objects.filter(user=editor).exists()
    assert client.get("/gestion/").headers["Location"].startswith("/gestion/login/")
    (told,) = mail.outbox
    assert told.to == [editor.email]
    assert "remise à zéro par un administrateur" in told.body
    log_in(client, editor)
    assert client.get("/gestion/").headers["Location"] == SET_UP


@pytest.mark.parametrize("email", ["personne@region.example", "", "camille@voisins.example"])
def test_resetting_what_is_not_there_is_said(shopper, email):
    with pytest.raises(CommandError, match=r"No account|no second factor"):
        reset(email, "--write")
