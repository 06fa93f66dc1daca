"""Expands a query by the synonyms that editors wrote."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.understanding.inflection import base_form
from search.understanding.lexicon import LONGEST_PHRASE
from search.understanding.normalize import SHOPPING_WORDS, SMALL_WORDS, words_of


@dataclass(frozen=True, slots=True)
class SynonymMatch:
    """A question's words with one synonym put in place. phrase, meaning: that synonym, as its editor wrote it."""

    words: tuple[str, ...]
    phrase: str
    meaning: str


class Synonyms:
    """Phrases and the words that mean the same, looked up without plurals and small words."""

    def __init__(self, meanings: Iterable[tuple[str, str]]) -> None:
        """meanings: (phrase, words that mean the same)."""
        self._meanings = {key(phrase): (phrase, meaning) for phrase, meaning in meanings if key(phrase)}

    def exchange(self, words: Sequence[str]) -> SynonymMatch | None:
        """Return a question said again: its longest synonym, the first of several, is exchanged, once; None without.

        words: folded, in the order typed. What is put in place is not looked up again.
        """
        if not self._meanings:
            return None
        said = list(_said(words))
        for length in range(min(LONGEST_PHRASE, len(said)), 0, -1):
            for start in range(len(said) - length + 1):
                those = said[start : start + length]
                if known := self._meanings.get(tuple(word for _, word in those)):
                    phrase, meaning = known
                    first, last = those[0][0], those[-1][0]
                    return SynonymMatch((*words[:first], *words_of(meaning), *words[last + 1 :]), phrase, meaning)
        return None


def key(phrase: str) -> tuple[str, ...]:
    """Return what a phrase is looked up by: its words that say what is looked for, in base form; () if none does."""
    return tuple(word for _, word in _said(words_of(phrase)))


def _said(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield (position, base form) of the words that say what is looked for."""
    for position, word in enumerate(words):
        if word not in SMALL_WORDS and word not in SHOPPING_WORDS:
            yield position, base_form(word)
