"""How words that name days follow each other: a selector, with its dates, days of the week and holidays."""

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

from directory.hours.dates_grammar import DatesParser
from directory.hours.rules import DateRange, Selector
from directory.hours.words import Kind, Unreadable


class DaysParser(DatesParser):
    """Reads the days of a rule."""

    def selectors(self) -> tuple[Selector, ...]:
        """Read the days of a rule: parts side by side must all name a day, a comma offers another choice."""
        found: list[Selector] = []
        parts = _Parts()
        while self.begins_days():
            if self._begins_calendar():
                parts.add_calendar(*self._calendar())
            else:
                self._weekdays(parts)
            after = self.ahead(1)
            if self.at(":") and after and after.kind in (Kind.DAY, Kind.HOLIDAY):
                self.take()
            mark = self.position
            if self.at(","):
                self.take()
                if not self.begins_days():
                    self.position = mark
                    break
                found.append(parts.selector())
                parts = _Parts()
        if not parts.is_empty:
            found.append(parts.selector())
        if len(found) > 1 and any(one.is_of_months for one in found):
            raise Unreadable(
                "Des mois et des jours sont séparés par une virgule\u00a0: ôtez-la, ou mettez «\u00a0;\u00a0»."
            )
        return tuple(found)

    def begins_days(self) -> bool:
        return self._begins_calendar() or self._begins_weekday()

    def _begins_weekday(self) -> bool:
        return self.token is not None and self.token.kind in (Kind.DAY, Kind.HOLIDAY)

    def _weekdays(self, parts: "_Parts") -> None:
        """Read a list of weekdays and holidays; a holiday beside a weekday, without comma, means both at once."""
        last = Kind.HOLIDAY if parts.holidays else Kind.DAY if parts.weekday_texts else None
        while (token := self.token) and token.kind in (Kind.DAY, Kind.HOLIDAY):
            if last and token.kind is not last and not self._came_after_comma():
                parts.joint = True
            if token.kind is Kind.HOLIDAY:
                parts.holidays.append((self.take().text, self._offset()))
            else:
                self._weekday_range(parts)
            last = token.kind
            mark = self.position
            if self.at(","):
                self.take()
                if not self._begins_weekday():
                    self.position = mark
                    return

    def _came_after_comma(self) -> bool:
        before = self.tokens[self.position - 1]
        return before.kind is Kind.MARK and before.text == ","

    def _weekday_range(self, parts: "_Parts") -> None:
        first = last = self.take()
        if self.at("-"):
            after = self.ahead(1)
            if after and after.kind is Kind.DAY:
                self.take()
                last = self.take()
        text = first.text if first is last else f"{first.text}-{last.text}"
        if self.at("["):
            if first is not last:
                raise Unreadable
            text += self._indexes()
            parts.is_counted = True
        if offset := self._offset():
            text += f" {offset:+} day{'s' if abs(offset) > 1 else ''}"
            parts.is_counted = True
        parts.weekday_texts.append(text)
        parts.weekdays |= {
            number % 7 for number in range(first.value, first.value + (last.value - first.value) % 7 + 1)
        }

    def _indexes(self) -> str:
        """Read "[1,3]" or "[-1]"."""
        text = self.take().text
        while not self.at("]"):
            token = self.take()
            if token.kind is not Kind.NUMBER and token.text not in ("-", ","):
                raise Unreadable
            text += token.text
        return text + self.take().text


class _Parts:
    """The parts of one selector, while it is read."""

    def __init__(self) -> None:
        self.calendar: list[str] = []
        self.dates: tuple[DateRange, ...] = ()
        self.is_dated = False
        self.weekdays: frozenset[int] = frozenset()
        self.weekday_texts: list[str] = []
        self.is_counted = False
        self.holidays: list[tuple[str, int]] = []
        self.joint = False

    @property
    def is_empty(self) -> bool:
        return not (self.calendar or self.weekday_texts or self.holidays)

    def add_calendar(self, text: str, dates: tuple[DateRange, ...], is_dated: bool) -> None:
        self.dates = dates if not self.calendar else ()
        self.calendar.append(text)
        self.is_dated |= is_dated

    def selector(self) -> Selector:
        calendar = " ".join(self.calendar)
        days: frozenset[int] | OpeningHours | None = self.weekdays or None
        if self.is_counted:
            days = _library(",".join(self.weekday_texts))
        only_holidays = bool(self.holidays) and (not self.weekday_texts or self.joint)
        return Selector(
            calendar=_library(calendar) if calendar else None,
            weekdays=days,
            holidays=tuple(self.holidays),
            joint=self.joint,
            dates=self.dates if not self.weekday_texts and not self.holidays else (),
            is_dated=self.is_dated or only_holidays,
            key=f"{calendar}|{sorted(self.weekdays)}|{self.weekday_texts if self.is_counted else ''}"
            f"|{sorted(self.holidays)}|{self.joint}",
        )


def _library(text: str) -> OpeningHours:
    try:
        return OpeningHours(text)
    except ParserError as error:
        raise Unreadable(f"«\u00a0{text}\u00a0» n’est pas une date.") from error
