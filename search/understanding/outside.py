"""Places outside the region, so that the search can say so: search/outside.csv of the region's folder."""

import csv
import re
from collections.abc import Sequence
from functools import cache

from django.conf import settings

from search.query import Place
from search.understanding.gazetteer import OUTSHINES, is_full_name
from search.understanding.normalize import words_of
from search.understanding.place_spelling import SHORTEST, letters
from search.understanding.spelling import edit_distance

_DISTRICT = re.compile(r"(?<=^paris)\d{1,2}$|(?<=^marseille)\d{1,2}$")
OVERSEAS = ("97", "98")
AREA = 1  # what stands for the inhabitants of a « pays », which is no department: Luberon, Morvan
CITY = 100_000  # inhabitants, from which a city outside is thought of where it is said alone


class OutsidePlaces:
    """Cities, departments, regions and countries that are not in the region."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._by_letters: dict[str, Place] = {}
        self._departments: dict[str, Place] = {}
        for place in sorted(places, key=lambda place: -place.population):
            self._by_letters.setdefault(letters(place.name), place)
            if not place.department_code.isdigit():  # « Genève (Suisse) »
                self._by_letters.setdefault(letters(f"{place.name} {place.department_code}"), place)
            if not place.population:
                self._departments[place.department_code] = place
            else:  # Paris is its own department
                self._departments.setdefault(place.department_code, place)

    def named(self, text: str) -> Place | None:
        """Return the place that a text names, a district's number left out: "Paris 11"."""
        form = letters(text)
        return self._by_letters.get(form) or self._by_letters.get(_DISTRICT.sub("", form))

    def near(self, text: str) -> Place | None:
        """Return the biggest place that a text names but for a letter; the first one is right."""
        form = letters(text)
        if len(form) <= SHORTEST:
            return None
        close = (
            place
            for known, place in self._by_letters.items()
            if abs(len(known) - len(form)) <= 1 and known[0] == form[0] and edit_distance(form, known) == 1
        )
        return max(close, key=lambda place: place.population, default=None)

    def coded(self, code: str) -> Place | None:
        """Return the department of a postal code or of a department's number, 2A and 2B among them."""
        if code[:2] == "20":  # Corsica: one number in postal codes, two codes since 1976
            return self._by_letters["corse"] if len(code) in (2, 5) else None
        return self._departments.get(code[:3] if code[:2] in OVERSEAS else code[:2].upper())


@cache
def outside_places() -> OutsidePlaces:
    """Return those of the file."""
    with (settings.REGION.search_data / "outside.csv").open(encoding="utf-8", newline="") as file:
        return OutsidePlaces([_place(row) for row in csv.DictReader(file)])


def _place(row: dict[str, str]) -> Place:
    point = (float(row["latitude"]), float(row["longitude"])) if row["latitude"] else None
    return Place(row["name"], row["in"], "", population=int(row["population"]), point=point)


def outside_instead(text: str, found: Place, is_lenient: bool = False) -> Place | None:
    """Return the city outside that a text names in full where here it is the short form of a village: Tours, Toulon."""
    outside = outside_places().near(text) if is_lenient else outside_places().named(text)
    if not outside or not found.insee_code or is_full_name(words_of(text), found):
        return None
    if is_lenient and edit_distance(letters(text), letters(found.name)) < 2:
        return None
    return outside if outside.population > found.population * OUTSHINES else None
