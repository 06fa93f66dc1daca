"""What cannot be given up once it was handed over (C. conso. art. L221-28), and what is proposed to merchants."""

from functools import cache

from django.db import models

from shop.words import Words, listed, longest, words_of

_LONGEST = 4  # words of an entry of the list


class Exceptions(models.TextChoices):
    """Why an article is excepted: what its merchant chooses from. The numbers are those of article L221-28."""

    PERISHABLE = "perissable", "Il se détériore ou se périme vite (4°)"
    MADE_TO_MEASURE = "sur-mesure", "Il est fait sur mesure ou personnalisé (3°)"
    HYGIENE = "hygiene", "Il est scellé pour l’hygiène : une fois ouvert, il ne se reprend pas (5°)"
    RECORDING = "scelle", "C’est un disque, un jeu ou un logiciel scellé : une fois ouvert, il ne se reprend pas (9°)"
    NEWSPAPER = "presse", "C’est un journal ou un magazine (11°)"
    DATED = "date", "C’est une prestation à une date précise : repas, nuitée, sortie (12°)"


WHILE_SEALED = (Exceptions.HYGIENE, Exceptions.RECORDING)  # these can be given up as long as the seal is whole

_WHY = {
    Exceptions.PERISHABLE: "il se périme vite (art. L221-28, 4°)",
    Exceptions.MADE_TO_MEASURE: "il est fait sur mesure (art. L221-28, 3°)",
    Exceptions.HYGIENE: "s’il a été ouvert : il est scellé pour l’hygiène (art. L221-28, 5°)",
    Exceptions.RECORDING: "s’il a été ouvert : il est vendu scellé (art. L221-28, 9°)",
    Exceptions.NEWSPAPER: "c’est de la presse (art. L221-28, 11°)",
    Exceptions.DATED: "c’est une prestation à une date précise (art. L221-28, 12°)",
}


def told(exception: str) -> str:
    """Return what a shopper reads of an exception before buying and after, "" without any."""
    return f"Pas de rétractation une fois l’article remis\u00a0: {_WHY[Exceptions(exception)]}." if exception else ""


def may_be_given_up(exception: str) -> bool:
    """Return whether what was handed over can be given back; of what is sealed, its buyer says whether it still is."""
    return not exception or exception in WHILE_SEALED


# Categories of which nearly all articles spoil within days.
_FRESH_TRADES = {
    "boulangerie-patisserie", "boucherie-charcuterie", "fromagerie-cremerie", "poissonnerie", "primeur", "traiteur",
    "fleuriste", "maraicher",
}  # fmt: skip


def suggested(category: str, title: str) -> str:
    """Return the exception that is likely of an article, or "": its merchant has the last word.

    category: slug of its merchant's category. Its name decides first: « Confiture » at the baker's keeps for months,
    « Picodon frais » at the grocer's does not. A wrong « keeps » costs a merchant a cheese; a wrong exception would
    take a right from a buyer, so what is not known to spoil has none.
    """
    words = words_of(title, accented=False)
    keeps, spoils = _held(words, "garde"), _held(words, "frais")
    is_fresh = spoils > keeps or (not keeps and category in _FRESH_TRADES)
    return Exceptions.PERISHABLE if is_fresh else ""


def _held(words: Words, meaning: str) -> int:
    """Return how many words the longest entry has that a name holds: 3 of « plateau de fromages », 1 of « plateau »."""
    return max((len(longest(words, _entries(meaning), _LONGEST, start)) for start in range(len(words))), default=0)


@cache
def _entries(meaning: str) -> frozenset[Words]:
    found = (entry for told, entry in listed("spoiling-words.txt") if told == meaning)
    return frozenset(words_of(entry, accented=False) for entry in found)
