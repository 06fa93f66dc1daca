"""`make audit`: it says what it lacks, and it goes to every page a person can meet."""

import re

import pytest
from django.conf import settings

from deploy.local import Unavailable, run_audit
from tests.audit.stops import ELSEWHERE, STOPS

TEMPLATES = settings.BASE_DIR / "templates"
WHOLE_PAGE = re.compile(
    r'\{% extends "(base|error_frame|account/layout|directory/merchant_page)\.html" %\}|<!DOCTYPE', re.IGNORECASE
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
