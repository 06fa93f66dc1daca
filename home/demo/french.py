"""French grammar of names: "à Die", "du Puy-en-Velay", "d’Odile"."""

import re

VOWEL = re.compile(r"[aeiouyàâäéèêëîïôöûüœAEIOUYÀÂÄÉÈÊËÎÏÔÖÛÜŒhH]")
ARTICLES = {"Le ": ("au ", "du "), "Les ": ("aux ", "des ")}


def spoken(town_name: str) -> str:
    """Return a town's name as people say it: "Lyon 3e Arrondissement" is "Lyon 3e"."""
    return town_name.replace(" Arrondissement", "").replace("'", "’")


def in_town(name: str) -> str:
    """Return "à Die", "au Puy-en-Velay", "aux Vans"."""
    for article, (at, _of) in ARTICLES.items():
        if name.startswith(article):
            return at + name.removeprefix(article)
    return f"à {name}"


def of(name: str) -> str:
    """Return "de Die", "d’Annecy", "du Puy-en-Velay"."""
    for article, (_at, of_the) in ARTICLES.items():
        if name.startswith(article):
            return of_the + name.removeprefix(article)
    return f"d’{name}" if VOWEL.match(name) else f"de {name}"


def sentence(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]
