"""Deliveries as people read them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from portal.grammar import at
from portal.templatetags.portal import euros
from shop.collection import words as slots
from shop.collection.rules import Weekday

if TYPE_CHECKING:
    from shop.delivery.models import DeliveryMethod

COLLECT = "Retirer à la boutique"
NAMES = {"": "Retrait", "tournee": "Livraison", "colis": "Colis"}
CHOICES = {"tournee": "Me faire livrer", "colis": "Par colis"}
SOME = 3  # towns named before « et 12 autres communes »


def price(method: "DeliveryMethod") -> str:
    """Return "4,00 €, offert dès 40,00 €"; "gratuit"."""
    fee = euros(method.fee) if method.fee else "gratuit"
    return f"{fee}, offert dès {euros(method.free_from)}" if method.fee and method.free_from else fee


def told(method: "DeliveryMethod", towns: Sequence[str]) -> str:
    """Return what a shopper reads of it: "Livre à Die, Crest et 2 autres communes, le mardi, de 14 h à 18 h : 4,00 €".

    towns: the names of those it goes to, in the order in which they are named.
    """
    least = f" À partir de {euros(method.minimum)} d’achats." if method.minimum else ""
    if method.rounds is None:
        return f"Envoie par colis en France : {price(method)}. {method.told.rstrip('.')}.{least}"
    days = slots.in_words(method.weekdays) if len(method.weekdays) < len(Weekday) else "tous les jours"
    when = f"{days}, de {slots.clock(method.starts)} à {slots.clock(method.ends)}"
    more = f" {method.told.rstrip('.')}." if method.told else ""
    return f"Livre {some_towns(towns)}, {when} : {price(method)}.{least}{more}"


def some_towns(names: Sequence[str]) -> str:
    """Return "à Die, à Crest et au Puy-en-Velay"; of many, the first ones and how many more there are."""
    shown, more = list(names[:SOME]), len(names) - SOME
    if more == 1:
        shown, more = list(names), 0
    placed = [at(name) for name in shown]
    if more > 0:
        return f"{', '.join(placed)} et dans {more} autres communes"
    return " et ".join(filter(None, [", ".join(placed[:-1]), placed[-1]])) if placed else ""


def listed(names: Iterable[str]) -> str:
    """Return all of these towns in one line: "Crest, Die, Saillans"."""
    return ", ".join(names)
