"""How the search is, for a load balancer and for those on call."""

from django.db import connection

from search.engines import elastic
from search.engines.failover import engine
from search.index import is_outdated
from search.query import Kind, Query


def report() -> dict:
    """Return the state of database, search engine and queue. Raises django.db.Error without a database.

    reindex: whether `manage.py reindex` must be run, as after a deploy that changed the mappings.
    queue: changes not yet gathered, the age in seconds of the oldest, and entries Elasticsearch has yet to receive.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*), coalesce(extract(epoch from now() - min(noted_at)), 0)::float8,
            (select count(*) from regional_search_indexedentry where version > elastic_version)
            from regional_search_change"""
        )
        changes, oldest, unpushed = cursor.fetchone()
    found, *_ = engine().search([Query(kind=kind, size=1, uncounted=True) for kind in Kind])  # any index may be ill
    return {
        "database": "ok",
        "search": {"engine": found.engine, "fallback": found.is_fallback},
        "reindex": elastic.is_configured() and is_outdated(),
        "queue": {
            "changes": changes,
            "oldest_seconds": round(oldest, 1),
            "unpushed": unpushed if elastic.is_configured() else 0,
        },
    }
