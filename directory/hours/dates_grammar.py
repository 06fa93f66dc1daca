"""How words that name dates follow each other: days of the year, months, years, weeks."""

from calendar import monthrange

from directory.hours.rules import DateRange
from directory.hours.word_reader import WordReader
from directory.hours.words import MONTHS, Kind, Token, Unreadable

Part = tuple[int, int, int]  # year, month, day: 0 where not said


class DatesParser(WordReader):
    def _begins_calendar(self) -> bool:
        token = self.token
        if token is None:
            return False
        if token.kind is Kind.NUMBER:
            return not self.is_bare_hour()
        return token.kind in (Kind.MONTH, Kind.EASTER, Kind.WEEK)

    def is_bare_hour(self) -> bool:
        """Whether a number can only be an hour: no year, and no month follows it."""
        token = self.token
        if token is None or token.kind is not Kind.NUMBER or _is_year(token):
            return False
        for after in self.tokens[self.position + 1 :]:
            if after.kind is Kind.MONTH:
                return False
            if after.kind is not Kind.NUMBER and after.text not in ("-", ","):
                break
        return len(token.text) in (1, 2, 4)

    def _calendar(self) -> tuple[str, tuple[DateRange, ...], bool]:
        """Read dates; return the library's text, the dates if it is dates only, and whether single days are named."""
        texts: list[str] = []
        dates: list[DateRange] = []
        is_dated = is_other = False
        while True:
            if self.token and self.token.kind is Kind.WEEK:
                texts.append(self._week())
                is_other = is_dated = True
            else:
                text, found = self._date_range(dates[-1] if dates else None)
                texts.append(text)
                if found:
                    dates.append(found)
                is_other |= found is None
                is_dated |= found is None or found.is_of_days
            mark = self.position
            if self.at(","):
                self.take()
                if self._begins_calendar() or (dates and self._is_day_of_month()):
                    continue
                self.position = mark
            break
        text = ",".join(texts)
        if self.token and self.token.kind is Kind.WEEK:
            text, is_other = f"{text} {self._week()}", True
        return text, () if is_other else tuple(dates), is_dated

    def _is_day_of_month(self) -> bool:
        token = self.token
        return token is not None and token.kind is Kind.NUMBER and len(token.text) <= 2 and 1 <= token.value <= 31

    def _week(self) -> str:
        text = f"{self.take().text} "
        while self.token and (self.token.kind is Kind.NUMBER or self.at("-", "/", ",")):
            after = self.ahead(1)
            if self.at(",") and not (after and after.kind is Kind.NUMBER):
                break
            text += self.take().text
        return text

    def _date_range(self, before: DateRange | None) -> tuple[str, DateRange | None]:
        """Read one date or a range of them. before: the one before in the list, whose month a bare day shares."""
        start = self.position
        first = self._date(before.last if before else None)
        if first is None:
            return self._special_dates(start), None
        last = first
        if self._offset():
            return self._special_dates(start), None
        if self.at("-"):
            self.take()
            after = self._date(first, is_last=True)
            if after is None or self._offset():
                return self._special_dates(start), None
            last = after
        if self.at("+"):
            self.take()
            return f"{_written(first)}+", None
        found = _as_range(first, last)
        return _range_text(found), found if first[1] else None

    def _date(self, before: Part | None, *, is_last: bool = False) -> Part | None:
        """Read a date; None if it is none of year, month and day. before: whose month a bare day shares."""
        token = self.token
        if token is None or token.kind is Kind.EASTER:
            return None
        year = 0
        if _is_year(token):
            year = self.take().value
            is_end_of_years = is_last and before is not None and not before[1]
            if is_end_of_years or self.token is None or self.token.kind is not Kind.MONTH:
                return (year, 0, 0)
        if self.token and self.token.kind is Kind.NUMBER:  # "24", or "24 décembre 2026"
            return self._french_date(before, is_last=is_last)
        if self.token is None or self.token.kind is not Kind.MONTH:
            return None
        month = self._month()
        day = 0
        if self._is_day_of_month():
            day = self.take().value
        elif self.token and self.token.kind is Kind.DAY and self._is_date_by_weekday():
            return None
        return (year, month, day)

    def _is_date_by_weekday(self) -> bool:
        """Whether "Su[-1]" after a month is the end or the beginning of a range of dates."""
        marks = [self.ahead(count) for count in range(1, 7)]
        texts = [token.text if token else "" for token in marks]
        closing = texts.index("]") if "]" in texts else -1
        after = marks[closing + 2] if 0 < closing < 4 else None
        return bool(after and texts[closing + 1] == "-" and after.kind is Kind.MONTH)

    def _french_date(self, before: Part | None, *, is_last: bool) -> Part | None:
        day = self.take().value
        if self.token and self.token.kind is Kind.MONTH:
            month, year = self._month(), 0
            if self.token and _is_year(self.token):
                year = self.take().value
            return (year, month, day)
        if before and (before[2] or not is_last):
            return (before[0], before[1], day) if before[1] else None
        for token in self.tokens[self.position :]:  # "du 24 au 26 décembre": the month comes later
            if token.kind is Kind.MONTH:
                return (0, token.value, day)
        return None

    def _month(self) -> int:
        token = self.take()
        self.check_month(token)
        return token.value

    def _special_dates(self, start: int) -> str:
        """Read dates that only the library counts (Easter, the last Sunday of a month); it says if they are wrong."""
        self.position = start
        texts: list[str] = []
        while token := self.token:
            if token.kind in (Kind.MONTH, Kind.EASTER, Kind.OFFSET, Kind.NUMBER):
                if token.kind is Kind.NUMBER and self.is_bare_hour() and not texts:
                    break
                texts.append(token.text)
            elif (token.kind is Kind.DAY and texts and texts[-1] in MONTHS) or self.at("-", "+", "[", "]"):
                texts.append(token.text)
            else:
                break
            self.position += 1
        if self.position == start:
            raise Unreadable(f"«\u00a0{self.rest}\u00a0» n’est pas une date.")
        return _spaced(texts)


