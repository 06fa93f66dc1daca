"""What every test stands on: the settings of a test, and a database of its own."""

import atexit
import os
import time
from datetime import timedelta

import hypothesis
import pytest
import time_machine
from django.test import TransactionTestCase, override_settings

from directory.audience import counting
from portal import database_clock, memory, page_cache
from tests.database import Slot, connected_to

pytest_plugins = ["tests.cast", "tests.strict_templates", "tests.gazetteers", "tests.registers"]

TEST_SETTINGS = {
    "PAGE_SECONDS": 0,
    "REGISTER_URL": "",  # tests/registers.py plays them
    "BODACC_URL": "",
    "REQUIRE_SECOND_FACTOR": False,  # tests/portal/test_second_factor.py asks for it
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}


# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("portal")

OF_THE_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup", "slot"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark the tests that need PostgreSQL, so that ``make quick`` leaves them out; give journeys a second try.

    A browser on a busy machine may be late where nothing is wrong. A journey that needed its second try is named at
    the end (RERUN): once is the machine's, twice is a fault to look into.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if item.get_closest_marker("django_db") or not OF_THE_DATABASE.isdisjoint(item.fixturenames):
            item.add_marker("database")


@pytest.fixture(scope="session", autouse=True)
def test_settings(tmp_path_factory):
    """Settings that differ in tests: cheap passwords, plain static files, uploads thrown away, no page kept."""
    directories = {name: str(tmp_path_factory.mktemp(name.lower())) for name in ("MEDIA_ROOT", "STATIC_ROOT")}
    atexit.unregister(counting.give)  # the tests' databases end before the process does
    with override_settings(**directories, **TEST_SETTINGS):
        yield


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    """Each test begins like a new process: what another test undid, no trigger told.

    What all pages show grows old by a change alone: a half minute that ended between two requests would cost a query.
    """
    monkeypatch.setattr(page_cache, "FRESH", float("inf"))
    monkeypatch.setattr(memory, "IS_CHECKED", True)
    memory.process_cache.clear()


@pytest.fixture
def clock_of_the_database():
    """What the database itself tells, wherever a test has travelled to."""
    return _told


_told = database_clock.now


@pytest.fixture(autouse=True)
def database_clock_travels_along(monkeypatch):
    """A test that travels in time takes the database's clock with it, as far as Python asks for it."""
    here = time_machine.escape_hatch.time.time

    def now():
        away = time.time() - here() if time_machine.escape_hatch.is_travelling() else 0
        return _told() + timedelta(seconds=away)

    monkeypatch.setattr(database_clock, "now", now)


@pytest.fixture(scope="session")
def slot():
    """The database of this test process, and the number that keeps its search indexes apart."""
    slot = Slot()
    yield slot
    slot.server.close()


@pytest.fixture(scope="session")
def django_db_setup(slot, test_settings, django_test_environment, django_db_blocker):
    """Replace pytest-django's: clone the migrated template instead of migrating."""
    with django_db_blocker.unblock():
        slot.ensure_template()
        slot.drop_old_templates()
        slot.clone()
        prefix = override_settings(ELASTICSEARCH_PREFIX=f"test_{slot.number}")
        with connected_to(slot.name), prefix, pytest.MonkeyPatch.context() as patch:
            # A test that commits would leave its rows, and Django's flush would take Wagtail's root page too.
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: slot.clone())
            yield
        slot.drop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where the engine must be present, a skipped test is a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("REQUIRE_ELASTICSEARCH"):
        report.outcome, report.longrepr = "failed", f"Skipped, and nothing may be skipped here: {report.longrepr}"
    return report
