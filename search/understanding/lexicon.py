"""What words mean to a shopper: the categories that trades, goods and services belong to.

Sources, the nearer to the category the stronger: its name and synonyms (editable tables), then those of wordlists.py.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from directory.models import Category
from search.understanding import wordlists
from search.understanding.inflection import base_form
from search.understanding.normalize import SMALL_WORDS, content_words, words_of
from search.understanding.terms import told

LONGEST_PHRASE = 5  # words
MOST_GUESSES = 3
MOST_SUBSTITUTES = 5
NEARLY = 0.6  # of the best guess's weight: as likely

# How much a match counts. French says the thing, then its kind ("foulard en soie"), and a trade names the shop itself
# wherever it stands ("faire-part imprimeur").
_MORE_WORDS = 0.8
_TRADE = 1.6
_FOLLOWER = 0.6
_TRADE_FOLLOWER = 0.85
_MODIFIER = 0.35
_KIN = 0.8
_PART = 0.5
_TOP_CATEGORY = 0.5
_RARER = 0.7
_SPECIALITY, _MAY_HAVE_IT = 0.96, 0.5  # how central it is to who makes it, and to who may have it: below NEARLY
_PRODUCER = 1.25  # « bière artisanale » is rather the brewer's than the wine merchant's
TABLES = "restauration"  # the top category of those who serve at table
ANY_FARM = "ferme-vente-directe"  # who looks for a farm goes to another, whatever it grows
PRODUCERS = "producteurs"  # the top category of those who sell what they grow or make
_FROM_PRODUCERS = frozenset(["artisanal", "artisanale", "fermier", "fermiere", "paysan", "producteur", "productrice"])

# For whom, of what, how it was made: these say which, not what.
_MODIFIERS = frozenset(
    words_of(
        "adulte anniversaire artisan artisanal artisanale atelier bebe bio bois cadeau chat chien createur cuir enfant "
        "femme fermier fermiere fille garcon homme laine local locale locaux maison mariage naissance neuf noel "
        "occasion pro producteur regional soie sport traditionnel vintage"
    )
)
_SAME = {
    "st": "saint",
    "ste": "sainte",
    **dict.fromkeys(("reparer", "reparateur", "reparatrice", "depannage", "depanner", "sav"), "reparation"),
    **dict.fromkeys(("louer", "loc", "loueur"), "location"),
}
_TRADES = frozenset(
    words_of(
        "antiquaire atelier auberge bar berger boucher bouchon boulanger cave disquaire domaine ferme fromager garage "
        "halle horloger institut libraire luthier magasin maraicher marchand marche moulin pharmacie primeur "
        "restaurant resto salon spa supermarche traiteur veterinaire vigneron"
    )
)
_TRADE_ENDING = re.compile(r"...(?:ier|rie|iste|eur|trice|ien|ienne|logue)$")
_WRITTEN_APART = re.compile(r"[\s'’,]+")
_ACT = re.compile(r"....(?:er|ir|dre)$")  # "jean à raccourcir": what to do with a thing says more than the thing
_FAMILY = re.compile(r"(?:erie|iere|ier|iste|euse|eur|trice|ere|er|age|ment|e)$")
_PART_LENGTH = 4  # letters
_FAMILY_LENGTH = 5  # letters; shorter beginnings are shared by strangers


@dataclass(frozen=True, slots=True)
class InferredCategory:
    """What some words mean. slugs: categories, likeliest first. explained: positions of the words that say so.

    related: categories that may have it too, likeliest first, none of them among slugs. is_trade: all of the words that
    say so name who sells. heads: positions of those that say what, where others say how, of what, for whom.
    """

    slugs: tuple[str, ...] = ()
    explained: frozenset[int] = frozenset()
    related: tuple[str, ...] = ()
    is_trade: bool = False
    heads: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Match:
    positions: tuple[int, ...]
    slugs: dict[str, float]
    weight: float
    is_trade: bool


class Lexicon:
    """Phrases and the categories they lead to, with how central each is to the category, from 0 to 1."""

    def __init__(self, categories: Iterable[Category], said: Iterable[str] = ()) -> None:
        """said: phrases that people type, whatever they mean: they are spelled right, and name no place."""
        self._phrases: dict[tuple[str, ...], dict[str, float]] = {}
        self._loose: dict[tuple[str, ...], dict[str, float]] = {}
        self._families: dict[str, dict[str, float]] = defaultdict(dict)
        self._parts: dict[str, dict[str, float]] = defaultdict(dict)
        self._tops: set[str] = set()
        self._producers: set[str] = set()
        self._tables: set[str] = set()
        self.spellings: set[str] = set()  # every word, as one writes it
        self._written: list[tuple[str, ...]] = []  # every phrase, small words included
        self._common: set[str] = set()  # those of them that are no proper name
        slugs: set[str] = set()
        self._known = slugs
        for category in categories:
            slugs.add(category.slug)
            if category.parent is None:
                self._tops.add(category.slug)
            elif category.parent.slug == PRODUCERS:
                self._producers.add(category.slug)
            elif category.parent.slug == TABLES:
                self._tables.add(category.slug)
            for name in (category.name, *re.split(" – | & |, ", category.name)):
                self._add(name, category.slug, 1)
            for position, synonym in enumerate(category.synonyms):
                self._add(synonym, category.slug, 0.98 - 0.005 * min(position, 20))
        for slug, position, phrase in wordlists.phrases("words.txt"):
            if slug in slugs:
                self._add(phrase, slug, 0.88 - 0.001 * min(position, 80))
        for makers, others, specialities in wordlists.specialities():
            weights = dict.fromkeys(makers, _SPECIALITY)
            weights |= {slug: _MAY_HAVE_IT - 0.01 * rank for rank, slug in enumerate(others)}
            for slug in weights.keys() & slugs:
                for phrase in specialities:
                    self._add(phrase, slug, weights[slug])
        for group in wordlists.groups():
            self._add_group(group)
        self._add_products(slugs)
        for key, found in self._phrases.items():
            self._loosen(key, found)
        self._add_rarer(slugs)
        for phrase in said:
            self._add_spellings(phrase)
            self._written.append(tuple(words_of(phrase)))
            self._phrases.setdefault(self._key(told(words_of(phrase))), {})
        self.vocabulary = frozenset(word for key in self._phrases for word in key) | frozenset(
            self._key(tuple(self.spellings))  # « gluten » is known, though it is only said in « sans gluten »
        )

    def means(self, words: Sequence[str]) -> bool:
        """Return whether these words are, all together, something sold or done."""
        return self._key(words) in self._phrases

    def is_common(self, words: Sequence[str]) -> bool:
        """Return whether all of these are words of the language: "four" is one, « Pérouges » in a galette is not."""
        return all(word in self._common or base_form(word) in self._common for word in words)

    def has_two_numbers(self, words: Sequence[str]) -> bool:
        """Return whether this is one word that is written in singular and plural: "chapeau", but not "beaufort"."""
        number = base_form(words[0])
        other = {number, f"{number}s", f"{number}x"} - {words[0]}
        return len(words) == 1 and (number in wordlists.everyday_words() or not self.spellings.isdisjoint(other))

    def is_trade(self, word: str) -> bool:
        """Return whether a word names who sells or where: "fromager", "fromagerie", "halles"."""
        word = base_form(word)
        masculine = _gendered(word)
        return (
            word in _TRADES
            or _TRADE_ENDING.search(word) is not None
            or (masculine != word and ((masculine,) in self._phrases or masculine in _TRADES))
        )

    def knows(self, word: str) -> bool:
        """Return whether a word, of whatever number and gender, is in any phrase."""
        return self._key([word])[0] in self.vocabulary or (_gendered(base_form(word)),) in self._loose

    def guess(self, words: Sequence[str]) -> InferredCategory:
        """Return the categories that folded words lead to; words as ``terms.told`` gives them."""
        chosen = self._chosen(self._key(words))
        weights: dict[str, float] = defaultdict(float)
        for followers, match in enumerate(sorted(chosen, key=lambda match: match.positions)):
            weight = match.weight * (_TRADE_FOLLOWER if match.is_trade else _FOLLOWER) ** followers
            for slug, centrality in match.slugs.items():
                weights[slug] += weight * centrality * (_TOP_CATEGORY if slug in self._tops else 1)
        if not weights:
            return InferredCategory()
        if not _FROM_PRODUCERS.isdisjoint(base_form(word) for word in words):
            weights |= {slug: weight * _PRODUCER for slug, weight in weights.items() if slug in self._producers}
        if any(slug not in self._tops for slug in weights):  # « déco maison » is decoration, not all for the house
            weights = {slug: weight for slug, weight in weights.items() if slug not in self._tops}
        ranked = sorted(weights, key=lambda slug: -weights[slug])
        slugs = tuple(slug for slug in ranked if weights[slug] >= NEARLY * weights[ranked[0]])[:MOST_GUESSES]
        telling_so = [match for match in chosen if not match.slugs.keys().isdisjoint(slugs)]
        explained = frozenset(position for match in telling_so for position in match.positions)
        explained |= {at for at, word in enumerate(words) if base_form(word) in _FROM_PRODUCERS}
        is_trade = len(explained) == len(words) and all(match.is_trade for match in telling_so)
        heads = frozenset(position for position in explained if base_form(words[position]) not in _MODIFIERS)
        return InferredCategory(slugs, explained, self._related(slugs, telling_so), is_trade, heads or explained)

    def written_together(self) -> dict[str, str]:
        """Return phrases of two or three words by what they are without the spaces: "lavelinge" -> "lave linge"."""
        return {"".join(words): " ".join(words) for words in self._written if 1 < len(words) < 4}

    def covers(self, words: Sequence[str], start: int, end: int) -> bool:
        """Return whether words[start:end] lie within a longer phrase: "Grenoble" in "noix de Grenoble"."""
        for first in range(max(0, start - LONGEST_PHRASE), start + 1):
            for last in range(end, min(len(words), end + LONGEST_PHRASE) + 1):
                if last - first > end - start and SMALL_WORDS.isdisjoint((words[first], words[last - 1])):
                    key = self._key([word for word in told(words[first:last]) if word not in SMALL_WORDS])
                    if len(key) > 1 and key in self._phrases:
                        return True
        return False

    def _related(self, slugs: Sequence[str], matches: Sequence[_Match]) -> tuple[str, ...]:
        """Return who may have it too: what the same words mean less often, then who stands in.

        Nobody stands in for a trade that is all one asks for: who looks for a butcher wants the nearest butcher. Who
        looks for a table, or a farm, takes another.
        """
        taken_instead = self._tables | {ANY_FARM}
        goods = [match for match in matches if not match.is_trade or not taken_instead.isdisjoint(match.slugs)]
        if not goods:
            return ()
        lesser = [slug for match in goods for slug in sorted(match.slugs, key=lambda slug: -match.slugs[slug])]
        beside = [slug for known in slugs for slug in wordlists.beside().get(known, ())]
        if slugs[0] in self._tables and (tables := [slug for slug in beside if slug in self._tables]):
            beside = tables
        found = dict.fromkeys((*lesser, *beside))
        others = [slug for slug in found if slug not in slugs and slug not in self._tops]
        return tuple(others[:MOST_SUBSTITUTES])

    def closest(self, slugs: Sequence[str]) -> tuple[str, ...]:
        """Return the categories closest to those of a trade, for where there is nobody of it far and wide."""
        beside = dict.fromkeys(slug for known in slugs for slug in wordlists.beside().get(known, ()))
        return tuple(slug for slug in beside if slug not in slugs and slug in self._known)[:MOST_SUBSTITUTES]

    def _chosen(self, keys: tuple[str, ...]) -> list[_Match]:
        """Return matches that share no word, the longest and strongest first."""
        chosen: list[_Match] = []
        taken: set[int] = set()
        for match in sorted(self._matches(keys), key=lambda match: (-len(match.positions), -match.weight)):
            if taken.isdisjoint(match.positions):
                chosen.append(match)
                taken.update(match.positions)
        return chosen

    def _matches(self, keys: tuple[str, ...]) -> Iterator[_Match]:
        for start in range(len(keys)):
            for end in range(start + 1, min(start + LONGEST_PHRASE, len(keys)) + 1):
                phrase, positions = keys[start:end], tuple(range(start, end))
                slugs = self._phrases.get(phrase) or self._loose.get(_loose(phrase))
                if slugs and len(phrase) > 1:
                    trade, weight = self.is_trade(phrase[0]), 1 + _MORE_WORDS * (end - start - 1)
                    yield _Match(positions, slugs, weight * (_TRADE if trade else 1), trade)
                elif len(phrase) == 1:
                    yield from self._one_word(phrase[0], start, slugs)
            for other in range(start + 2, len(keys)):  # "réparation de mon vieux vélo"
                if slugs := self._loose.get(_loose((keys[start], keys[other]))):
                    yield _Match((start, other), slugs, 1 + _MORE_WORDS * 0.9, False)

    def _one_word(self, word: str, position: int, slugs: dict[str, float] | None) -> Iterator[_Match]:
        if slugs:
            trade = word not in _MODIFIERS and (self.is_trade(word) or _ACT.search(word) is not None)
            weight = _MODIFIER if word in _MODIFIERS else _TRADE if trade else 1
            yield _Match((position,), slugs, weight, trade)
        elif word[-1] != "s" and (kin := self._families.get(_family(word))) and len(kin) <= MOST_GUESSES:
            yield _Match((position,), kin, _KIN * (_TRADE if self.is_trade(word) else 1), False)
        elif (part := self._parts.get(word)) and len(part) <= MOST_GUESSES and not word.isdigit():
            yield _Match((position,), part, _MODIFIER if word in _MODIFIERS else _PART, False)

    def _key(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(_SAME.get(form, form) for form in map(base_form, words))

    def _add(self, phrase: str, slug: str, centrality: float) -> None:
        self._add_spellings(phrase)
        self._written.append(tuple(words_of(phrase)))
        if key := self._key(told(words_of(phrase))):
            slugs = self._phrases.setdefault(key, {})
            slugs[slug] = max(centrality, slugs.get(slug, 0))

    def _add_spellings(self, phrase: str) -> None:
        """Learn how the words of a phrase are written: one with a capital inside a phrase is a proper name."""
        self.spellings.update(content_words(words_of(phrase)))
        for position, written in enumerate(_WRITTEN_APART.split(phrase)):
            if not position or not written[:1].isupper():
                self._common.update(words_of(written))

    def _add_group(self, group: list[str]) -> None:
        """Give the categories of a line's first known word to its unknown ones."""
        keys = [self._key(told(words_of(phrase))) for phrase in group]
        known = next((self._phrases[key] for key in keys if key in self._phrases), {})
        for phrase, key in zip(group, keys, strict=True):
            if key not in self._phrases:
                for slug in known:
                    self._add(phrase, slug, 0.8)

    def _add_products(self, slugs: set[str]) -> None:
        """Learn product names and their beginnings: "Reblochon de Savoie AOP", "Reblochon"."""
        counted: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for category, name in wordlists.products():
            if category in slugs:
                self._add_spellings(name)
                key = self._key(told(words_of(name)))
                for length in range(1, min(len(key), LONGEST_PHRASE) + 1):
                    counted[key[:length]][category] += 1
        for key, counts in counted.items():
            if len(counts) <= MOST_GUESSES:
                known, total = self._phrases.setdefault(key, {}), counts.total()
                for slug, count in counts.items():
                    known.setdefault(slug, 0.7 + 0.05 * count / total)

    def _add_rarer(self, slugs: set[str]) -> None:
        """Learn the phrases of more-words.txt that are not known yet; their parts and kin stay out."""
        known = set(self._phrases)
        for slug, _, phrase in wordlists.phrases("more-words.txt"):
            key = self._key(told(words_of(phrase)))
            if slug in slugs and key not in known:
                self._add(phrase, slug, _RARER)
                self._loose.setdefault(_loose(key), {}).setdefault(slug, _RARER)

    def _loosen(self, key: tuple[str, ...], found: dict[str, float]) -> None:
        """Learn what stands in for the very phrase: its words in another order or gender, or some of them."""
        known = [self._loose.setdefault(_loose(key), {})]
        if len(key) == 1 and (family := _family(key[0])):
            known.append(self._families[family])
        if len(key) > 1:
            known += [self._parts[word] for word in key if len(word) >= _PART_LENGTH]
        for slugs in known:
            for slug, centrality in found.items():
                slugs[slug] = max(centrality, slugs.get(slug, 0))


def _gendered(word: str) -> str:
    """Return what both genders of a trade share: "coiffeuse" -> "coiffeur"."""
    for feminine, masculine in (("trice", "teur"), ("euse", "eur"), ("ienne", "ien"), ("ere", "er")):
        if word.endswith(feminine) and len(word) > len(feminine) + 2:
            return word[: -len(feminine)] + masculine
    return word


def _loose(key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(_gendered(word) for word in key))


def _family(word: str) -> str:
    """Return the beginning that a trade shares with its shop and what it sells: chocolat, chocolatier, chocolaterie."""
    root = _FAMILY.sub("", word)
    root = root[:-1] if len(root) > 2 and root[-1] == root[-2] else root
    return root if len(root) >= _FAMILY_LENGTH else ""
