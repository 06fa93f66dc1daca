"""What `make audit` tries on a page finds the faults put in one."""

import pytest

from tests.audit import keyboard, layout
from tests.audit.browser import opened

pytestmark = pytest.mark.browser

FAULTY = """<!DOCTYPE html><html lang="fr"><title>Fautes</title><style>
  main { inline-size: 500px } .still:focus { outline: none } .move { animation: move 1s infinite }
  @keyframes move { to { opacity: .5 } } .clip { overflow: hidden; block-size: 1em; line-height: 1 }
</style>
<header></header><nav><a class="still" href="/a" tabindex="3">A</a></nav>
<main><h1>Fautes</h1><h3>Trop bas</h3><p style="color: red">Rouge</p><p class="clip">Coupé</p><p class="move">Bouge</p>
<a href="/b" target="_blank">Fenêtre</a><form><input id="nom" aria-invalid="true" required></form></main>"""


def test_the_audit_finds_the_faults_put_in_a_page(browser):
    with opened(browser, "http://127.0.0.1") as page:
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
