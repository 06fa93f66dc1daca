"""Health of the search, the worker and the e-mails, for load balancers and for people on call."""

import json

from django.conf import settings
from django.db import connection
from django.utils import timezone

from portal import database_clock, job_reports
from search.engines import Unavailable, elastic
from search.engines.failover import engine
from search.indexing import index, rebuild
from search.indexing.set_aside import MOST_TRIES
from search.query import Kind, Query

LATE = {"worker": 180, "mail": 600, "queue": 120}  # seconds from which each is a fault
WORKER_PARTS = ("search", "jobs")
REINDEX = "manage.py reindex"


def report() -> dict:
    """Return the state of database, search engine, queue, worker and e-mails.

    Raises django.db.Error without a database.

    reindex: whether `manage.py reindex` must be run: after a deploy that changed the mappings, after a restore of the
    database or of Elasticsearch, and where the indexes are gone.
    queue: changes not yet consumed, the age in seconds of the oldest, and entries Elasticsearch has yet to receive.
    refused: entries set aside (search/indexing/set_aside.py), which editors see under Rapports.
    worker: seconds since the feed of the search last went well, and since a process that does jobs gave its last sign
    of life; a part that never ran is missing.
    jobs: how many failed for good, and the names of those that did not run when they should.
    mail: e-mails that should have left, and for how many seconds the oldest has waited.
    faults: the names of what needs somebody: "search", "reindex", "restored" (the index is of before or after what was
    restored), "queue", "worker", "jobs", "mail", "refused", "clock" (this machine's is not the database's). run: what
    mends them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """select (select count(*) from regional_search_indexedentry where version > elastic_version),
            (select json_object_agg(part, round(extract(epoch from clock_timestamp() - seen_at))) from (
                select 'search' as part, done_at as seen_at from portal_jobreport where job = 'search'
                union all select 'jobs', max(last_heartbeat) from procrastinate_workers
            ) as parts where seen_at is not null)::text,
            (select count(*) from procrastinate_jobs where status = 'failed'),
            (select array_agg(extract(epoch from clock_timestamp() - made_at)::float8) from portal_queuedmail as mail
                where not exists (select from procrastinate_jobs
                    where task_name = 'send_mail' and args ->> 'mail_id' = mail.id::text
                    and (status = 'failed' or scheduled_at > clock_timestamp()))),
            clock_timestamp(),
            (select count(*) from regional_search_setaside where stage = 'build' or tries >= %s)""",
            [MOST_TRIES],
        )
        unpushed, parts, failed, mails, moment, refused = cursor.fetchone()
    changes, oldest = index.waiting()
    must_reindex = _must_reindex()  # first: it learns in which history of the database to search
    found, *_ = engine().search([Query(kind=kind, size=1, uncounted=True) for kind in Kind])  # any index may be ill
    worker = json.loads(parts or "{}")
    late = job_reports.late(moment)
    oldest_mail = max(mails or [0.0])
    faults = {
        "search": found.is_fallback,
        "reindex": must_reindex,
        "restored": must_reindex and index.is_restored(),
        "queue": oldest > LATE["queue"],
        "worker": len(worker) < len(WORKER_PARTS) or max(worker.values()) > LATE["worker"],
        "jobs": bool(failed or late),
        "mail": oldest_mail > LATE["mail"],
        "clock": abs(timezone.now() - moment) > database_clock.MOST_APART,
        "refused": refused > 0,
    }
    return {
        "database": "ok",
        "faults": [name for name, is_fault in faults.items() if is_fault],
        "run": [REINDEX] if must_reindex else [],
        "search": {"engine": found.engine, "fallback": found.is_fallback},
        "reindex": must_reindex,
        "queue": {
            "changes": changes,
            "oldest_seconds": round(oldest, 1),
            "unpushed": unpushed if elastic.is_configured() else 0,
        },
        "refused": refused,
        "worker": worker,
        "jobs": {"failed": failed, "late": late},
        "mail": {"waiting": len(mails or []), "oldest_seconds": round(oldest_mail, 1)},
    }


def _must_reindex() -> bool:
    """Return whether no index suits the code and the database, as far as Elasticsearch tells in time."""
    if not elastic.is_configured():
        return False
    try:
        return not rebuild.is_in_place(settings.ELASTICSEARCH_TIMEOUT)
    except Unavailable:
        return False
