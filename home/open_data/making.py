"""Makes all files of the open data, each night and as soon as one of them tells what must no longer be told.

An edition is stored whole or not at all, in one transaction, and the one before goes with it. What it says of who is in
it is compared at each download: a merchant who was hidden, closed, renamed or moved since has all files made again
before any is given; who is new waits for the night.
"""

import gzip
import hashlib
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import connection, transaction
from django.db.models import F, TextField, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat

from directory.models import MerchantPage
from home.open_data.columns import Dataset
from home.open_data.datasets import DATASETS
from home.open_data.models import OpenDataEdition, OpenDataFile
from home.open_data.writing import lines
from portal import database_clock

LOCK = 7_417  # of who makes an edition: others wait, and find it made


def current() -> OpenDataEdition:
    """Return the edition to be given out, made again if what it says of somebody is no longer so."""
    edition = newest()
    if edition is None or not is_true(edition):
        with transaction.atomic():
            _lock()
            edition = newest()  # another may have made it meanwhile
            if edition is None or not is_true(edition):
                edition = make()
    return edition


def newest() -> OpenDataEdition | None:
    return OpenDataEdition.objects.order_by("-pk").first()


def is_true(edition: OpenDataEdition) -> bool:
    """Return whether all who are in it are still online, under the same name, at the same place; one query."""
    return _digest(edition.merchants) == edition.digest


@transaction.atomic
def make() -> OpenDataEdition:
    """Make and store all files; the edition before is deleted."""
    _lock()
    merchants = list(MerchantPage.objects.reusable().order_by("pk").values_list("pk", flat=True))
    edition = OpenDataEdition.objects.create(
        made_at=database_clock.now(), merchants=merchants, digest=_digest(merchants)
    )
    for dataset in DATASETS:
        for extension in dataset.formats:
            _store(edition, dataset, extension)
    OpenDataEdition.objects.exclude(pk=edition.pk).delete()
    return edition


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def _digest(merchants: list[int]) -> str:
    said: list[Any] = ["pk", "title", "street", "postal_code", "town", "siret", "latitude", "longitude", "website"]
    text = TextField()
    texts = [part for name in said for part in (Coalesce(Cast(F(name), text), Value("", text)), Value("\n", text))]
    found = MerchantPage.objects.reusable().filter(pk__in=merchants).order_by()
    hashed = found.annotate(said=MD5(Concat(*texts, output_field=text), output_field=text))
    joined = StringAgg("said", Value("", text), output_field=text, order_by="pk")
    return hashed.aggregate(all=MD5(Coalesce(joined, Value("", text), output_field=text)))["all"]


def _store(edition: OpenDataEdition, dataset: Dataset, extension: str) -> None:
    with TemporaryFile() as file:
        size, sha256, count = _write(lines(dataset, extension), file)
        file.seek(0)
        frame = {"csv": 1, "jsonl": 0, "geojson": 2}[extension]  # pieces that are no row
        OpenDataFile.objects.create(
            edition=edition,
            name=f"{dataset.name}.{extension}",
            content=file.read(),
            size=size,
            sha256=sha256,
            rows=count - frame,
        )


def _write(pieces: Iterator[str], file: Any) -> tuple[int, str, int]:
    """Write pieces, compressed; return how many bytes they are, their SHA-256, and how many pieces."""
    size = count = 0
    digest = hashlib.sha256()
    # Without a date of its own, the same rows give the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as compressed:
        for piece in pieces:
            data = piece.encode()
            compressed.write(data)
            digest.update(data)
            size += len(data)
            count += 1
    return size, digest.hexdigest(), count
