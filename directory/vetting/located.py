"""Which of our towns an INSEE code of the register means: former communes are read as what they became."""

import csv
from functools import cache

from django.conf import settings

from directory.models import Town


def town_of(insee_code: str) -> Town | None:
    """Return the town of a code, an arrondissement of Lyon where it is one; None outside the region.

    The code decides, never the register's `region`, which may be empty, nor the intercommunality, which may cross the
    border. Source: former-communes.csv of the region's folder (INSEE's code of 2026).
    """
    codes = [insee_code, _became().get(insee_code, "")]
    found = {town.insee_code: town for town in Town.objects.select_related("parent").filter(insee_code__in=codes)}
    return next((found[code] for code in codes if code in found), None)


def known_codes() -> frozenset[str]:
    """Return the INSEE codes of all our towns, and those that they had before."""
    return frozenset(Town.objects.values_list("insee_code", flat=True)) | frozenset(_became())


@cache
def _became() -> dict[str, str]:
    with (settings.REGION.folder / "former-communes.csv").open(newline="", encoding="utf-8") as lines:
        return {row["former_insee"]: row["insee"] for row in csv.DictReader(lines)}
