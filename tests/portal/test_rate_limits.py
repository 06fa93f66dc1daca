"""Counters in the database: nobody overtakes them, and nobody can be found in them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connections, transaction
from django.utils import timezone

from portal import database_clock, rate_limits
from portal.models import RateCount
from portal.rate_limits import Limit

HOUR = timedelta(hours=1)
THREE = Limit("essais", 3, HOUR)


@pytest.mark.django_db
def test_so_many_an_hour_then_a_moment_to_come_back_at():
    begun = timezone.now()
    assert [rate_limits.take(THREE, "maud") for _ in range(3)] == [None] * 3

    again = rate_limits.take(THREE, "maud")

    assert abs(again - (begun + HOUR)) < timedelta(minutes=1)
    assert rate_limits.take(THREE, "idris") is None
    assert rate_limits.take(Limit("autres essais", 1, HOUR), "maud") is None
    with time_machine.travel(begun + timedelta(minutes=59)):
        assert rate_limits.take(THREE, "maud") == again
    with time_machine.travel(begun + timedelta(minutes=61)):
        assert [rate_limits.take(THREE, "maud") is None for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [-30, -3, 3, 30])
def test_another_clock_of_a_process_neither_opens_nor_closes(monkeypatch, clock_of_the_database, hours):
    for _ in range(3):
        rate_limits.take(THREE, "maud")

    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        monkeypatch.setattr(database_clock, "now", clock_of_the_database)
        assert rate_limits.take(THREE, "maud") is not None
        assert rate_limits.take(THREE, "idris") is None


@pytest.mark.django_db
def test_what_is_undone_counts_for_nothing():
    for _ in range(5):
        with transaction.atomic():
            assert rate_limits.take(THREE, "maud") is None
            transaction.set_rollback(True)

    assert not RateCount.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["maud@exemple.fr", "192.0.2.7", "2001:db8::", "é" * 300, ""])
def test_the_table_tells_nobody(who):
    rate_limits.take(THREE, who)

    kept = RateCount.objects.get()
    assert len(kept.who) == 64
    assert not who or who not in kept.who


def test_a_period_longer_than_counters_are_kept_is_refused():
    with pytest.raises(ValueError, match="kept for"):
        Limit("essais", 1, timedelta(days=2))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("over", [False, True])
def test_many_at_once_get_exactly_as_many_as_there_are(over):
    if over:  # the period of the last counter has just ended: one of them begins a new one
        with time_machine.travel(timezone.now() - 2 * HOUR):
            rate_limits.take(THREE, "maud")
    gate = Barrier(8)

    def run(_):
        try:
            gate.wait()
            with transaction.atomic():
                return [rate_limits.take(THREE, "maud") for _ in range(2)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        taken = [answer for answers in pool.map(run, range(8)) for answer in answers]

    assert taken.count(None) == THREE.most
