"""Where a question speaks of a place: "fromager à Privas", "lyon 3 plombier urgence", "noix de Grenoble".

"à Privas" says where. "de Privas" may be part of what is looked for, as in « clairette de Die »: then the place only
raises what is near it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.query import Place, Within
from search.understanding import place_writing
from search.understanding.gazetteer import BIG_TOWN, LONGEST_NAME, Gazetteer, is_full_name
from search.understanding.normalize import SHOPPING_WORDS, SMALL_WORDS, fold, words_of
from search.understanding.outside import CITY, outside_instead, outside_places
from search.understanding.place_words import here_in
from search.understanding.terms import told
from search.understanding.wordlists import everyday_words

_OF = frozenset(["d", "de", "des", "du"])
_NEAR = frozenset(["alentours", "autour", "cote", "environs", "loin", "pres", "proche", "proximite", "secteur"])
_AT = frozenset(["a", "au", "aux", "chez", "dans", "en", "entre", "sur", "vers"])
_AREAS = frozenset(["agglo", "canton", "commune", "departement", "dept", "ville"])
_LINKS = _OF | _AT | {"juste", "la", "le", "les", "non", "pas", "tout"} | _AREAS | _NEAR
_GOES_ON = frozenset(["agglo", "agglomeration", "alentours", "cedex", "environs", "metropole"])
# Numbers that measure something: "taille 38", "pour 42", "5 kg", "15 pouces".
_MEASURED = frozenset(["taille", "pointure", "t", "pour", "lot", "numero", "n", "de", "x", "en", "iphone", "optic"])

WELL_KNOWN = 10_000  # inhabitants, from which a short form that is a word too is thought of: Romans
METROPOLIS = 500_000  # from which a city outside is thought of before a word: Paris
NOT_MEANT = (Within.ANYWHERE, 0.0)

_REGION = (("toute", "la", "region"), ("auvergne", "rhone", "alpes"), ("rhone", "alpes"), ("auvergne",), ("aura",))


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
        if gazetteer.coded(code) and (is_beside or not (after or set(before[-1:]) & _MEASURED)):
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
            within, strength = _strength(gazetteer, text, words, start, end, found[0], edges)
            if strength:
                named.append((strength, start, end, within, found))
    # "Isère" within "Romans-sur-Isère" is no place of its own.
    whole = [one for one in named if not any(_contains(other, one) for other in named)]
    if not whole:
        return _unnamed(gazetteer, words)
    _, start, end, within, found = max(whole, key=lambda one: (one[0], one[2] - one[1], one[1]))
    outside = outside_instead(" ".join(words[start:end]), found[0]) if within else None
    if within:
        start, end, found = _joined(words, start, end, found, whole)
    positions = frozenset(range(_first_link(words, start) if within else start, end))
    others = tuple(word for index, word in enumerate(words) if index not in positions)
    return Mention(tuple(found), within, others, positions, outside=outside)


def _joined(
    words: Sequence[str], start: int, end: int, found: Sequence[Place], named: Sequence[tuple]
) -> tuple[int, int, list[Place]]:
    """Return a place with those said beside it, « entre Lyon et Vienne », and the words that only go on with it."""
    places = list(found)
    for _, first, last, _, others in sorted(named, key=lambda one: -one[1]):
        between = words[last:start]
        if between and between[0] in ("et", "ou") and set(between) <= _LINKS | {"et", "ou"}:
            start, places = first, [*places[:1], *others[:1], *places[1:]]
    for _, first, last, _, others in sorted(named, key=lambda one: one[1]):
        between = words[end:first]
        if between and between[0] in ("et", "ou") and set(between) <= _LINKS | {"et", "ou"}:
            end, places = last, [*places[:1], *others[:1], *places[1:]]
    while end < len(words) and words[end] in _GOES_ON:
        end += 1
    return start, end, list(dict.fromkeys(places))


def _contains(outer: tuple, inner: tuple) -> bool:
    return outer is not inner and outer[1] <= inner[1] and inner[2] <= outer[2] and (outer[1:3] != inner[1:3])


def _spans(gazetteer: Gazetteer, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for start, word in enumerate(words):
        if word not in _OF | _AT | _NEAR and gazetteer.may_begin(word):
            shortest = 2 if word in SHOPPING_WORDS else 1  # « Bons-en-Chablais », but a good baker
            for end in range(start + shortest, min(len(words), start + LONGEST_NAME) + 1):
                yield start, end


def _strength(
    gazetteer: Gazetteer, text: str, words: Sequence[str], start: int, end: int, place: Place, edges: tuple[int, int]
) -> tuple[Within, float]:
    """Return how a place is meant by words[start:end], and how sure that is; 0 if it is not meant at all."""
    link = words[start - 1] if start else ""
    near = _NEAR & set(words[max(0, start - 3) : start]) if link in _OF or link in _NEAR else frozenset()
    if words[end - 1].isdigit() and len(words[end - 1]) < 5 and end - start == 1:
        measured = link in _MEASURED - {"en"} or end < edges[1]
        return (Within.PLACE, 3) if len(words[start]) == 2 and not measured else NOT_MEANT
    if near:
        return Within.RADIUS, 4
    if link in _OF and _AREAS & set(
        words[max(0, start - 2) : start]
    ):  # « ville de Privas », « département de l’Isère »
        return Within.PLACE, 3.5
    if words[start].isdigit() and len(words[start]) == 5:
        return Within.PLACE, 4
    lexicon, name = gazetteer.lexicon, words[start:end]
    after_trade = bool(start) and lexicon.is_trade(words[start - 1])
    is_everyday = gazetteer.is_everyday(name, place)
    is_of = link in _OF or f"d'{words[start]}" in fold(text)
    is_whole = lexicon.covers(words, start, end) and (is_of or link in _AT or is_everyday)
    if link in ("au", "aux") and place.population >= BIG_TOWN and place.name.startswith(("Le ", "Les ")):
        return Within.PLACE, 3.5  # « au Puy »
    if link in _AT and is_everyday:  # « à Four », but « en bois », « au four »
        return (Within.PLACE, 3.5) if link == "a" and is_full_name(name, place) and not is_whole else NOT_MEANT
    if link in _AT:
        return Within.PLACE, 3.5
    if is_whole:
        return (Within.ANYWHERE, 0.5) if not is_everyday or place.population >= WELL_KNOWN else NOT_MEANT
    if not is_everyday and place.population < BIG_TOWN and _is_hinted_goods(gazetteer, name):
        return NOT_MEANT  # « beaufort en Savoie » is a cheese, in a department
    if is_everyday and not start and words[end : end + 1] and words[end] in _OF:  # « cours de cuisine »
        return NOT_MEANT
    if is_everyday and not (after_trade and is_full_name(name, place) and lexicon.means(name)):
        if not _is_elsewhere(gazetteer, words, start, end, place):
            # « beaufort » is the cheese of its village, but « chapeau » and « chapeaux » are one question.
            is_of_it = is_full_name(name, place) and lexicon.means(name) and not lexicon.has_two_numbers(name)
            return (Within.ANYWHERE, 0.4) if is_of_it else NOT_MEANT
        if place.population < BIG_TOWN:
            return Within.ANYWHERE, 0.4
    if is_of:
        owner = next((word for word in reversed(words[:start]) if word not in SMALL_WORDS), "")
        is_known = place.population >= BIG_TOWN or not place.insee_code  # « de quartier » is no village
        return (Within.PLACE, 2.8) if lexicon.is_trade(owner) and is_known else (Within.ANYWHERE, 0.6)
    if end >= edges[1]:
        return Within.PLACE, 3
    if start <= edges[0]:
        return Within.PLACE, 2.5
    return (Within.PLACE, 2) if place.population >= BIG_TOWN or not place.insee_code else NOT_MEANT


def _is_hinted_goods(gazetteer: Gazetteer, name: Sequence[str]) -> bool:
    """Tell whether a name told apart by its department is, without it, the name of something sold."""
    cut = next((index for index, word in enumerate(name) if index and word in _AT), 0)
    return bool(cut) and gazetteer.lexicon.means(name[:cut])


def _is_elsewhere(gazetteer: Gazetteer, words: Sequence[str], start: int, end: int, place: Place) -> bool:
    """Tell whether a town's name that is a word too has nothing to do with what is looked for: "cocotte romans"."""
    if place.population < WELL_KNOWN and not is_full_name(words[start:end], place):
        return False
    around = [*words[:start], *words[end:]]
    others, name = (gazetteer.lexicon.guess(told(list(part))).slugs for part in (around, words[start:end]))
    return bool(others) and set(others).isdisjoint(name)


