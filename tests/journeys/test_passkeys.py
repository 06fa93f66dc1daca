"""A passkey, made and used by a real browser with a virtual device, over http://localhost, which browsers trust."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.journeys.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(live_server, settings):
    """The portal by a name instead of a number: passkeys belong to names."""
    address = f"http://localhost:{urlsplit(live_server.url).port}"
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = address
    settings.CSRF_TRUSTED_ORIGINS = [address]
    settings.REQUIRE_SECOND_FACTOR = True
    cache.clear()
    return address


@pytest.fixture
def device(page):
    """A telephone or computer that holds passkeys and says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def answers(yes):
        session.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": yes})
        session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": made, "enabled": yes})

    return answers


def test_an_editor_enters_by_a_passkey(page, device, places, editor):
    page.goto("/gestion/")
    log_in(page, editor)
    expect(page.get_by_text("Une étape de plus pour entrer dans la gestion")).to_be_visible()

    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_role("button", name="Ajouter une clé d’accès").click()

    expect(page.get_by_role("heading", name="Vos codes de secours")).to_be_visible()
    assert Authenticator.objects.get(user=editor, type="webauthn").wrap().name == "Mon téléphone"
    page.get_by_role("link", name="C’est noté, continuer").click()
    page.wait_for_url("**/gestion/")

    page.context.clear_cookies()
    page.goto("/gestion/")
    log_in(page, editor)
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url("**/gestion/")

    # Again before something sensitive; then the key is renamed and taken away.
    page.goto("/compte/double-authentification/cles/")
    page.get_by_role("link", name="Renommer").click()
    page.get_by_role("link", name="Utiliser une clé d’accès").click()
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.get_by_label("Nom de la clé").fill("Clé du bureau")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Clé du bureau")).to_be_visible()
    page.get_by_role("link", name="Retirer").click()
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_text("Vous n’avez pas de clé d’accès")).to_be_visible()
    page.goto("/gestion/")
    expect(page.get_by_text("Une étape de plus pour entrer dans la gestion")).to_be_visible()


def test_a_key_that_is_not_hers_does_not_open(page, device, places, editor, open_page):
    """On another device, which has no such key, the browser says no, and the page says what to do."""
    Authenticator.objects.filter(user=editor).delete()
    page.goto("/compte/double-authentification/cles/ajouter/")
    log_in(page, editor)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_role("heading", name="Vos codes de secours")).to_be_visible()

    stranger = open_page()
    session = stranger.context.new_cdp_session(stranger)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    stranger.goto("/compte/connexion/")
    log_in(stranger, editor)
    expect(stranger.get_by_text("Cette clé n’a pas été reconnue")).to_be_hidden()
    stranger.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(stranger.get_by_text("Cette clé n’a pas été reconnue")).to_be_visible()
    assert "/double-authentification/code/" in stranger.url


def test_the_button_waits_for_its_script(page, places, editor):
    """On a slow line the page is there before its script: a press must not be lost in between."""
    page.route("**/passkeys*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.goto("/compte/double-authentification/cles/ajouter/")
    log_in(page, editor)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    button = page.get_by_role("button", name="Ajouter une clé d’accès")
    expect(button).to_be_disabled()

    page.unroute("**/passkeys*.js")
    page.reload()
    expect(button).to_be_enabled()
