"""Nothing is lost and nothing goes stale, whoever works at the same time."""

import signal
import threading
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from directory.models import MerchantPage
from search.engines import elastic
from search.indexing import index, rebuild
from search.models import Generation, IndexedEntry
from search.query import Kind
from tests.drills.workers import manage
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.search.factories import make_story


def in_threads(*tasks):
    """Run each task in a thread of its own, with its own connection; raise what any of them raised."""
    errors = []

    def run(task):
        try:
            task()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors, errors


def checked(capsys):
    """Return the status and the words of `check_index`."""
    capsys.readouterr()
    try:
        call_command("check_index")
    except SystemExit as stop:
        return stop.code, capsys.readouterr().out
    return 0, capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_while_one_worker_reads_the_log_another_has_nothing_to_do_and_does_not_wait(
    without_elasticsearch, places, monkeypatch
):
    for number in range(6):
        make_merchant(title=f"Four {number}")
    taken, busy, asked = [], threading.Event(), threading.Event()
    rebuild_them = index.refresh_apart

    def rebuild_slowly(kind, ids):
        busy.set()
        assert asked.wait(20)  # the other worker has asked meanwhile
        return rebuild_them(kind, ids)

    def other():
        busy.wait(20)
        taken.append(index.consume())
        asked.set()

    monkeypatch.setattr(index, "refresh_apart", rebuild_slowly)
    in_threads(lambda: taken.append(index.consume()), other)

    assert taken[0] == 0 < taken[1]
    assert IndexedEntry.objects.filter(deleted=False).count() == 6


@pytest.mark.django_db(transaction=True)
def test_whoever_wants_all_done_waits_for_the_worker_that_reads_the_log(without_elasticsearch, bakery, monkeypatch):
    busy, rebuild_them = threading.Event(), index.refresh_apart

    def rebuild_slowly(kind, ids):
        busy.set()
        time.sleep(0.3)
        return rebuild_them(kind, ids)

    def other():
        busy.wait(20)
        MerchantPage.objects.filter(pk=bakery.pk).update(title="Chez Maud")
        index.drain()
        assert IndexedEntry.objects.get(object_id=bakery.pk).document["title"] == "Chez Maud"

    monkeypatch.setattr(index, "refresh_apart", rebuild_slowly)
    in_threads(index.consume, other)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_on_one_entry_the_last_to_write_has_read_last(without_elasticsearch, bakery):
    index.drain()
    read, written = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            index.refresh(Kind.MERCHANT, [bakery.pk])
            read.set()
            assert not written.wait(1)  # the other waits for this transaction

    def quick():
        read.wait(20)
        MerchantPage.objects.filter(pk=bakery.pk).update(title="Nouveau nom")
        index.refresh(Kind.MERCHANT, [bakery.pk])
        written.set()

    in_threads(slow, quick)

    assert IndexedEntry.objects.get(object_id=bakery.pk).document["title"] == "Nouveau nom"


@pytest.mark.django_db(transaction=True)
def test_a_change_not_yet_committed_waits(without_elasticsearch, bakery):
    index.drain()
    noted, drained = threading.Event(), threading.Event()

    def writer():
        with transaction.atomic():
            MerchantPage.objects.filter(pk=bakery.pk).update(title="Plus tard")
            noted.set()
            drained.wait(20)

    def reader():
        noted.wait(20)
        assert index.drain() == 0
        drained.set()

    in_threads(writer, reader)

    assert index.drain() > 0
    assert IndexedEntry.objects.get(object_id=bakery.pk).document["title"] == "Plus tard"


def test_a_worker_that_dies_in_a_batch_leaves_its_changes(without_elasticsearch, bakery, monkeypatch):
    before = index.waiting()[0]

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(index, "_store", die)
        with pytest.raises(KeyboardInterrupt):
            index.consume()

    assert index.waiting()[0] == before > 0
    assert not IndexedEntry.objects.exists()
    assert index.consume() > 0
    assert IndexedEntry.objects.filter(deleted=False).count() == 1