def _edges(words: Sequence[str]) -> tuple[int, int]:
    """Return where what counts begins and ends: hours, prices and small words around it left out."""
    counted = [index for index, word in enumerate(words) if word not in SHOPPING_WORDS and word not in SMALL_WORDS]
    return (counted[0], counted[-1] + 1) if counted else (0, len(words))


def _first_link(words: Sequence[str], start: int) -> int:
    """Return where what leads to a place begins: « à », « près de », « autour de la »."""
    while start and words[start - 1] in _LINKS:
        start -= 1
    return start


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
    """Tell whether a question says that it is about this place; « savon de Marseille » does not."""
    lexicon, link, name = gazetteer.lexicon, words[start - 1] if start else "", words[start:end]
    if any(len(word) == 5 and word.isdigit() for word in name):
        is_sure = lexicon.is_trade(link) or link in _AT or (end == len(words) and _is_well_known_code(name[0]))
        return len(name) > 1 or (is_sure and link not in _MEASURED - {"en"})
    if name[0].isdigit():  # « coiffeur 71 », « dans le 71 »
        return end == len(words) and (
            lexicon.is_trade(link) or list(words[max(0, start - 2) : start]) == ["dans", "le"]
        )
    if link in _OF | _NEAR:
        return bool(_NEAR & set(words[max(0, start - 3) : start]))
    if link in ("a", "sur", "vers", "dans") or (link == "en" and not outside.population):
        return not lexicon.covers(words, start - 1, end)
    is_word = lexicon.means(name) or everyday_words() & set(name)
    is_big = outside.population >= (CITY if lexicon.is_trade(link) else METROPOLIS)
    if lexicon.covers(words, start, end) or (is_word and not is_big):
        return False
    if end < len(words):  # « Paris boulangerie »
        return not start and lexicon.is_trade(words[end]) and outside.population >= METROPOLIS
    if not start:  # « lot », « manche », « lens »: said alone, a word
        return outside.population >= CITY
    return link in _AT - {"chez"} or lexicon.is_trade(link)


def _is_well_known_code(code: str) -> bool:
    """Tell whether five figures look like a code more than a quantity: those of a prefecture, or of a big district."""
    return code.endswith("000") or (code[:2] in ("13", "75") and code[2] == "0" and 0 < int(code[3:]) <= 20)
