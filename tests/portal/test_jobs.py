"""What becomes of jobs: done with the transaction they belong to, tried again, given up, told of."""

import re
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import OperationalError, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from portal import database_clock, job_reports, job_worker, jobs
from portal.job_reports import failed, hours, late
from portal.jobs import EACH_MINUTE, PARIS, Failed, Job, TryAgain
from portal.models import JobFailure, JobReport
from search.health import report
from tests.jobs import bring_forward, do_jobs, stored

pytestmark = pytest.mark.django_db
REPORT = "/gestion/reports/taches/"


@pytest.fixture
def declared(monkeypatch):
    """``declared(act, cron)``: a kind of job « trial » that does this."""
    kinds = dict(jobs.known())
    monkeypatch.setattr(jobs, "known", lambda: kinds)

    def declare(act, cron=""):
        kinds["trial"] = Job("trial", act, "Essayer", "clock", cron)
        return kinds["trial"]

    return declare


@pytest.fixture
def without_elasticsearch(settings):
    settings.ELASTICSEARCH_URL = []


def fail(*args):
    raise ZeroDivisionError("maud@exemple.fr")


def fail_to_connect():
    raise OperationalError("terminating connection")


def test_a_job_is_done_with_its_ids_and_leaves_a_report_alone(declared):
    done = []
    declared(lambda number: done.append(number))
    jobs.defer("trial", "clock", number=7)

    do_jobs()

    assert done == [7]
    assert not stored("trial")
    assert JobReport.objects.get(job="trial").done_at


def test_a_job_of_a_transaction_that_is_rolled_back_is_never_done(declared):
    done = []
    declared(lambda: done.append(1))
    with transaction.atomic():
        jobs.defer("trial", "clock")
        transaction.set_rollback(True)

    do_jobs()

    assert not done


def test_one_that_waits_is_enough(declared, django_capture_on_commit_callbacks):
    done = []
    declared(lambda: done.append(1), EACH_MINUTE)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            jobs.wake("trial", "clock")

    assert len(stored("trial")) == 1
    do_jobs()
    assert done == [1]


def test_a_job_that_fails_is_tried_later_and_later_then_given_up_without_a_name(declared, caplog):
    declared(fail)
    jobs.defer("trial", "clock")
    waits = []
    for _ in range(jobs.TRIES):
        do_jobs()
        waits.append(stored("trial")[0].scheduled_at - database_clock.now())
        assert not failed()
        bring_forward()
    do_jobs()

    assert all(later > 1.9 * earlier for earlier, later in pairwise(waits))
    (given_up,) = failed()
    assert re.fullmatch(r"ZeroDivisionError \(tests/portal/test_jobs\.py, ligne \d+\)", given_up.failure)
    assert "maud" not in JobReport.objects.get(job="trial").failure


def test_the_databases_own_trouble_never_gives_a_job_up(declared):
    declared(fail_to_connect)
    jobs.defer("trial", "clock")
    for _ in range(2 * jobs.TRIES):
        do_jobs()
        bring_forward()

    assert not failed()
    assert stored("trial")[0].attempts == 2 * jobs.TRIES


def test_what_is_due_each_minute_leaves_its_next_try_to_the_next_minute(declared):
    declared(fail, EACH_MINUTE)
    jobs.defer("trial", "clock")

    do_jobs()

    assert not stored("trial")
    assert JobReport.objects.get(job="trial").failure.startswith("ZeroDivisionError")


def test_one_that_fails_holds_up_none_behind_it(declared, settings):
    declared(fail)
    for name in ("trial", "tell_of_notices", "trial"):
        jobs.defer(name, "clock")

    do_jobs()

    assert JobReport.objects.get(job="tell_of_notices").done_at


def test_a_job_names_its_own_next_try_and_ends_for_good_when_it_says_so(declared):
    moment = timezone.now() + timedelta(hours=5)
    acts = iter([TryAgain(moment), Failed("Personne n’en veut.")])

    def act():
        raise next(acts)

    declared(act)
    jobs.defer("trial", "clock")
    do_jobs()
    assert abs(stored("trial")[0].scheduled_at - moment) < timedelta(seconds=1)
    bring_forward()
    do_jobs()

    assert [one.failure for one in failed()] == ["Personne n’en veut."]