def test_an_older_version_never_replaces_a_newer_one(elasticsearch, bakery):
    up_to_date()
    old = IndexedEntry.objects.get(object_id=bakery.pk)
    MerchantPage.objects.filter(pk=bakery.pk).update(title="Nouveau nom")
    up_to_date()
    new = IndexedEntry.objects.get(object_id=bakery.pk)

    assert elastic.write([old], [elasticsearch.pk]) == [old.pk]

    assert dict(elastic.versions(Kind.MERCHANT, elasticsearch.pk)) == {bakery.pk: new.version}


def test_a_deleted_entry_does_not_come_back_with_a_late_write(elasticsearch, bakery):
    up_to_date()
    late = IndexedEntry.objects.get(object_id=bakery.pk)
    bakery.unpublish()
    up_to_date()
    assert not IndexedEntry.objects.exists()

    elastic.write([late], [elasticsearch.pk])
    elastic.refresh(elasticsearch.pk)

    assert elastic.checksum(Kind.MERCHANT, elasticsearch.pk) == (0, 0)


def test_one_refused_entry_does_not_hold_back_the_others(elasticsearch, bakery, cheesemonger):
    index.drain()
    MerchantPage.objects.update(story="<p>Ouvert.</p>")
    index.consume()
    bad = IndexedEntry.objects.get(object_id=bakery.pk)
    IndexedEntry.objects.filter(pk=bad.pk).update(latitude=1_000)

    assert index.push() == 1

    waiting = IndexedEntry.objects.filter(version__gt=0).exclude(elastic_version__gte=0)
    assert not waiting.exists()
    bad.refresh_from_db()
    assert bad.elastic_version < bad.version
    assert IndexedEntry.objects.get(object_id=cheesemonger.pk).elastic_version > 0


def test_check_index_finds_nothing_then_what_was_tampered_with(
    elasticsearch, bakery, cheesemonger, capsys, monkeypatch
):
    monkeypatch.setattr(rebuild, "PATIENCE", 0)
    make_story("Le picodon")
    up_to_date()
    assert checked(capsys) == (0, "0 différence\n")

    IndexedEntry.objects.filter(object_id=bakery.pk).update(document={"title": "Faux"})
    IndexedEntry.objects.filter(object_id=cheesemonger.pk).update(version=1_000_000)
    status, told = checked(capsys)

    assert status == 1
    assert f"merchant {bakery.pk} : la fiche de recherche" in told
    assert f"merchant {cheesemonger.pk} : Elasticsearch" in told
    assert told.endswith("2 différences\n")


def test_check_index_wants_indexes_of_the_code(elasticsearch, capsys, monkeypatch):
    monkeypatch.setattr(index, "mapping_version", lambda: "another")

    status, told = checked(capsys)

    assert status == 1
    assert "reindex" in told


def test_reindex_repairs_everything_and_switches(elasticsearch, bakery, cheesemonger, capsys):
    up_to_date()
    IndexedEntry.objects.filter(object_id=bakery.pk).delete()
    IndexedEntry.objects.filter(object_id=cheesemonger.pk).update(document={"title": "Faux"})

    call_command("reindex")

    live = Generation.objects.get(state=Generation.State.LIVE)
    assert live.pk > elasticsearch.pk
    assert elastic.published() == live.pk
    assert checked(capsys) == (0, "0 différence\n")


def test_the_indexes_replaced_are_kept_a_day(elasticsearch, bakery):
    rebuild.rebuild()
    old = Generation.objects.get(pk=elasticsearch.pk)
    assert old.state == Generation.State.RETIRED
    assert rebuild.drop_old() == 0

    Generation.objects.filter(pk=old.pk).update(retired_at=timezone.now() - timedelta(days=1, minutes=1))

    assert rebuild.drop_old() == 1
    assert Generation.objects.count() == 1


