"""Whether an article is eaten or drunk: a fact of the article, which its merchant's category only makes likely."""

from functools import cache

from shop.words import Words, has_accents, listed, longest, words_of

_LONGEST = 5  # words of an entry
FOOD_TRADES = {"alimentation", "producteurs", "restauration"}  # top categories
# Categories that sell both: their merchants are asked of each article.
MIXED = {
    "epicerie-superette", "epicerie-fine", "bio-vrac", "caviste", "torrefacteur-the", "ferme-vente-directe",
    "apiculteur", "moulin-huilerie", "plantes-aromatiques", "magasin-producteurs", "marche-local", "bar-cafe",
    "salon-de-the", "arts-de-la-table", "decoration", "savonnerie-cosmetique", "institut-beaute", "spa-massage",
    "pharmacie", "presse-tabac", "jardinerie-pepiniere", "point-relais",
}  # fmt: skip


def looks_like_food(title: str) -> bool | None:
    """Return what an article's name says: True « Miel de lavande », False « Savon au miel », None « Le Petit »."""
    accented = has_accents(title)
    words = words_of(title, accented=accented)
    known = {meaning: _entries(meaning, accented) for meaning in ("autre", "partout", "aliment")}
    begins = {meaning: len(longest(words, entries, _LONGEST, 0)) for meaning, entries in known.items()}
    if any(_holds(words, entry) for entry in known["partout"]) or begins["autre"] > begins["aliment"]:
        return False
    return True if any(_holds(words, entry) for entry in known["aliment"]) else None


def is_likely_food(category: str, top: str, title: str) -> bool | None:
    """Return whether an article is food as far as can be told without asking, None where it cannot.

    category, top: slugs of its category and of that one's top category ("" where unknown).
    """
    told = looks_like_food(title)
    if top in FOOD_TRADES:
        return told is not False
    if told is None and category not in MIXED and top:
        return False
    return False if told is False else None


def usual_answer(category: str, top: str) -> bool | None:
    """Return what nearly all articles of a category are, None where its merchants have to say."""
    return None if category in MIXED or not top else top in FOOD_TRADES


def _holds(words: Words, entry: Words) -> bool:
    return any(words[place : place + len(entry)] == entry for place in range(len(words) - len(entry) + 1))


@cache
def _entries(meaning: str, accented: bool) -> frozenset[Words]:
    found = (entry for told, entry in listed("food-words.txt") if told == meaning)
    return frozenset(words_of(entry, accented=accented) for entry in found)
