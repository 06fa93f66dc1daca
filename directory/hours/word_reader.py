"""Words read one after the other: what all parts of the grammar share."""

from collections.abc import Sequence

from django.utils.functional import cached_property

from directory.hours.words import Kind, Token, Unreadable


class WordReader:
    """Reads words one after the other."""

    def __init__(self, words: Sequence[Token]):
        self.tokens = words
        self.position = 0

    @property
    def token(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def ahead(self, count: int) -> Token | None:
        place = self.position + count
        return self.tokens[place] if place < len(self.tokens) else None

    def at(self, *marks: str) -> bool:
        token = self.token
        return token is not None and token.kind is Kind.MARK and token.text in marks

    def take(self) -> Token:
        token = self.token
        if token is None:
            raise Unreadable("Il manque la fin de ces horaires.")
        self.position += 1
        return token

    def expect(self, mark: str) -> None:
        if not self.at(mark):
            raise Unreadable(f"Il manque le signe «\u00a0{mark}\u00a0».")
        self.take()

    @property
    def rest(self) -> str:
        return " ".join(token.text for token in self.tokens[self.position : self.position + 3])

    @cached_property
    def is_french(self) -> bool:
        """Whether French words stand among them: then "mar" may be a day, and days without hours are no rule."""
        return any(token.french for token in self.tokens)

    def check_month(self, token: Token) -> None:
        """Raise Unreadable if a month just taken may be a day: "mar" is March in English and Tuesday in French."""
        if token.text != "Mar" or token.french or token.end - token.start > 4 or not self.is_french:
            return
        place = self.position - 1
        beside = [self.tokens[there] for there in (place - 2, place + 2) if 0 <= there < len(self.tokens)]
        has_english_days = any(one.kind is Kind.DAY and not one.french and one.text != "Sa" for one in self.tokens)
        if not has_english_days and not any(one.kind is Kind.MONTH for one in beside):
            raise Unreadable("«\u00a0mar\u00a0» peut être mardi ou mars\u00a0: écrivez le mot entier.")

    def _offset(self) -> int:
        """Read "-1 day", "+2 days"; 0 without."""
        sign, number, word = (self.ahead(count) for count in range(3))
        if sign and number and word and sign.text in ("+", "-") and word.kind is Kind.OFFSET:
            self.position += 3
            return number.value if sign.text == "+" else -number.value
        return 0
