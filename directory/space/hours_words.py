"""What a merchant has filled in of opening hours, read back in French: one line a fact."""

from collections.abc import Iterable
from datetime import date, time
from itertools import groupby

from directory.hours import AROUND_THE_CLOCK, clock, from_to
from directory.space.closures import Hours, said, said_once
from directory.space.hours_form import DAYS
from directory.space.week import MIDNIGHT, DayOfYear, Days, Season, Slots, Week

_ANY_LEAP_YEAR = 2024  # in which every day exists


def in_words(hours: Hours, week: Week | None) -> list[str]:
    """Return all that is said; hours that no table can show are left out."""
    return [
        *(week_lines(week) if week else []),
        *(f"Chaque année, fermé {said(rule)}." for rule in hours.yearly),
        *(f"Fermé {said_once(closure)}." for closure in hours.closures),
        *(f"Ouverture exceptionnelle {said_once(one)} : {slots_words(one.slots)}." for one in hours.openings),
    ]


def week_lines(week: Week) -> list[str]:
    """Return a week in French, days that follow each other with the same hours together."""
    lines = _day_lines(week.days)
    for season in week.seasons:
        lines.append(f"{season_words(season)} :")
        lines += _day_lines(season.days)
    if week.eves is not None:
        sundays = ", même un dimanche" if week.eves_on_sundays else ", sauf si c’est un dimanche"
        lines.append(f"Veilles de jours fériés{sundays} : {slots_words(week.eves)}")
    if week.holidays is not None:
        lines.append(f"Jours fériés : {slots_words(week.holidays)}")
    return lines


def week_in_words(week: Week) -> str:
    return "\n".join(line.replace(" :", "\u00a0:") for line in week_lines(week))


def season_words(season: Season) -> str:
    """Return its days: "Chaque année du 1er juillet au 31 août"."""
    return f"Chaque année {from_to(_day(season.first), _day(season.last))}"


def slots_words(slots: Slots) -> str:
    """Return "7 h – 12 h 30, 15 h – 19 h", "fermé"."""
    return ", ".join(map(_slot_words, slots)) or "fermé"


def _slot_words(slot: tuple[time, time]) -> str:
    opening, closing = slot
    if opening == closing == MIDNIGHT:
        return AROUND_THE_CLOCK
    end = "minuit" if closing == MIDNIGHT else clock(closing)
    night = " le lendemain" if MIDNIGHT < closing < opening else ""
    return f"{clock(opening)} – {end}{night}"


def _day_lines(days: Days) -> list[str]:
    lines = []
    for slots, run in groupby(zip(DAYS, days, strict=True), lambda pair: pair[1]):
        names = [day for day, _ in run]
        lines.append(f"{_run_words(names)} : {slots_words(slots)}")
    return lines


def _run_words(names: Iterable[str]) -> str:
    first, *others = names
    return f"{first.capitalize()} à {others[-1]}" if others else first.capitalize()


def _day(day: DayOfYear) -> date:
    return date(_ANY_LEAP_YEAR, *day)
