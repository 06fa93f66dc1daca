"""The week's opening hours as fields of a form, one row a day, that a thumb can fill."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from itertools import chain
from typing import Any

from django import forms

from directory.space.week import SLOTS, Days, Slot, Slots, Week, is_orderly

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
HOLIDAYS = "feries"
NAMES = {**{day: day.capitalize() for day in DAYS}, HOLIDAYS: "Jours fériés"}
EVES = "veilles"
EVES_ON_SUNDAYS = f"{EVES}_dimanche"
EVES_NAME = "Veilles de jours fériés"
USUAL_SLOTS = 2
ORDINALS = ("premier", "deuxième", "troisième")


class HourField(forms.TimeField):
    """An hour as a browser sends it ("08:30") or as one writes it ("8h30", "8 h")."""

    widget = forms.TimeInput(attrs={"type": "time", "class": "hours-editor__time"}, format="%H:%M")

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"\s*h\s*$", ":00", re.sub(r"\s*h\s*(?=\d)", ":", value.strip().lower()))
        return super().to_python(value)


def hour_names(day: str) -> list[tuple[str, str]]:
    """Return the names of a day's fields, (opening, closing) for each slot."""
    return [(f"{day}_{number}_de", f"{day}_{number}_a") for number in range(1, SLOTS + 1)]


def hours_fields() -> dict[str, forms.Field]:
    """Return the fields of the week: for Monday ``lundi_ferme``, then ``lundi_1_de``, ``lundi_1_a``, ``lundi_2_de``…

    Public holidays are an eighth day; left empty, they are as other days.
    """
    return day_fields(NAMES)


def eves_fields() -> dict[str, forms.Field]:
    """Return the fields of the days before public holidays; left empty, they are as other days."""
    return day_fields({EVES: EVES_NAME}) | {
        EVES_ON_SUNDAYS: forms.BooleanField(
            label="Aussi quand la veille tombe un dimanche",
            required=False,
            help_text="Sinon, ce dimanche-là garde ses heures de dimanche.",
        )
    }


def day_fields(names: Mapping[str, str]) -> dict[str, forms.Field]:
    """Return the fields of each of these days. names: what a day is called, by the beginning of its fields' names."""
    fields: dict[str, forms.Field] = {}
    for day, day_name in names.items():
        fields[f"{day}_ferme"] = forms.BooleanField(
            label="Fermé",
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "choice__box hours-editor__closed"}),
        )
        for ordinal, slot in zip(ORDINALS, hour_names(day), strict=True):
            for name, end in zip(slot, ("ouverture", "fermeture"), strict=True):
                label = f"{day_name}, {ordinal} créneau, {end}"
                field = HourField(
                    label=label,
                    required=False,
                    error_messages={"invalid": "Écrivez une heure, par exemple 08:30."},
                )
                field.widget.attrs["aria-label"] = label
                fields[name] = field
    return fields


def hours_initial(week: Week) -> dict[str, bool | time]:
    """Return the fields' values for a week."""
    initial = days_initial(dict(zip(NAMES, (*week.days, week.holidays), strict=True)) | {EVES: week.eves})
    return initial | {EVES_ON_SUNDAYS: week.eves_on_sundays}


def days_initial(days: Mapping[str, Slots | None]) -> dict[str, bool | time]:
    """Return the fields' values for the slots of days, by the beginning of their fields' names."""
    initial: dict[str, bool | time] = {}
    for day, slots in days.items():
        if slots is None:
            continue
        initial[f"{day}_ferme"] = not slots
        for (opening_name, closing_name), (opening, closing) in zip(hour_names(day), slots, strict=False):
            initial[opening_name], initial[closing_name] = opening, closing
    return initial


class HoursFormMixin(forms.BaseForm):
    """What a form with ``hours_fields`` needs: its rows for the template, and the week that was filled in."""

    def days(self) -> list[dict]:
        """Return for each day its name, its box "closed", its slots as (opening, closing) fields, those at fault.

        rest: slots beyond the first two, seldom needed; has_rest: whether they are. Public holidays come last.
        """
        return self.rows(NAMES)

    def rows(self, names: Mapping[str, str]) -> list[dict]:
        """Return what ``days`` does of days by the beginning of their fields' names."""
        found = []
        for day, day_name in names.items():
            slots = [(self[opening], self[closing]) for opening, closing in hour_names(day)]
            found.append(
                {
                    "name": day_name,
                    "closed": self[f"{day}_ferme"],
                    "slots": slots[:USUAL_SLOTS],
                    "rest": slots[USUAL_SLOTS:],
                    "has_rest": any(field.value() for field in chain(*slots[USUAL_SLOTS:])),
                    "faulty": [field for field in chain(*slots) if field.errors],
                }
            )
        return found

    def clean_week(self) -> Week | None:
        """Return the week of the cleaned fields, or None if nothing was filled in; faults become errors of fields."""
        filled = self.clean_days(DAYS)
        holidays = self._clean_day(HOLIDAYS)
        if filled is None and not holidays and not any(map(self._has_errors, NAMES)):
            return None
        as_other_days = not holidays and not self.cleaned_data[f"{HOLIDAYS}_ferme"]
        return Week(filled or self._missing(DAYS), None if as_other_days else holidays)

    def clean_days(self, days: Sequence[str]) -> Days | None:
        """Return the slots of days of which each must be told, None if none is."""
        filled = [self._clean_day(day) for day in days]
        closed = [self.cleaned_data[f"{day}_ferme"] for day in days]
        if not any(filled) and not any(closed) and not any(map(self._has_errors, days)):
            return None
        self._ask_for_missing(days, filled, closed)
        return tuple(filled)

    def clean_eves(self) -> Slots | None:
        """Return the slots of the days before public holidays, None if they are as other days."""
        slots = self._clean_day(EVES)
        return slots if slots or self.cleaned_data[f"{EVES}_ferme"] else None

    def _missing(self, days: Sequence[str]) -> Days:
        nothing: list[Slots] = [()] * len(days)
        self._ask_for_missing(days, nothing, [False] * len(days))
        return tuple(nothing)

    def _ask_for_missing(self, days: Sequence[str], filled: Sequence[Slots], closed: Sequence[bool]) -> None:
        for day, slots, is_closed in zip(days, filled, closed, strict=True):
            if not slots and not is_closed and not self._has_errors(day):
                name = day.rpartition("_")[2]
                self.add_error(f"{day}_1_de", f"Indiquez les heures de {name}, ou cochez « Fermé ».")

    def _has_errors(self, day: str) -> bool:
        return any(name.startswith(f"{day}_") for name in self.errors)

    def _clean_day(self, day: str) -> tuple[Slot, ...]:
        if self.cleaned_data[f"{day}_ferme"]:  # whatever its hours say: the page hides them
            for name in chain(*hour_names(day)):
                self.errors.pop(name, None)
            return ()
        slots = []
        last = ""
        for names in hour_names(day):
            opening, closing = (self.cleaned_data.get(name) for name in names)
            if opening is not None and closing is not None:
                slots.append((opening, closing))
                last = names[1]
            elif opening != closing and not self._has_errors(day):
                missing = names[0] if opening is None else names[1]
                self.add_error(missing, f"Il manque l’heure {'d’ouverture' if opening is None else 'de fermeture'}.")
        if not is_orderly(tuple(slots)):
            self.add_error(last, "Ces heures ne se suivent pas : la fermeture vient après l’ouverture.")
        return tuple(slots)
