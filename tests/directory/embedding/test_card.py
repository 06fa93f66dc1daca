"""The card for other sites: small, without script or cookie, framed by anybody, and it names nobody who is gone."""

import re

import pytest
from django.utils.http import int_to_base36

from tests.directory.vetting.evidence import verify
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db
MOST_BYTES = 4_000  # of the page and its style sheet, uncompressed


def card(client, merchant):
    return client.get(f"/carte/{int_to_base36(merchant.pk)}/")


def test_the_card_names_the_merchant_and_leads_to_the_page(client, bakery):
    verify(bakery)
    page = card(client, bakery)

    assert page.status_code == 200
    for told in (
        bakery.title,
        "Privas",
        "12 cours du Palais",
        "Local vérifié",
        f'href="http://127.0.0.1:8000{bakery.public_path}"',
    ):
        assert told in page.text


def test_any_site_may_frame_the_card_and_no_other_page(client, bakery):
    page = card(client, bakery)
    policy = page["Content-Security-Policy"]

    assert "frame-ancestors *" in policy
    assert "X-Frame-Options" not in page
    assert "script-src 'none'" in policy
    for path in ("/", bakery.public_path, "/commercants/"):
        other = client.get(path)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_the_card_is_light_and_sets_nothing(client, bakery, settings):
    page = card(client, bakery)
    style = settings.BASE_DIR / "portal/static/portal/css/embedded-card.css"

    assert len(page.content) + style.stat().st_size < MOST_BYTES
    assert not page.cookies
    assert "<script" not in page.text
    addresses = set(re.findall(r'(?:src|href)="(https?://[^/"]+)', page.text))
    assert addresses == {"http://127.0.0.1:8000"}


def test_who_is_gone_is_not_named(client, bakery):
    bakery.unpublish()

    page = card(client, bakery)

    assert page.status_code == 404
    assert "n’est plus présenté" in page.text
    assert bakery.title not in page.text
    assert "frame-ancestors *" in page["Content-Security-Policy"]


@pytest.mark.parametrize("code", ["0", "zzzzzzzzzzzzz", "é", "a-b", "3w5e11264sgsf"])
def test_a_code_that_is_nobodys_says_so(client, places, code):
    assert client.get(f"/carte/{code}/").status_code == 404


def test_the_space_gives_the_code_and_shows_the_card(client, bakery, baker):
    client.force_login(baker)
    page = client.get(f"/espace/{bakery.pk}/carte/")

    path = f"/carte/{int_to_base36(bakery.pk)}/"
    assert f'&lt;iframe src="http://127.0.0.1:8000{path}"' in page.text
    assert f'<iframe src="{path}"' in page.text
    assert "frame-src 'self'" in page["Content-Security-Policy"]


def test_a_draft_has_no_code_yet(client, places, baker):
    draft = make_merchant(live=False, managers=[baker])
    client.force_login(baker)

    assert "iframe" not in client.get(f"/espace/{draft.pk}/carte/").text
