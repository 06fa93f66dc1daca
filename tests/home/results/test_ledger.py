"""The ledger of results: counted once, never changed, and nobody's sales can be worked out of it."""

import csv
import io
from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from directory.hours import PARIS
from directory.models import MerchantPage
from home.results.freezing import freeze
from home.results.hiding import FEWEST, hidden
from home.results.models import MonthlyCost, MonthlyResult
from portal import database_clock
from shop.bulk import buy
from shop.models import MerchantOrder
from shop.orders import mark_collected, mark_ready
from shop.purchases import Contact
from tests.factories import make_merchant
from tests.shop.factories import make_product

NOVEMBER = datetime(2026, 11, 10, 10, tzinfo=PARIS)
DECEMBER = datetime(2026, 12, 1, 3, 10, tzinfo=PARIS)


def make_month(month="2026-11-01", **by_department):
    """Store a month. by_department: d07=(merchants, fresh, orders, sellers, euros)…"""
    MonthlyResult.objects.bulk_create(
        MonthlyResult(
            month=month, department=name[1:], merchants=row[0], fresh=row[1], orders=row[2], sellers=row[3], sold=row[4]
        )
        for name, row in by_department.items()
    )


def table(client):
    text = client.get("/resultats/resultats.csv").content.decode()
    return {(row["mois"], row["territoire"]): row for row in csv.DictReader(io.StringIO(text))}


@given(
    st.dictionaries(st.sampled_from([f"d{number}" for number in range(12)]), st.integers(0, 30)),
    st.sets(st.sampled_from([f"d{number}" for number in range(12)])),
)
def test_no_hidden_figure_is_told_by_what_is_shown(counts, at_risk):
    kept, is_total_hidden = hidden(counts, sorted(at_risk))

    for key, count in counts.items():
        if 0 < count < FEWEST or (count and key in at_risk):
            assert key in kept
        if count == 0:
            assert key not in kept
    if kept and not is_total_hidden:  # then the total says no more than the sum of several, one of them at liberty
        assert len(kept) >= 2
        assert any(counts[key] >= FEWEST and key not in at_risk for key in kept)


@pytest.mark.django_db
def test_a_month_is_counted_when_it_is_over_and_erasing_changes_nothing_of_it(client, bakery, baker):
    with time_machine.travel(NOVEMBER, tick=False):
        loaf = make_product(bakery, title="Pain de seigle", price=Decimal("4.90"), stock=9)
        buy({loaf: 2}, Contact("Camille Moulin", "camille@voisins.example", "06 39 98 21 40"))
        order = MerchantOrder.objects.get()
        mark_ready(order, baker)
        mark_collected(order, baker)
        buy({loaf: 1}, Contact("Camille Moulin", "camille@voisins.example", "06 39 98 21 40"))  # not handed over
        MerchantPage.objects.filter(pk=bakery.pk).update(confirmed_on="2026-11-02")
    with time_machine.travel(DECEMBER, tick=False):
        assert freeze(database_clock.today()) == 12
        row = MonthlyResult.objects.get(department="07")
        assert (row.merchants, row.fresh, row.orders, row.sellers, row.sold) == (1, 1, 1, 1, Decimal("9.80"))

        bakery.unpublish()
        assert freeze(database_clock.today()) == 0
        row.refresh_from_db()
        assert row.merchants == 1
    assert MonthlyResult.objects.filter(month="2026-11-01").count() == 12


@pytest.mark.django_db
def test_nobody_changes_a_month_that_is_counted(db):
    make_month(d07=(9, 9, 9, 9, 100))

    for change in (lambda: MonthlyResult.objects.update(orders=1000), MonthlyResult.objects.all().delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_few_orders_and_few_sellers_are_secret_with_one_more_beside(client, db):
    make_month(
        d07=(20, 10, 2, 2, "31.00"), d26=(30, 20, 50, 9, "900.00"), d42=(10, 9, 12, 4, "200.00"), d69=(90, 9, 0, 0, 0)
    )

    told = table(client)

    shown = {place: row["commandes_remises"] for (_, place), row in told.items()}
    assert shown == {"Région": "64", "Ardèche": "s", "Drôme": "50", "Loire": "s", "Rhône": "0"}
    assert told["2026-11", "Ardèche"]["euros_vendus"] == "s"
    assert told["2026-11", "Drôme"]["euros_vendus"] == "900.00"
    assert told["2026-11", "Région"]["euros_vendus"] == "1131.00"


@pytest.mark.django_db
def test_a_total_is_secret_where_it_would_tell_what_is_hidden(client, db):
    make_month(d07=(20, 10, 40, 1, "900.00"), d26=(30, 20, 0, 0, 0))

    told = table(client)

    assert told["2026-11", "Région"]["commandes_remises"] == told["2026-11", "Région"]["euros_vendus"] == "s"


@pytest.mark.django_db
def test_the_cost_is_what_the_region_wrote_and_is_divided_by_the_orders_that_are_told(client, db):
    make_month(d07=(20, 10, 40, 4, "900.00"))
    make_month("2026-10-01", d07=(20, 10, 2, 2, "9.00"))
    for month in ("2026-11-01", "2026-10-01"):
        MonthlyCost.objects.create(month=month, cost="1000.00", note="hébergement et équipe")

    told = table(client)
    page = client.get("/resultats/").text.replace("\u00a0", " ").replace("\u202f", " ")

    assert told["2026-11", "Région"]["cout_par_commande"] == "25.00"
    assert told["2026-10", "Région"]["cout_par_commande"] == ""
    assert "25,00 €" in page
    assert "secret" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyCost.objects.create(month="2026-09-02", cost=1)


@pytest.mark.django_db
def test_a_cost_is_read_on_the_kept_page_as_soon_as_it_is_written(client, settings):
    settings.PAGE_SECONDS = 60
    make_month(d07=(20, 10, 40, 4, "900.00"))
    assert "non communiqué" in client.get("/resultats/").text

    MonthlyCost.objects.create(month="2026-11-01", cost="1000.00")

    assert "non communiqué" not in client.get("/resultats/").text


@pytest.mark.django_db
def test_the_ledger_costs_no_more_queries_for_more_months(client, db):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get("/resultats/")
        return len(queries)

    make_month(d07=(20, 10, 40, 4, "900.00"))
    cost()
    before = cost()
    for month in range(1, 9):
        make_month(f"2026-0{month}-01", d07=(20, 10, 40, 4, "900.00"), d26=(1, 1, 1, 1, 1))

    assert cost() == before


@pytest.mark.django_db
def test_counting_costs_no_more_queries_for_more_merchants(places):
    def cost(day):
        with CaptureQueriesContext(connection) as queries:
            freeze(day)
        return len(queries)

    before = cost(datetime(2026, 12, 1).date())  # noqa: DTZ001 (a day)
    for _ in range(4):
        make_merchant(town=places.die, opening_hours="24/7")

    assert cost(datetime(2027, 1, 1).date()) == before  # noqa: DTZ001
