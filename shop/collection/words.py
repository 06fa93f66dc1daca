"""Slots as people read them."""

from datetime import date, datetime

from directory.hours import PARIS, clock
from directory.hours.french import when
from portal.dates import date_format
from shop.collection.rules import Weekday
from shop.collection.slots import Slot

SOMEBODY_SAYS = "Le commerçant vous dira quand venir."


def written(slot: Slot) -> str:
    """Return a slot in full: "samedi 5 décembre, 10 h – 10 h 30"."""
    return f"{written_day(slot.start.astimezone(PARIS).date())}, {hours(slot)}"


def hours(slot: Slot) -> str:
    """Return "10 h – 10 h 30"; midnight, at the end, is "minuit"."""
    start, end = slot.start.astimezone(PARIS).time(), slot.end.astimezone(PARIS).time()
    return f"{clock(start)}\u00a0–\u00a0{clock(end) if end.hour or end.minute else 'minuit'}"


def written_day(day: date) -> str:
    """Return "samedi 5 décembre"."""
    return date_format(day, "l j F")


def short_day(day: date) -> str:
    """Return "sam. 5 déc."."""
    return f"{date_format(day, 'D')}. {date_format(day, 'j N')}".lower()


def since(start: datetime, now: datetime) -> str:
    """Return a moment to come, as after "dès": "demain à 10 h", "aujourd’hui à 18 h"."""
    start, here = (moment.astimezone(PARIS).replace(tzinfo=None) for moment in (start, now))
    told = when(start, here)
    return f"aujourd’hui {told}" if start.date() == here.date() else told


def of_article(lead_hours: int, only_on: list[str]) -> str:
    """Return what an article asks beyond its shop: "Sur commande : comptez 48 h. Seulement le vendredi."; or ""."""
    told = []
    if lead_hours:
        days, rest = divmod(lead_hours, 24)
        told.append(f"Sur commande : comptez {f'{days} jours' if days > 2 and not rest else f'{lead_hours} h'}.")
    if only_on:
        told.append(f"Seulement {in_words(only_on)}.")
    return " ".join(told)


def in_words(days: list[str]) -> str:
    """Return "le mardi, le jeudi et le samedi", in the order of the week."""
    names = [f"le {day.value}" for day in Weekday if day in days]
    return " et ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
