"""Closures by date as fields of a form: a few rows of a first and a last day."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest

from django import forms
from django.utils import timezone

from directory.space.closures import Closure, to_come

ROWS = 3  # at least; one is always left to fill in
MAX_ROWS = 40
CLOSURE_PREFIX = "fermeture_"
MISREAD = {"invalid": "Écrivez une date, par exemple 24/12/2026."}


def row_names(number: int) -> tuple[str, str]:
    return f"{CLOSURE_PREFIX}{number}_du", f"{CLOSURE_PREFIX}{number}_au"


def rows_sent(data: Mapping[str, object]) -> int:
    """Return the number of the last row sent: the form may have been opened when more closures were to come."""
    return max((number for number in range(1, MAX_ROWS + 1) if row_names(number)[0] in data), default=0)


def comparable(values: Sequence, today: date) -> list:
    """Return the canonical values of the rows (first, last, first, last…) as what they say: pairs of days to come.

    A day is an ISO text, "" when left empty; what nobody can read stays as it is.
    """
    pairs = []
    for first, last in zip(values[::2], values[1::2], strict=True):
        last = last or first
        is_over = isinstance(last, str) and last < today.isoformat()
        if (first or last) and not is_over:
            pairs.append([first, last])
    return sorted(pairs, key=str)


def closure_fields(stored: Sequence[Closure], rows: int = 0) -> dict[str, forms.DateField]:
    """Return the fields of at least ``rows`` rows, filled with the closures that are stored."""
    fields: dict[str, forms.DateField] = {}
    for number, closure in zip_longest(range(1, max(ROWS, rows, len(stored) + 1) + 1), stored):
        days = (closure.first, closure.last) if closure else (None, None)
        for name, label, day in zip(row_names(number), ("Premier jour", "Dernier jour"), days, strict=True):
            fields[name] = forms.DateField(
                label=label,
                required=False,
                initial=day,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages=MISREAD,
            )
    return fields


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

    def _rows(self) -> list[tuple[str, str]]:
        count = sum(name.startswith(CLOSURE_PREFIX) for name in self.fields) // 2
        return [row_names(number) for number in range(1, count + 1)]
