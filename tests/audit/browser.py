"""Debian's Chromium as a visitor of the audit uses it."""

from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from deploy.local import chromium

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
# No name but our own resolves: a page that asks for another host gets an error at once.
FLAGS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
PATIENCE = 20_000  # milliseconds


@contextmanager
def launched():
    """Yield a headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser, site, state=None, viewport=DESK, **options):
    """Yield a page of a fresh visitor, or of the one whose cookies ``state`` holds."""
    context = browser.new_context(
        base_url=site, storage_state=state, viewport=viewport, locale="fr-FR", reduced_motion="reduce", **options
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()
