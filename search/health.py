"""How the search, the worker and the e-mails are, for a load balancer and for those on call."""

import json

from django.db import connection

from search.engines import elastic
from search.engines.failover import engine
from search.index import is_outdated
from search.query import Kind, Query

LATE = {"worker": 180, "mail": 600, "queue": 120}  # seconds from which each is a fault


def report() -> dict:
    """Return the state of database, search engine, queue, worker and e-mails.

    Raises django.db.Error without a database.

    reindex: whether `manage.py reindex` must be run, as after a deploy that changed the mappings.
    queue: changes not yet gathered, the age in seconds of the oldest, and entries Elasticsearch has yet to receive.
    worker: seconds since each duty of the background process last went well; empty when it never ran.
    mail: e-mails that should have left, and for how many seconds the oldest has waited.
    faults: the names of what needs somebody: "search", "reindex", "queue", "worker", "mail".
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*), coalesce(extract(epoch from clock_timestamp() - min(noted_at)), 0)::float8,
            (select count(*) from regional_search_indexedentry where version > elastic_version),
            (select coalesce(jsonb_object_agg(duty, round(extract(epoch from clock_timestamp() - done_at))), '{}')::text
                from portal_dutyreport where done_at is not null),
            (select count(*) from portal_queuedmail where due_at <= clock_timestamp()),
            (select coalesce(extract(epoch from clock_timestamp() - min(made_at)), 0)::float8
                from portal_queuedmail where due_at <= clock_timestamp())
            from regional_search_change"""
        )
        changes, oldest, unpushed, duties, mails, oldest_mail = cursor.fetchone()
    found, *_ = engine().search([Query(kind=kind, size=1, uncounted=True) for kind in Kind])  # any index may be ill
    worker = json.loads(duties)
    must_reindex = elastic.is_configured() and is_outdated()
    faults = {
        "search": found.is_fallback,
        "reindex": must_reindex,
        "queue": oldest > LATE["queue"],
        "worker": not worker or max(worker.values()) > LATE["worker"],
        "mail": oldest_mail > LATE["mail"],
    }
    return {
        "database": "ok",
        "faults": [name for name, is_fault in faults.items() if is_fault],
        "search": {"engine": found.engine, "fallback": found.is_fallback},
        "reindex": must_reindex,
        "queue": {
            "changes": changes,
            "oldest_seconds": round(oldest, 1),
            "unpushed": unpushed if elastic.is_configured() else 0,
        },
        "worker": worker,
        "mail": {"waiting": mails, "oldest_seconds": round(oldest_mail, 1)},
    }
