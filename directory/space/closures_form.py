"""Closures and exceptional openings by date as fields of a form: a few rows of a first and a last day."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from itertools import zip_longest

from django import forms
from django.utils import timezone

from directory.space.closures import Closure, Opening, to_come
from directory.space.hours_form import HourField
from directory.space.week import Slots, is_orderly

ROWS = 2  # at least; one is always left to fill in
MAX_ROWS = 40
CLOSURE_PREFIX = "fermeture_"
OPENING_PREFIX = "ouverture_"
OPENING_SLOTS = 2
MISREAD_HOUR = {"invalid": "Écrivez une heure, par exemple 08:30."}
MISREAD = {"invalid": "Écrivez une date, par exemple 24/12/2026."}


def row_names(number: int) -> tuple[str, str]:
    return f"{CLOSURE_PREFIX}{number}_du", f"{CLOSURE_PREFIX}{number}_au"


def opening_names(number: int) -> tuple[str, ...]:
    """Return the names of a row's fields: first day, last day, then (opening, closing) of each slot."""
    slots = (f"{OPENING_PREFIX}{number}_{slot}_{end}" for slot in range(1, OPENING_SLOTS + 1) for end in ("de", "a"))
    return (f"{OPENING_PREFIX}{number}_du", f"{OPENING_PREFIX}{number}_au", *slots)


def rows_sent(data: Mapping[str, object], prefix: str = CLOSURE_PREFIX) -> int:
    """Return the number of the last row sent: the form may have been opened when more rows were to come."""
    return max((number for number in range(1, MAX_ROWS + 1) if f"{prefix}{number}_du" in data), default=0)


def comparable(values: Sequence, today: date, width: int = 2) -> list:
    """Return the canonical values of the rows (first, last, first, last…) as what they say: rows of days to come.

    width: fields of a row, the first two of which are days. A day is an ISO text, "" when left empty; what nobody can
    read stays as it is.
    """
    rows = []
    for start in range(0, len(values), width):
        first, last, *rest = values[start : start + width]
        last = last or first
        is_over = isinstance(last, str) and "" < last < today.isoformat()
        if (first or last or any(rest)) and not is_over:
            rows.append([first, last, *rest])
    return sorted(rows, key=str)


def closure_fields(stored: Sequence[Closure], rows: int = 0) -> dict[str, forms.DateField]:
    """Return the fields of at least ``rows`` rows, filled with the closures that are stored."""
    fields: dict[str, forms.DateField] = {}
    for number, closure in zip_longest(range(1, max(ROWS, rows, len(stored) + 1) + 1), stored):
        days = (closure.first, closure.last) if closure else (None, None)
        for name, label, day in zip(row_names(number), ("Premier jour", "Dernier jour"), days, strict=True):
            fields[name] = _day_field(label, day)
    return fields


def opening_fields(stored: Sequence[Opening], rows: int = 0) -> dict[str, forms.Field]:
    """Return the fields of at least ``rows`` rows, filled with the exceptional openings that are stored."""
    fields: dict[str, forms.Field] = {}
    for number, opening in zip_longest(range(1, max(1, rows, len(stored) + 1) + 1), stored):
        first, last, *hours = opening_names(number)
        days = (opening.first, opening.last) if opening else (None, None)
        fields[first], fields[last] = _day_field("Premier jour", days[0]), _day_field("Dernier jour", days[1])
        times = [moment for slot in opening.slots for moment in slot] if opening else []
        for position, (name, moment) in enumerate(zip_longest(hours, times)):
            label = f"{('Premier', 'Deuxième')[position // 2]} créneau, {('ouverture', 'fermeture')[position % 2]}"
            fields[name] = HourField(label=label, required=False, initial=moment, error_messages=MISREAD_HOUR)
            fields[name].widget.attrs["aria-label"] = label
    return fields


def _day_field(label: str, day: date | None) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        initial=day,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=MISREAD,
    )


class ClosuresFormMixin(forms.BaseForm):
    """What a form with ``closure_fields`` needs: its rows for the template, and the closures that were filled in."""

    def closure_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return for each row its fields (first day, last day)."""
        return [(self[first], self[last]) for first, last in self._rows()]

    def clean_closures(self) -> tuple[Closure, ...]:
        """Return the closures of the cleaned fields, in order; one without a last day is of one day.

        Faults become errors of fields; a closure that is over is dropped.
        """
        found = []
        for first_name, last_name in self._rows():
            first, last = (self.cleaned_data.get(name) for name in (first_name, last_name))
            if first_name in self.errors or last_name in self.errors or not (first or last):
                continue
            if not first:
                self.add_error(first_name, "Il manque le premier jour de cette fermeture.")
            elif last and last < first:
                self.add_error(last_name, "Le dernier jour vient avant le premier. Corrigez l’un des deux.")
            else:
                found.append(Closure(first, last or first))
        return to_come(sorted(found), timezone.localdate())

    def opening_rows(self) -> list[dict]:
        """Return for each row its days and its slots as (opening, closing) fields."""
        rows = [[self[name] for name in names] for names in self._openings()]
        return [{"days": row[:2], "slots": list(zip(row[2::2], row[3::2], strict=True)), "all": row} for row in rows]

    def clean_openings(self) -> tuple[Opening, ...]:
        """Return the exceptional openings of the cleaned fields, in order; faults become errors of fields."""
        found = []
        for names in self._openings():
            first, last, *hours = (self.cleaned_data.get(name) for name in names)
            if any(name in self.errors for name in names) or not (first or last or any(map(_is_told, hours))):
                continue
            slots = self._slots_of(names, hours)
            if not first:
                self.add_error(names[0], "Dites quel jour vous ouvrez ainsi.")
            elif last and last < first:
                self.add_error(names[1], "Le dernier jour vient avant le premier. Corrigez l’un des deux.")
            elif slots:
                found.append(Opening(first, last or first, slots))
        return to_come(sorted(found), timezone.localdate())

    def _slots_of(self, names: Sequence[str], hours: Sequence[time | None]) -> Slots:
        slots = []
        for number, (opens, closes) in enumerate(zip(hours[::2], hours[1::2], strict=True)):
            if opens is not None and closes is not None:
                slots.append((opens, closes))
            elif opens is not None or closes is not None:
                is_opening = opens is None
                missing = names[2 + 2 * number + (0 if is_opening else 1)]
                self.add_error(missing, f"Il manque l’heure {'d’ouverture' if is_opening else 'de fermeture'}.")
                return ()
        if not slots:
            self.add_error(names[2], "Dites de quelle heure à quelle heure. Pour un jour fermé, voyez les fermetures.")
        elif not is_orderly(tuple(slots)):
            self.add_error(names[3], "Ces heures ne se suivent pas : la fermeture vient après l’ouverture.")
            return ()
        return tuple(slots)

    def _openings(self) -> list[tuple[str, ...]]:
        count = sum(name.startswith(OPENING_PREFIX) and name.endswith("_du") for name in self.fields)
        return [opening_names(number) for number in range(1, count + 1)]

    def _rows(self) -> list[tuple[str, str]]:
        count = sum(name.startswith(CLOSURE_PREFIX) for name in self.fields) // 2
        return [row_names(number) for number in range(1, count + 1)]


def _is_told(moment: time | None) -> bool:
    return moment is not None
