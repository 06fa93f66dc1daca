"""Template tags of the shop for pages of lower packages."""

from itertools import islice
from typing import Any

from django import template
from django.utils import timezone

from directory.listings import live
from portal.dependencies import depends_on
from portal.memory import memoized
from portal.templatetags.portal import More, thousands
from shop import answering, product_lists, product_pictures, products
from shop.alcohol import TRADES
from shop.collection.offers import next_slot
from shop.collection.words import since
from shop.delivery.offers import told_of
from shop.enquiries import asking
from shop.enquiries import views as enquiry_views
from shop.enquiries.models import Kind
from shop.models import Storefront
from shop.product_lists import ON_MERCHANT_PAGE
from shop.reviews import shown as reviews
from shop.space import next_step as next_steps
from shop.waiting import waiting_orders, waiting_words

register = template.Library()


@register.simple_tag
def merchant_products(merchant: Any, limit: int = ON_MERCHANT_PAGE) -> Any:
    """Return the product cards of a merchant's page, without its name: {% merchant_products page as products %}."""
    return products.first_cards(merchant, limit)


@register.simple_tag
def next_step(merchant: Any) -> Any:
    """Return the NextStep of a merchant in their own space, or None: {% next_step merchant as step %}."""
    return next_steps.next_step(merchant)


@register.simple_tag
def waiting_at(pages: Any) -> list[tuple[Any, str]]:
    """Return each of ``pages``, which have a merchant, with the orders that wait there in words; one query for all."""
    waiting = {row["merchant"]: row for row in waiting_orders([page["merchant"].pk for page in pages])}
    return [(page, waiting_words(waiting.get(page["merchant"].pk))) for page in pages]


@register.simple_tag
def answer_time(merchant: Any) -> str:
    """Return how fast a merchant answers orders, or "": {% answer_time page as answers %}."""
    return _answer_time(merchant.pk)


@memoized
def _answer_time(merchant: int) -> str:
    depends_on("page", merchant)
    return answering.told(
        Storefront.objects.filter(merchant=merchant, sells=True).values_list("answer_minutes", flat=True).first()
    )


@register.simple_tag
def merchant_reviews(merchant: Any) -> dict[str, Any]:
    """Return {summary, latest, url} of the reviews of a merchant: {% merchant_reviews page as reviews %}."""
    summary = reviews.summary(merchant.pk)
    return {
        "summary": summary,
        "latest": reviews.latest(merchant.pk) if summary.count else (),
        "url": reviews.list_path(merchant),
    }


@register.simple_tag
def enquiry_links(merchant: Any) -> list[dict[str, str]]:
    """Return {label, url, icon} of the requests that a merchant takes: {% enquiry_links page as enquiries %}."""
    labels = {Kind.RESERVE: ("Réserver sans acheter", "collect"), Kind.CALL: ("Être rappelé", "phone")}
    return [
        {"label": labels[kind][0], "icon": labels[kind][1], "url": enquiry_views.ask_path(merchant, kind)}
        for kind in asking.kinds_taken(merchant)
    ]


@register.simple_tag
def shows_alcohol(category: Any, products: Any = ()) -> bool:
    """Return whether a page offers alcohol, so that it says what the law wants: by the trade it is about, or its cards.

    {% shows_alcohol category products as alcohol %}; category: a Category or None.
    """
    return bool(category and category.slug in TRADES) or any(card.is_alcohol for card in products or ())


@register.simple_tag
def counter_pictures(cards: Any, category_pictures: Any) -> Any:
    """Return what lies on a merchant's counter: pictures of the first articles, else those of the category.

    {% counter_pictures products category_pictures as counter %}
    """
    return [card.image for card in cards[: product_pictures.SHOWN] if card.image] or category_pictures


@register.simple_tag
def all_products(merchant: Any, shown: Any) -> Any:
    """Return {label, url} of the list of all that a merchant sells, or None where the merchant's page shows it all.

    {% all_products page products as rest %}; shown: the cards of that page.
    """
    if len(shown) < ON_MERCHANT_PAGE or not product_lists.has_list(merchant):
        return None
    return More(f"Voir les {thousands(product_lists.count_of(merchant))} articles", product_lists.list_path(merchant))


@register.simple_tag
def collection_told(merchant: Any) -> str:
    """Return when and how what this merchant sells is collected: {% collection_told page as collect %}."""
    now = timezone.localtime()
    slot = next_slot(merchant, now, _rules(merchant.pk))
    return (
        f"Retrait dès {since(slot.start, now)}, paiement à la boutique."
        if slot
        else "Retrait et paiement à la boutique."
    )


@register.simple_tag
def deliveries_of(merchant: Any) -> Any:
    """Return how a merchant delivers, nothing where they do not: {% deliveries_of page as deliveries %}."""
    return told_of(merchant.pk)


@memoized
def _rules(merchant: int) -> Any:
    depends_on("page", merchant)
    return Storefront.objects.get(merchant=merchant).rules


@register.simple_tag
def products_of_the_day(count: int, town: Any = None, category: Any = None) -> Any:
    """Return cards of the day’s products: {% products_of_the_day 4 town category as products %}, None for all."""
    return _products_of_the_day(timezone.localdate(), count, town, category)


@memoized
def _products_of_the_day(day: Any, count: int, town: Any, category: Any) -> Any:
    drawn = products.products_of_the_day(live(town, category), day, count)
    return tuple(products.product_cards(products.card_rows(drawn)))


@register.simple_tag(takes_context=True)
def add_product_pictures(context: Any, *names: Any) -> Any:
    """Give the merchants' cards of these lists of the context pictures of what they sell; one query for all.

    {% add_product_pictures "merchants" "open_now" %}
    """
    pictured = iter(product_pictures.with_product_pictures(card for name in names for card in context[name]))
    for name in names:
        context[name] = list(islice(pictured, len(context[name])))
    return ""
