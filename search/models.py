"""The materialised entries, and which indexes hold them.

The way of a change: a database trigger notes it in the log of changes within the writer's own transaction
(portal/changes.py); a worker rebuilds the entry from the tables into ``IndexedEntry``; another step of the same worker
copies it to Elasticsearch. PostgreSQL holds the truth at each step, Elasticsearch is a replica by version, and a crash
anywhere repeats work but loses none.
"""

from typing import Any, Self

import orjson
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from search.alerts.models import Alert  # noqa: F401 - where Django looks for models
from search.demand.models import DailyDemand, Demand  # noqa: F401
from search.editorial.models import PromotedAnswer, Synonym  # noqa: F401
from search.query import Kind

TEXT_CONFIGURATION = "simple"  # PostgreSQL takes the terms of search.understanding.terms as they are
VERSIONS = "regional_search_version"  # the sequence that numbers every write of an entry
CHECKSUM_PRIME = 1_000_003  # an entry's fingerprint is its id times its version, modulo this
NAME_LENGTH = 100  # characters of a name that decide its place in the alphabet


class MinutesField(models.Field):
    """Intervals of local minutes (open_hours.py), as PostgreSQL's multirange of whole numbers."""

    def db_type(self, connection: Any) -> str:
        return "int4multirange"


class DocumentField(models.JSONField):
    """JSON that is read in hundreds of thousands: by orjson, several times faster."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else orjson.loads(value)

    def deconstruct(self) -> tuple:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs  # the same column: nothing to migrate


class EntryQuerySet(models.QuerySet):
    def as_pushed(self) -> Self:
        """Leave out what PostgreSQL alone searches by: Elasticsearch is not sent it."""
        return self.defer("vector", "openings", "renew_on")


class IndexedEntry(models.Model):
    """One entry as it is searched, and how far Elasticsearch has followed.

    A deleted one is a tombstone: it stays until Elasticsearch has been told. ``document`` is the whole Entry; the
    other columns are what PostgreSQL's own search filters and counts by.
    terms_version: of the terms that ``vector`` holds, see search.understanding.terms.
    renew_on: the day its opening hours are to be laid out again; null if it has none.
    """

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    object_id = models.BigIntegerField()
    version = models.BigIntegerField(default=0)
    elastic_version = models.BigIntegerField(default=0)
    deleted = models.BooleanField(default=True)
    document = DocumentField(null=True)
    vector = SearchVectorField(null=True)  # A: name, B: headline, D: text
    terms_version = models.SmallIntegerField(default=0, db_default=0)
    categories = ArrayField(models.CharField(max_length=60), default=list)
    category = models.CharField(max_length=60, default="")
    places = ArrayField(models.CharField(max_length=5), default=list)
    town = models.CharField(max_length=5, default="")
    department = models.CharField(max_length=3, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    price = models.IntegerField(null=True)  # cents
    merchant = models.BigIntegerField(null=True)
    labels = ArrayField(models.CharField(max_length=10), default=list)
    collect = models.BooleanField(default=False)
    delivers = models.BooleanField(default=False)
    step_free = models.BooleanField(default=False)
    name = models.CharField(
        max_length=NAME_LENGTH, default="", db_collation="C"
    )  # folded, to sort by as Elasticsearch does
    openings = MinutesField(null=True)
    hours_known_since = models.DateField(null=True)
    renew_on = models.DateField(null=True)
    tie = models.BigIntegerField(default=0)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_entry_an_object")]
        indexes = [
            GinIndex(fields=["vector"], name="entry_by_words"),
            GinIndex(fields=["categories"], name="entry_by_category"),
            GinIndex(fields=["places"], name="entry_by_place"),
            models.Index(fields=["kind", "department"], name="entry_by_department"),
            models.Index(fields=["latitude", "longitude"], name="entry_by_position"),
            models.Index(fields=["merchant"], name="entry_by_merchant"),
            models.Index(fields=["terms_version"], name="entry_by_terms_version"),
            models.Index(fields=["renew_on"], name="entry_to_renew", condition=models.Q(renew_on__isnull=False)),
            models.Index(
                fields=["version"], name="entry_to_push", condition=models.Q(version__gt=models.F("elastic_version"))
            ),
        ]


class Generation(models.Model):
    """One set of Elasticsearch indexes, one a kind, named by this row's id. Workers write to all but the retired.

    mapping: fingerprint of the mappings it was built with. history: of the database it was built from
    (portal/database_history.py); "" once it was found to hold something else.
    """

    class State(models.TextChoices):
        BUILDING = "building", "en construction"
        LIVE = "live", "en service"
        RETIRED = "retired", "retirée"

    state = models.CharField(max_length=10, choices=State, default=State.BUILDING)
    mapping = models.CharField(max_length=16)
    history = models.CharField(max_length=16, default="", db_default="")
    started_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)


class SetAside(models.Model):
    """An entry that cannot be made or that Elasticsearch refuses (search/indexing/set_aside.py).

    reason: in the words of whatever refused. fingerprint: of the document that was refused.
    """

    class Stage(models.TextChoices):
        BUILD = "build", "ne se prépare pas"
        WRITE = "write", "refusée par Elasticsearch"

    kind = models.CharField(max_length=10)
    object_id = models.BigIntegerField()
    stage = models.CharField(max_length=5, choices=Stage)
    reason = models.TextField()
    fingerprint = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="set_aside_once")]
