"""Goods that are a whole category of articles: a Picodon is a « fromage », though its name does not say so."""

from collections.abc import Sequence
from functools import lru_cache

from search.understanding.inflection import base_form
from search.understanding.normalize import SMALL_WORDS, words_of
from search.understanding.wordlists import lists_of_slugs


def categories_of_goods(words: Sequence[str]) -> tuple[str, ...]:
    """Return the slugs of the categories whose articles are all what these folded words name; () for none."""
    return _generic_goods().get(_key(words), ())


@lru_cache(maxsize=1)
def _generic_goods() -> dict[frozenset[str], tuple[str, ...]]:
    return {_key(words_of(phrase)): slugs for slugs, phrases in lists_of_slugs("goods.txt") for phrase in phrases}


def _key(words: Sequence[str]) -> frozenset[str]:
    return frozenset(base_form(word) for word in words if word not in SMALL_WORDS)
