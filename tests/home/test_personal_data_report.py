"""The register of personal data as staff read it, and as the privacy page tells it."""

import csv

import pytest
from django.core.management import call_command

from portal.privacy.register import holdings
from portal.typography import no_break

pytestmark = pytest.mark.django_db
REPORT = "/gestion/reports/donnees-personnelles/"


def test_editors_read_every_line_and_when_it_was_purged(client, editor):
    client.force_login(editor)
    before = client.get(REPORT).content.decode()
    assert ": pas encore<" in before
    call_command("purge", write=True, verbosity=0)

    page = client.get(REPORT).content.decode()
    assert ": pas encore<" not in page
    for holding in holdings():
        assert no_break(holding.kept) in page or holding.kept in page, holding.name


def test_the_register_is_a_table_for_the_data_protection_officer(client, editor):
    client.force_login(editor)
    answer = client.get(REPORT, {"export": "csv"})

    heading, *rows = csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";")
    assert heading[:3] == ["Traitement", "Personnes", "Données"]
    assert [row[0] for row in rows] == [holding.name for holding in holdings()]
    orders = next(row for row in rows if row[0] == "commandes")
    assert "contrat (RGPD, art. 6.1.b)" in orders
    assert "shop_purchase (name email phone" in orders[10]


def test_others_read_no_register(client, shopper):
    client.force_login(shopper)
    assert client.get(REPORT).status_code in (302, 403)


def test_the_privacy_page_is_written_from_the_register(client):
    page = client.get("/donnees-personnelles/").content.decode()

    for holding in holdings():
        row = page[page.index(no_break(holding.what)) :]
        for told in (holding.why, holding.seen_by, holding.kept):
            assert no_break(told) in row[: row.index("</tr>")], holding.name
