"""Store the fictional region: what is missing of it, and nothing twice."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import connection
from django.utils import timezone

from directory.bulk import add_merchants
from directory.models import Category, DirectoryPage, MerchantPage, Town
from directory.vetting.fiction import vouch_for_fiction
from home.demo import (
    accounts,
    campaigns,
    deliveries,
    desk,
    front_page,
    orders,
    pictures,
    promotions,
    reviews,
    services,
    stories,
    towns,
)
from home.demo.merchants import Merchant, merchants
from home.demo.sample_products import shelves
from home.demo.stories import Region
from portal.models import User
from shop.bulk import NewProduct, add_products, declare_licences, name_sellers, open_storefronts
from shop.models import ProductDetails, Storefront

# Counts what is done of a number of things: entered with their name and number, gives what to call with a count.
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]


@dataclass(frozen=True)
class Added:
    """How many of each were missing and are stored now."""

    merchants: int
    products: int
    stories: int
    purchases: int

    @property
    def anything(self) -> bool:
        return any((self.merchants, self.products, self.stories, self.purchases))


def settle(merchant_count: int, product_count: int, progress: Progress) -> Added:
    """Store a region of so many merchants and products. Towns, categories and the shop's own must be there.

    What a person has changed or deleted since is left as it is, but a deleted merchant comes back.
    """
    all_towns = list(Town.objects.all())
    plan = merchants(all_towns, merchant_count)
    shelved = shelves(plan, product_count, {town.insee_code: town for town in all_towns})
    region = Region(plan, shelved)

    added_merchants = _add_merchants(plan, progress)
    pictures.stock_goods()
    added_products = _add_products(shelved, progress)
    if added_merchants or added_products:
        _learn_sizes()
    towns.enliven()
    showcase = MerchantPage.objects.get(slug=plan[0].slug)
    users = accounts.welcome(showcase)
    accounts.keep(MerchantPage.objects.filter(slug__in=[merchant.slug for merchant in shelved]))
    deliveries.offer(shelved, showcase)
    added_stories = stories.publish(region) + campaigns.publish(showcase)
    front_page.fill()
    added_purchases = _buy(plan, shelved, showcase, users[accounts.SHOPPER])
    reported = MerchantPage.objects.filter(slug__in=[merchant.slug for merchant in plan[20:24]])
    desk.fill(showcase, list(reported.order_by("title")), users[accounts.EDITOR])
    return Added(added_merchants, added_products, added_stories, added_purchases)


def _learn_sizes() -> None:
    """Have the planner count anew tables that it has never seen full: it took minutes for what takes a second."""
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _add_merchants(plan: list[Merchant], progress: Progress) -> int:
    known = set(MerchantPage.objects.values_list("slug", flat=True))
    missing = [merchant for merchant in plan if merchant.slug not in known]
    if missing:
        with progress("Commerçants", len(missing)) as count:
            vouch = partial(vouch_for_fiction, now=timezone.localtime())
            add_merchants(_pages(missing), DirectoryPage.objects.get(), count, vouch=vouch)
    return len(missing)


def _pages(plan: list[Merchant]) -> Iterator[MerchantPage]:
    categories = {category.slug: category for category in Category.objects.all()}
    today = timezone.localdate()
    for merchant in plan:
        offer = services.draw(merchant.number, merchant.trade, merchant.opening_hours)
        confirmed = offer.confirmed_days_ago
        yield MerchantPage(
            title=merchant.title,
            slug=merchant.slug,
            category=categories[merchant.trade.slug],
            town=merchant.town,
            street=merchant.street,
            postal_code=merchant.postal_code,
            latitude=merchant.latitude,
            longitude=merchant.longitude,
            phone=merchant.phone,
            email=merchant.email,
            website=merchant.website,
            opening_hours=merchant.opening_hours,
            story=merchant.story,
            delivers=offer.delivers,
            delivery_note=offer.delivery_note,
            step_free=offer.step_free,
            labels=list(offer.labels),
            confirmed_on=None if confirmed is None else today - timedelta(confirmed),
            source=MerchantPage.Source.SYNTHETIC,
            live=True,
        )


def _add_products(shelved: dict[Merchant, list[NewProduct]], progress: Progress) -> int:
    known = set(ProductDetails.objects.filter(product__upc__startswith="DEMO-").values_list("product__upc", flat=True))
    missing = {
        merchant.slug: new
        for merchant, products in shelved.items()
        if (new := [product for product in products if product.reference not in known])
    }
    total = sum(map(len, missing.values()))
    if missing:
        with progress("Produits", total) as count:
            add_products(_placed(missing), count)
        _learn_sizes()
    declare_licences(MerchantPage.objects.filter(slug__in=[merchant.slug for merchant in shelved]))
    name_sellers(MerchantPage.objects.filter(slug__in=[merchant.slug for merchant in shelved]))
    return total


def _placed(missing: dict[str, list[NewProduct]]) -> Iterator[tuple[Storefront, NewProduct]]:
    pages = {page.slug: page for page in MerchantPage.objects.filter(slug__in=missing)}
    shops = open_storefronts(pages[slug] for slug in missing)
    for slug, products in missing.items():
        for product in products:
            yield shops[pages[slug].pk], product


def _buy(plan: list[Merchant], shelved: dict[Merchant, list[NewProduct]], showcase: MerchantPage, shopper: User) -> int:
    """Make some purchases from the first merchant and another shop of the same town."""
    slugs = [merchant.slug for merchant in shelved if merchant.town == plan[0].town and merchant != plan[0]]
    placed = orders.place([showcase, *MerchantPage.objects.filter(slug__in=slugs[:1])], shopper)
    promotions.begin(showcase)
    return placed + reviews.write(showcase)
