"""Seasons as fields of a form: the days of the year between which a week of its own holds."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.dates import MONTHS

from directory.space.hours_form import DAYS, NAMES, HoursFormMixin, day_fields, days_initial
from directory.space.week import DayOfYear, Season, are_apart

MAX_SEASONS = 3
LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SEASON_PREFIX = "saison_"
WIDTH = 4 + 7 * 7  # fields of a season: two days of the year, then each day's box and three slots


def seasons_sent(data: Mapping[str, object]) -> int:
    """Return how many seasons were sent."""
    return max((number for number in range(1, MAX_SEASONS + 1) if f"{_key(number)}_du_jour" in data), default=0)


def season_fields(count: int) -> dict[str, forms.Field]:
    """Return the fields of that many seasons."""
    fields: dict[str, forms.Field] = {}
    for number in range(1, count + 1):
        for end, label in (("du", "Du"), ("au", "Au")):
            fields[f"{_key(number)}_{end}_jour"] = forms.IntegerField(
                label=f"{label} (jour)",
                required=False,
                min_value=1,
                max_value=31,
                widget=forms.NumberInput({"inputmode": "numeric", "min": 1, "max": 31}),
                error_messages={
                    "invalid": "Écrivez un jour, de 1 à 31.",
                    "min_value": "Écrivez un jour, de 1 à 31.",
                    "max_value": "Écrivez un jour, de 1 à 31.",
                },
            )
            fields[f"{_key(number)}_{end}_mois"] = forms.TypedChoiceField(
                label=f"{label} (mois)",
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", "Mois"), *((month, str(name)) for month, name in MONTHS.items())],
            )
        fields |= day_fields({f"{_key(number)}_{day}": f"Saison {number}, {day}" for day in DAYS})
    return fields


def seasons_initial(seasons: Sequence[Season]) -> dict[str, object]:
    initial: dict[str, object] = {}
    for number, season in enumerate(seasons, 1):
        for end, (month, day) in (("du", season.first), ("au", season.last)):
            initial |= {f"{_key(number)}_{end}_jour": day, f"{_key(number)}_{end}_mois": month}
        keys = (f"{_key(number)}_{day}" for day in DAYS)
        initial |= days_initial(dict(zip(keys, season.days, strict=True)))
    return initial


def comparable_seasons(values: Sequence) -> list:
    """Return the canonical values of the fields as one list for each season of which something is told."""
    rows = [list(values[start : start + WIDTH]) for start in range(0, len(values), WIDTH)]
    return [row for row in rows if any(row)]


class SeasonsFormMixin(HoursFormMixin):
    """What a form with ``season_fields`` needs."""

    def season_rows(self) -> list[dict]:
        """Return for each season its number, the fields of its first and last day, and its days as ``days`` does."""
        return [
            {
                "number": number,
                "ends": [[self[f"{_key(number)}_{end}_{part}"] for part in ("jour", "mois")] for end in ("du", "au")],
                "days": self.rows({f"{_key(number)}_{day}": NAMES[day] for day in DAYS}),
            }
            for number in self._numbers()
        ]

    def clean_seasons(self) -> tuple[Season, ...]:
        """Return the seasons of the cleaned fields; an empty one is left out, faults become errors of fields."""
        found = []
        for number in self._numbers():
            first, last = (self._day_of_year(number, end) for end in ("du", "au"))
            days = self.clean_days([f"{_key(number)}_{day}" for day in DAYS])
            if first is None and last is None and days is None:
                continue
            for end, day in (("du", first), ("au", last)):
                if day is None and not self._faulty(number, end):
                    self.add_error(f"{_key(number)}_{end}_jour", "Dites de quel jour à quel jour dure cette saison.")
            if days is None:
                self.add_error(f"{_key(number)}_lundi_1_de", "Indiquez les heures de cette saison.")
            if first and last and days is not None:
                found.append(Season(first, last, days))
        if found and not are_apart(found):
            fault = "Deux saisons se chevauchent, ou l’une dure moins d’une semaine : corrigez leurs dates."
            self.add_error(f"{_key(1)}_du_jour", fault)
        return tuple(sorted(found))

    def _day_of_year(self, number: int, end: str) -> DayOfYear | None:
        day, month = (self.cleaned_data.get(f"{_key(number)}_{end}_{part}") for part in ("jour", "mois"))
        if not day or not month:
            return None
        if day > LAST_DAYS[month - 1]:
            self.add_error(f"{_key(number)}_{end}_jour", f"{str(MONTHS[month]).capitalize()} n’a pas de {day}.")
            return None
        return month, day

    def _faulty(self, number: int, end: str) -> bool:
        return any(name.startswith(f"{_key(number)}_{end}_") for name in self.errors)

    def _numbers(self) -> range:
        return range(1, sum(name.startswith(SEASON_PREFIX) and name.endswith("_du_jour") for name in self.fields) + 1)


def _key(number: int) -> str:
    return f"{SEASON_PREFIX}{number}"