@pytest.mark.parametrize("cut", ["_copy", "_push_all"])
def test_a_rebuild_cut_short_is_restarted_cleanly(elasticsearch, bakery, monkeypatch, cut):
    up_to_date()
    with monkeypatch.context() as patch:
        patch.setattr(rebuild, cut, lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rebuild.rebuild()
    assert elastic.published() == elasticsearch.pk

    rebuild.rebuild()

    states = list(Generation.objects.order_by("pk").values_list("state", flat=True))
    assert states == [Generation.State.RETIRED, Generation.State.LIVE]


def test_without_elasticsearch_reindex_builds_the_entries(without_elasticsearch, bakery, capsys):
    call_command("reindex")

    assert "1 fiches ; sans Elasticsearch" in capsys.readouterr().out
    assert checked(capsys) == (0, "0 différence\n")


@pytest.mark.django_db(transaction=True)
def test_reindex_under_writes_and_searches_loses_nothing(elasticsearch, places, capsys, client):
    merchants = [make_merchant(title=f"Four {number}") for number in range(30)]
    up_to_date()
    done = threading.Event()
    statuses, engines = [], set()

    def write():
        for turn in range(8):
            for merchant in merchants[turn::8]:
                if turn % 3 == 2:
                    MerchantPage.objects.filter(pk=merchant.pk).update(live=False)
                else:
                    MerchantPage.objects.filter(pk=merchant.pk).update(title=f"{merchant.title} {turn}")
            time.sleep(0.1)

    def work():
        while not done.is_set():
            index.consume()
            index.push(limit=5)

    def search():
        while not done.is_set():
            response = client.get("/recherche/", {"q": "four"})
            statuses.append((response.status_code, response.context["answer"].total > 0))
            engines.update(found.engine for found in response.context["answer"].results.values())

    def reindex():
        try:
            for _ in range(2):
                rebuild.rebuild()
        finally:
            done.set()

    in_threads(write, work, search, reindex)
    up_to_date()

    assert set(statuses) == {(200, True)}
    assert engines == {"Elasticsearch"}
    assert checked(capsys) == (0, "0 différence\n")
    live = Generation.objects.get(state=Generation.State.LIVE)
    assert elastic.checksum(Kind.MERCHANT, live.pk)[0] == MerchantPage.objects.live().count() < 30


@pytest.mark.django_db(transaction=True)
def test_two_rebuilds_do_not_run_at_once(elasticsearch):
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [rebuild.REBUILDING])

    def second():
        with pytest.raises(rebuild.Busy, match="déjà en cours"):
            rebuild.rebuild()

    in_threads(second)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s)", [rebuild.REBUILDING])


@pytest.fixture
def process():
    """``process("worker")``: a real process of manage.py on this test's database and indexes."""
    processes = []

    def start(*arguments):
        processes.append(manage(*arguments))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_a_worker_follows_changes_publishes_what_is_due_and_stops_when_told(elasticsearch, places, process, capsys):
    planned = make_merchant(title="Bientôt", live=False)
    planned.go_live_at = timezone.now() - timedelta(minutes=1)
    planned.save_revision(approved_go_live_at=planned.go_live_at)
    worker = process("worker")
    wait_for(lambda: IndexedEntry.objects.filter(object_id=planned.pk, deleted=False).exists())

    late = make_merchant(title="Quatre saisons")
    wait_for(lambda: IndexedEntry.objects.filter(object_id=late.pk, elastic_version__gt=0).exists(), seconds=5)

    worker.send_signal(signal.SIGTERM)
    log = worker.communicate(timeout=30)[0].decode()
    assert worker.returncode == 0
    assert "search_batch" in log
    assert "worker_stopped" in log
    assert checked(capsys) == (0, "0 différence\n")


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing(elasticsearch, places, process, capsys):
    merchants = [make_merchant(title=f"Four {number}") for number in range(40)]
    worker = process("worker")
    wait_for(lambda: IndexedEntry.objects.exists())
    for merchant in merchants[:20]:
        MerchantPage.objects.filter(pk=merchant.pk).update(title="Changé")
    MerchantPage.objects.filter(pk__in=[merchant.pk for merchant in merchants[20:30]]).update(live=False)
    worker.send_signal(signal.SIGKILL)
    worker.wait(20)

    up_to_date()

    assert checked(capsys) == (0, "0 différence\n")
