"""What a shopper chooses at the checkout: for each merchant of the basket, a day, then a time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from directory.hours import PARIS
from portal.grammar import chez
from shop.baskets import BasketGroup
from shop.collection import words
from shop.collection.offers import has_hours, offers, taken_of
from shop.collection.rules import EVERY_DAY
from shop.collection.slots import READING, Slot, Taken
from shop.delivery.ways import rounds_ahead

PRESSED_DAY = "jour"  # the name of the buttons that show another day: "<merchant>/2026-12-05"


class SlotGone(Exception):
    """A slot that was chosen cannot be had, or none was chosen: the page shows what can."""


@dataclass
class Choice:
    """What one merchant's part of the checkout shows.

    slots: all that can be chosen. chosen: one of them; None when there is none. told: why there is none, "" otherwise.
    is_blocked: whether that part cannot be ordered. changed: what became of what was chosen before, or "". is_open:
    whether the other times are shown unfolded. way: the delivery.choosing.WayChoice beside it, where there is one.
    """

    merchant: int
    slots: list[Slot] = field(default_factory=list)
    chosen: Slot | None = None
    told: str = ""
    is_blocked: bool = False
    changed: str = ""
    is_open: bool = False
    way: Any = None

    @property
    def name(self) -> str:
        return name_of(self.merchant)

    @property
    def value(self) -> str:
        return self.chosen.start.isoformat() if self.chosen else ""

    @property
    def label(self) -> str:
        return words.written(self.chosen) if self.chosen else ""

    @property
    def day(self) -> str:
        return words.written_day(self.chosen.start.date()) if self.chosen else ""

    @property
    def legend(self) -> str:
        return f"Heure, le {self.day}"

    @property
    def is_soonest(self) -> bool:
        return bool(self.slots) and self.chosen == self.slots[0]

    @property
    def days(self) -> list[dict[str, Any]]:
        """The days on which there is a slot, for the buttons."""
        days = dict.fromkeys(slot.start.date() for slot in self.slots)
        current = self.chosen.start.date() if self.chosen else None
        return [
            {"value": f"{self.merchant}/{day}", "label": words.short_day(day), "current": day == current}
            for day in days
        ]

    @property
    def times(self) -> list[dict[str, Any]]:
        """The slots of the chosen day, for components/slot_list.html."""
        if self.chosen is None:
            return []
        day = self.chosen.start.date()
        return [
            {"value": slot.start.isoformat(), "day": "", "hours": words.hours(slot), "checked": slot == self.chosen}
            for slot in self.slots
            if slot.start.date() == day
        ]


def name_of(merchant: int | str) -> str:
    """Return the name of the radio buttons of one merchant."""
    return f"creneau-{merchant}"


def choices(groups: Iterable[BasketGroup], now: datetime, posted: Mapping[str, str], binds: bool) -> list[Choice]:
    """Return what each merchant's part offers, with what the form chose; one query.

    binds: the pressed button orders, so a time that is missing or gone is told.
    """
    groups = list(groups)
    taken = _taken_of(groups, now)
    return [_choice(group, now, posted, taken[group.merchant], binds) for group in groups]


def resolve(groups: Iterable[BasketGroup], now: datetime, wanted: Mapping[int, datetime | None]) -> dict[int, Slot]:
    """Return the chosen slot of each merchant that offers any. wanted: {merchant: beginning}. Raises SlotGone."""
    groups = list(groups)
    taken = _taken_of(groups, now)
    found = {}
    for group in groups:
        start = wanted.get(group.merchant)
        slot = _slot_from(group, now, taken[group.merchant], start) if start else None
        if slot:
            found[group.merchant] = slot
        elif start or why_none(group, now, taken[group.merchant])[1] or _first(group, now, taken[group.merchant]):
            raise SlotGone
    return found


def wanted_of(choices: Iterable[Choice]) -> dict[int, datetime | None]:
    """Return what ``resolve`` wants, of the choices that a page showed."""
    return {choice.merchant: choice.chosen.start if choice.chosen else None for choice in choices}


def soonest(groups: Iterable[BasketGroup], now: datetime) -> list[tuple[str, bool]]:
    """Return for each merchant of a basket when one can come at the soonest, and whether it keeps from ordering."""
    groups = list(groups)
    taken = _taken_of(groups, now)
    told = []
    for group in groups:
        slot = _first(group, now, taken[group.merchant])
        told.append(
            (f"À retirer dès {words.since(slot.start, now)}", False)
            if slot
            else why_none(group, now, taken[group.merchant])
        )
    return told


def why_none(group: BasketGroup, now: datetime, taken: list[Taken]) -> tuple[str, bool]:
    """Return why a merchant offers no slot, in French, and whether that keeps from ordering."""
    if group.way:
        return _why_no_round(group, taken)
    if not has_hours(group.opening_hours, group.place, now):
        return words.SOMEBODY_SAYS, False
    if not group.rules.weekdays or not _first(group, now, []):
        picky = [line for line in group.lines if line.weekdays != EVERY_DAY]
        if picky:
            named = " et ".join(f"« {line.title} »" for line in picky)
            return (
                f"Aucun jour de retrait ne convient à {named} : retirez un de ces articles du panier, vous le "
                "commanderez à part.",
                True,
            )
        return f"Aucun retrait n’est possible {chez(group.title)} en ce moment.", True
    if taken:
        return (
            f"Tous les créneaux sont pris {chez(group.title)} pour les jours à venir. Revenez demain, ou retirez ses "
            "articles du panier pour commander le reste.",
            True,
        )
    return "", False


def _choice(group: BasketGroup, now: datetime, posted: Mapping[str, str], taken: list[Taken], binds: bool) -> Choice:
    wanted = read_start(posted.get(name_of(group.merchant), ""))
    since = now - READING if wanted else now  # what a page offered a while ago can still be had
    choice = Choice(group.merchant, list(_offered(group, since, taken)))
    if choice.slots:
        pick(choice, posted, chez(group.title), binds)
    else:
        choice.told, choice.is_blocked = why_none(group, now, taken)
    return choice


def pick(choice: Choice, posted: Mapping[str, str], where: str, binds: bool) -> None:
    """Choose among a choice's slots what was posted: the button of a day, a time, or the soonest.

    where: "chez …", for what is told. binds: as in ``choices``.
    """
    wanted, day = read_start(posted.get(choice.name, "")), _pressed_day(choice.merchant, posted)
    choice.is_open = day is not None
    if day:
        choice.chosen = next((slot for slot in choice.slots if slot.start.date() == day), choice.slots[0])
    elif wanted:
        choice.chosen = next((slot for slot in choice.slots if slot.start >= wanted), choice.slots[-1])
        if choice.chosen.start != wanted:
            gone = f"{words.written_day(wanted.date())} à {words.clock(wanted.time())}"
            choice.changed = (
                f"Le créneau du {gone} n’est plus libre {where} : nous vous proposons {choice.label}. Vérifiez, ou "
                "choisissez-en un autre."
            )
            choice.is_open = True
    else:
        choice.chosen = choice.slots[0]
        if binds:
            choice.changed = f"Vérifiez quand vous viendrez {where} : {choice.label}."


def read_start(value: str) -> datetime | None:
    """Return the beginning that a radio button names, or None."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.astimezone(PARIS) if moment.tzinfo and 2000 < moment.year < 9000 else None


