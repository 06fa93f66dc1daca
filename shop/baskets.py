"""The basket: adds, reconciles with stock and prices, groups by merchant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.timezone import localdate
from oscar.core.loading import get_model

from directory.accent_colors import accent
from directory.hours import Place
from portal.addresses import path_of
from portal.rows import columns_of
from portal.templatetags.portal import euros
from shop import thumbnails, vat
from shop.collection.rules import COLUMNS, need_of, rules_of
from shop.collection.slots import Rules
from shop.delivery.ways import Way, fee_by_rate, travels
from shop.forks.partner.strategy import is_sold
from shop.middleware import cookie_basket_id
from shop.pickup import address_line
from shop.prices import Packing
from shop.products import first_picture, product_url, stock_of, unit_of
from shop.storefronts import is_vat_exempt
from shop.weighing import amounts
from shop.withdrawal import exceptions

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")

MOST = settings.MAX_UNITS_PER_LINE  # of one article in one basket
PICTURE_WIDTH = 160  # pixels


class BasketRow(NamedTuple):
    """A line of a basket as it is stored, and its article as it is sold today.

    shown_price: euros, what the shopper was last shown; price: today's, or None. product_rate: its rate of VAT; None
    when the article has no details. may_be_sold: as in ProductDetails. merchant: the id of the merchant's page, None
    without a shop.
    """

    line: int
    quantity: int
    shown_price: Decimal | None
    product: int
    title: str
    slug: str
    is_public: bool
    product_rate: str | None
    may_be_sold: bool | None
    is_alcohol: bool | None
    struck: Decimal | None
    unit: str
    measure: str
    measured: Decimal
    price_per_kilo: Decimal | None
    price: Decimal | None
    in_stock: int | None
    allocated: int | None
    merchant: int | None
    merchant_live: bool
    merchant_sells: bool | None
    vat_regime: str | None
    vat_regime_since: date | None
    vat_regime_before: str | None
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
    lead_hours: int | None
    only_on: list[str] | None
    collection_lead: int | None
    collection_cutoff: time | None
    slot_minutes: int | None
    slot_places: int | None
    collection_ahead: int | None
    collection_days_off: list[str] | None
    withdrawal_exception: str | None
    picture: str | None

    @property
    def available(self) -> int:
        """How many one basket can have."""
        return min((self.in_stock or 0) - (self.allocated or 0), MOST)

    @property
    def vat_rate(self) -> str | None:
        """The rate that its price holds today; None when the article has no details."""
        regime = (self.vat_regime, self.vat_regime_since, self.vat_regime_before)
        if self.product_rate is not None and is_vat_exempt(*regime, localdate()):
            return vat.EXEMPT
        return self.product_rate

    @property
    def place(self) -> Place:
        """Where the merchant is, else the town."""
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


_STOCK = "stockrecord"
_STOREFRONT = f"{_STOCK}__partner__storefront"
_MERCHANT = f"{_STOREFRONT}__merchant"
_TOWN = f"{_MERCHANT}__town"
# The column that a field of BasketRow is read from, where it bears another name.
_COLUMNS = {
    "line": "pk",
    "shown_price": "price_incl_tax",
    "title": "product__title",
    "slug": "product__slug",
    "is_public": "product__is_public",
    "product_rate": "product__details__vat_rate",
    "may_be_sold": "product__details__may_be_sold",
    "is_alcohol": "product__details__is_alcohol",
    "struck": "product__details__struck_price",
    "unit": "product__details__unit",
    "measure": "product__details__measure",
    "measured": "product__details__quantity",
    "price_per_kilo": "product__details__price_per_kilo",
    "price": f"{_STOCK}__price",
    "in_stock": f"{_STOCK}__num_in_stock",
    "allocated": f"{_STOCK}__num_allocated",
    "merchant": _MERCHANT,
    "merchant_live": f"{_MERCHANT}__live",
    "merchant_sells": f"{_STOREFRONT}__sells",
    "vat_regime": f"{_STOREFRONT}__vat_regime",
    "vat_regime_since": f"{_STOREFRONT}__vat_regime_since",
    "vat_regime_before": f"{_STOREFRONT}__vat_regime_before",
    "merchant_title": f"{_MERCHANT}__title",
    "merchant_url_path": f"{_MERCHANT}__url_path",
    "street": f"{_MERCHANT}__street",
    "postal_code": f"{_MERCHANT}__postal_code",
    "town": f"{_TOWN}__name",
    "opening_hours": f"{_MERCHANT}__opening_hours",
    "department": f"{_TOWN}__department_code",
    "latitude": f"{_MERCHANT}__latitude",
    "longitude": f"{_MERCHANT}__longitude",
    "town_latitude": f"{_TOWN}__latitude",
    "town_longitude": f"{_TOWN}__longitude",
    "withdrawal_exception": "product__details__withdrawal_exception",
    "category_position": f"{_MERCHANT}__category__position",
    "lead_hours": "product__details__lead_hours",
    "only_on": "product__details__only_on",
    **{name: f"{_STOREFRONT}__{name}" for name in COLUMNS},
}


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One article. key: names it in the form. maximum: how many can be had. price (of one), total: euros with VAT.

    weekdays: on which it exists, Monday 0. ceiling: what one costs at the very most; weighed: that in words, "" of what
    is not sold by weight.
    withdrawal: why it cannot be given back, or "". travels: whether it can go by post.
    """

    key: str
    product: int
    title: str
    url: str
    unit: str
    image: str
    accent: str
    quantity: int
    maximum: int
    vat_rate: str
    price: Decimal
    total: Decimal
    weekdays: frozenset[int]
    withdrawal: str
    is_alcohol: bool
    ceiling: Decimal
    weighed: str
    travels: bool


