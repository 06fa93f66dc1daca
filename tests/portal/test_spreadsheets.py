"""No table that the portal writes lets a spreadsheet compute what somebody typed."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.conf import settings
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from home.snippets import Partner
from portal.spreadsheets import harmless, table
from tests.factories import make_user
from tests.urls import patterns, view_class

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "'=1+1",
    '"=1+1',
    "=HYPERLINK(A1)",
    "-2+3+A1",
    "+A1",
    "＝1+1",
    "＠SUM(1)",
    "\ufeff=1+1",
    "\tpain",
]
OTHER_SEPARATORS = ["pain;=1+1", "pain,@SUM(1)", "pain\t=1+1", "pain\n+A1", "pain; -A1"]
KEPT = [
    "pain",
    "pain; -20 %",
    "Pain bio - 500 g",
    "1+1",
    "-12",
    "-12,50",
    "+33 4 75 64 12 34",
    "+33.4.75.64.12.34",
    "a@b.fr",
    "",
    "Lyon, -20 % le lundi",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_a_text(text):
    assert harmless(text).startswith("'")
    assert harmless(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", OTHER_SEPARATORS)
def test_a_text_stays_one_even_where_another_separator_is_expected(text):
    for cell in re.split(r"[;,\t\n]", harmless(text)):
        assert not cell.strip().startswith(("=", "@", "+A", "-A"))


@pytest.mark.parametrize("text", KEPT)
def test_what_no_spreadsheet_computes_is_kept(text):
    assert harmless(text) == text


@pytest.mark.parametrize("value", [-1, 2.5, Decimal("-3.20"), date(2026, 11, 30), None, True])
def test_numbers_and_dates_stay_what_they_are(value):
    assert harmless(value) is value


def test_a_table_of_ours_holds_no_formula():
    file = io.StringIO(newline="")
    table(file).writerows([[text, -1] for text in FORMULAS])

    written = list(csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=";"))
    assert len(written) == len(FORMULAS)
    assert all(text.startswith("'") and number == "-1" for text, number in written)


def test_nothing_else_of_ours_writes_tables():
    """A new table goes through portal/spreadsheets.py."""
    writes = re.compile(r"csv\.(writer|DictWriter)\(|\bWorkbook\(|xlsxwriter|to_csv\(|to_excel\(")
    found = {
        str(file.relative_to(settings.BASE_DIR))
        for package in ("portal", "directory", "shop", "search", "home")
        for file in (settings.BASE_DIR / package).rglob("*.py")
        if writes.search(file.read_text())
    }
    assert found == {"portal/spreadsheets.py"}


def exports():
    """Return the addresses of Wagtail's exports that need no argument, with their views' classes."""
    found = {"".join(str(part) for part in way): view_class(view) for way, view in patterns()}
    return {
        f"/{address}": view
        for address, view in found.items()
        if view and issubclass(view, SpreadsheetExportMixin) and "results" not in address
    }


def test_no_export_of_the_admin_goes_round_the_guard():
    views = exports().values()

    assert len(views) > 15
    for view in views:
        assert view.preprocess_field_value is SpreadsheetExportMixin.preprocess_field_value
        assert view.generate_xlsx_row is SpreadsheetExportMixin.generate_xlsx_row
        assert view.get_heading is SpreadsheetExportMixin.get_heading or "super()" in source(view.get_heading)
        assert view.write_csv_row is SpreadsheetExportMixin.write_csv_row or "super()" in source(view.write_csv_row)


def source(function):
    import inspect

    return inspect.getsource(function)


@pytest.fixture
def hostile_rows(places, bakery):
    """What editors, merchants and shoppers typed, ready for a spreadsheet."""
    bakery.title = "=1+1"
    bakery.save_revision().publish()
    bakery.locked = True
    bakery.save()
    make_user("formule@voisins.example", first_name="@SUM(1+1)", last_name="+A1")
    Redirect.objects.create(old_path="/=1+1", redirect_link="=1+1", site=Site.objects.get(is_default_site=True))
    Partner.objects.create(name="=1+1", url="https://exemple.fr", position=1)


@pytest.mark.django_db
@pytest.mark.parametrize("address", sorted(exports()))
def test_what_people_typed_is_no_formula_in_any_export(client, hostile_rows, address):
    client.force_login(make_user("admin@region.example", is_staff=True, is_superuser=True))

    for form in ("csv", "xlsx"):
        response = client.get(f"{address}?export={form}")
        assert response.status_code == 200
        for cell in cells(response, form):
            assert not re.match(r"\s*[=@]|[+-](?!\d)", cell), cell


def cells(response, form):
    """Return every text of an export; none where the view shows its page instead."""
    if "attachment" not in response.get("Content-Disposition", ""):
        return []
    content = b"".join(response.streaming_content)
    if form == "csv":
        return [cell for row in csv.reader(io.StringIO(content.decode(), newline="")) for cell in row]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type in ("s", "f")]


@pytest.mark.django_db
def test_the_exports_really_hold_what_was_typed(client, hostile_rows):
    client.force_login(make_user("admin@region.example", is_staff=True, is_superuser=True))

    assert "'=1+1" in cells(client.get("/gestion/reports/locked/?export=csv"), "csv")
    assert "'=1+1" in cells(client.get("/gestion/reports/locked/?export=xlsx"), "xlsx")
