"""Turns words into index terms: base forms, and what the text denies ("sans gluten"). Both engines use them.

"Pain sans gluten" is indexed as pain, sans, sansgluten: who asks for « gluten » does not find it, who asks for « sans
gluten » does. Texts and questions go through the same function, so both engines receive the same terms and read nothing
themselves. Raise VERSION when a text is given other terms.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from search.query import Query, Wording
from search.understanding.inflection import DENIED, base_form
from search.understanding.normalize import SMALL_WORDS, content_words, words_of

VERSION = 5  # of what entries are searched by: those of an older one are made again (index.reread)

# « les tartes aux fruits » says what « la tarte au fruit » says.
_ARTICLES = {"aux": "au", "des": "de", "du": "de", "la": "le", "les": "le", "leurs": "leur", "une": "un"}
_DENYING = frozenset(["sans", "ni", "aucun", "aucune"])
_DENYING_OF = frozenset(["pas", "jamais"])  # with « de »
_OF = frozenset(["d", "de", "des", "du"])
_BETWEEN = _OF | {"l", "la", "le", "les", "un", "une", "aucun", "aucune"}
# « à deux pas de la gare » denies nothing.
_STEPS = frozenset(
    ["au", "ce", "cent", "chaque", "cinq", "deux", "dix", "le", "mille", "premier", "quelque", "trois", "un"]
)
_BEFORE_THREADS = _OF | {"au", "aux", "a", "avec", "ces", "en", "les", "nos", "sans", "vos"}
# What is denied with what follows: « sans lait de vache », « sans trace d’œuf », « sans fruits à coque ».
_WITH_WHAT_FOLLOWS = frozenset(
    words_of("ajout beurre blanc creme farine fruit graisse huile jaune lait noix poudre proteine sirop sucre trace")
)


def terms(words: Sequence[str]) -> list[str]:
    """Return the term of each folded word: ["pizzas", "sans", "lactose"] -> pizza, sans, sanslactose."""
    told: list[str] = []
    denies = False
    for position, word in enumerate(words):
        before = words[position - 1] if position else ""
        form = _ARTICLES.get(word) or ("fil" if _is_thread(word, before) else base_form(word))
        if word in _DENYING or _denies_of(words, position):
            denies = True
        elif denies and word not in _BETWEEN:
            denies = False
            if word not in SMALL_WORDS:
                form = DENIED + form
        elif told and told[-1].startswith(DENIED) and _goes_on(before, word):
            form, denies = (DENIED + form, False) if word not in SMALL_WORDS else (form, True)
        told.append(form)
    return told


def told(words: Sequence[str]) -> tuple[str, ...]:
    """Return those of folded words that say what is looked for, each as it stands; what is denied is another word.

    ["du", "pain", "sans", "gluten"] -> ("pain", "sansgluten"). As many as content_words gives, in the same order.
    """
    kept = set(content_words(words))
    return tuple(
        form if word == "fils" or (form.startswith(DENIED) and not word.startswith(DENIED)) else word
        for word, form in zip(words, terms(words), strict=True)
        if word in kept
    )


def indexed(text: str) -> str:
    """Return what a text is searched by: its terms, in order, separated by spaces."""
    return " ".join(terms(words_of(text)))


def sought(query: Query) -> Query:
    """Return a query whose words are terms, as the engines look them up; words still being typed are for ``begun``."""
    if query.unfinished:
        return query
    own = in_terms(Wording(query.words, query.phrase, query.unexplained))
    synonym = in_terms(query.synonym) if query.synonym else None
    heads = in_terms(Wording(query.heads, query.phrase)).words
    names = tuple(" ".join(wording.phrase) for wording in query.wordings if wording.phrase)
    return replace(
        query,
        words=own.words,
        phrase=own.phrase,
        unexplained=own.unexplained,
        heads=heads,
        synonym=synonym,
        names=names,
    )


def begun(words: Sequence[str]) -> tuple[list[str], str, list[str]]:
    """Return the terms of words of which the last is being typed still: (those before, its beginning, what it may be).

    ["petits", "chevau"] -> (["petit"], "chevau", ["cheval"])
    """
    *before, last = terms(words)
    denied = DENIED if last != base_form(words[-1]) and last.startswith(DENIED) else ""
    beginning = denied + words[-1]
    forms = {denied + base_form(words[-1] + ending) for ending in ("", "s", "x", "e")}
    return before, beginning, sorted(form for form in forms if not form.startswith(beginning))


def _is_thread(word: str, before: str) -> bool:
    """Return whether « fils » are threads: « Fils à coudre », « des fils de lin », but « Martin et fils »."""
    return word == "fils" and (not before or before in _BEFORE_THREADS)


def _denies_of(words: Sequence[str], position: int) -> bool:
    """Return whether « pas de » or « jamais de » stands here; « d’ » is only seen by the vowel that follows it."""
    if words[position] not in _DENYING_OF or position + 1 == len(words):
        return False
    if position and base_form(words[position - 1]) in _STEPS:
        return False
    return words[position + 1] in _OF or (words[position + 1][0] in "aeiouh" and words[position + 1] not in SMALL_WORDS)


def _goes_on(before: str, word: str) -> bool:
    """Return whether what is denied goes on with this word."""
    if word == "ou":
        return True
    if base_form(before) not in _WITH_WHAT_FOLLOWS:
        return False
    return word in _OF or word == "a" or (word[0] in "aeiouh" and word not in SMALL_WORDS)


@lru_cache(maxsize=256)
def in_terms(wording: Wording) -> Wording:
    """Return a wording whose words are terms."""
    said = wording.phrase or wording.words
    term = dict(zip(said, terms(said), strict=True))

    def each(words: Sequence[str]) -> tuple[str, ...]:
        return tuple(term.get(word) or base_form(word) for word in words)

    words, phrase, unexplained = each(wording.words), each(wording.phrase), each(wording.unexplained)
    return replace(wording, words=words, phrase=phrase, unexplained=unexplained)
