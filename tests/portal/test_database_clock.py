"""The clock that decides is the database's; a test that travels takes it along."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from portal import database_clock


def test_the_database_tells_the_time(db):
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (before,) = cursor.fetchone()
    moment = database_clock.now()
    assert moment.tzinfo is not None
    assert timedelta(0) <= moment - before < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-30T22:59:00", "2026-11-30"),
        ("2026-11-30T23:01:00", "2026-12-01"),  # past midnight in France
        ("2027-03-28T00:30:00", "2027-03-28"),  # the night that loses an hour
        ("2027-06-30T22:01:00", "2027-07-01"),
        ("2028-02-29T12:00:00", "2028-02-29"),
    ],
)
def test_the_day_is_that_of_france(db, moment, day):
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
        assert database_clock.today().isoformat() == day
