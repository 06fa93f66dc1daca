"""The towns of a region, their positions, and the codes that mergers ended."""

import re
import unicodedata
from collections import defaultdict
from itertools import pairwise
from typing import Any

from regions.make.sources import Outline, Point, Polygon, Sources

FORMER = ("commune-deleguee", "commune-associee")
COLUMNS = (
    "insee", "name", "slug", "type", "parent_insee", "dept_code", "dept_name", "postal_codes", "population", "latitude",
    "longitude", "coordinates", "arrondissement", "epci_siren", "epci_name", "former_communes",
)  # fmt: skip


def towns(sources: Sources, region: str) -> list[dict[str, Any]]:
    """Return the rows of towns.csv: communes in the order of their codes, then arrondissements of cities."""
    own = [row for row in sources.communes if row.get("region") == region]
    former = defaultdict(list)
    for row in own:
        if row["type"] in FORMER:
            former[row["chefLieu"]].append(row["nom"])
    department = {row["code"]: row["nom"] for row in sources.departments}
    kinds = {"commune-actuelle": "commune", "arrondissement-municipal": "arrondissement-municipal"}
    found = sorted((row for row in own if row["type"] in kinds), key=lambda row: (len(row["type"]), row["code"]))
    return [
        {
            "insee": row["code"],
            "name": row["nom"],
            "slug": f"{slug_of(row['nom'])}-{row['departement'].lower()}",
            "type": kinds[row["type"]],
            "parent_insee": row.get("commune", ""),
            "dept_code": row["departement"],
            "dept_name": department[row["departement"]],
            "postal_codes": "|".join(row["codesPostaux"]),
            "population": row["population"],
            **_position(row, sources),
            "arrondissement": sources.arrondissements.get(row["arrondissement"], ""),
            **_intercommunality(sources, row),
            "former_communes": "|".join(sorted(set(former[row["code"]]) - {row["nom"]})),
        }
        for row in found
    ]


def former_codes(sources: Sources, region: str) -> list[dict[str, str]]:
    """Return the rows of former-communes.csv: a code that was, and the code of what it became."""
    own = [row for row in sources.communes if row.get("region") == region]
    became = {row["code"]: row["chefLieu"] for row in own if row["type"] in FORMER}
    for row in own:
        if row["type"] == "commune-actuelle":
            became |= dict.fromkeys(row.get("anciensCodes", ()), row["code"])
    return [{"former_insee": code, "insee": insee} for code, insee in sorted(became.items()) if code != insee]


def slug_of(name: str) -> str:
    letters = name.replace("œ", "oe").replace("Œ", "Oe")
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "-", plain)).strip("-")


def _intercommunality(sources: Sources, row: dict[str, Any]) -> dict[str, str]:
    siren, name = sources.intercommunality_of.get(row.get("commune", row["code"]), ("", ""))
    return {"epci_siren": siren, "epci_name": name}


def _position(row: dict[str, Any], sources: Sources) -> dict[str, str]:
    """Return where a town is: its town hall, if that lies within it, else the middle of its biggest part.

    A commune that was founded anew since the outlines were drawn is put amid its intercommunality.
    """
    outline = sources.outlines.get(row["code"], Outline([], None))
    if outline.town_hall and any(_is_in(outline.town_hall, polygon) for polygon in outline.polygons):
        point, how = outline.town_hall, "town-hall"
    elif outline.polygons:
        point, how = middle(outline.polygons), "polygon-centroid"
    else:
        siren = sources.intercommunality_of[row["code"]][0]
        members = [code for code, (other, _) in sources.intercommunality_of.items() if other == siren]
        polygons = [sources.outlines[code].polygons for code in members if code in sources.outlines]
        middles = [middle(found) for found in polygons if found]
        point = (sum(x for x, _ in middles) / len(middles), sum(y for _, y in middles) / len(middles))
        how = "intercommunality-middle"
    longitude, latitude = point
    return {"latitude": f"{latitude:.5f}", "longitude": f"{longitude:.5f}", "coordinates": how}


def middle(polygons: list[Polygon]) -> Point:
    """Return the centroid of the biggest part."""
    _, east, north = max(_centroid(polygon[0]) for polygon in polygons)
    return (east, north)


def _centroid(ring: list[Point]) -> tuple[float, float, float]:
    """Return the area of a ring, in square degrees, and its centroid."""
    double, east, north = 0.0, 0.0, 0.0
    x0, y0 = ring[0]  # reckoned from there, so that small differences of big numbers lose nothing
    for (x, y), (x2, y2) in pairwise((x - x0, y - y0) for x, y in ring):
        cross = x * y2 - x2 * y
        double, east, north = double + cross, east + (x + x2) * cross, north + (y + y2) * cross
    return abs(double) / 2, x0 + east / (3 * double), y0 + north / (3 * double)


def _is_in(point: Point, polygon: Polygon) -> bool:
    """Return whether a ray to the east crosses the borders an odd number of times."""
    x, y = point
    crossings = 0
    for ring in polygon:
        for (x1, y1), (x2, y2) in pairwise(ring):
            crossings += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1
