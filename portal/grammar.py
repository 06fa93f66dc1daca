"""French grammar of names after a preposition: "à Die", "au Puy-en-Velay", "du Chai", "d’Annecy", "chez Perrine".

One rule for towns, merchants and people. Names are shown as they are written, but for the article or the preposition
that they begin with, where it melts into the one before.
"""

import re

_CONTRACTED = {"Le ": ("au ", "du "), "Les ": ("aux ", "des ")}
_PLACED = re.compile(r"(?:Au|Aux|À|Chez) ")  # « Aux Deux Épis » says where by itself
_VOWEL = re.compile(r"[aàâäeéèêëiîïoôöuùûüœæh]|y(?![aeéiou])", re.IGNORECASE)


def at(name: str) -> str:
    """Return a name after "à": "à Die", "au Puy-en-Velay", "aux Houches", "à La Mure", "aux Deux Épis"."""
    if _PLACED.match(name):
        return name[0].lower() + name[1:]
    for article, (contracted, _) in _CONTRACTED.items():
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def of(name: str) -> str:
    """Return a name after "de": "de Die", "d’Annecy", "du Puy-en-Velay", "des Houches", "de L’Atelier"."""
    for article, (_, contracted) in _CONTRACTED.items():
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if _VOWEL.match(name) else f"de {name}"


def chez(name: str) -> str:
    """Return a merchant's name after "chez": "chez Le Chai", "chez Perrine" whoever is « Chez Perrine »."""
    return name[0].lower() + name[1:] if _PLACED.match(name) else f"chez {name}"


def sentence(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]
