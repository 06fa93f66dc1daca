"""``python -m regions.make 53 bretagne --sources FOLDER`` writes the places of a region into regions/bretagne/."""

import argparse
import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from regions.make.outlines import write_drawing, write_topologies
from regions.make.outside import outside
from regions.make.sources import Sources
from regions.make.towns import COLUMNS, former_codes, slug_of, towns

REGIONS = Path(__file__).parents[1]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("code", help="INSEE's code of the region: 53")
    asked.add_argument("slug", help="the name of its folder: bretagne")
    asked.add_argument("--sources", type=Path, required=True, help="where the two packages are unpacked")
    options = asked.parse_args()
    sources, folder = Sources(options.sources), REGIONS / options.slug
    rows = towns(sources, options.code)
    if not rows:
        asked.error(f"No region has the code {options.code}: {', '.join(sorted(_codes(sources)))}.")
    (folder / "search").mkdir(parents=True, exist_ok=True)
    _write(folder / "towns.csv", COLUMNS, rows)
    _write(folder / "former-communes.csv", ("former_insee", "insee"), former_codes(sources, options.code))
    beyond = outside(sources, options.code, rows)
    _write(folder / "search/outside.csv", ("name", "in", "population", "latitude", "longitude"), beyond)
    write_topologies(sources, folder, [row["insee"] for row in rows if row["type"] == "commune"])
    height = write_drawing(folder, rows)
    print(f"{len(rows)} towns. region.toml: map_height = {height}")
    for row in sorted(
        (row for row in sources.departments if row["region"] == options.code), key=lambda row: row["code"]
    ):
        print(f'  {{ code = "{row["code"]}", name = "{row["nom"]}", slug = "{slug_of(row["nom"])}" }},')


def _codes(sources: Sources) -> Sequence[str]:
    return [f"{row['code']} {row['nom']}" for row in sources.regions]


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
