"""Our copy of the region's open establishments, from INSEE's stock file: what is proposed while the register is away.

It proves nothing, for it may be a month old: an application that rests on it is asked about again. The file names no
company: of names, it tells the sign alone. Source: INSEE, base Sirene, « StockEtablissement », Licence Ouverte 2.0.
"""

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TextIO

from django.db import models

from directory.vetting import naf
from directory.vetting.register import MASKS, Establishment
from portal import database_clock
from portal.planner import count_anew

BATCH = 2_000  # rows stored at once
NEEDED = (
    "siret", "statutDiffusionEtablissement", "etatAdministratifEtablissement", "codeCommuneEtablissement",
    "codePostalEtablissement", "libelleCommuneEtablissement", "numeroVoieEtablissement",
    "indiceRepetitionEtablissement", "typeVoieEtablissement", "libelleVoieEtablissement", "enseigne1Etablissement",
    "denominationUsuelleEtablissement", "activitePrincipaleEtablissement", "etablissementSiege",
)  # fmt: skip


class NotTheStock(Exception):
    """The file lacks columns of the stock; its text, in French, names them."""


class StockEstablishment(models.Model):
    """An open establishment of the region; name and place are "" for one that is not to be published."""

    siret = models.CharField(max_length=14, primary_key=True)
    trade_name = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    insee_code = models.CharField(max_length=5)
    town_name = models.CharField(max_length=100, blank=True)
    naf = models.CharField(max_length=6, blank=True)
    is_head_office = models.BooleanField()
    is_diffusible = models.BooleanField()
    loaded_at = models.DateTimeField(db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "directory"
        indexes = [models.Index(fields=["postal_code", "naf"], name="stock_by_place_and_activity")]
        verbose_name = "établissement du fichier Sirene"
        verbose_name_plural = "établissements du fichier Sirene"

    def __str__(self) -> str:
        return self.siret


def in_stock(siret: str) -> Establishment | None:
    """Return what our copy says of an establishment, None where it does not know it."""
    row = StockEstablishment.objects.filter(pk=siret).first()
    if row is None:
        return None
    return Establishment(
        siret=row.siret,
        siren=row.siret[:9],
        name="",
        trade_name=row.trade_name,
        address=row.address,
        postal_code=row.postal_code,
        insee_code=row.insee_code,
        town_name=row.town_name,
        latitude=None,
        longitude=None,
        naf=row.naf,
        naf_version=naf.version(row.naf),
        is_active=True,
        unit_is_active=True,
        is_head_office=row.is_head_office,
        is_diffusible=row.is_diffusible,
        legal_form_code="",
        registered=None,
        created_on=None,
        closed_on=None,
        head_office_is_abroad=False,
        open_head_office="",
        fetched_at=row.loaded_at,
    )


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """Open the stock as INSEE gives it, or compressed by gzip."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            yield file
    else:
        with path.open(encoding="utf-8", newline="") as file:
            yield file


def rows(file: Iterable[str], known: frozenset[str], moment: datetime) -> Iterator[StockEstablishment | None]:
    """Yield a row for each line: None for one that is closed, or elsewhere.

    known: INSEE codes of the region's communes, former ones too. Raises NotTheStock.
    """
    lines = csv.DictReader(file)
    if missing := [name for name in NEEDED if name not in (lines.fieldnames or ())]:
        raise NotTheStock(f"Ce n’est pas le fichier StockEtablissement : il manque {', '.join(missing)}.")
    for line in lines:
        is_ours = line["codeCommuneEtablissement"] in known and line["etatAdministratifEtablissement"] == "A"
        yield _row(line, moment) if is_ours else None


def store(found: Iterator[StockEstablishment]) -> int:
    """Store rows, newer ones in the place of older; return how many."""
    names = [field.name for field in StockEstablishment._meta.concrete_fields if not field.primary_key]
    count = 0
    while batch := list(islice(found, BATCH)):
        StockEstablishment.objects.bulk_create(
            batch, update_conflicts=True, unique_fields=["siret"], update_fields=names
        )
        count += len(batch)
    count_anew(count, StockEstablishment)
    return count


def forget_before(moment: datetime) -> int:
    """Delete what the file that was read since no longer holds; return how many."""
    return StockEstablishment.objects.filter(loaded_at__lt=moment).delete()[0]


def now() -> datetime:
    return database_clock.now()


def _row(line: Mapping[str, str], moment: datetime) -> StockEstablishment:
    is_diffusible = line["statutDiffusionEtablissement"] == "O"
    shown = line if is_diffusible else {}
    street = ("numeroVoie", "indiceRepetition", "typeVoie", "libelleVoie")
    return StockEstablishment(
        siret=line["siret"],
        trade_name=(_text(shown, "enseigne1Etablissement") or _text(shown, "denominationUsuelleEtablissement"))[:100],
        address=" ".join(filter(None, (_text(shown, f"{part}Etablissement") for part in street)))[:200],
        postal_code=_text(shown, "codePostalEtablissement")[:5],
        insee_code=line["codeCommuneEtablissement"],
        town_name=_text(line, "libelleCommuneEtablissement")[:100],
        naf=naf.written(_text(line, "activitePrincipaleEtablissement")),
        is_head_office=line["etablissementSiege"] == "true",
        is_diffusible=is_diffusible,
        loaded_at=moment,
    )


def _text(line: Mapping[str, str], name: str) -> str:
    value = " ".join((line.get(name) or "").split())
    return "" if any(mask in value.upper() for mask in MASKS) else value