def _is_year(token: Token) -> bool:
    return token.kind is Kind.NUMBER and len(token.text) == 4 and 2000 <= token.value < 2100


def _as_range(first: Part, last: Part) -> DateRange:
    """Return a range of dates whose end has the year and the day that its beginning implies."""
    year, month, day = last
    if first[1] and not month:
        raise Unreadable("Il manque le mois d’une date.")
    if first[0] and not year:
        year = first[0] + ((month, day or 31) < (first[1], first[2]))
    if year and not first[0]:
        first = (year - ((first[1], first[2]) > (month, day or 31)), *first[1:])
    if day and not first[2]:
        first = (first[0], first[1], 1)
    if month and (day == 0) and (first[2] or year != first[0]):
        day = monthrange(year or 2027, month)[1]
        first = (first[0], first[1], first[2] or 1)
    if year and (year, month, day or 31) < first:
        raise Unreadable("Une période finit avant de commencer.")
    return DateRange(first, (year, month, day))


def _range_text(dates: DateRange) -> str:
    first, last = _written(dates.first), _written(dates.last)
    if first == last:
        return first
    if not dates.first[2] and dates.first[0] and dates.first[1]:  # 2026 Jul-Aug
        return f"{first}-{MONTHS[dates.last[1] - 1]}"
    return f"{first}-{last}"


def _written(part: Part) -> str:
    year, month, day = part
    words = [str(year)] if year else []
    words += [MONTHS[month - 1]] if month else []
    if day:
        if not 1 <= day <= monthrange(year or 2024, month)[1]:
            raise Unreadable(f"Le jour {day} n’existe pas dans ce mois.")
        words.append(str(day))
    return " ".join(words)


def _spaced(texts: list[str]) -> str:
    """Join the words of a date as the library wants them: "easter -2 days", "Mar Su[-1]-Oct Su[-1]"."""
    text = ""
    for number, word in enumerate(texts):
        before = texts[number - 1] if number else ""
        is_offset = word in ("-", "+") and texts[number + 2 : number + 3] == ["days"]
        glued = word in ("[", "]", "-", "+") and not is_offset
        after_glue = before in ("[", "-", "+")
        text += word if not text or glued or after_glue else f" {word}"
    return text
