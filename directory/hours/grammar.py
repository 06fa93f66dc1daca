"""How words of opening hours follow each other: from a text to its rules.

The format is OpenStreetMap's (https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification). Where people
write otherwise and only one meaning makes sense, that meaning is read: ``Tu, Th 14:00-18:00`` is a list of days, no
rule of its own for Tuesday.
"""

from itertools import pairwise

from directory.hours.days_grammar import DaysParser
from directory.hours.rules import DAY, Join, Kind, Moment, Rule, Selector, Slot
from directory.hours.words import Kind as Word
from directory.hours.words import Token, Unreadable, tokens

_STATES = {Word.OPEN: Kind.OPEN, Word.CLOSED: Kind.CLOSED, Word.UNKNOWN: Kind.UNKNOWN}
_JOINS = {";": Join.REPLACE, "||": Join.FALLBACK, ",": Join.ADD}


def parse(text: str) -> tuple[Rule, ...]:
    """Return the rules of a text, at least one; raise Unreadable, with the reason in French."""
    rules = _Parser(tokens(text)).rules()
    if not rules:
        raise Unreadable
    return rules


class _Parser(DaysParser):
    excepted: Rule | None = None  # the days of "tous les jours sauf mardi 9h-19h" that are closed

    def rules(self) -> tuple[Rule, ...]:
        found: list[Rule] = []
        join: Join | None = None
        while True:
            while self.at(";", ",", "||"):
                mark = _JOINS[self.take().text]
                join = mark if join is None or mark is Join.FALLBACK else join
            if self.token is None:
                return self._closed_at_first(found)
            if found and join is None and not self._begins_rule(found[-1]):
                raise Unreadable(f"Il manque un «\u00a0;\u00a0» avant «\u00a0{self.rest}\u00a0».")
            self.excepted = None
            rule = self._rule(join if found and join else Join.REPLACE)
            self._check_closing(rule, found)
            found.append(self._joined(rule, found))
            if self.excepted:
                found.append(self.excepted)
            join = None

    def _closed_at_first(self, rules: list[Rule]) -> tuple[Rule, ...]:
        """Return the rules, those of "fermé le dimanche ; ouvert de 9h à 19h" with the closing behind what it closes.

        "Su off; 09:00-19:00" is left as it stands: OpenStreetMap's format says that the later rule counts.
        """
        french = {token.start for token in self.tokens if token.kind is Word.CLOSED and token.french}
        first = 0
        while first < len(rules) and rules[first].kind is Kind.CLOSED and rules[first].selectors:
            if not any(rules[first].start <= start < rules[first].end for start in french):
                break
            first += 1
        return (*rules[first:], *rules[:first])

    def _begins_rule(self, before: Rule) -> bool:
        """Whether what comes without a mark between can only be a rule of its own."""
        if before.slots and before.kind is Kind.OPEN:
            return self.begins_days() or self._closes_days()
        has_days_first = self.tokens[self.position - 1].kind is Word.CLOSED and bool(before.selectors)
        return self.is_french and has_days_first and before.kind is Kind.CLOSED and self.begins_days()

    def _closes_days(self) -> bool:
        """Whether "fermé le dimanche" comes, which says nothing of the hours before it."""
        token = self.token
        if token is None or token.kind is not Word.CLOSED or not token.french:
            return False
        self.position += 1
        names_days = self.begins_days()
        self.position -= 1
        return names_days

    def _check_closing(self, rule: Rule, before: list[Rule]) -> None:
        """Raise Unreadable where "fermé dimanche, lundi 9h-12h" may name days of opening too."""
        words = [token for token in self.tokens[: self.position] if token.start >= rule.start]
        if not (rule.slots and words and words[0].kind is Word.CLOSED and words[0].french):
            return
        days = words[: next(place for place, word in enumerate(words) if word.kind is Word.TIME)]
        if not before or any(word.text == "," for word in days[:-1]):
            raise Unreadable("Mettez un «\u00a0;\u00a0» entre les jours de fermeture et les jours d’ouverture.")

    def _joined(self, rule: Rule, before: list[Rule]) -> Rule:
        """Return the rule as it joins those before: the same days named twice have both hours."""
        if rule.join is not Join.REPLACE or not before or not _same_days_other_hours(before[-1], rule):
            return rule
        return Rule(Join.ADD, rule.selectors, rule.slots, rule.kind, rule.comment, rule.start, rule.end)

    def _rule(self, join: Join) -> Rule:
        start = self.position
        kind, comment = self._state(None, "")
        if comment and self.at(":"):  # a name for what follows
            self.take()
            comment = ""
        selectors = self.selectors()
        if self.at(":"):
            self.take()
        if selectors and self.at(","):  # "du lundi au vendredi, 9h-12h"
            self.take()
        slots = () if self._take_always() else self._slots() or self._slots_behind_exception(selectors)
        if slots and not selectors:
            selectors = self._days_behind()
        if not (slots and self._closes_days()):
            kind, comment = self._state(kind, comment)
        if self.position == start:
            raise Unreadable(f"«\u00a0{self.rest}\u00a0» n’est pas à sa place.")
        if self.is_french and selectors and not slots and kind in (None, Kind.OPEN) and not comment:
            raise Unreadable("Il manque les heures de certains jours.")
        if kind is None:
            kind = Kind.UNKNOWN if comment else Kind.OPEN
        first, last = self.tokens[start], self.tokens[self.position - 1]
        if first.text == "sauf" and slots:
            raise Unreadable("«\u00a0sauf\u00a0» suivi d’heures\u00a0: est-ce ouvert ou fermé à ces heures\u00a0?")
        return Rule(join, selectors, slots, kind, comment, first.start, last.end)

    def _slots_behind_exception(self, selectors: tuple[Selector, ...]) -> tuple[Slot, ...]:
        """Read the hours of "tous les jours sauf mardi 9h-19h", and keep its exception as a rule of its own."""
        start, but = self.position, self.ahead(1)
        if not selectors or not self.at(";") or but is None or but.text != "sauf":
            return ()
        self.position += 2
        days = self.selectors()
        end = self.tokens[self.position - 1].end
        while self.at(":", ","):
            self.take()
        slots = self._slots() if days else ()
        if not slots:
            self.position = start
            return ()
        self.excepted = Rule(Join.REPLACE, days, (), Kind.CLOSED, "", but.start, end)
        return slots

    def _days_behind(self) -> tuple[Selector, ...]:
        """Read the days of "9h-12h du lundi au vendredi", unless hours of their own follow them."""
        mark = self.position
        if self.at(","):
            self.take()
        selectors = self.selectors()
        if not selectors or not (self.token is None or self.at(";", "||")):
            self.position = mark
            return ()
        return selectors

    def _state(self, kind: Kind | None, comment: str) -> tuple[Kind | None, str]:
        """Read "off", "open", "unknown" and a comment, in any order."""
        while self.token and self.token.kind in (*_STATES, Word.COMMENT):
            token = self.take()
            if token.kind is Word.COMMENT:
                comment = f"{comment}, {token.text}" if comment else token.text
            else:
                kind = _STATES[token.kind]
        return kind, comment

    def _take_always(self) -> bool:
        if self.token and self.token.kind is Word.ALWAYS:
            self.take()
            return True
        return False

    def _slots(self) -> tuple[Slot, ...]:
        found: list[Slot] = []
        while self._begins_time():
            found.append(self._slot())
            mark = self.position
            if self.at(",", "/"):
                is_interval = self.take().text == "/" and not self._begins_range()
                if is_interval and self._begins_time():
                    self.take()  # how often it happens within the hours: open all the same
                elif not self._begins_time():
                    self.position = mark
        return tuple(found)

    def _begins_time(self) -> bool:
        token = self.token
        if token is None:
            return False
        return token.kind in (Word.TIME, Word.SUN) or self.at("(") or self.is_bare_hour()

    def _begins_range(self) -> bool:
        after = self.ahead(1)
        return self._begins_time() and after is not None and after.text in ("-", "+")

    def _slot(self) -> Slot:
        is_bare = self.is_bare_hour()
        start = self._moment()
        if self.at("+"):
            self.take()
            return Slot(start, None, is_open_ended=True)
        if not self.at("-"):
            raise Unreadable("Il manque une heure de fermeture.")
        self.take()
        if not self._begins_time():
            raise Unreadable("Il manque une heure de fermeture.")
        end = self._moment()
        if not start.event and start.minutes >= DAY:
            raise Unreadable("Une ouverture commence avant minuit\u00a0: écrivez le jour suivant.")
        if is_bare and (start.minutes < 5 * 60 or end.minutes <= start.minutes < 12 * 60):
            raise Unreadable("Est-ce le matin ou le soir\u00a0? Écrivez les heures de 00:00 à 24:00.")
        if self.at("+"):
            self.take()
            return Slot(start, end, is_open_ended=True)
        return Slot(start, end)

    def _moment(self) -> Moment:
        if self.at("("):
            return self._from_the_sun()
        token = self.take()
        if token.kind is Word.SUN:
            return Moment(0, token.text)
        return Moment(token.value if token.kind is Word.TIME else bare_minutes(token))

    def _from_the_sun(self) -> Moment:
        """Read "(sunset-01:00)"."""
        self.expect("(")
        event, sign = self.take(), self.take()
        shift = self.take()
        self.expect(")")
        if event.kind is not Word.SUN or sign.text not in ("+", "-") or shift.kind is not Word.TIME:
            raise Unreadable
        return Moment(shift.value if sign.text == "+" else -shift.value, event.text)


def bare_minutes(token: Token) -> int:
    """Return the minutes of an hour written "9" or "0930"."""
    hour, minute = divmod(token.value, 100) if len(token.text) == 4 else (token.value, 0)
    if hour > 24 or minute > 59:
        raise Unreadable(f"«\u00a0{token.text}\u00a0» n’est pas une heure.")
    return hour * 60 + minute


def _same_days_other_hours(before: Rule, rule: Rule) -> bool:
    """Return whether a rule would undo the one before without anybody meaning it."""
    if not (before.slots and rule.slots) or {before.kind, rule.kind} != {Kind.OPEN}:
        return False
    if _keys(before.selectors) != _keys(rule.selectors):
        return False
    times = [(slot.start, slot.end) for slot in (*before.slots, *rule.slots)]
    if any(moment is None or moment.event for pair in times for moment in pair):
        return False
    ordered = sorted((start.minutes, end.minutes) for start, end in times if end)
    return all(start < end <= following for (start, end), (following, _) in pairwise(ordered))


def _keys(selectors: tuple[Selector, ...]) -> list[str]:
    return sorted(selector.key for selector in selectors)
