"""The week's opening hours as fields of a form, one row a day, that a thumb can fill."""

import re
from datetime import time
from itertools import chain
from typing import Any

from django import forms

from directory.space.week import SLOTS, Slot, Week, is_orderly

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
HOLIDAYS = "feries"
NAMES = {**{day: day.capitalize() for day in DAYS}, HOLIDAYS: "Jours fériés"}
ORDINALS = ("premier", "second")


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
    fields: dict[str, forms.Field] = {}
    for day, day_name in NAMES.items():
        fields[f"{day}_ferme"] = forms.BooleanField(
            label="Fermé",
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "choice__box hours-editor__closed"}),
        )
        for ordinal, names in zip(ORDINALS, hour_names(day), strict=True):
            for name, end in zip(names, ("ouverture", "fermeture"), strict=True):
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
    initial: dict[str, bool | time] = {}
    for day, slots in zip(NAMES, (*week.days, week.holidays), strict=True):
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

        Public holidays come last.
        """
        rows = []
        for day, day_name in NAMES.items():
            slots = [(self[opening], self[closing]) for opening, closing in hour_names(day)]
            closed = self[f"{day}_ferme"]
            rows.append(
                {
                    "name": day_name,
                    "closed": closed,
                    "slots": slots,
                    "faulty": [field for field in chain(*slots) if field.errors],
                }
            )
        return rows

    def clean_week(self) -> Week | None:
        """Return the week of the cleaned fields, or None if nothing was filled in; faults become errors of fields."""
        filled = [self._clean_day(day) for day in DAYS]
        closed = [self.cleaned_data[f"{day}_ferme"] for day in DAYS]
        holidays = self._clean_day(HOLIDAYS)
        if not any(filled) and not any(closed) and not holidays and not any(map(self._has_errors, NAMES)):
            return None
        for day, slots, is_closed in zip(DAYS, filled, closed, strict=True):
            if not slots and not is_closed and not self._has_errors(day):
                self.add_error(f"{day}_1_de", f"Indiquez les heures de {day}, ou cochez « Fermé ».")
        as_other_days = not holidays and not self.cleaned_data[f"{HOLIDAYS}_ferme"]
        return Week(tuple(filled), None if as_other_days else holidays)

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
