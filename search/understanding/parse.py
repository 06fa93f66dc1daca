"""Parses what a visitor typed into a query: "fromager a st etienne" -> fromageries, in Saint-Étienne."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from search.query import LAST_PAGE, Naming, Place, Query, Within, Wording
from search.understanding import terms
from search.understanding.correction import corrected
from search.understanding.gazetteer import Gazetteer
from search.understanding.goods import categories_of_goods
from search.understanding.inflection import base_form
from search.understanding.lexicon import MOST_GUESSES, MOST_SUBSTITUTES, InferredCategory
from search.understanding.normalize import LONGEST_TEXT, MOST_WORDS, SMALL_WORDS, content_words, words_of
from search.understanding.place_mentions import Mention, joined_codes, mention, unknown_place
from search.understanding.place_writing import plain
from search.understanding.synonyms import SynonymMatch
from search.understanding.typed_place import NEAR, TypedPlace, beyond, read_place
from search.understanding.wishes import NONE, Wishes, read_wishes
from search.understanding.wordlists import everyday_words

MOST_WORDS_SAID = 20  # of a question, wishes included
# « la marmite » is rather a restaurant than a pot, « Le Petit Affineur » a name before it is a trade.
_OPENS_A_NAME = re.compile(r"(?:chez|aux?|l[ae]s?)\s|l\s?['’]", re.IGNORECASE)

# What begins a second question that only names another place.
_MOVES = frozenset(["celles", "celui", "celle", "ceux", "et", "haut", "ou", "plus", "plutot", "sinon", "vers"])

_VERBS = frozenset(["demander", "faire", "louer", "obtenir", "prendre", "refaire", "renouveler", "reserver", "trouver"])
_OF_AN_OFFICE = frozenset(map(base_form, ["agence", "bureau", "conseiller", "distributeur", "guichet", "rdv"]))

_CHEZ = re.compile(r"chez\s", re.IGNORECASE)  # before somebody's name, which is no fault


class Unreadable(ValueError):
    """The question cannot be answered; its message, in French, says how to mend it."""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """How a question was understood.

    query: what to ask, of merchants; other kinds replace ``kind``.
    what: what was typed, without the place.
    others: places of the same name as the one taken, biggest first.
    unknown_place: what « Où ? » holds when no place is called so, else "". outside: the place asked for, if it is not
    in the region. spellings: what to choose from then: names written much alike, or the nearest towns of the region.
    near_me: around the visitor, whose position nobody has told.
    read_as_place: what « Où ? » holds where the place taken is not its very words, else "".
    wishes: what else is asked, see wishes.py. asked: what was typed, without the place. unlabelled: the same question
    with the words of its label looked for instead, for where the filter leaves nobody.
    text: the whole question. corrected: the same question with its unknown words spelled as known ones, if that makes
    a difference; see ``spelling`` for when it is the one to answer.
    """

    query: Query
    what: str = ""
    others: tuple[Place, ...] = ()
    unknown_place: str = ""
    outside: Place | None = None
    spellings: tuple[Place, ...] = ()
    near_me: bool = False
    read_as_place: str = ""
    text: str = ""
    wishes: Wishes = NONE
    asked: str = ""
    unlabelled: "ParsedQuery | None" = None
    corrected: "ParsedQuery | None" = None

    @property
    def is_unplaced(self) -> bool:
        """Whether it asks for a place, and nobody can tell which in the region."""
        return bool(self.unknown_place or self.outside or self.near_me)


def parse(gazetteer: Gazetteer, q: str = "", where: str = "", category: str = "", page: str = "") -> ParsedQuery:
    """Return how a question is understood. Raises Unreadable for a page that cannot be.

    q, where, category, page: as typed, whatever they hold; an unknown category is no filter.
    """
    number = _page_number(page)
    q, where = joined_codes(gazetteer, plain(_legible(q).replace("€", " euros "))), _legible(where)
    filters = Query(category=category if category in gazetteer.categories else "", page=number)
    there = read_place(gazetteer, where)
    reading, bare = _wished(gazetteer, q, where, there, filters)
    spelled = bare if _CHEZ.match(bare) else corrected(gazetteer, bare, reading.query)
    if spelled == bare:
        return _unless_unknown(gazetteer, reading, words_of(bare)[:MOST_WORDS], filters)
    mended = replace(_read(gazetteer, spelled, where, there, filters, reading.wishes), wishes=reading.wishes)
    if not mended.query.place:
        reading = _unless_unknown(gazetteer, reading, words_of(bare)[:MOST_WORDS], filters)
    return replace(reading, corrected=replace(mended, asked=mended.what))


def _unless_unknown(gazetteer: Gazetteer, reading: ParsedQuery, words: Sequence[str], filters: Query) -> ParsedQuery:
    """Return a reading that says where a question names a place nobody knows, or takes it as « Où ? » would."""
    if reading.query.place or reading.is_unplaced:
        return reading
    if not (name := unknown_place(gazetteer, words)):
        return reading
    start = len(words) - len(name.split())
    link = max(at for at in range(start) if words[at] in ("a", "vers", "dans"))
    what = without(reading.text, words, range(link, len(words)))
    there = read_place(gazetteer, name)
    if there.places:  # a letter is wrong
        return replace(_read(gazetteer, what, name, there, filters, reading.wishes), wishes=reading.wishes, asked=what)
    likest = tuple(gazetteer.spelled_like(name.split()))
    return replace(reading, what=what, unknown_place=name, spellings=likest)


def _wished(gazetteer: Gazetteer, q: str, where: str, there: TypedPlace, filters: Query) -> tuple[ParsedQuery, str]:
    """Return how a question is understood once what it wishes is out of its words, and the question without that."""
    words = words_of(q)[:MOST_WORDS_SAID]
    wishes = read_wishes(words)
    placed = mention(gazetteer, q, words[:MOST_WORDS])
    told = [word for at, word in enumerate(words) if not placed.within or at not in placed.positions]
    if wishes.unanswered and not wishes.unanswered.keeps and _is_of_this_site(gazetteer, told, wishes):
        wishes = replace(wishes, unanswered=None)
    if not wishes.positions:
        read = _read(gazetteer, q, where, there, filters, wishes)
        return replace(read, wishes=wishes, asked=read.what), q
    bare = without(q, words, wishes.positions, MOST_WORDS_SAID)
    if not wishes.refused and SMALL_WORDS.issuperset(words_of(bare)):  # « un qui soit » asks for anybody
        bare = ""
    read = _read(gazetteer, bare, where, there, filters, wishes)
    unlabelled = None
    if wishes.label_positions:
        kept = without(q, words, wishes.positions - wishes.label_positions, MOST_WORDS_SAID)
        unlabelled = _read(gazetteer, kept, where, there, filters, wishes)
    said = without(q, words, placed.positions, MOST_WORDS_SAID) if placed.within and not where else q
    return replace(read, wishes=wishes, asked=said, unlabelled=unlabelled), bare


def _is_of_this_site(gazetteer: Gazetteer, words: Sequence[str], wishes: Wishes) -> bool:
    """Return whether a question that holds the words of what is not of this site asks for something else.

    « boulangerie près de la gare », « école » within « fournitures pour l’école », « essence de lavande »: something
    sold stands first, or goes on with words that may be sold. « gîte avec piscine » asks for the gîte.
    """
    phrase = wishes.unanswered_phrase
    told = [word for word in words if word not in SMALL_WORDS]
    forms = tuple(map(base_form, told))
    start = next((at for at in range(len(forms)) if forms[at : at + len(phrase)] == phrase), 0)
    before, after = told[:start], told[start + len(phrase) :]
    before = [] if _says_only_how(before, phrase) else before
    if gazetteer.lexicon.covers(told, start, start + len(phrase)) or gazetteer.lexicon.guess(terms.told(before)).slugs:
        return True
    sold_too = wishes.unanswered.sold_too if wishes.unanswered else ()
    is_ambiguous = any(tuple(map(base_form, each.split())) == phrase for each in sold_too)
    return is_ambiguous and bool(gazetteer.lexicon.guess(terms.told(after)).slugs)


def _says_only_how(before: Sequence[str], phrase: Sequence[str]) -> bool:
    """Return whether one word before what is not of this site says only what one wants of it: « louer une salle »."""
    return len(before) == 1 and (base_form(before[0]) in _OF_AN_OFFICE or (len(phrase) > 1 and before[0] in _VERBS))


def _read(
    gazetteer: Gazetteer, q: str, where: str, there: TypedPlace, filters: Query, wishes: Wishes = NONE
) -> ParsedQuery:
    """Return how a question is understood. there: how « Où ? » is. wishes: what was read in it, or is out of it."""
    words = words_of(q)[:MOST_WORDS]
    named = mention(gazetteer, q, words)
    is_asked = bool(where) and not there.is_region  # « Où ? » decides where both say it
    only_moves = is_asked and bool(named.within and named.places) and _moves(named.others)
    is_asked = is_asked and not only_moves
    if not is_asked:
        there = _said(gazetteer, named)
    found = there.places
    within = (Within.RADIUS if there.radius else Within.PLACE) if is_asked else named.within
    if (named.within and found) or named.near_me or named.is_region or named.outside:
        q, words = ("", []) if only_moves else (without(q, words, named.positions), list(named.others))

    own, guess = _worded(gazetteer, words, wishes.to_be_said)
    heads = tuple(word for at, word in enumerate(own.words) if at in guess.heads)
    noun = _first_noun(own, guess) if set(heads) == set(own.words) else ()
    query = replace(
        filters,
        words=own.words,
        phrase=own.phrase,
        inferred=guess.slugs,
        unexplained=own.unexplained,
        related=guess.related,
        naming=_naming(own, guess, is_a_name=bool(_OPENS_A_NAME.match(q)) and len(words) > 1),
        heads=noun or (heads if set(heads) != set(own.words) else ()),
        heads_of=(*guess.slugs, *guess.related) if noun else (),
        goods_of=categories_of_goods(own.words),
        excluded=wishes.excluded,
        place=found[0] if found else None,
        within=within if found else Within.ANYWHERE,
        radius=there.radius or filters.radius,
    )
    if exchange := gazetteer.synonyms.exchange(words):
        query = _expand(gazetteer, query, exchange)
    is_unknown = is_asked and not (found or there.near_me or there.outside)
    return ParsedQuery(
        query,
        q,
        others=tuple(found[1:6]) if found and within else (),
        unknown_place=where if is_unknown else "",
        outside=there.outside,
        spellings=there.offered,
        near_me=there.near_me,
        read_as_place=where if found and not there.is_literal else "",
        text=q,
    )


def _moves(others: Sequence[str]) -> bool:
    """Return whether what a question holds beside a place only goes on from the one before: « et à Privas »."""
    return bool(others) and others[0] in _MOVES and all(word in _MOVES or word in SMALL_WORDS for word in others)


def _first_noun(own: Wording, guess: InferredCategory) -> tuple[str, ...]:
    """Return what a known phrase speaks of, in French its first noun: « bière blonde »; () for a trade or one word."""
    if len(own.words) < 2 or guess.is_trade or not guess.slugs:
        return ()
    return next(((word,) for word in own.words if word not in everyday_words()), ())


def _said(gazetteer: Gazetteer, named: Mention) -> TypedPlace:
    """Return the place that a question names by itself."""
    if named.outside:
        return beyond(gazetteer, named.outside, named.places)
    return TypedPlace(named.places, NEAR if named.within == Within.RADIUS else 0, near_me=named.near_me)


def _naming(own: Wording, guess: InferredCategory, is_a_name: bool) -> Naming:
    """Return whose names count: nobody's for a trade asked alone, only fitting ones for goods, all for what is left.

    is_a_name: it begins as names do. « le boucher » is the trade all the same: a name says more than an article.
    """
    if not guess.slugs or own.unexplained:
        return Naming.ALL
    if guess.is_trade:
        return Naming.ALL if is_a_name and len(own.phrase) > 2 else Naming.NONE
    return Naming.ALL if is_a_name else Naming.OF_INFERRED


def _worded(
    gazetteer: Gazetteer, words: Sequence[str], to_be_said: frozenset[str] = frozenset()
) -> tuple[Wording, InferredCategory]:
    """Return what is looked for, said in folded words without the place, and the categories they lead to.

    to_be_said: words that lead to none: whoever has it must say so.
    """
    told = content_words(words)
    known = [(at, term) for at, term in enumerate(terms.told(words)) if told[at] not in to_be_said]
    known = known or list(enumerate(terms.told(words)))  # « sans gluten » alone: who sells that
    guess = gazetteer.lexicon.guess([term for _, term in known]) if known else InferredCategory()
    if len(known) < len(told):
        explained, heads = ({known[at][0] for at in some} for some in (guess.explained, guess.heads))
        guess = replace(guess, explained=frozenset(explained), heads=frozenset(heads), is_trade=False)
    rest = (word for place, word in enumerate(told) if place not in guess.explained and not _measures(word))
    return Wording(told, tuple(words), tuple(rest)), guess


def _expand(gazetteer: Gazetteer, query: Query, exchange: SynonymMatch) -> Query:
    """Return a query that a synonym's words answer as well. It says what, never where: they name no place.

    An editor knows better than the lists what a word means here: the categories of an editor's words come first.
    """
    wording, guess = _worded(gazetteer, exchange.words)
    slugs = tuple(dict.fromkeys((*guess.slugs, *query.inferred)))[:MOST_GUESSES]
    others = dict.fromkeys((*guess.related, *query.related))
    return replace(
        query,
        inferred=slugs,
        related=tuple(slug for slug in others if slug not in slugs)[:MOST_SUBSTITUTES],
        synonym=replace(wording, typed=exchange.phrase, meaning=exchange.meaning),
    )


def _measures(word: str) -> bool:
    """Return whether a word is a number or a unit: « 5 kg » says how much, no entry needs to hold it."""
    return not word.isalpha() or len(word) < 3


def without(q: str, words: Sequence[str], positions: Collection[int], most: int = MOST_WORDS) -> str:
    """Return a question without some of its words, the others as they were typed.

    words: those of the question, at most so many; positions: of those to leave out.
    """
    pieces, kept, position = q.split(), [], 0
    if [word for piece in pieces for word in words_of(piece)][:most] != list(words):
        return " ".join(word for at, word in enumerate(words) if at not in positions)
    for piece in pieces:
        own = words_of(piece)
        left = [word for index, word in enumerate(own, position) if index not in positions]
        if len(left) == len(own):
            kept.append(piece)
        elif left:  # « miel/Vichy »
            kept.append(" ".join(left))
        position += len(own)
    while kept and not words_of(kept[0]):
        kept = kept[1:]
    while kept and not words_of(kept[-1]):
        kept = kept[:-1]
    return " ".join(kept).strip(",;:/ ")


def _legible(text: str) -> str:
    """Return the part of a text that is read, on one line, without control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_TEXT]).split())


def _page_number(page: str) -> int:
    if not page:
        return 1
    if not (page.isascii() and page.isdecimal() and len(page) < 9):
        raise Unreadable("Ce numéro de page n’en est pas un. Revenez à la première page de la recherche.")
    if not 1 <= int(page) <= LAST_PAGE:
        raise Unreadable(f"Les pages vont de 1 à {LAST_PAGE}. Précisez votre recherche pour trouver plus vite.")
    return int(page)
