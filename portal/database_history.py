"""Which database this is, and which of its histories: what was learnt of another one is of no use.

A restore gives the tables back as they were. Indexes, pages and memories that were made later tell of a future that
never came, and nothing in the tables says so. What tells histories apart, whichever way the tables came back:

- into another server, or by copying its files and replaying its log up to a moment: the server's identifier, the
  timeline that a recovery begins;
- into another database of the same server: the database's number;
- over the tables in place: the transaction that wrote the row of ``DatabaseMark``.

Files put back as they were, as by a snapshot of a disk, tell none of this. Processes see that the server was started
again; of indexes, the worker compares what they hold with what they should (search/indexing/rebuild.py).
"""

import hashlib

from django.db import connection

# Another text once the server was started again or the tables were put back. Cheap: it goes along with other questions.
EPOCH = """concat_ws('/', extract(epoch from pg_postmaster_start_time()),
    (select oid from pg_database where datname = current_database()), (select xmin from portal_databasemark limit 1))"""

# The same after each start of a server, and wherever that runs.
HISTORY = """concat_ws('/', (select system_identifier from pg_control_system()),
    case when pg_is_in_recovery()
        then (select upper(lpad(to_hex(timeline_id), 8, '0')) from pg_control_checkpoint())
        else left(pg_walfile_name(pg_current_wal_lsn()), 8) end,
    (select oid from pg_database where datname = current_database()), (select xmin from portal_databasemark limit 1))"""

LENGTH = 16  # of a history's name

_told = ""  # the epoch that the database told this process last
_known = ("", "")  # an epoch, and the name of the history it belongs to


def note_epoch(epoch: str) -> None:
    """Note the epoch that came along with an answer of the database."""
    global _told
    _told = epoch


def last_seen() -> str:
    """Return the name of the history in which this process last asked something: no query unless that is another."""
    epoch, name = _known
    return name if epoch and epoch == _told else current()


def current() -> str:
    """Return the name of the database's history: LENGTH letters and digits; one query."""
    global _known
    with connection.cursor() as cursor:
        cursor.execute(f"select {EPOCH}, {HISTORY}")
        epoch, history = cursor.fetchone()
    name = hashlib.sha256(history.encode()).hexdigest()[:LENGTH]
    _known = epoch, name
    note_epoch(epoch)
    return name
