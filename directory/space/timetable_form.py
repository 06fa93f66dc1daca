"""The form of all that a merchant says of opening hours: week, seasons, closures, exceptional openings."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils import timezone

from directory import hours
from directory.hours import Day
from directory.models import MerchantPage
from directory.space import closures, week
from directory.space.changes import last_change
from directory.space.closures_form import (
    CLOSURE_PREFIX,
    OPENING_PREFIX,
    ClosuresFormMixin,
    closure_fields,
    comparable,
    opening_fields,
    opening_names,
    row_names,
    rows_sent,
)
from directory.space.hours_form import DAYS, EVES, EVES_NAME, EVES_ON_SUNDAYS, eves_fields, hours_fields, hours_initial
from directory.space.hours_words import in_words, season_words, slots_words, week_in_words
from directory.space.seasons_form import (
    SEASON_PREFIX,
    SeasonsFormMixin,
    comparable_seasons,
    season_fields,
    seasons_initial,
    seasons_sent,
)
from directory.space.week import Week
from portal.concurrent_edits import LastChange, Part
from portal.concurrent_form import ConcurrentEditsMixin
from portal.models import User

TOO_MUCH = (
    "C’est trop pour un seul horaire : le portail en garde {most} signes, il y en a {length}. Ôtez une saison ou "
    "des fermetures, ou donnez les mêmes heures à plus de jours."
)


class TimetableForm(ConcurrentEditsMixin, SeasonsFormMixin, ClosuresFormMixin, forms.Form):
    """Opening hours, which are online as soon as they are saved: bind it to the live page, whose row is locked."""

    def __init__(self, data: QueryDict | None, *, page: MerchantPage, sender: User) -> None:
        self.page, self.sender, self.edits = page, sender, f"hours:{page.pk}"
        self.stored_hours = closures.split(page.opening_hours)
        self.stored_week = week.read(self.stored_hours.usual)
        today = timezone.localdate()
        self.stored_closures = closures.to_come(self.stored_hours.closures, today)
        self.stored_openings = closures.to_come(self.stored_hours.openings, today)
        self.opening_hours = ""  # what was typed, once it is valid
        self.words: list[str] = []
        super().__init__(data)
        sent: Mapping[str, object] = data or {}
        shown = self.stored_week or Week(((),) * 7)
        self.fields |= hours_fields() | eves_fields() | season_fields(max(len(shown.seasons), seasons_sent(sent)))
        self.fields |= closure_fields(self.stored_closures, rows_sent(sent))
        self.fields |= opening_fields(self.stored_openings, rows_sent(sent, OPENING_PREFIX))
        if self.stored_week:
            self.initial.update(hours_initial(self.stored_week) | seasons_initial(self.stored_week.seasons))

    def show_unchecked(self) -> None:
        """Show what was typed as it is, without its faults: a row was added, nothing was sent to be saved."""
        self._errors = forms.utils.ErrorDict()

    def parts(self) -> dict[str, Part]:
        """The week is one value, and so are the seasons, the closures and the openings: rules of the same text."""
        names = [name for name, field in self.fields.items() if not field.widget.is_hidden]
        seasons, closed, opened = (
            tuple(name for name in names if name.startswith(prefix))
            for prefix in (SEASON_PREFIX, CLOSURE_PREFIX, OPENING_PREFIX)
        )
        usual = tuple(name for name in names if name not in {*seasons, *closed, *opened})
        unsaid = "" if self.stored_week else self.stored_hours.usual
        parts = {"week": Part("Horaires de la semaine", usual, unsaid, "ces horaires ont été changés")}
        parts["seasons"] = Part("Saisons", seasons, changed="ces saisons ont été changées")
        parts["closures"] = Part("Fermetures", closed, changed="ces fermetures ont été changées")
        parts["openings"] = Part("Ouvertures exceptionnelles", opened, changed="ces ouvertures ont été changées")
        return parts

    def values_as_one(self, name: str, values: list) -> list:
        today = timezone.localdate()
        if name == "closures":
            return comparable(values, today)
        if name == "openings":
            return comparable(values, today, width=len(opening_names(1)))
        return comparable_seasons(values) if name == "seasons" else values

    def stored_in_words(self, name: str) -> str:
        if name == "week":
            plain = self.stored_week and replace(self.stored_week, seasons=())
            return week_in_words(plain) if plain else self.stored_hours.usual
        if name == "seasons":
            seasons = self.stored_week.seasons if self.stored_week else ()
            return "\n".join(map(season_words, seasons))
        if name == "closures":
            return "\n".join(map(closures.said_once, self.stored_closures))
        return "\n".join(f"{closures.said_once(one)}, {slots_words(one.slots)}" for one in self.stored_openings)

    def last_change(self, name: str) -> LastChange:
        return last_change(self.page, "opening_hours", self.sender)

    def eves_row(self) -> list[dict]:
        return self.rows({EVES: EVES_NAME})

    @property
    def has_special_hours(self) -> bool:
        """Whether the stored week says more than the table can show; it stays until somebody fills it."""
        return bool(self.stored_hours.usual) and self.stored_week is None

    @property
    def special_week(self) -> list[Day]:
        """The coming week as the page shows it, for hours that the table can't show; [] if nobody can read them."""
        return hours.week(self.stored_hours.usual, timezone.localdate(), self.page.place)

    @property
    def yearly_closures(self) -> list[str]:
        """When the shop is closed each year, in French; they stay."""
        return [closures.said(rule) for rule in self.stored_hours.yearly]

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        filled, seasons, closed, opened = (
            self.clean_week(), self.clean_seasons(), self.clean_closures(), self.clean_openings()
        )  # fmt: skip
        eves = self.clean_eves()
        if filled:
            on_sundays = eves is not None and self.cleaned_data[EVES_ON_SUNDAYS]
            filled = replace(filled, eves=eves, eves_on_sundays=on_sundays, seasons=seasons)
        self._keep(filled, closed, opened, beyond=bool(seasons or eves))
        return cleaned

    def _keep(self, filled: Week | None, closed: tuple, opened: tuple, *, beyond: bool) -> None:
        """Work out the text to keep: as it was written unless the form says something else."""
        usual = self.stored_hours.usual if filled == self.stored_week else week.write(filled) if filled else ""
        if not usual and (closed or opened or beyond):
            self.add_error(f"{DAYS[0]}_1_de", "Dites d’abord vos heures de la semaine.")
        kept = replace(self.stored_hours, usual=usual, closures=closed, openings=opened)
        is_as_before = (filled, closed, opened) == (self.stored_week, self.stored_closures, self.stored_openings)
        self.opening_hours = self.page.opening_hours if is_as_before else kept.text
        self.words = in_words(kept, filled)
        most = MerchantPage._meta.get_field("opening_hours").max_length or 0
        if len(self.opening_hours) > most:
            self.add_error(row_names(1)[0], TOO_MUCH.format(most=most, length=len(self.opening_hours)))

    def days_ahead(self, today: date, count: int) -> list[Day]:
        """Return what visitors would read of the days to come."""
        return hours.days_ahead(self.opening_hours, today, count, self.page.place)