def _pressed_day(merchant: int, posted: Mapping[str, str]) -> date | None:
    owner, _, day = posted.get(PRESSED_DAY, "").partition("/")
    if owner != str(merchant):
        return None
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def _offered(group: BasketGroup, now: datetime, taken: list[Taken]) -> Iterator[Slot]:
    """Yield when one merchant's part can be collected, or the rounds that can bring it; a parcel has none."""
    if group.way is None:
        return offers(group.opening_hours, group.place, now, group.rules, taken)
    if group.way.rounds is None:
        return iter(())
    days = [line.weekdays for line in group.lines]  # the shop's own days without collection do not count
    articles = replace(group.rules, weekdays=EVERY_DAY.intersection(*days))
    return rounds_ahead(group.way.rounds, group.opening_hours, group.place, now, articles, taken)


def _taken_of(groups: list[BasketGroup], now: datetime) -> dict[int, list[Taken]]:
    """Return what is taken of each merchant's slots, or of the rounds; one query, two where somebody delivers."""
    kinds = {group.way.kind if group.way else "" for group in groups}
    found: dict[int, list[Taken]] = {}
    for kind in kinds:
        own = [group.merchant for group in groups if (group.way.kind if group.way else "") == kind]
        found |= taken_of(own, now, kind)
    return found


def _why_no_round(group: BasketGroup, taken: list[Taken]) -> tuple[str, bool]:
    if group.way is None or group.way.rounds is None:
        return "Le colis part dans le délai annoncé.", False
    if taken:
        return (
            f"Les tournées sont complètes {chez(group.title)} : revenez demain, ou retirez à la boutique.",
            True,
        )
    return f"Aucune tournée ne convient à vos articles {chez(group.title)} : retirez-les à la boutique.", True


def _first(group: BasketGroup, now: datetime, taken: list[Taken]) -> Slot | None:
    return next(_offered(group, now, taken), None)


def _slot_from(group: BasketGroup, now: datetime, taken: list[Taken], start: datetime) -> Slot | None:
    """Return the slot that begins then, if the page could offer it in the half hour before now."""
    for slot in _offered(group, now - READING, taken):
        if slot.start >= start:
            return slot if slot.start == start else None
    return None
