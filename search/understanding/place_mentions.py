"""Finds the place that a query mentions: "fromager à Privas", "lyon 3 plombier urgence", "noix de Grenoble".

"à Privas" says where. "de Privas" may be part of what is looked for, as in « clairette de Die »: then the place only
raises what is near it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.query import Place, Within
from search.understanding import place_writing
from search.understanding.gazetteer import BIG_TOWN, LONGEST_NAME, Gazetteer
from search.understanding.joined_places import together
from search.understanding.normalize import SHOPPING_WORDS, SMALL_WORDS, words_of
from search.understanding.outside import AREA, CITY, outside_instead, outside_places
from search.understanding.place_confidence import AREAS, AT, MEASURED, NEAR, OF, Span, rule_of
from search.understanding.place_words import here_in
from search.understanding.terms import told
from search.understanding.wordlists import everyday_words

_LINKS = OF | AT | {"juste", "la", "le", "les", "non", "pas", "tout"} | AREAS | NEAR
_LEADS = frozenset(["a", "vers", "dans"])
_OF_NAMES = frozenset(["en", "les", "saint", "sainte", "sous", "st", "ste", "sur"])  # inside names of towns
_KINDS = OF | frozenset(
    words_of("la le les quartier village ville commune bourg hameau secteur vallee massif canton coin pays")
)
_GOES_ON = frozenset(["agglo", "agglomeration", "alentours", "cedex", "environs", "metropole"])

TOWN = 10_000  # inhabitants, from which « de » after a trade says where
METROPOLIS = 500_000  # from which a city outside is thought of before a word: Paris

_REGION = (("toute", "la", "region"), ("auvergne", "rhone", "alpes"), ("rhone", "alpes"), ("aura",))


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a question names.

    places: those it may be, likeliest first. within: how strictly it is meant. others: the words that remain.
    positions: of the words that say where. near_me: around the visitor. is_region: it is the whole region.
    outside: a place that is not in the region; then ``places`` are the namesakes it has there.
    """

    places: tuple[Place, ...] = ()
    within: Within = Within.ANYWHERE
    others: tuple[str, ...] = ()
    positions: frozenset[int] = frozenset()
    near_me: bool = False
    is_region: bool = False
    outside: Place | None = None


def joined_codes(gazetteer: Gazetteer, text: str) -> str:
    """Return a question with its postal codes written in one: "boulangerie 38 000". A quantity stays as it is.

    A number in two parts is a code only where a code stands in a question: at its end, or beside a town it belongs to.
    """
    for match in reversed(list(place_writing.codes_apart(text))):
        code = match[1] + match[2]
        before, after = words_of(text[: match.start()]), words_of(text[match.end() :])
        beside = [before[-count:] for count in range(1, 5)] + [after[:count] for count in range(1, 5)]
        is_beside = any(gazetteer.find([*name, code]) for name in beside if name)
        if gazetteer.coded(code) and (is_beside or not (after or set(before[-1:]) & MEASURED)):
            text = text[: match.start()] + code + text[match.end() :]
    return text


def mention(gazetteer: Gazetteer, text: str, words: Sequence[str]) -> Mention:
    """Return what a question says of a place. words: those of the text."""
    if here := _here(words):
        return here
    edges = _edges(words)
    named = []
    for start, end in _spans(gazetteer, words):
        if found := gazetteer.find(words[start:end]):
            rule = rule_of(Span(gazetteer, text, words, start, end, found[0], edges))
            if rule.confidence:
                named.append((rule.confidence, start, end, rule.within, found))
    # "Isère" within "Romans-sur-Isère" is no place of its own.
    whole = [one for one in named if not any(_contains(other, one) for other in named)]
    if not whole:
        return _unnamed(gazetteer, words)
    _, start, end, within, found = max(whole, key=lambda one: (one[0], one[2] - one[1], one[1]))
    outside = outside_instead(" ".join(words[start:end]), found[0]) if within else None
    if within == Within.RADIUS and not (found[0].point or found[0].towns):
        within = Within.PLACE  # « côté Puy-de-Dôme »: a department has no middle
    if within:
        start, end, found = _joined(gazetteer, words, start, end, found, whole)
    positions = frozenset(range(_first_link(words, start) if within else start, end))
    others = tuple(word for index, word in enumerate(words) if index not in positions)
    return Mention(tuple(found), within, others, positions, outside=outside)


