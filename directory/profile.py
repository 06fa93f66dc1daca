"""The context of a merchant's page: opening hours, services, neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from directory.cards import CardRow, MerchantCard, known_state, merchant_cards, page_pictures
from directory.category_pictures import category_pictures
from directory.hours import confirmation, exceptions, week
from directory.maps import town_map
from directory.vetting.trail import trail
from portal.memory import memoized

if TYPE_CHECKING:
    from directory.models import MerchantPage

NEIGHBOURS = 4
DELIVERY = "Organisée par le commerce, à convenir avec lui."


@dataclass(frozen=True)
class Service:
    """Something that a merchant offers beyond the counter. icon: of the sprite. detail: "" when the name says all."""

    icon: str
    name: str
    detail: str = ""


def merchant_context(merchant: MerchantPage, now: datetime) -> dict[str, Any]:
    """Return what directory/merchant_page.html shows at ``now``, an aware time, beside the page itself."""
    today = now.date()
    return {
        "state": known_state(merchant, now),
        "week": tuple(week(merchant.opening_hours, today, merchant.place)),
        "exceptions": exceptions(merchant.opening_hours, today, merchant.place),
        "confirmation": confirmation(merchant.confirmed_on, today) if merchant.opening_hours else "",
        "trail": trail(merchant, today),
        "services": services(merchant),
        "map": town_map(merchant.town.insee_code, [merchant.point]),
        "pictures": page_pictures(merchant),
        "neighbours": _neighbours(merchant, now),
        "is_fictional": merchant.is_fictional,
        "category_pictures": category_pictures(merchant.category.slug),
    }


def services(merchant: MerchantPage) -> tuple[Service, ...]:
    """Return what the merchant declares to offer; what is sold online, the shop knows."""
    offered = []
    if merchant.delivers:
        offered.append(Service("delivery", "Livre à domicile", f"{merchant.delivery_note} {DELIVERY}".strip()))
    if merchant.step_free:
        offered.append(Service("access", "Accès de plain-pied"))
    return tuple(offered)


def _neighbours(merchant: MerchantPage, now: datetime) -> list[MerchantCard]:
    """Return cards of the nearest live merchants, and how far they are."""
    return merchant_cards(_nearest(merchant, merchant.point), now, around=merchant.point)


@memoized
def _nearest(merchant: MerchantPage, point: tuple[float, float]) -> tuple[CardRow, ...]:
    others = type(merchant).objects.live().filter(latitude__isnull=False).exclude(pk=merchant.pk)
    others = others.told_by_departments(merchant.town.department_code)
    return tuple(others.card_rows().nearest(point)[:NEIGHBOURS])
