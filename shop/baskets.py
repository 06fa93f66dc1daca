"""The shopper's basket in our words: filled, corrected against what is really on sale, grouped by merchant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum
from oscar.core.loading import get_class, get_model

from directory.models import MerchantPage
from portal.templatetags.portal import euros
from shop import vat
from shop.collection import address
from shop.middleware import cookie_basket_id
from shop.products import image_of, merchant_of, stock_of, tint_of, unit_of

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
UNAVAILABLE = get_class("partner.availability", "Unavailable").code

MOST = 99  # of one article in one basket


@dataclass(frozen=True)
class BasketLine:
    """One article. key: names it in the form. maximum: how many can be had. total: euros, VAT included."""

    key: str
    title: str
    url: str
    unit: str
    image: str
    tint: str
    quantity: int
    maximum: int
    vat_rate: str
    total: Decimal


@dataclass
class BasketGroup:
    """What is bought from one merchant."""

    merchant: MerchantPage
    lines: list[BasketLine] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.merchant.title

    @property
    def url(self) -> str:
        return self.merchant.public_path

    @property
    def address(self) -> str:
        return address(self.merchant)

    @property
    def tint(self) -> str:
        return self.merchant.category.tint

    @property
    def subtotal(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))


def groups(basket) -> list[BasketGroup]:
    """Return the basket by merchant, in the order they came in. A constant number of queries."""
    found: dict[int, BasketGroup] = {}
    for line in basket.all_lines():
        merchant = merchant_of(line.stockrecord)
        found.setdefault(merchant.pk, BasketGroup(merchant)).lines.append(_shown(line))
    return list(found.values())


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
    for line in basket.all_lines():
        quantity = wanted.get(str(line.pk), line.quantity)
        available = min(line.stockrecord.net_stock_level, MOST)
        if quantity > max(available, line.quantity):
            told.append(_remaining(line.product.title, available))
            quantity = available
        _set_quantity(line, quantity)
    basket.reset_offer_applications()
    return told


def settle(basket) -> list[str]:
    """Make the basket one that can be bought now; return what had to change, a French sentence each.

    A merchant may have closed her shop, an article may be sold out, scarce, or cost another price than when it was
    put in. The price last told is kept with each line, so no shopper pays one she was not shown.
    """
    told: list[str] = []
    for line in basket.all_lines():
        told += _settle_line(line)
    if told:
        basket.reset_offer_applications()
    return told


def count(request) -> int:
    """Return how many articles wait in the visitor's basket, with one query on baskets and no basket made."""
    lines = Line.objects.filter(basket__status=Basket.OPEN)
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        lines = lines.filter(basket__owner=request.user)
    else:
        lines = lines.filter(basket=cookie_basket_id(request), basket__owner=None)
    return lines.aggregate(count=Sum("quantity", default=0))["count"]


def _shown(line):
    price = line.purchase_info.price
    return BasketLine(
        key=str(line.pk),
        title=line.product.title,
        url=line.product.get_absolute_url(),
        unit=f"{euros(price.incl_tax)}, {unit_of(line.product.facts, price.incl_tax)}",
        image=image_of(line.product, 160),
        tint=tint_of(line.product),
        quantity=line.quantity,
        maximum=min(line.stockrecord.net_stock_level, MOST),
        vat_rate=price.tax_code,
        total=line.line_price_incl_tax,
    )


def _settle_line(line):
    title, price = line.product.title, line.purchase_info.price
    if line.purchase_info.availability.code == UNAVAILABLE:
        _remove(line)
        return [f"{_reason(line)} : nous avons retiré « {title} » de votre panier."]
    available = min(line.stockrecord.net_stock_level, MOST)
    if available <= 0:
        _remove(line)
        return [f"« {title} » est épuisé : nous l’avons retiré de votre panier."]

    told = []
    if line.quantity > available:
        _change(line, quantity=available)
        told.append(_remaining(title, available))
    if line.price_incl_tax != price.incl_tax:
        told.append(
            f"Le prix de « {title} » a changé : {euros(price.incl_tax)} au lieu de {euros(line.price_incl_tax)}."
        )
        _change(line, price_incl_tax=price.incl_tax, price_excl_tax=price.excl_tax, tax_code=price.tax_code)
    return told


def _change(line, **fields):
    """Store new values of a line that is still in its basket: a purchase made meanwhile has moved it away."""
    Line.objects.filter(pk=line.pk, basket=line.basket_id).update(**fields)


def _remove(line):
    Line.objects.filter(pk=line.pk, basket=line.basket_id).delete()


def _set_quantity(line, quantity):
    if quantity <= 0:
        _remove(line)
    elif quantity != line.quantity:
        _change(line, quantity=quantity)


def _remaining(title, available):
    if available == MOST:
        return f"Pas plus de {MOST} « {title} » à la fois : écrivez au commerçant pour en commander davantage."
    return f"Il n’en reste que {available} de « {title} » : nous avons mis cette quantité dans votre panier."


def _reason(line):
    storefront = getattr(line.stockrecord.partner, "storefront", None)
    if storefront is not None and not storefront.merchant.live:
        return f"{storefront.merchant.title} ne vend pas en ce moment"
    return "Cet article n’est plus en vente"
