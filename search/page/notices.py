"""What a results page says of a question that it cannot grant whole: what nobody records, what is not of this site.

A notice is {title, text, link, url}: texts in French, link and url "" where there is nobody else to ask.
"""

from collections.abc import Collection, Iterator, Sequence

from search import ranking
from search.answer import Answer
from search.engines.failover import engine
from search.links import Address
from search.page.facets import named_filter
from search.query import Kind, Naming, Order, Query
from search.request import SearchRequest
from search.results import Hit, Results
from search.understanding.normalize import words_of
from search.understanding.wordlists import everyday_words
from shop import alcohol

NEAREST_NAMES = 3
NAME_BEGINS = 3  # letters of an unknown name by which others are found


def notices(asked: SearchRequest, found: Answer) -> list[dict[str, str]]:
    """Return the notices of a page, the weightiest first."""
    return [
        {"title": title, "text": text, "link": link, "url": url}
        for title, text, link, url in [
            *_out_of_scope(asked),
            *_alcohol(asked),
            *_left_out(asked, found),
            *_unrecorded(asked, found),
            *_unpriced(asked, found),
        ]
    ]


def nearest_names(asked: SearchRequest, found: Answer) -> list[dict]:
    """Return chips of merchants whose names begin as an unknown one that was typed; [] where none was."""
    named = _unknown_names(asked, found)
    if not named:
        return []
    begun = Query(words=(named[0][:NAME_BEGINS],), unfinished=True, size=NEAREST_NAMES)
    (results,) = engine().search([begun])
    return [
        {"name": f"{hit.entry.title} – {hit.entry.town_name}", "url": hit.entry.url, "count": None, "active": False}
        for hit in results.hits
    ]


def wish_chips(asked: SearchRequest, address: Address) -> list[dict]:
    """Return a chip for each wish that stays among the words, whose link takes it away."""
    said = asked.parsed.wishes.to_be_said & set(words_of(address.what))
    url = address.but(what=_without(address.what, said)).url
    names = asked.parsed.wishes.unrecorded if said else ()
    return [{"name": f"«\u00a0{name}\u00a0»", "url": url, "count": None, "active": True} for name in names]


def _alcohol(asked: SearchRequest) -> Iterator[tuple[str, str, str, str]]:
    """What the law wants said wherever alcohol is offered, of a search among the trades that sell it."""
    if alcohol.TRADES & {asked.query.category, *asked.query.inferred}:
        yield alcohol.NOTICE, "La vente d’alcool est interdite aux moins de 18 ans.", "", ""


def _out_of_scope(asked: SearchRequest) -> Iterator[tuple[str, str, str, str]]:
    if answer := asked.parsed.wishes.unanswered:
        yield answer.name, answer.text, answer.link, answer.url


def _left_out(asked: SearchRequest, found: Answer) -> Iterator[tuple[str, str, str, str]]:
    """Say that nobody grants what the words wish, so that it was left out."""
    if not found.is_relaxed:
        return
    wished = asked.filters
    names = [
        _uncapitalised(named_filter(name, wished, ""))
        for name, _ in wished.each_without()
        if getattr(wished, name) != getattr(asked.own_filters, name) and name not in ("order", "excluded")
    ]
    listed = ", ".join(f"«\u00a0{name}\u00a0»" for name in names)
    hours = " Si leurs horaires ne sont pas dits, appelez avant de vous déplacer." if wished.open_at else ""
    yield f"Personne, ici, n’indique {listed}", f"Voici les autres.{hours}", "", ""


def _unrecorded(asked: SearchRequest, found: Answer) -> Iterator[tuple[str, str, str, str]]:
    """Say what no page records, and whether somebody says it all the same; or that a name is not here."""
    query, shown = _merchants(asked, found)
    names = [f"«\u00a0{name}\u00a0»" for name in asked.parsed.wishes.unrecorded]
    said = any(_says_the_rest(query, hit) for hit in shown)
    if names:
        nobody = "Aucun de ceux qui suivent ne le dit\u00a0: demandez-leur." if shown else ""
        told = "Voici d’abord ceux qui le disent." if said else nobody
        yield f"Les fiches ne relèvent pas {', '.join(names)}", told, "", ""
    elif unknown := _unknown_names(asked, found):
        typed = " ".join(_as_typed(asked.parsed.what, word) for word in unknown)
        text = "Voici ce qui s’en approche." if found.is_useful else ""
        yield f"Nous n’avons trouvé «\u00a0{typed}\u00a0» chez personne", text, "", ""


def _unpriced(asked: SearchRequest, found: Answer) -> Iterator[tuple[str, str, str, str]]:
    """Say that prices of shops are not compared, where the cheapest was asked for and no article answers."""
    articles = found.results.get(Kind.PRODUCT)
    if asked.query.order == Order.PRICE and not (articles and articles.total):
        yield (
            "Nous ne comparons pas les prix des commerces",
            "Seuls ceux des articles en vente ici sont connus.",
            "",
            "",
        )


def _unknown_names(asked: SearchRequest, found: Answer) -> list[str]:
    """Return the words that nobody's name or presentation holds, in a question that also names a trade or a good.

    Known words among them: « Fromagerie du Grand Sapin », « restaurant romantique ». Everyday ones say too little.
    """
    query, shown = _merchants(asked, found)
    if asked.parsed.wishes.unrecorded or asked.parsed.wishes.unanswered or query.naming != Naming.ALL:
        return []
    articles = found.results.get(Kind.PRODUCT)
    if any(_says_the_rest(query, hit) for hit in shown) or (articles and articles.named_by):
        return []
    if not query.inferred and found.is_useful:
        return []
    return [word for word in query.unexplained if word not in everyday_words()]


def _merchants(asked: SearchRequest, found: Answer) -> tuple[Query, Sequence[Hit]]:
    results: Results | None = found.results.get(Kind.MERCHANT)
    return (results.query, results.hits) if results else (asked.query, ())


def _says_the_rest(query: Query, hit: Hit) -> bool:
    """Return whether a result holds all that was looked for, and not only the category named."""
    entry = hit.entry
    found = ranking.words_points(query, hit.points, entry.places, hit.distance, entry.hours_known_since)
    return found >= ranking.TIERS["text"]


def _as_typed(text: str, word: str) -> str:
    return next((piece.strip(",.;") for piece in text.split() if words_of(piece) == [word]), word)


def _without(text: str, words: Collection[str]) -> str:
    """Return a text without some words, nor « sans » and small words left at its end."""
    kept = [piece for piece in text.split() if set(words).isdisjoint(words_of(piece))]
    while kept and words_of(kept[-1])[-1:] in (["sans"], ["avec"], ["en"], ["qui"], ["les"], ["la"], ["le"], ["de"]):
        kept = kept[:-1]
    return " ".join(kept)


def _uncapitalised(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