@dataclass(frozen=True, slots=True)
class BasketGroup:
    """What is bought from one merchant, its page's id. address: where to collect it, on one line.

    rules: of its slots, with what the articles ask of them. way: how it is brought, None where its buyer comes.
    """

    merchant: int
    title: str
    url: str
    address: str
    opening_hours: str
    place: Place
    accent: str
    lines: tuple[BasketLine, ...]
    rules: Rules
    way: Way | None = None

    @property
    def subtotal(self) -> Decimal:
        """What the articles cost."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def fee(self) -> Decimal:
        """What bringing them costs."""
        return self.way.fee if self.way else Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.fee

    @property
    def taxed(self) -> list[tuple[str, Decimal]]:
        """The (rate, total) of each line and of the fee, for vat.shares()."""
        lines = [(line.vat_rate, line.total) for line in self.lines]
        return lines + fee_by_rate(lines, self.fee)


def reconciled(basket: Any) -> tuple[list[BasketGroup], list[str]]:
    """Make the basket one that can be bought now; return it by merchant, and what had to change in French sentences.

    A merchant may have closed the shop, an article may be sold out, scarce, or cost another price than when it was
    put in. The price last told is kept with each line, so no shopper pays one that was not shown.
    """
    rows = _rows(basket)
    messages = _reconcile(basket, rows)
    return _groups(_rows(basket) if messages else rows), messages


def groups(basket: Any) -> list[BasketGroup]:
    """Return the basket by merchant, in the order they came in; one query."""
    return _groups(_rows(basket))


def total(groups: list[BasketGroup]) -> Decimal:
    return sum((group.total for group in groups), Decimal(0))


def rows(group: BasketGroup) -> list[dict[str, Any]]:
    """Return what one merchant's part adds to the total, for components/summary.html."""
    goods = {"label": group.title, "amount": group.subtotal}
    return [goods, {"label": f"Livraison, {group.title}", "amount": group.fee}] if group.way else [goods]


def at_most(groups: list[BasketGroup]) -> Decimal | None:
    """Return what all of it costs at the very most once it is weighed; None where nothing is sold by weight."""
    lines = [line for group in groups for line in group.lines]
    if not any(line.weighed for line in lines):
        return None
    return total(groups) + sum(((line.ceiling - line.price) * line.quantity for line in lines), Decimal(0))


def at_most_rows(groups: list[BasketGroup]) -> list[dict[str, Any]]:
    """Return the row that tells that, for components/summary.html, or none."""
    most = at_most(groups)
    return [] if most is None else [{"label": "Au plus, après la pesée", "amount": most}]


def has_alcohol(groups: list[BasketGroup]) -> bool:
    return any(line.is_alcohol for group in groups for line in group.lines)


def vat_shares(groups: list[BasketGroup]) -> list[vat.Share]:
    return vat.shares(part for group in groups for part in group.taxed)


def add(basket: Any, product: Any, quantity: int) -> str:
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


def change_quantities(basket: Any, wanted: Mapping[str, int]) -> list[str]:
    """Give the lines new quantities, 0 to remove one; return what could not be had.

    wanted: {line key: quantity}; keys of other baskets are ignored.
    """
    messages = []
    for row in _rows(basket):
        quantity = wanted.get(str(row.line), row.quantity)
        if quantity > max(row.available, row.quantity):
            messages.append(_remaining(row.title, row.available) if row.available > 0 else _sold_out(row.title))
            quantity = row.available
        _set_quantity(basket, row, quantity)
    basket.reset_offer_applications()
    return messages


def count(request: HttpRequest) -> int:
    """Return how many articles wait in the visitor's basket, with one query on baskets and no basket made."""
    lines = Line.objects.filter(basket__status=Basket.OPEN)
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        lines = lines.filter(basket__owner=request.user)
    else:
        lines = lines.filter(basket=cookie_basket_id(request), basket__owner=None)
    return lines.aggregate(count=Sum("quantity", default=0))["count"]


