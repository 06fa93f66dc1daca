"""Normalizes words: no case, accents or apostrophes. inflection.py brings them to one number."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST_TEXT = 200  # characters of a question that are read
MOST_WORDS = 12

_WORD = re.compile(r"[a-z0-9]+")

# Words that say nothing of what is looked for: small words of French; what one does in a shop; when and how.
SMALL_WORDS = frozenset(
    _WORD.findall(
        "a ai au aucun aucune aux avec ce ces cette chez d dans de des du elle en entre est et il ils j je l la le "
        "les leur leurs ma mes mon ne ni nos notre nous on ou par pas pour pr qu que qui s sa sans se ses son sont "
        "sous sur t ta te tes ton tout toute tous un une vers vos votre vous y"
    )
)
_SHOPPING = frozenset(
    _WORD.findall(
        "acheter achat adresse avis besoin bon bonne bonnes bons boutique boutiques cherche chercher commander faire "
        "faut magasin magasins meilleur meilleure meilleurs quel quelle recherche trouve trouver vend vendent vente "
        "veux voudrais bonjour merci svp "
        "alors celle celles celui ceux plutot sinon truc trucs "
        "aujourd hui demain dimanche lundi mardi mercredi jeudi vendredi samedi matin midi soir maintenant ouvert "
        "ouverte ouvertes ouverts ouverture horaire horaires heure heures 24h urgence urgent vite rapide rapidement "
        "abordable cher chere discount domicile livraison livrer petit petits prix proche proximite tarif"
    )
)
SHOPPING_WORDS = _SHOPPING | {f"{word}s" for word in _SHOPPING}  # a question and its plural are one

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`′", "'"))
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|presqu)'(?=\w)")


class _Folding(dict):
    """What each letter becomes, worked out once a letter."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code))
        self[code] = "".join(part for part in decomposed if unicodedata.category(part) not in ("Mn", "Cf"))
        return self[code]


_FOLDING = _Folding(_LIGATURES | _APOSTROPHES)


def fold(text: str) -> str:
    """Return the text in lower case without accents, ligatures or invisible marks: "À l’Été" -> "a l'ete"."""
    return text.casefold().translate(_FOLDING)


def words_of(text: str) -> list[str]:
    """Return the folded words of a text in their order, without elided articles: "L’huile d’olive" -> huile, olive."""
    return _WORD.findall(_ELISION.sub("", fold(text)))


def content_words(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that say what is looked for; all of them if none does ("la vente")."""
    told = tuple(word for word in words if word not in SMALL_WORDS and word not in SHOPPING_WORDS)
    return told or tuple(word for word in words if word not in SMALL_WORDS) or tuple(words)