@pytest.mark.parametrize("away", [timedelta(days=9), timedelta(days=-9), timedelta(minutes=2), timedelta(minutes=-2)])
def test_a_worker_whose_clock_is_wrong_does_nothing_by_time(declared, monkeypatch, away, clock_of_the_database):
    done = []
    declared(lambda: done.append(1), "40 3 * * *")
    jobs.defer("trial", "clock")
    with time_machine.travel(timezone.now() + away):
        monkeypatch.setattr(database_clock, "now", clock_of_the_database)
        do_jobs()
    assert not done
    assert JobReport.objects.get(job="trial").failure.startswith("ClocksApart")

    bring_forward()
    do_jobs()
    assert done == [1]


@pytest.mark.parametrize(
    ("cron", "now", "last", "following"),
    [
        ("40 3 * * *", "2026-07-01T01:30+00:00", "2026-06-30T03:40+02:00", "2026-07-01T03:40+02:00"),
        ("40 3 * * *", "2026-12-01T02:41+00:00", "2026-12-01T03:40+01:00", "2026-12-02T03:40+01:00"),
        ("40 3 * * *", "2026-10-25T02:30+00:00", "2026-10-24T03:40+02:00", "2026-10-25T03:40+01:00"),
        ("40 3 * * *", "2027-03-28T00:30+00:00", "2027-03-27T03:40+01:00", "2027-03-28T03:40+02:00"),
        ("7 * * * *", "2026-10-25T01:30+00:00", "2026-10-25T02:07+01:00", "2026-10-25T03:07+01:00"),
        ("* * * * *", "2027-03-28T01:00:30+00:00", "2027-03-28T03:00+02:00", "2027-03-28T03:01+02:00"),
    ],
)
def test_times_are_those_of_france_in_summer_winter_and_between(cron, now, last, following):
    kind, moment = Job("trial", fail, "Essayer", "clock", cron), datetime.fromisoformat(now)

    assert kind.last_due(moment).timestamp() == datetime.fromisoformat(last).timestamp()
    assert kind.next_due(moment).timestamp() == datetime.fromisoformat(following).timestamp()


def test_the_engine_defers_by_the_time_of_france():
    engine = job_worker.engine_of("clock", jobs.app.connector)
    nightly = engine.periodic_registry.periodic_tasks["audit_site", ""]
    summer = datetime(2026, 7, 1, tzinfo=PARIS).timestamp()

    assert datetime.fromtimestamp(nightly.croniter.get_next(float, start_time=summer), PARIS).hour == 3


@pytest.mark.parametrize("queue", jobs.QUEUES)
def test_each_queue_minds_its_heartbeat_by_some_job_of_the_clock(queue):
    assert job_worker.engine_of(queue, jobs.app.connector).periodic_registry.periodic_tasks


def test_no_job_that_is_tried_again_has_a_queueing_lock():
    """With one it would meet its successor's and stay « doing » for ever."""
    for queue in jobs.QUEUES:
        for name, task in job_worker.engine_of(queue, jobs.app.connector).tasks.items():
            kind = jobs.known().get(name)
            assert kind is None or bool(task.queueing_lock) == kind.is_minutely, name


def test_every_kind_has_a_queue_that_is_served_and_a_name_of_its_own():
    assert {kind.queue for kind in jobs.known().values()} == set(jobs.QUEUES)
    assert len({kind.label for kind in jobs.known().values()}) == len(jobs.known())


@pytest.mark.parametrize(
    ("cron", "told"),
    [
        ("", ""),
        (EACH_MINUTE, "chaque minute"),
        ("7 * * * *", "chaque heure, à la minute 7"),
        ("40 3 * * *", "chaque jour à 3\u00a0h\u00a040"),
        ("5 12 * * *", "chaque jour à 12\u00a0h\u00a005"),
    ],
)
def test_hours_are_written_as_people_say_them(cron, told):
    assert hours(cron) == told


