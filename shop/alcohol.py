"""Whether an article is a drink with alcohol: what its name says, and which trades have to answer.

More than 1.2 % by volume: its sale wants a licence, a buyer of age, a look at an identity card, and the sentence of the
law wherever it is shown (code de la santé publique, L3321-1, L3323-4, L3331-3, L3342-1).
"""

from functools import cache

from django.db import models

from shop.words import Words, has_accents, listed, longest, words_of

NOTICE = "L’abus d’alcool est dangereux pour la santé, à consommer avec modération."
TRADES = frozenset({"caviste", "vigneron", "brasserie-distillerie"})  # « Cuvée » is wine there
_LONGEST = 5  # words of an entry
_SMALL = {"de", "a", "en"}  # what joins a container to what it holds
_MOST_BEFORE = 5  # words that name a container: « carton de 6 bouteilles de »


class Licence(models.TextChoices):
    """By what right a shop sells alcohol to take away (CSP L3331-1 to L3331-3)."""

    SMALL = "petite", "Petite licence à emporter (vin, bière, cidre… jusqu’à 18 °)"
    FULL = "emporter", "Licence à emporter (toutes les boissons autorisées)"
    ON_SITE = "sur-place", "Licence III ou IV de débit de boissons"
    RESTAURANT = "restaurant", "Petite licence restaurant ou licence restaurant"
    GROWER = "recoltant", "Récoltant : je vends ma propre récolte"


def says_alcohol(title: str, category: str = "") -> bool | None:
    """Return what a name says: True « Chinon rouge », False « Vinaigre de vin » or « Bière sans alcool », else None.

    A drink begins its name, after its container at most; what comes after another article is an ingredient.
    category: slug of its own category: « Blonde » is a beer at a brewer's.
    """
    accented = has_accents(title)
    words = words_of(title, accented=accented)
    known = {meaning: _entries(meaning, accented) for meaning in ("boisson", "chez", "autre", "sans", "contenant")}
    if category in TRADES:
        known["boisson"] |= known["chez"]
    if any(_holds(words, entry) for entry in known["sans"]):
        return False
    start = _after_container(words, known["contenant"])
    for place in dict.fromkeys((start, 0)):
        drink, other = (len(longest(words, known[meaning], _LONGEST, place)) for meaning in ("boisson", "autre"))
        if drink or other:
            return drink > other
    # Named behind an article of another kind, « Terrine au chablis », it is in it or goes with it.
    named = any(longest(words, known["boisson"], _LONGEST, place) for place in range(1, len(words)))
    return False if named else None


def is_likely_alcohol(category: str, title: str, is_food: bool | None) -> bool | None:
    """Return whether an article is a drink with alcohol as far as can be told without asking, None where it cannot.

    category: slug of its own category.
    """
    if not is_food:
        return None if is_food is None else False
    told = says_alcohol(title, category)
    if told is None and category in TRADES:
        return None
    return bool(told)


def question(title: str, is_alcohol: bool | None) -> str:
    """Return what to ask a merchant whose answer the article's name contradicts, or ""."""
    if is_alcohol is False and says_alcohol(title):
        return f"Vous vendez « {title} » et dites qu’il n’y a pas d’alcool. Est-ce bien juste ?"
    return ""


def _after_container(words: Words, containers: frozenset[Words]) -> int:
    """Return where the name of what is sold begins: after « 6 bouteilles de », 0 where no container is named."""
    place, found = 0, 0
    while place < min(len(words), _MOST_BEFORE):
        container = longest(words, containers, _LONGEST, place)
        if container:
            found = place = place + len(container)
        elif words[place] in _SMALL or words[place].isdigit() or words[place] in {"cl", "l", "litre"}:
            place += 1
            found = place if found else 0
        else:
            break
    return found


def _holds(words: Words, entry: Words) -> bool:
    return any(words[place : place + len(entry)] == entry for place in range(len(words) - len(entry) + 1))


@cache
def _entries(meaning: str, accented: bool) -> frozenset[Words]:
    found = (entry for told, entry in listed("alcohol-words.txt") if told == meaning)
    return frozenset(words_of(entry, accented=accented) for entry in found)
