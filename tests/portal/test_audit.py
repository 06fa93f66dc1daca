"""`make audit`: it says what it lacks, and it goes to every page a person can meet."""

import re

import pytest
from django.conf import settings

from portal.local_services import Unavailable, run_audit
from tests.audit import keyboard, layout
from tests.audit.browser import launched, opened
from tests.audit.stops import ELSEWHERE, STOPS

TEMPLATES = settings.BASE_DIR / "templates"
WHOLE_PAGE = re.compile(
    r'\{% extends "(base|account/layout|directory/merchant_page)\.html" %\}|<!DOCTYPE', re.IGNORECASE
)
NO_PAGES = ("base.html", "oscar/", "wagtailadmin/", "shop/emails/")


def whole_pages():
    """Return the templates of public pages, by their names."""
    names = {str(file.relative_to(TEMPLATES)): file for file in TEMPLATES.rglob("*.html")}
    return {
        name for name, file in names.items() if WHOLE_PAGE.search(file.read_text()) and not name.startswith(NO_PAGES)
    }


def test_the_audit_goes_to_every_template_of_a_whole_page():
    assert {stop.template for stop in STOPS} | set(ELSEWHERE) == whole_pages()


def test_each_stop_of_the_audit_has_a_name_of_its_own():
    names = [stop.name for stop in STOPS]

    assert len(set(names)) == len(names)


def test_the_audit_names_every_tool_it_lacks(monkeypatch):
    monkeypatch.setattr(run_audit.shutil, "which", lambda command: None)
    monkeypatch.setattr(run_audit.chromium, "ensure", lambda: "Chromium is needed.")

    with pytest.raises(Unavailable) as refusal:
        run_audit.run(8000, "", [])

    for tool in ("Node 20", "npm", "Java 17", "Chromium"):
        assert tool in str(refusal.value)


FAULTY = """<!DOCTYPE html><html lang="fr"><title>Fautes</title><style>
  main { inline-size: 500px } .still:focus { outline: none } .move { animation: move 1s infinite }
  @keyframes move { to { opacity: .5 } } .clip { overflow: hidden; block-size: 1em; line-height: 1 }
</style>
<header></header><nav><a class="still" href="/a" tabindex="3">A</a></nav>
<main><h1>Fautes</h1><h3>Trop bas</h3><p style="color: red">Rouge</p><p class="clip">Coupé</p><p class="move">Bouge</p>
<a href="/b" target="_blank">Fenêtre</a><form><input id="nom" aria-invalid="true" required></form></main>"""


@pytest.mark.browser
def test_the_audit_finds_the_faults_put_in_a_page():
    with launched() as browser, opened(browser, "http://127.0.0.1") as page:
        page.add_init_script(layout.SCRIPT)
        page.route("**/*", lambda route: route.fulfill(body=FAULTY, content_type="text/html; charset=utf-8"))
        page.goto("http://127.0.0.1/fautes/")

        found = [finding.message for finding in layout.check(page, "fautes") + keyboard.check(page, "fautes")]

    for fault in (
        "heading level is skipped",
        "presentation in the markup",
        "opens a window without saying so",
        "field without label",
        "no <footer>",
        "its error is not tied to it",
        "no link of the summary leads to it",
        "at 320 px: ",
        "spaced text: ",
        "target under 44 px: ",
        "reduced motion: ",
        "out of order by its tabindex",
        "the first stop is no skip link",
    ):
        assert any(fault in message for message in found), fault