def test_health_tells_of_a_job_that_did_not_run_when_it_should(without_elasticsearch):
    job_worker.store_kinds()
    assert "jobs" not in report()["faults"]
    JobReport.objects.update(known_since=timezone.now() - timedelta(days=3), done_at=timezone.now())
    assert late(database_clock.now()) == []

    JobReport.objects.filter(job="audit_site").update(done_at=timezone.now() - timedelta(hours=27))
    JobReport.objects.filter(job="send_alerts").update(done_at=timezone.now() - timedelta(minutes=6))
    JobReport.objects.filter(job="purge").update(done_at=None)

    assert set(report()["jobs"]["late"]) == {"audit_site", "send_alerts", "purge"}
    assert "jobs" in report()["faults"]


def test_what_was_left_out_while_no_worker_ran_is_done_once(without_elasticsearch):
    job_worker.store_kinds()
    job_worker.catch_up()
    assert not stored("audit_site")  # a new portal has left nothing out

    now = database_clock.now()
    JobReport.objects.update(known_since=now - timedelta(days=9), done_at=now)
    JobReport.objects.filter(job="audit_site").update(done_at=now - timedelta(days=2))
    JobReport.objects.filter(job="send_alerts").update(done_at=now - timedelta(days=2))  # the next minute does it
    job_worker.catch_up()
    job_worker.catch_up()

    assert (len(stored("audit_site")), len(stored("send_alerts"))) == (1, 0)


def test_a_kind_that_this_version_does_not_know_is_forgotten(declared):
    JobReport.objects.create(job="of_long_ago")
    JobReport.objects.create(job="search")
    job_worker.store_kinds()

    assert set(JobReport.objects.values_list("job", flat=True)) == {*jobs.known(), "search"}


@pytest.fixture
def given_up(declared):
    """A job that failed for good, and would go well now."""
    declared(lambda: (_ for _ in ()).throw(Failed("La Poste est fermée.")))
    jobs.defer("trial", "clock")
    do_jobs()
    declared(lambda: None)
    (job,) = failed()
    return job


def test_editors_read_what_is_due_and_what_failed_and_have_it_done_again(
    given_up, client, editor, without_elasticsearch
):
    assert report()["jobs"]["failed"] == 1
    assert "jobs" in report()["faults"]
    client.force_login(editor)
    page = client.get(REPORT).content.decode()
    assert "La Poste est fermée." in page
    assert re.search(r"Relire toutes nos pages.*chaque jour à 3\u00a0h\u00a040", page, re.S)

    client.post(reverse("run_job_again", args=[given_up.id]))
    bring_forward()
    do_jobs()

    assert not failed()
    assert not JobFailure.objects.exists()
    assert "Rien n’est en échec" in client.get(REPORT).content.decode()
    assert "n’est plus en échec" in client.post(
        reverse("run_job_again", args=[given_up.id]), follow=True
    ).content.decode().replace("&#x27;", "’")


def test_editors_forget_what_nobody_wants_done_any_more(given_up, client, editor):
    client.force_login(editor)

    client.post(reverse("forget_job", args=[given_up.id]))

    assert not ProcrastinateJob.objects.filter(task_name="trial").exists()
    assert not JobFailure.objects.exists()


@pytest.mark.parametrize("name", ["run_job_again", "forget_job"])
def test_nobody_else_reads_or_changes_it(given_up, client, shopper, editor, name):
    address = reverse(name, args=[given_up.id])
    client.force_login(shopper)
    assert client.get(REPORT).status_code in (302, 403)
    assert client.post(address).status_code in (302, 403)
    client.force_login(editor)
    assert client.get(address).status_code == 405

    assert failed() == [given_up]


def test_the_report_asks_as_much_of_the_database_for_many_failures_as_for_one(declared, django_assert_num_queries):
    declared(lambda number: (_ for _ in ()).throw(Failed("La Poste est fermée.")))
    for number in range(30):
        jobs.defer("trial", "clock", number=number)
    do_jobs()

    with django_assert_num_queries(5):
        assert len(job_reports.failed()) == 30
        assert job_reports.kinds(timezone.now())
