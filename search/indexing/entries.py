"""Builds the entries of the search from the tables, in batches with a constant number of queries."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from html import unescape
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.html import strip_tags

from directory.accent_colors import accent
from directory.freshness.reminders import KNOWN_SINCE
from directory.geography import distance
from directory.hours import Place
from directory.models import Category, MerchantPage, MerchantPicture, Town
from portal import database_clock, picture_sizes
from portal.addresses import path_of
from portal.pictures import rendition_urls
from search import open_hours
from search.entry import Entry
from search.query import LABELS, Kind
from search.understanding.normalize import words_of
from shop.models import DeliveryMethod, Storefront
from shop.offers import offers
from shop.products import on_sale

EXCERPT_LENGTH = 160  # characters
TEXT_LENGTH = 20_000  # characters of a presentation or story that are searched


# Read as rows: building a Wagtail page costs more than all the rest of its entry.
_SELLER = ("pk", "title", "town", "category", "postal_code", "latitude", "longitude", "delivers", "step_free")
_OF_PAGE = ("url_path", "story", "opening_hours", "labels")

_SAME_LABEL = {"ab": "bio", "biologique": "bio", "aoc": "aop"}


def merchant_entries(ids: Collection[int]) -> Iterator[Entry]:
    """Yield an entry for each of these merchants whose page is public; ten queries at most."""
    public = _public(MerchantPage, ids).annotate(known_since=KNOWN_SINCE)
    pages = list(public.values_list(*_SELLER, *_OF_PAGE, "known_since", named=True))
    pictures = MerchantPicture.objects.filter(merchant__among=ids).order_by("-sort_order")
    covers = dict(pictures.values_list("merchant", "image"))  # the last one written stays: the first in order
    images = _images(covers, picture_sizes.SEARCH_RESULT)
    selling = set(Storefront.objects.filter(merchant__among=ids, sells=True).values_list("merchant", flat=True))
    delivering = _delivering(ids)
    towns = _towns(page.town for page in pages)
    categories = _categories(Q(pk__in={page.category for page in pages}))
    today = database_clock.today()
    for page in pages:
        text = _plain_text(page.story)
        first = open_hours.window(page.pk, today)
        category, town = categories[page.category], towns[page.town]
        yield Entry(
            kind=Kind.MERCHANT,
            id=page.pk,
            title=page.title,
            url=path_of(page.url_path),
            headline=_headline(category, town.name),
            text=text,
            excerpt=_excerpt(text),
            merchant=page.pk,
            image=images.get(page.pk, ""),
            accent=accent(category.position),
            hours=page.opening_hours,
            openings=open_hours.intervals(page.opening_hours, first, _place(town, page)),
            openings_from=first.isoformat() if page.opening_hours else "",
            hours_known_since=page.known_since.isoformat() if page.opening_hours and page.known_since else "",
            labels=[label for label in LABELS if label in page.labels],
            collect=page.pk in selling,
            delivers=page.delivers or page.pk in delivering,
            step_free=page.step_free,
            **_category_fields(category),
            **_town_fields(town, page),
        )


def product_entries(ids: Collection[int]) -> Iterator[Entry]:
    """Yield an entry for each of these products that a public merchant sells, in stock or not; nine queries at most.

    A product stands where its seller is. Its category is the one the shop files it in, else its seller's.
    """
    sold = offers(ids)
    public = _public(MerchantPage, {offer.merchant for offer in sold})
    sellers = {row.pk: row for row in public.values_list(*_SELLER, named=True)}
    delivering = _delivering(sellers)
    towns = _towns(seller.town for seller in sellers.values())
    slugs = {slug for offer in sold for slug in offer.categories}
    own = Q(pk__in={seller.category for seller in sellers.values()})
    categories = _categories(own | Q(slug__in=slugs))
    by_slug = {category.slug: category for category in categories.values()}
    for offer in sold:
        seller = sellers.get(offer.merchant)
        if seller is None:
            continue
        filed = (by_slug[slug] for slug in offer.categories if slug in by_slug)
        category, town = next(filed, categories[seller.category]), towns[seller.town]
        text = offer.text[:TEXT_LENGTH]
        yield Entry(
            kind=Kind.PRODUCT,
            id=offer.pk,
            title=offer.title,
            url=offer.url,
            headline=_headline(category, town.name, seller.title, offer.label),
            text=text,
            excerpt=_excerpt(text),
            merchant=seller.pk,
            seller=seller.title,
            price=int(offer.price * 100),
            struck=None if offer.struck is None else int(offer.struck * 100),
            unit=offer.unit,
            is_available=offer.is_available,
            labels=_labels(offer.label),
            collect=offer.is_available,
            delivers=seller.delivers or seller.pk in delivering,
            step_free=seller.step_free,
            image=offer.image,
            accent=offer.accent,
            **_category_fields(category),
            **_town_fields(town, seller),
        )


def story_entries(ids: Collection[int]) -> Iterator[Entry]:
    """Yield an entry for each of these stories and campaigns that is public; five queries at most."""
    pages = [page for model in told_models() for page in _public(model, ids)]
    images = _images({page.pk: page.picture_id for page in pages if page.picture_id}, picture_sizes.STORY_CARD)
    for page in pages:
        yield Entry(
            kind=Kind.STORY,
            id=page.pk,
            title=page.title,
            url=page.public_path,
            headline=page.intro,
            text=_plain_text(" ".join(_written(page.body.raw_data))),
            excerpt=page.intro,
            image=images.get(page.pk, ""),
        )


BUILDERS: dict[Kind, Callable[[Collection[int]], Iterator[Entry]]] = {
    Kind.MERCHANT: merchant_entries,
    Kind.PRODUCT: product_entries,
    Kind.STORY: story_entries,
}


def all_ids(kind: Kind) -> list[int]:
    """Return the ids of everything that may have an entry of a kind, public or not."""
    models = {
        Kind.MERCHANT: MerchantPage,
        Kind.PRODUCT: on_sale().model,
    }
    of_kind = [models[kind]] if kind in models else told_models()
    return sorted(pk for model in of_kind for pk in model._default_manager.values_list("pk", flat=True))


def told_models() -> list[Any]:
    """Return the models of what editors tell: stories and campaigns."""
    # home stands above this package, so its models come by name.
    return [apps.get_model("home", name) for name in ("StoryPage", "CampaignPage")]


def _public(model: Any, ids: Collection[int]) -> QuerySet:
    return model.objects.filter(pk__among=ids).live().filter(expired=False).public().order_by("pk")


def _delivering(merchants: Collection[int]) -> set[int]:
    """Return which of these merchants bring what is ordered on the portal; one query."""
    methods = DeliveryMethod.objects.filter(storefront__merchant__in=merchants, storefront__sells=True, is_paused=False)
    return set(methods.values_list("storefront__merchant", flat=True))


def _towns(keys: Iterable[int]) -> dict[int, Any]:
    """Return what entries say of towns by primary key, with the arrondissements that each has; two queries."""
    pks = set(keys)
    rows = Town.objects.filter(pk__among=pks).values_list(
        "pk", "insee_code", "name", "department_code", "latitude", "longitude", "parent__insee_code", named=True
    )
    districts = defaultdict(list)
    below = Town.objects.filter(parent__in=pks)
    for row in below.values_list("parent", "insee_code", "postal_codes", "latitude", "longitude", named=True):
        districts[row.parent].append(row)
    return {row.pk: SimpleNamespace(**row._asdict(), districts=districts[row.pk]) for row in rows}


def _categories(wanted: Q) -> dict[int, Any]:
    """Return what entries say of categories by primary key; one query."""
    rows = Category.objects.filter(wanted).values_list(
        "pk", "slug", "name", "synonyms", "position", "parent__slug", named=True
    )
    return {row.pk: row for row in rows}


def _category_fields(category: Any) -> dict[str, Any]:
    return {"category": category.slug, "category_name": category.name, "top": category.parent__slug or category.slug}


def _town_fields(town: Any, merchant: Any) -> dict[str, Any]:
    placed = town if merchant.latitude is None or merchant.longitude is None else merchant
    return {
        "town": town.insee_code,
        "town_name": town.name,
        "commune": town.parent__insee_code or town.insee_code,
        "department": town.department_code,
        "district": _district(town, merchant),
        "latitude": placed.latitude,
        "longitude": placed.longitude,
    }


def _district(town: Any, merchant: Any) -> str:
    """Return the INSEE code of the arrondissement that a merchant stands in: as its postal code says, else the nearest.

    Many give Lyon as their commune and 69003 as their code.
    """
    if not town.districts or town.parent__insee_code:
        return ""
    by_code = next(
        (district.insee_code for district in town.districts if merchant.postal_code in district.postal_codes), ""
    )
    if by_code or merchant.latitude is None or merchant.longitude is None:
        return by_code
    here = (merchant.latitude, merchant.longitude)
    return min(town.districts, key=lambda each: distance(here, (each.latitude, each.longitude))).insee_code


def _place(town: Any, merchant: Any) -> Place:
    fields = _town_fields(town, merchant)
    return Place(fields["department"], fields["latitude"], fields["longitude"])


def _headline(category: Any, *more: str) -> str:
    return "\n".join([category.name, *category.synonyms, *filter(None, more)])


def _labels(text: str) -> list[str]:
    """Return the labels that a product's own words name: "Picodon AOP", "AB", "Coton bio"."""
    words = {_SAME_LABEL.get(word, word) for word in words_of(text)}
    return [label for label in LABELS if label in words]


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT_LENGTH else f"{text[: EXCERPT_LENGTH - 1]}…"


def _plain_text(html: str) -> str:
    return " ".join(unescape(strip_tags(html.replace("<", " <"))).split())[:TEXT_LENGTH]


def _written(value: Any) -> Iterator[str]:
    """Yield the strings of a StreamField's stored blocks; what they choose (pictures, merchants) is numbers."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        parts = [value["value"]] if "type" in value and "value" in value else value.values()
        for part in parts:
            yield from _written(part)
    elif isinstance(value, int | float) or value is None:
        return
    else:
        for part in value:
            yield from _written(part)


def _images(pictures: dict[int, int], spec: str) -> dict[int, str]:
    """Return {page id: address} of one size of each page's picture. pictures: {page id: picture id}."""
    addresses = rendition_urls(set(pictures.values()), spec)
    return {page: addresses[picture] for page, picture in pictures.items() if picture in addresses}