def _rows(basket: Any) -> list[BasketRow]:
    if not basket.pk:
        return []
    lines = Line.objects.filter(basket=basket.pk).order_by("pk").annotate(picture=first_picture("product"))
    return [BasketRow._make(row) for row in lines.values_list(*columns_of(BasketRow, _COLUMNS))]


def _groups(rows: list[BasketRow]) -> list[BasketGroup]:
    by_merchant: dict[int | None, list[BasketRow]] = {}
    for row in rows:
        by_merchant.setdefault(row.merchant, []).append(row)
    return [
        BasketGroup(
            merchant=lines[0].merchant or 0,
            title=lines[0].merchant_title,
            url=path_of(lines[0].merchant_url_path),
            address=address_line(lines[0].street, lines[0].postal_code, lines[0].town),
            opening_hours=lines[0].opening_hours,
            place=lines[0].place,
            accent=accent(lines[0].category_position),
            lines=tuple(_shown(row) for row in lines),
            rules=_rules(lines),
        )
        for lines in by_merchant.values()
    ]


def _rules(rows: list[BasketRow]) -> Rules:
    """Return the rules of the slots of one merchant's rows."""
    shop = rules_of(*(getattr(rows[0], name) for name in COLUMNS))
    return shop.of_articles(need_of(row.lead_hours or 0, row.only_on or []) for row in rows)


def _shown(row: BasketRow) -> BasketLine:
    price = row.price or Decimal(0)
    details = Packing(row.unit, row.measure, row.measured, row.price_per_kilo)
    ceiling = amounts.ceiling(price) if row.price_per_kilo is not None else price
    struck = f" au lieu de {euros(row.struck)}" if row.struck else ""
    most = f"Pesé à la préparation : {euros(ceiling * row.quantity)} au plus"
    return BasketLine(
        key=str(row.line),
        product=row.product,
        title=row.title,
        url=product_url(row.slug, row.product),
        unit=f"{euros(price)}{struck}, {unit_of(details, price)}",
        image=thumbnails.url(row.picture, PICTURE_WIDTH) if row.picture else "",
        accent=accent(row.product),
        quantity=row.quantity,
        maximum=row.available,
        vat_rate=row.vat_rate or "",
        price=price,
        total=price * row.quantity,
        weekdays=need_of(0, row.only_on or [])[1],
        withdrawal=exceptions.told(row.withdrawal_exception or ""),
        is_alcohol=bool(row.is_alcohol),
        ceiling=ceiling,
        weighed=most if row.price_per_kilo is not None else "",
        travels=travels(row.is_alcohol, row.withdrawal_exception),
    )


def _reconcile(basket: Any, rows: list[BasketRow]) -> list[str]:
    messages = [message for row in rows for message in _reconcile_row(basket, row)]
    if messages:
        basket.reset_offer_applications()
    return messages


def _reconcile_row(basket: Any, row: BasketRow) -> list[str]:
    price, rate = row.price, row.vat_rate
    if not row.is_sold or price is None or rate is None:
        _remove(basket, row)
        return [f"{_reason(row)} : nous avons retiré « {row.title} » de votre panier."]
    if row.available <= 0:
        _remove(basket, row)
        return [_sold_out(row.title)]

    messages = []
    if row.quantity > row.available:
        _change(basket, row, quantity=row.available)
        messages.append(_remaining(row.title, row.available))
    if row.shown_price != price:
        messages.append(f"Le prix de « {row.title} » a changé : {euros(price)} au lieu de {euros(row.shown_price)}.")
        excl_tax = vat.excl_tax(price, rate)
        _change(basket, row, price_incl_tax=price, price_excl_tax=excl_tax, tax_code=rate)
    return messages


def _change(basket: Any, row: BasketRow, **fields: Any) -> None:
    """Store new values of a line that is still in its basket: a purchase made meanwhile has moved it away."""
    Line.objects.filter(pk=row.line, basket=basket.pk).update(**fields)


def _remove(basket: Any, row: BasketRow) -> None:
    Line.objects.filter(pk=row.line, basket=basket.pk).delete()


def _set_quantity(basket: Any, row: BasketRow, quantity: int) -> None:
    if quantity <= 0:
        _remove(basket, row)
    elif quantity != row.quantity:
        _change(basket, row, quantity=quantity)


def _remaining(title: str, available: int) -> str:
    if available == MOST:
        return (
            f"Pas plus de {MOST} « {title} » à la fois : nous avons mis cette quantité dans votre panier. "
            "Écrivez au commerçant pour en commander davantage."
        )
    return f"Il n’en reste que {available} de « {title} » : nous avons mis cette quantité dans votre panier."


def _sold_out(title: str) -> str:
    return f"« {title} » est épuisé : nous l’avons retiré de votre panier."


def _reason(row: BasketRow) -> str:
    if row.merchant and not (row.merchant_live and row.merchant_sells):
        return f"{row.merchant_title} ne vend pas en ce moment"
    return "Cet article n’est plus en vente"
