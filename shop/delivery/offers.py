"""How the merchants of a basket deliver, and why one of them does not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from directory.models import Town
from portal.dependencies import depends_on
from portal.grammar import at
from portal.memory import memoized
from portal.templatetags.portal import euros
from shop.baskets import BasketGroup
from shop.delivery import words
from shop.delivery.models import DeliveryMethod, Kind


@dataclass(frozen=True)
class Offer:
    """One way in which a merchant delivers what a basket holds. fault: why it cannot be chosen now, "" if it can."""

    method: DeliveryMethod
    fault: str


def methods_of(merchants: Iterable[int]) -> dict[int, list[DeliveryMethod]]:
    """Return how these merchants deliver, by the id of their page, rounds first; one query."""
    found: dict[int, list[DeliveryMethod]] = {merchant: [] for merchant in merchants}
    own = DeliveryMethod.objects.filter(storefront__merchant__in=found, is_paused=False)
    for method in own.select_related("storefront").order_by("-kind"):
        found[method.storefront.merchant_id].append(method)
    return found


def offers_of(group: BasketGroup, methods: Iterable[DeliveryMethod]) -> list[Offer]:
    """Return how one merchant's part of a basket can be delivered."""
    return [Offer(method, _fault(group, method)) for method in methods]


def delivered(group: BasketGroup, method: DeliveryMethod) -> BasketGroup:
    """Return a merchant's part as it is brought that way, its fee included."""
    return replace(group, way=method.priced(group.subtotal))


def codes_of(town: Town) -> set[str]:
    """Return the INSEE codes by which a merchant serves a town: its own, and of an arrondissement its commune's."""
    return {town.insee_code, town.parent.insee_code} if town.parent else {town.insee_code}


def serves(method: DeliveryMethod, town: Town | None) -> bool:
    """Return whether it goes to a town; None: one outside the region, where only parcels go."""
    return method.kind == Kind.PARCEL or (town is not None and bool(codes_of(town) & set(method.towns)))


def _fault(group: BasketGroup, method: DeliveryMethod) -> str:
    if group.subtotal < method.minimum:
        missing = method.minimum - group.subtotal
        return f"{words.NAMES[method.kind]} dès {euros(method.minimum)} d’achats : il manque {euros(missing)}."
    if method.kind == Kind.PARCEL and (kept := [line.title for line in group.lines if not line.travels]):
        named = " et ".join(f"« {title} »" for title in kept)
        return f"Pas de colis pour {named} : ce qui se périme vite et l’alcool ne partent pas par la poste."
    return ""


class Told(NamedTuple):
    """What a page tells of one way. kind: of DeliveryMethod; towns: all of them, in the order of the alphabet."""

    kind: str
    text: str
    towns: str


@memoized
def told_of(merchant: int) -> tuple[Told, ...]:
    """Return what the pages of a merchant and of the articles tell of how they are delivered."""
    depends_on("page", merchant)
    methods = methods_of([merchant])[merchant]
    texts = told_by(methods)
    names = {method.kind: all_towns([method]) if len(method.towns) > words.SOME else [] for method in methods}
    return tuple(Told(kind, text, words.listed(names[kind])) for kind, text in texts.items())


def told_in_basket(groups: Iterable[BasketGroup], town: Town | None) -> list[tuple[str, ...]]:
    """Return what a basket tells of how each merchant's part can be delivered, to a town if that is known.

    Two queries, whatever the number of merchants.
    """
    groups = list(groups)
    methods = methods_of(group.merchant for group in groups)
    codes = {code for own in methods.values() for method in own for code in method.towns}
    towns = list(Town.objects.filter(insee_code__in=codes).order_by("-population")) if codes and not town else []
    return [
        tuple(_told_here(offer, towns, town) for offer in offers_of(group, methods[group.merchant])) for group in groups
    ]


def _told_here(offer: Offer, towns: Iterable[Town], town: Town | None) -> str:
    method = offer.method
    if method.kind == Kind.ROUND and town is not None:
        if not serves(method, town):
            return f"Ne livre pas {at(town.name)} : à retirer à la boutique."
        told = f"Livre {at(town.name)} : {words.price(method)}."
    elif method.kind == Kind.ROUND:
        told = words.told(method, [each.name for each in towns if each.insee_code in method.towns])
    else:
        told = f"Envoi par colis : {words.price(method)}."
    return f"{told} {offer.fault}".strip()


def told_by(methods: list[DeliveryMethod]) -> dict[str, str]:
    """Return what a shopper reads of each of one merchant's ways, by its kind; two queries at most."""
    codes = {code for method in methods for code in method.towns}
    towns = Town.objects.filter(insee_code__in=codes).order_by("-population") if codes else ()
    return {
        method.kind: words.told(method, [town.name for town in towns if town.insee_code in method.towns])
        for method in methods
    }


def all_towns(methods: Iterable[DeliveryMethod]) -> list[str]:
    """Return the names of all towns that these go to, in the order of the alphabet; one query."""
    codes = {code for method in methods for code in method.towns}
    return list(Town.objects.filter(insee_code__in=codes).order_by("name").values_list("name", flat=True))
