"""Statements answer what the queryset they were written from answers, for other values, in one query."""

from threading import Thread

import pytest
from django.db import connections

from directory.models import MerchantPage, Town
from portal.statements import Given, Statement

TOWNS = Statement(lambda: Town.objects.filter(insee_code__among=Given("codes")).order_by("name"))
NAMES = Statement(lambda: Town.objects.filter(insee_code=Given("code")).values_list("name", "postal_codes", named=True))
MERCHANTS = Statement(lambda: MerchantPage.objects.live().with_place().filter(pk=Given("pk")))


@pytest.mark.django_db
def test_a_statement_answers_each_time_for_the_values_it_is_given(places, django_assert_num_queries):
    codes = list(Town.objects.order_by("-name").values_list("insee_code", flat=True)[:3])

    with django_assert_num_queries(4):
        assert TOWNS(codes=codes) == list(Town.objects.filter(insee_code__in=codes).order_by("name"))
        assert TOWNS(codes=codes[:1]) == list(Town.objects.filter(insee_code=codes[0]))
    assert TOWNS(codes=[]) == []


@pytest.mark.django_db
def test_rows_are_named_and_converted_as_the_queryset_says(places):
    row = NAMES.one(code=places.privas.insee_code)

    assert (row.name, row.postal_codes) == (places.privas.name, places.privas.postal_codes)
    assert NAMES.one(code="00000") is None


@pytest.mark.django_db
def test_models_come_with_what_they_were_joined_to(bakery, django_assert_num_queries):
    MERCHANTS.one(pk=0)

    with django_assert_num_queries(1):
        found = MERCHANTS.one(pk=bakery.pk)
        place = (found.town.name, found.category.name)

    assert found == bakery
    assert place == (bakery.town.name, bakery.category.name)


@pytest.mark.django_db
def test_a_statement_written_in_one_thread_asks_by_the_connection_of_another(places):
    NAMES(code=places.privas.insee_code)
    asked = []

    def ask() -> None:
        own = connections["default"]
        with own.execute_wrapper(lambda execute, sql, *rest: asked.append(sql) or execute(sql, *rest)):
            NAMES(code="00000")
        own.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()

    assert len(asked) == 1
