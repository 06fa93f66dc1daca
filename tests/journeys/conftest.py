"""A real browser for the journeys: one for the session, a fresh context for each test, on a phone and on a desk."""

import os
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import expect, sync_playwright

from deploy.local import chromium
from search.engines import elastic
from search.indexing import index, rebuild
from tests.factories import PASSWORD

SCREENS = {"phone": {"width": 360, "height": 780}, "desk": {"width": 1280, "height": 900}}
PATIENCE = 10_000  # milliseconds: two busy cores


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright, whose event loop would make Django refuse every query."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def site(live_server):
    """The address of the portal as the browser sees it: ``f"{site}/recherche/"``."""
    port = urlsplit(live_server.url).port
    address = f"http://127.0.0.1:{port}"
    with override_settings(
        SITE_URL=address,
        WAGTAILADMIN_BASE_URL=address,
        CSRF_TRUSTED_ORIGINS=[address],
        WAGTAIL_AUTOSAVE_INTERVAL=0,  # a robot types faster than a page can be saved between two clicks
    ):
        yield address


@pytest.fixture(params=SCREENS)
def screen(request):
    return SCREENS[request.param]


@pytest.fixture
def open_page(browser, screen, site):
    """A function that opens one more person's browser: a context with cookies of its own, and a page in it.

    Whatever they do, an error in a console or a request to another host fails the test.
    """
    contexts, faults = [], []

    def note_console(message):
        address = message.location.get("url", "")
        if message.type == "error":
            faults.append(f"console: {message.text} ({address})")

    def note_request(request):
        if not request.url.startswith(
            (f"{site}/", "data:", "blob:", "tel:", "geo:")
        ):  # the last two stay in the telephone
            faults.append(f"foreign request: {request.url}")

    def open_page(viewport=screen):
        context = browser.new_context(
            base_url=site, viewport=viewport, locale="fr-FR", timezone_id=settings.TIME_ZONE, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", note_console)
        context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
        context.on("request", note_request)
        contexts.append(context)
        return context.new_page()

    yield open_page

    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_page):
    """The page of the journey's person."""
    return open_page()


@pytest.fixture
def desk(open_page):
    """The page of an editor at their desk, whatever the screen of the journey's person."""
    return open_page(SCREENS["desk"])


@pytest.fixture
def refresh_search(site, settings):
    """A function that does the worker's turn: all that was committed can be found when it returns."""
    settings.ELASTICSEARCH_TIMEOUT = 20  # seconds, on a busy machine
    generation = rebuild.rebuild().pk if elastic.is_configured() else None

    def refresh_search():
        index.drain()
        if generation:
            elastic.refresh(generation)

    yield refresh_search
    if generation:
        elastic.drop(generation)


def log_in(page, user):
    """Fill in the login form that the page shows."""
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Me connecter").click()
