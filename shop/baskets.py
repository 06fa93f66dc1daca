"""The shopper's basket in our words: filled, corrected against what is really on sale, grouped by merchant."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import Sum
from oscar.core.loading import get_model

from directory.accent_colors import tint
from directory.hours import Place
from portal.pages import path_of
from portal.templatetags.portal import euros
from shop import thumbnails, vat
from shop.forks.partner.strategy import is_sold
from shop.middleware import cookie_basket_id
from shop.pickup import address_line
from shop.prices import Packing
from shop.products import first_picture, product_url, stock_of, unit_of

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")

MOST = settings.MAX_UNITS_PER_LINE  # of one article in one basket
PICTURE_WIDTH = 160  # pixels


class BasketRow(NamedTuple):
    """A line of a basket as it is stored, and its article as it is sold today.

    told_price: euros, what the shopper was last shown; price: today's, or None. vat_rate: None when the article's facts
    are not told. may_be_sold: as in ProductFacts. merchant: the id of her page, None when she has no shop.
    """

    line: int
    quantity: int
    told_price: Decimal | None
    product: int
    title: str
    slug: str
    is_public: bool
    vat_rate: str | None
    may_be_sold: bool | None
    unit: str
    measure: str
    measured: Decimal
    price: Decimal | None
    in_stock: int | None
    promised: int | None
    merchant: int | None
    merchant_live: bool
    merchant_sells: bool | None
    merchant_title: str
    merchant_url_path: str
    street: str
    postal_code: str
    town: str
    opening_hours: str
    department: str
    latitude: float | None
    longitude: float | None
    town_latitude: float
    town_longitude: float
    category_position: int
    picture: str | None

    @property
    def available(self) -> int:
        """How many one basket can have."""
        return min((self.in_stock or 0) - (self.promised or 0), MOST)

    @property
    def place(self) -> Place:
        """Where the merchant is, else her town."""
        if self.latitude is None or self.longitude is None:
            return Place(self.department, self.town_latitude, self.town_longitude)
        return Place(self.department, self.latitude, self.longitude)

    @property
    def is_sold(self) -> bool:
        return is_sold(
            self.price,
            may_be_sold=bool(self.may_be_sold),
            is_public=self.is_public,
            is_live=bool(self.merchant and self.merchant_live),
            sells=bool(self.merchant_sells),
        )


_MERCHANT = "stockrecord__partner__storefront__merchant"
# In the order of the fields of _Held.
_HELD = (
    "pk", "quantity", "price_incl_tax", "product", "product__title", "product__slug", "product__is_public",
    "product__facts__vat_rate", "product__facts__may_be_sold",
    "product__facts__unit", "product__facts__measure", "product__facts__quantity",
    "stockrecord__price", "stockrecord__num_in_stock", "stockrecord__num_allocated",
    _MERCHANT, f"{_MERCHANT}__live", "stockrecord__partner__storefront__sells",
    f"{_MERCHANT}__title", f"{_MERCHANT}__url_path", f"{_MERCHANT}__street",
    f"{_MERCHANT}__postal_code", f"{_MERCHANT}__town__name", f"{_MERCHANT}__opening_hours",
    f"{_MERCHANT}__town__department_code", f"{_MERCHANT}__latitude", f"{_MERCHANT}__longitude",
    f"{_MERCHANT}__town__latitude", f"{_MERCHANT}__town__longitude", f"{_MERCHANT}__category__position", "picture",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One article. key: names it in the form. maximum: how many can be had. price (of one), total: euros with VAT."""

    key: str
    product: int
    title: str
    url: str
    unit: str
    image: str
    tint: str
    quantity: int
    maximum: int
    vat_rate: str
    price: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class BasketGroup:
    """What is bought from one merchant. address: where to collect it, on one line."""

    title: str
    url: str
    address: str
    opening_hours: str
    place: Place
    tint: str
    lines: tuple[BasketLine, ...]

    @property
    def subtotal(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))


def settled(basket) -> tuple[list[BasketGroup], list[str]]:
    """Make the basket one that can be bought now; return it by merchant, and what had to change (see ``settle``)."""
    held = _held(basket)
    told = _settle(basket, held)
    return _groups(_held(basket) if told else held), told


def groups(basket) -> list[BasketGroup]:
    """Return the basket by merchant, in the order they came in; one query."""
    return _groups(_held(basket))


def total(parts: list[BasketGroup]) -> Decimal:
    return sum((part.subtotal for part in parts), Decimal(0))


def vat_shares(parts: list[BasketGroup]) -> list[vat.Share]:
    return vat.shares((line.vat_rate, line.total) for part in parts for line in part.lines)


def add(basket, product, quantity: int) -> str:
    """Put ``quantity`` more of a product of ``on_sale()`` in; return what to tell the shopper if it could not all be.

    Raises nothing: what is out of stock is told, not added.
    """
    available = min(stock_of(product).net_stock_level, MOST)
    held = basket.product_quantity(product)
    if not held and basket.num_lines >= settings.MAX_LINES_PER_BASKET:
        return (
            f"Votre panier contient déjà {settings.MAX_LINES_PER_BASKET} articles différents, le plus qu’on puisse "
            f"commander à la fois : commandez-les, puis ajoutez « {product.title} »."
        )
    added = max(0, min(quantity, available - held))
    if added:
        basket.add_product(product, added)
    if added == quantity:
        return ""
    if available <= 0:
        return f"« {product.title} » est épuisé."
    return _remaining(product.title, available)