def _joined(
    gazetteer: Gazetteer, words: Sequence[str], start: int, end: int, found: Sequence[Place], named: Sequence[tuple]
) -> tuple[int, int, list[Place]]:
    """Return a place with those said beside it, « entre Lyon et Vienne », and the words that only go on with it."""
    places, said = list(found), [found[0]]
    for _, first, last, _, others in sorted(named, key=lambda one: -one[1]):
        between = words[last:start]
        if between and between[0] in ("et", "ou") and set(between) <= _LINKS | {"et", "ou"}:
            start, places, said = first, [*places[:1], *others[:1], *places[1:]], [others[0], *said]
    for _, first, last, _, others in sorted(named, key=lambda one: one[1]):
        between = words[end:first]
        if between and between[0] in ("et", "ou") and set(between) <= _LINKS | {"et", "ou"}:
            end, places, said = last, [*places[:1], *others[:1], *places[1:]], [*said, others[0]]
    if words[end : end + 1] in (["et"], ["ou"]):  # « entre Valence et Romans », which alone may be a word
        for last in range(min(len(words), end + 1 + LONGEST_NAME), end + 1, -1):
            others = [place for place in gazetteer.find(words[end + 1 : last]) if place.population >= BIG_TOWN]
            if others:
                end, places, said = last, [*places[:1], *others[:1], *places[1:]], [*said, others[0]]
                break
    while end < len(words) and words[end] in _GOES_ON:
        end += 1
    joined = together(gazetteer, said)
    return start, end, list(dict.fromkeys([joined, *places] if joined else places))


def _contains(outer: tuple, inner: tuple) -> bool:
    return outer is not inner and outer[1] <= inner[1] and inner[2] <= outer[2] and (outer[1:3] != inner[1:3])


