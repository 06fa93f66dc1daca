"""What a shopper chooses at the checkout: for each merchant of the basket, to come or to be brought it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from directory.models import Town
from portal.grammar import at, chez
from portal.templatetags.portal import euros
from shop.baskets import BasketGroup
from shop.delivery import words
from shop.delivery.address import Address
from shop.delivery.models import DeliveryMethod
from shop.delivery.offers import Offer, delivered, methods_of, offers_of, serves

PRESSED_WAY = "livrer"  # the name of the buttons that choose: "<merchant>/tournee", "<merchant>/" to collect


@dataclass(frozen=True)
class Delivery:
    """How a purchase is brought. kinds: {merchant's page: kind of DeliveryMethod}, of those who bring it."""

    kinds: Mapping[int, str]
    address: Address


class NotDelivered(Exception):
    """A merchant does not deliver that, there, any more."""


@dataclass
class WayChoice:
    """How one merchant's part reaches its buyer. kind: what is chosen, "" to collect.

    options: the buttons, {value, label, current}; none where the merchant does not deliver. faults: why others cannot
    be chosen. changed: what became of what was chosen before, or "".
    """

    merchant: int
    kind: str = ""
    options: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    changed: str = ""

    @property
    def name(self) -> str:
        return name_of(self.merchant)


def name_of(merchant: int) -> str:
    """Return the name of the hidden field that says what was chosen of one merchant."""
    return f"mode-{merchant}"


def pressed_merchant(posted: Mapping[str, str]) -> str:
    """Return whose button was pressed, the id of the page as text; "" where none was."""
    return posted.get(PRESSED_WAY, "").partition("/")[0]


def choose(groups: Iterable[BasketGroup], posted: Mapping[str, str]) -> list[tuple[BasketGroup, WayChoice]]:
    """Return each merchant's part as it is brought, with what else could be chosen; one query."""
    groups = list(groups)
    methods = methods_of(group.merchant for group in groups)
    return [_choose(group, offers_of(group, methods[group.merchant]), posted) for group in groups]


def apply(groups: Iterable[BasketGroup], delivery: Delivery | None) -> list[BasketGroup]:
    """Return a basket's parts as a purchase has them brought; one query where any is. Raises NotDelivered."""
    groups = list(groups)
    if delivery is None or not delivery.kinds:
        return groups
    methods = methods_of(delivery.kinds)
    found = []
    for group in groups:
        kind = delivery.kinds.get(group.merchant)
        if kind:
            possible = [offer.method for offer in offers_of(group, methods[group.merchant]) if not offer.fault]
            method = next((method for method in possible if method.kind == kind), None)
            if method is None or not serves(method, delivery.address.place):
                raise NotDelivered
            group = delivered(group, method)
        found.append(group)
    return found


def not_served(groups: Iterable[BasketGroup], town: Town | None) -> list[str]:
    """Return who does not come to a town, of the parts that are brought, a French sentence each."""
    brought = {group.merchant: group for group in groups if group.way}
    if not brought:
        return []
    methods = methods_of(brought)
    return [
        _not_served(group, method, town)
        for merchant, group in brought.items()
        for method in methods[merchant]
        if group.way and method.kind == group.way.kind and not serves(method, town)
    ]


def _choose(group: BasketGroup, offers: list[Offer], posted: Mapping[str, str]) -> tuple[BasketGroup, WayChoice]:
    choice = WayChoice(group.merchant)
    owner, _, pressed = posted.get(PRESSED_WAY, "").partition("/")
    wanted = pressed if owner == str(group.merchant) else posted.get(choice.name, "")
    possible = {offer.method.kind: offer.method for offer in offers if not offer.fault}
    choice.faults = [offer.fault for offer in offers if offer.fault]
    if wanted and wanted not in possible:
        choice.changed = f"La livraison n’est plus possible {chez(group.title)} : vous retirez à la boutique."
    choice.kind = wanted if wanted in possible else ""
    if possible:
        choice.options = [_option(group, choice, "", words.COLLECT)] + [
            _option(group, choice, kind, f"{words.CHOICES[kind]}, {_price(group, method)}")
            for kind, method in possible.items()
        ]
    return (delivered(group, possible[choice.kind]) if choice.kind else group), choice


def _option(group: BasketGroup, choice: WayChoice, kind: str, label: str) -> dict[str, Any]:
    return {"value": f"{group.merchant}/{kind}", "label": label, "current": kind == choice.kind}


def _price(group: BasketGroup, method: DeliveryMethod) -> str:
    fee = method.priced(group.subtotal).fee
    return euros(fee) if fee else "offert"


def _not_served(group: BasketGroup, method: DeliveryMethod, town: Town | None) -> str:
    names = Town.objects.filter(insee_code__in=method.towns).order_by("-population").values_list("name", flat=True)
    where = f" {at(town.name)}" if town else " à cette adresse"
    return (
        f"« {group.title} » ne livre pas{where}, mais {words.some_towns(list(names))} : donnez une autre adresse, ou "
        "choisissez « Retirer à la boutique »."
    )
