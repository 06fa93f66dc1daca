"""An entry that nobody can make, or that Elasticsearch refuses: the others go on, staff are told, mending heals it."""

import json
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, transaction

from directory.models import MerchantPage
from portal import changes
from search.engines import elastic
from search.health import report
from search.indexing import entries, feed, index, rebuild, set_aside
from search.models import IndexedEntry, SetAside
from search.query import Kind
from tests.factories import make_merchant
from tests.jobs import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(places):
    return [make_merchant(title=f"Boutique {letter}") for letter in "ABCDEFG"]


def spoil(monkeypatch, ids, how, kind=Kind.MERCHANT):
    """Let the entries of these things be made wrong. how: takes an Entry and returns one."""
    build = entries.BUILDERS[kind]

    def spoilt(wanted):
        for entry in build(wanted):
            yield how(entry) if entry.id in ids else entry

    monkeypatch.setitem(entries.BUILDERS, kind, spoilt)


def explode(error):
    def how(entry):
        raise error

    return how


def touch(*pages):
    for page in pages:
        changes.note(f"page:{page.pk}")


def alive(*pages):
    return IndexedEntry.objects.filter(object_id__in=[page.pk for page in pages], deleted=False).count()


@pytest.mark.parametrize("error", [ValueError("boum"), TypeError("boum"), RecursionError(), KeyError("hours")])
def test_one_that_cannot_be_made_is_set_aside_and_the_others_are_made(several, monkeypatch, error):
    spoil(monkeypatch, [several[3].pk], explode(error))
    touch(*several)

    assert index.consume() > 0

    assert index.waiting()[0] == 0
    assert alive(*several) == 6
    [aside] = SetAside.objects.all()
    assert (aside.object_id, aside.stage) == (several[3].pk, "build")
    assert type(error).__name__ in aside.reason


def test_several_at_once_are_set_aside_each(several, monkeypatch):
    spoil(monkeypatch, [several[0].pk, several[5].pk], explode(ValueError("boum")))
    touch(*several)

    index.consume()

    assert alive(*several) == 5
    assert SetAside.objects.count() == 2


def test_what_the_database_refuses_of_an_entry_is_set_aside_too(several, monkeypatch):
    spoil(monkeypatch, [several[1].pk], lambda entry: replace(entry, town="a" * 100))
    touch(*several)

    index.consume()

    assert alive(*several) == 6
    assert SetAside.objects.get().object_id == several[1].pk


def test_the_database_s_own_trouble_is_nobody_s_fault(several, monkeypatch):
    spoil(monkeypatch, [several[1].pk], explode(OperationalError("gone")))
    touch(*several)

    with pytest.raises(OperationalError):
        index.consume()

    assert not SetAside.objects.exists()
    assert index.waiting()[0] > 0


def test_it_is_tried_a_few_times_again_and_no_more(several, monkeypatch):
    spoil(monkeypatch, [several[0].pk], explode(ValueError("boum")))
    touch(several[0])
    index.consume()

    for _ in range(10):
        do("retry_refused")
        index.consume()

    assert SetAside.objects.get().tries == set_aside.MOST_TRIES
    assert index.waiting()[0] == 0


def test_health_names_it_and_staff_read_which_page_and_why(several, monkeypatch, client, editor):
    assert "refused" not in report()["faults"]
    with monkeypatch.context() as broken:
        spoil(broken, [several[0].pk], explode(ValueError("heures illisibles")))
        touch(several[0])
        index.consume()

    told = report()
    assert ("refused" in told["faults"], told["refused"]) == (True, 1)
    assert "refused" in json.loads(client.get("/sante/").content)["faults"]
    client.force_login(editor)
    page = client.get("/gestion/reports/mises-de-cote/").content.decode()
    assert "Boutique A" in page
    assert "heures illisibles" in page
    assert f"/gestion/pages/{several[0].pk}/edit/" in page

    several[0].title = "Boutique A, corrigée"
    several[0].save_revision().publish()
    index.consume()

    assert alive(several[0]) == 1
    assert not SetAside.objects.exists()
    assert "refused" not in report()["faults"]


def test_a_page_that_left_is_forgotten(several, monkeypatch):
    with monkeypatch.context() as broken:
        spoil(broken, [several[0].pk], explode(ValueError("boum")))
        touch(several[0])
        index.consume()
    several[0].delete()

    do("retry_refused")

    assert not SetAside.objects.exists()


def test_a_stranger_reads_no_report(client, shopper, several):
    client.force_login(shopper)

    assert client.get("/gestion/reports/mises-de-cote/").status_code in (302, 403)


# Elasticsearch itself


OUTSIDE = {"latitude": 999.0, "longitude": 5.0}


def refused_place(entry):
    return replace(entry, **OUTSIDE)


def test_one_that_elasticsearch_refuses_is_given_up_after_a_few_tries(elasticsearch, several, monkeypatch):
    with monkeypatch.context() as broken:
        spoil(broken, [several[2].pk], refused_place)
        touch(*several)
        index.consume()
        for _ in range(set_aside.MOST_TRIES):
            assert index.push() in (6, 0)
        assert SetAside.objects.get().tries == set_aside.MOST_TRIES
        index.push()  # the tombstone
        touch(several[2])  # saved again as it is: the same document
        index.drain()

        assert report()["queue"]["unpushed"] == 0
        assert alive(*several) == 6
        [aside] = SetAside.objects.all()
        assert (aside.object_id, aside.stage) == (several[2].pk, "write")
        assert "latitude" in aside.reason or "999" in aside.reason
        assert "refused" in report()["faults"]

    several[2].story = "<p>Rue Neuve.</p>"
    several[2].save_revision().publish()
    index.drain()

    assert alive(*several) == 7
    assert not SetAside.objects.exists()
    elastic.refresh(elasticsearch.pk)
    assert several[2].pk in dict(elastic.versions(Kind.MERCHANT, elasticsearch.pk))


def test_it_alone_in_a_batch_does_not_stop_the_worker_s_turn(elasticsearch, several, monkeypatch):
    index.drain()
    spoil(monkeypatch, [several[0].pk], refused_place)
    touch(several[0])
    monkeypatch.setattr(feed, "await_changes", lambda: None)

    for _ in range(6):
        feed.turn()

    assert SetAside.objects.get().tries == set_aside.MOST_TRIES
    assert report()["queue"]["unpushed"] == 0


def test_a_rebuild_goes_on_without_it(elasticsearch, several, monkeypatch):
    spoil(monkeypatch, [several[4].pk], refused_place)
    touch(*several)

    call_command("reindex")

    assert alive(*several) == 6
    assert SetAside.objects.get().object_id == several[4].pk
    assert rebuild.is_in_place()


def test_a_merchant_off_the_globe_never_reaches_the_search(elasticsearch, several):
    with pytest.raises(IntegrityError, match="merchant_position_on_earth"), transaction.atomic():
        MerchantPage.objects.filter(pk=several[0].pk).update(**OUTSIDE)