def _spans(gazetteer: Gazetteer, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for start, word in enumerate(words):
        if word not in OF | AT | NEAR and gazetteer.may_begin(word):
            shortest = 2 if word in SHOPPING_WORDS else 1  # « Bons-en-Chablais », but a good baker
            for end in range(start + shortest, min(len(words), start + LONGEST_NAME) + 1):
                if words[end - 1] not in ("et", "ou"):  # « Valence et Romans »: two towns
                    yield start, end


def _edges(words: Sequence[str]) -> tuple[int, int]:
    """Return where what counts begins and ends: hours, prices and small words around it left out."""
    counted = [index for index, word in enumerate(words) if word not in SHOPPING_WORDS and word not in SMALL_WORDS]
    return (counted[0], counted[-1] + 1) if counted else (0, len(words))


def _first_link(words: Sequence[str], start: int) -> int:
    """Return where what leads to a place begins: « à », « près de », « autour de la »."""
    while start and words[start - 1] in _LINKS:
        start -= 1
    return start


def unknown_place(gazetteer: Gazetteer, words: Sequence[str]) -> str:
    """Return what a question gives for a place, and nobody knows: « plombier à Trifouillis les Oies »; else ""."""
    for at in range(len(words) - 1, 0, -1):
        if words[at] not in _LEADS or at + 1 == len(words):
            continue
        start = at + 1
        while start < len(words) - 1 and words[start] in _KINDS:
            start += 1
        name, before = words[start:], words[at - 1]
        if name[0].isdigit() or gazetteer.knows(name[0]):
            return ""
        is_likely = words[at] != "a" or not _OF_NAMES.isdisjoint(name)  # « moule à kouglof » is none
        is_said = gazetteer.lexicon.is_trade(before) or (gazetteer.lexicon.knows(before) and is_likely)
        return " ".join(name) if is_said and not _is_a_fault(gazetteer, name[0]) else ""
    return ""


def _is_a_fault(gazetteer: Gazetteer, word: str) -> bool:
    """Return whether a word is rather something sold with a letter wrong than the name of a place."""
    return any(known not in gazetteer.speller.places for known in gazetteer.speller.near(word))


def _here(words: Sequence[str]) -> Mention | None:
    """Return the mention of the visitor's own surroundings."""
    line = " ".join(words)
    if not (said := here_in(line)):
        return None
    first, last = len(line[: said.start()].split()), len(line[: said.end()].split())
    others = (*words[:first], *words[last:])
    return Mention(others=others, positions=frozenset(range(first, last)), near_me=True)


def _unnamed(gazetteer: Gazetteer, words: Sequence[str]) -> Mention:
    """Return the mention of a place outside, of the region, or of nothing."""
    if beyond := _outside(gazetteer, words):
        return beyond
    for name in _REGION:
        start = len(words) - len(name)
        if start > 0 and tuple(words[start:]) == name and not gazetteer.lexicon.covers(words, start, len(words)):
            first = _first_link(words, start)
            return Mention(others=tuple(words[:first]), positions=frozenset(range(first, len(words))), is_region=True)
    return Mention(others=tuple(words))


def _outside(gazetteer: Gazetteer, words: Sequence[str]) -> Mention | None:
    """Return the place outside that a question ends or begins with: "boulangerie à Paris", "Paris plombier"."""
    spans = [(start, len(words)) for start in range(max(0, len(words) - LONGEST_NAME), len(words))]
    spans += [(start, end) for start in (0, 1) for end in range(start + 1, min(len(words), LONGEST_NAME))]
    for start, end in spans:
        outside = _named_outside(words[start:end])
        if outside and _is_elsewhere_meant(gazetteer, words, start, end, outside):
            first = _first_link(words, start)
            others = (*words[:first], *words[end:])
            return Mention(others=others, positions=frozenset(range(first, end)), outside=outside)
    return None


def _named_outside(name: Sequence[str]) -> Place | None:
    """Return the place outside that words name in full, by a name, a code or both: "marseille 13001"."""
    places = outside_places()
    if len(name) == 1 and name[0].isdigit():
        return places.coded(name[0]) if len(name[0]) in (2, 5) else None
    for code, rest in ((name[0], name[1:]), (name[-1], name[:-1])):
        if len(code) == 5 and code.isdigit():
            coded, named = places.coded(code), places.named(" ".join(rest))
            return named if coded and named and coded.department_code == named.department_code else None
    return places.named(" ".join(name)) if not name[0].isdigit() else None


def _is_elsewhere_meant(gazetteer: Gazetteer, words: Sequence[str], start: int, end: int, outside: Place) -> bool:
    """Return whether a question says that it is about this place; « savon de Marseille » does not."""
    lexicon, link, name = gazetteer.lexicon, words[start - 1] if start else "", words[start:end]
    if link in ("l", "la", "le", "les") and start > 1 and words[start - 2] in AT:  # « dans le Luberon »
        link = words[start - 2]
    if any(len(word) == 5 and word.isdigit() for word in name):
        is_sure = lexicon.is_trade(link) or link in AT or (end == len(words) and _is_well_known_code(name[0]))
        return len(name) > 1 or (is_sure and link not in MEASURED - {"en"})
    if name[0].isdigit():  # « coiffeur 71 », « dans le 71 »
        return end == len(words) and (
            lexicon.is_trade(link) or list(words[max(0, start - 2) : start]) == ["dans", "le"]
        )
    if outside.population <= AREA and len(name) > 1 and start and end == len(words):
        return not lexicon.covers(words, start, end)
    if link in OF | NEAR:
        is_owned = start > 1 and lexicon.is_trade(words[start - 2]) and end == len(words)  # « boulangerie de Dijon »
        return bool(NEAR & set(words[max(0, start - 3) : start])) or (is_owned and outside.population >= TOWN)
    if link in ("a", "sur", "vers", "dans") or (link == "en" and outside.population <= AREA):
        return not lexicon.covers(words, start - 1, end)
    is_word = lexicon.means(name) or everyday_words() >= set(name)
    is_big = outside.population >= (CITY if lexicon.is_trade(link) else METROPOLIS)
    if is_word and lexicon.is_trade(link) and outside.population >= TOWN and end == len(words):
        meant, trade = (set(lexicon.guess(told([*part])).slugs) for part in (name, (link,)))
        return meant.isdisjoint(trade) and not lexicon.covers(words, start, end)  # « restaurant Mâcon » is no mason's
    if lexicon.covers(words, start, end) or (is_word and not is_big):
        return False
    if end < len(words):  # « Paris boulangerie »
        return not start and lexicon.is_trade(words[end]) and outside.population >= METROPOLIS
    if not start:  # « lot », « manche », « lens »: said alone, a word
        return outside.population >= CITY
    if outside.population >= METROPOLIS:  # « santons Marseille »
        return True
    return link in AT - {"chez"} or lexicon.is_trade(link)


def _is_well_known_code(code: str) -> bool:
    """Return whether five digits look like a code more than a quantity: of a prefecture, or of a big district."""
    return code.endswith("000") or (code[:2] in ("13", "75") and code[2] == "0" and 0 < int(code[3:]) <= 20)
