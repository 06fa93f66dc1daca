"""What every answer says to the browser, and what the log keeps of it."""

import json
import logging

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from portal.middleware import ContentSecurityPolicy, permissions_policy

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/commercants/", "/histoires/", "/commerces/", "/recherche/", "/compte/connexion/", "/sans-issue/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_refuse_inline_code_and_foreign_hosts(client, path):
    policy = client.get(path)["Content-Security-Policy"]

    assert "unsafe-inline" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_back_office_allows_its_own_inline_code_only(client):
    policy = client.get("/gestion/")["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "http" not in policy


def test_a_picture_carries_no_policy_and_a_drawing_does():
    def answered(kind):
        return permissions_policy(ContentSecurityPolicy(lambda request: HttpResponse(b"", kind)))(
            RequestFactory().get("/")
        )

    assert not {"Content-Security-Policy", "Permissions-Policy"} & set(answered("image/webp").headers)
    assert {"Content-Security-Policy", "Permissions-Policy"} <= set(answered("image/svg+xml").headers)
    assert {"Content-Security-Policy", "Permissions-Policy"} <= set(answered("application/octet-stream").headers)


@pytest.mark.parametrize("path", [*PUBLIC, "/gestion/"])
def test_a_page_may_ask_where_the_visitor_is_and_nothing_else_of_her_device(client, path):
    powers = dict(power.split("=") for power in client.get(path)["Permissions-Policy"].split(", "))

    assert [power for power, allowed in powers.items() if allowed != "()"] == ["geolocation"]
    assert powers["geolocation"] == "(self)"
    assert {"camera", "microphone", "payment", "browsing-topics"} <= set(powers)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_link_that_leaves_the_site_does_not_say_where_one_was(client, path):
    assert client.get(path)["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PUBLIC[:5])
def test_reading_sets_no_cookie(client, path):
    assert not client.get(path).cookies


def test_the_log_keeps_neither_the_words_searched_nor_the_address(client, caplog):
    with caplog.at_level(logging.INFO):
        client.get("/recherche/", {"q": "fromage de chèvre", "ou": "Die"}, REMOTE_ADDR="203.0.113.7")

    lines = json.dumps([str(record.msg) for record in caplog.records])
    assert "request_finished" in lines
    assert "/recherche/" in lines
    assert "chèvre" not in lines
    assert "203.0.113.7" not in lines


def test_both_tables_of_sites_follow_the_setting():
    from django.contrib.sites.models import Site as DjangoSite
    from wagtail.models import Site as WagtailSite

    assert WagtailSite.objects.get(is_default_site=True).root_url == settings.SITE_URL
    assert settings.SITE_URL.endswith(DjangoSite.objects.get_current().domain)