def change_quantities(basket, wanted: Mapping[str, int]) -> list[str]:
    """Give the lines new quantities, 0 to remove one; return what could not be had.

    wanted: {line key: quantity}; keys of other baskets are ignored.
    """
    told = []
    for held in _held(basket):
        quantity = wanted.get(str(held.line), held.quantity)
        if quantity > max(held.available, held.quantity):
            told.append(_remaining(held.title, held.available) if held.available > 0 else _sold_out(held.title))
            quantity = held.available
        _set_quantity(basket, held, quantity)
    basket.reset_offer_applications()
    return told


def reconcile(basket) -> list[str]:
    """Make the basket one that can be bought now; return what had to change, a French sentence each.

    A merchant may have closed her shop, an article may be sold out, scarce, or cost another price than when it was
    put in. The price last told is kept with each line, so no shopper pays one she was not shown.
    """
    return _settle(basket, _held(basket))


def count(request) -> int:
    """Return how many articles wait in the visitor's basket, with one query on baskets and no basket made."""
    lines = Line.objects.filter(basket__status=Basket.OPEN)
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        lines = lines.filter(basket__owner=request.user)
    else:
        lines = lines.filter(basket=cookie_basket_id(request), basket__owner=None)
    return lines.aggregate(count=Sum("quantity", default=0))["count"]


def _held(basket) -> list[BasketRow]:
    if not basket.pk:
        return []
    lines = Line.objects.filter(basket=basket.pk).order_by("pk").annotate(picture=first_picture("product"))
    return [BasketRow._make(row) for row in lines.values_list(*_HELD)]


def _groups(held: list[BasketRow]) -> list[BasketGroup]:
    by_merchant: dict[int | None, list[BasketRow]] = {}
    for line in held:
        by_merchant.setdefault(line.merchant, []).append(line)
    return [
        BasketGroup(
            title=lines[0].merchant_title,
            url=path_of(lines[0].merchant_url_path),
            address=address_line(lines[0].street, lines[0].postal_code, lines[0].town),
            opening_hours=lines[0].opening_hours,
            place=lines[0].place,
            tint=tint(lines[0].category_position),
            lines=tuple(_shown(line) for line in lines),
        )
        for lines in by_merchant.values()
    ]


def _shown(held: BasketRow) -> BasketLine:
    price = held.price or Decimal(0)
    facts = Packing(held.unit, held.measure, held.measured)
    return BasketLine(
        key=str(held.line),
        product=held.product,
        title=held.title,
        url=product_url(held.slug, held.product),
        unit=f"{euros(price)}, {unit_of(facts, price)}",
        image=thumbnails.url(held.picture, PICTURE_WIDTH) if held.picture else "",
        tint=tint(held.product),
        quantity=held.quantity,
        maximum=held.available,
        vat_rate=held.vat_rate or "",
        price=price,
        total=price * held.quantity,
    )


def _settle(basket, held: list[BasketRow]) -> list[str]:
    told = [sentence for line in held for sentence in _settle_line(basket, line)]
    if told:
        basket.reset_offer_applications()
    return told


def _settle_line(basket, held: BasketRow) -> list[str]:
    price, rate = held.price, held.vat_rate
    if not held.is_sold or price is None or rate is None:
        _remove(basket, held)
        return [f"{_reason(held)} : nous avons retiré « {held.title} » de votre panier."]
    if held.available <= 0:
        _remove(basket, held)
        return [_sold_out(held.title)]

    told = []
    if held.quantity > held.available:
        _change(basket, held, quantity=held.available)
        told.append(_remaining(held.title, held.available))
    if held.told_price != price:
        told.append(f"Le prix de « {held.title} » a changé : {euros(price)} au lieu de {euros(held.told_price)}.")
        excl_tax = vat.excl_tax(price, rate)
        _change(basket, held, price_incl_tax=price, price_excl_tax=excl_tax, tax_code=rate)
    return told


def _change(basket, held: BasketRow, **fields) -> None:
    """Store new values of a line that is still in its basket: a purchase made meanwhile has moved it away."""
    Line.objects.filter(pk=held.line, basket=basket.pk).update(**fields)


def _remove(basket, held: BasketRow) -> None:
    Line.objects.filter(pk=held.line, basket=basket.pk).delete()


def _set_quantity(basket, held: BasketRow, quantity: int) -> None:
    if quantity <= 0:
        _remove(basket, held)
    elif quantity != held.quantity:
        _change(basket, held, quantity=quantity)


def _remaining(title: str, available: int) -> str:
    if available == MOST:
        return (
            f"Pas plus de {MOST} « {title} » à la fois : nous avons mis cette quantité dans votre panier. "
            "Écrivez au commerçant pour en commander davantage."
        )
    return f"Il n’en reste que {available} de « {title} » : nous avons mis cette quantité dans votre panier."


def _sold_out(title: str) -> str:
    return f"« {title} » est épuisé : nous l’avons retiré de votre panier."


def _reason(held: BasketRow) -> str:
    if held.merchant and not (held.merchant_live and held.merchant_sells):
        return f"{held.merchant_title} ne vend pas en ce moment"
    return "Cet article n’est plus en vente"
