"""Sets aside entries that cannot be built or that Elasticsearch refuses, after a few tries.

One that cannot be made stays as it was last made. One that is refused leaves the search, both engines', until its page
is mended: then it is another document, and tried again. Staff see both under Rapports, `/sante/` names « refused ».
"""

import hashlib
from collections.abc import Collection, Mapping

import orjson
import structlog
from django.db import connection
from django.db.models import F, Q

from search.engines.elastic_mapping import mapping_version
from search.entry import Entry
from search.indexing.entries import all_ids
from search.models import VERSIONS, IndexedEntry, SetAside
from search.query import Kind

MOST_TRIES = 3
LONGEST_REASON = 500  # characters

Stage = SetAside.Stage
GIVEN_UP = Q(stage=Stage.BUILD) | Q(tries__gte=MOST_TRIES)

log = structlog.get_logger(__name__)


def fingerprint(document: object) -> str:
    """Return what tells a document from another, and code that may take it from code that refused it."""
    content = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content + mapping_version().encode()).hexdigest()[:32]


def note_unbuilt(kind: Kind, object_id: int, error: Exception) -> None:
    """Set aside an entry that cannot be made from the tables."""
    _note(kind, object_id, Stage.BUILD, f"{type(error).__name__} : {error}", "")


def note_refused(rows: Collection[IndexedEntry], reasons: Mapping[int, str], at_once: bool = False) -> None:
    """Count a refusal of entries by Elasticsearch; those refused MOST_TRIES times leave the search.

    reasons: by primary key. at_once: whether they leave it now.
    """
    for row in rows:
        if row.pk not in reasons:
            continue
        tries = _note(row.kind, row.object_id, Stage.WRITE, reasons[row.pk], fingerprint(row.document))
        if at_once or tries >= MOST_TRIES:
            SetAside.objects.filter(kind=row.kind, object_id=row.object_id).update(tries=max(tries, MOST_TRIES))
            _take_out(row)


def note_built(kind: Kind, ids: Collection[int]) -> None:
    """Forget that these entries could not be made."""
    SetAside.objects.filter(kind=kind, object_id__in=ids, stage=Stage.BUILD).delete()


def note_accepted(rows: Collection[IndexedEntry]) -> None:
    """Forget that these entries were refused."""
    waiting = set(SetAside.objects.filter(stage=Stage.WRITE).values_list("kind", "object_id"))
    for row in rows:
        if not row.deleted and (row.kind, row.object_id) in waiting:
            SetAside.objects.filter(kind=row.kind, object_id=row.object_id, stage=Stage.WRITE).delete()


def without_refused(kind: Kind, entries: list[Entry]) -> list[Entry]:
    """Leave out the entries that Elasticsearch has refused as they are."""
    refused = dict(
        SetAside.objects.filter(kind=kind, stage=Stage.WRITE, tries__gte=MOST_TRIES).values_list(
            "object_id", "fingerprint"
        )
    )
    if not refused:
        return entries
    return [entry for entry in entries if refused.get(entry.id) != fingerprint(entry.document)]


def unbuilt() -> dict[Kind, list[int]]:
    """Return what could not be made and is to be tried again, by kind: MOST_TRIES times in all."""
    due: dict[Kind, list[int]] = {}
    for kind, object_id in SetAside.objects.filter(stage=Stage.BUILD, tries__lt=MOST_TRIES).values_list(
        "kind", "object_id"
    ):
        due.setdefault(Kind(kind), []).append(object_id)
    return due


def forget_refusals() -> None:
    """Let every entry that was refused be tried again as it is."""
    SetAside.objects.filter(stage=Stage.WRITE).delete()


def forget_vanished() -> None:
    """Forget what was set aside of things that are gone or no longer public."""
    for kind in Kind:
        ids = set(SetAside.objects.filter(kind=kind).values_list("object_id", flat=True))
        if ids and (gone := ids - set(all_ids(kind))):
            SetAside.objects.filter(kind=kind, object_id__in=gone).delete()


def _note(kind: str, object_id: int, stage: str, reason: str, mark: str) -> int:
    """Store one failure more, from one on for another document; return how many there were."""
    reason = reason[:LONGEST_REASON].replace("\x00", "")
    row, is_new = SetAside.objects.get_or_create(
        kind=kind, object_id=object_id, defaults={"stage": stage, "reason": reason, "fingerprint": mark}
    )
    if not is_new:
        is_another = row.stage != stage or row.fingerprint != mark
        SetAside.objects.filter(pk=row.pk).update(
            stage=stage, reason=reason, fingerprint=mark, tries=1 if is_another else F("tries") + 1
        )
        row.refresh_from_db(fields=["tries"])
    log.error("search_entry_set_aside", kind=kind, object_id=object_id, stage=stage, tries=row.tries, reason=reason)
    return row.tries


def _take_out(row: IndexedEntry) -> None:
    """Turn an entry into a tombstone: no engine shows an older truth in its place."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""update regional_search_indexedentry set version = nextval('{VERSIONS}'), deleted = true,
                document = null, vector = null, openings = null, renew_on = null, categories = '{{}}', places = '{{}}'
            where id = %s""",
            [row.pk],
        )
