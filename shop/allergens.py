"""The fourteen allergens that must be told before a sale of food, and what a merchant says of them.

Regulation (EU) 1169/2011, annex II, and article 44 for what is not prepacked. Not having said is not « none »: such an
article is not on sale (ProductDetails). What a name says is in it (data/allergen-words.txt) is never claimed: a
merchant who answers otherwise is asked once whether that is right.
"""

import re
from collections.abc import Collection
from functools import cache

from django.db import models

from shop.food import looks_like_food
from shop.words import Words, has_accents, listed, longest, words_of

UNSAID = "Le commerçant ne les a pas encore indiqués : demandez-lui avant d’acheter."
NONE = "Aucun des quatorze allergènes à déclaration obligatoire."
WITHOUT = "san"  # « sans », folded
NOTHING = "rien"  # in the list of words: looks like an allergen and is none
LONGEST_QUESTION = 500  # characters
_SENTENCE = re.compile(r"[.!?:;\n]+")
# What a sentence of a description speaks of that is not what is in the article: traces, what goes well with it, and
# the town it comes from, which may be called like a cheese or a wine.
_BESIDE = re.compile(
    r"^specialite de\b|"
    r"\b(trace|accompagn|mari(e|er|ent|age)\b|accord|serv|sert\b|tartin|degust|peut contenir|ideal avec)"
)
_ANIMAL_FREE = {"vegan", "vegane", "vegetalien", "vegetalienne"}


class Allergen(models.TextChoices):
    GLUTEN = "gluten", "Gluten (céréales)"
    CRUSTACEANS = "crustaces", "Crustacés"
    EGGS = "oeufs", "Œufs"
    FISH = "poissons", "Poissons"
    PEANUTS = "arachides", "Arachides"
    SOYBEANS = "soja", "Soja"
    MILK = "lait", "Lait"
    NUTS = "fruits-a-coque", "Fruits à coque"
    CELERY = "celeri", "Céleri"
    MUSTARD = "moutarde", "Moutarde"
    SESAME = "sesame", "Sésame"
    SULPHITES = "sulfites", "Sulfites"
    LUPIN = "lupin", "Lupin"
    MOLLUSCS = "mollusques", "Mollusques"


ANIMAL = {Allergen.CRUSTACEANS, Allergen.EGGS, Allergen.FISH, Allergen.MILK, Allergen.MOLLUSCS}


def words(known: bool, contained: Collection[str], traces: Collection[str]) -> str:
    """Return what a shopper reads. known: the merchant went through the list; contained, traces: codes of Allergen."""
    if not known:
        return UNSAID
    told = []
    if contained:
        told.append(f"Contient : {_names(contained)}.")
    if remaining := set(traces) - set(contained):
        told.append(f"Peut contenir des traces : {_names(remaining)}.")
    return " ".join(told) or NONE


def suggested(title: str, description: str = "") -> list[str]:
    """Return the codes of the allergens that an article's name and description say are in it.

    « Noix de Grenoble » is nuts, « noix de muscade » nothing, « pain sans gluten » nothing. Of the description, what
    speaks of traces or of what to serve with it does not count.
    """
    sentences = [title, *(part for part in _SENTENCE.split(description) if not _is_beside(part))]
    found: set[str] = set()
    denied: set[str] = set()
    for sentence in sentences:
        told, without = _told(sentence, accented=has_accents(f"{title} {description}"))
        found |= told
        denied |= without
    return [allergen.value for allergen in Allergen if allergen in found - denied]


def question(title: str, description: str, is_food: bool | None, contained: Collection[str]) -> str:
    """Return what to ask a merchant whose answer the article's name contradicts, or "".

    is_food, contained: the merchant's answer, as in ProductDetails. Nothing is asked of who has not answered.
    """
    if is_food is None:
        return ""
    if is_food:
        missing = [Allergen(code) for code in suggested(title, description) if code not in contained]
        if not missing:
            return ""
        answer = f"n’avez pas coché {' ni '.join(f'« {allergen.label} »' for allergen in missing)}"
    elif looks_like_food(title) or (suggested(title) and looks_like_food(title) is None):
        answer = "dites que cela ne se mange pas et ne se boit pas"
    else:
        return ""
    return f"Vous vendez « {title} » et {answer}. Est-ce bien juste ?"[:LONGEST_QUESTION]


def _is_beside(sentence: str) -> bool:
    return bool(_BESIDE.search(" ".join(words_of(sentence, accented=False))))


def _told(sentence: str, *, accented: bool) -> tuple[set[str], set[str]]:
    """Return the allergens a sentence tells, and those of which it says that there are none."""
    words = words_of(sentence, accented=accented)
    known, length = _entries(accented)
    found: set[str] = set()
    denied: set[str] = set()
    denying, place = False, 0
    while place < len(words):
        if words[place] in (WITHOUT, "ni"):
            denying = words[place] == WITHOUT or denying
            place += 1
            continue
        entry = longest(words, known, length, place)
        if denying and words[place] != "de":
            denied |= _denied(words, place, known[entry] if entry else frozenset())
            denying = place + max(1, len(entry)) < len(words) and words[place + max(1, len(entry))] == "ni"
        elif entry:
            found |= known[entry]
        elif words[place] in _ANIMAL_FREE:
            denied |= ANIMAL
        place += max(1, len(entry))
    return found, denied


def _denied(words: Words, place: int, codes: frozenset[str]) -> frozenset[str]:
    """Return what « sans … » takes away: nothing where it means what is added, « sans sulfites ajoutés »."""
    is_added = words[place + 1 : place + 2] in (("ajouté",), ("ajoute",))
    return frozenset() if is_added or len(codes) != 1 else codes


@cache
def _entries(accented: bool) -> tuple[dict[Words, frozenset[str]], int]:
    """Return the allergens of each entry of the list, and how many words the longest has."""
    entries = {
        words_of(entry, accented=accented): frozenset(() if codes == NOTHING else codes.split())
        for codes, entry in listed("allergen-words.txt")
    }
    return entries, max(map(len, entries))


def _names(codes: Collection[str]) -> str:
    return ", ".join(allergen.label.lower() for allergen in Allergen if allergen in codes)
