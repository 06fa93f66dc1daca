"""What one result holds, read from the tables in batches with a constant number of queries."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, fields
from html import unescape
from typing import Any

from django.apps import apps
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.html import strip_tags

from directory.models import Category, MerchantPage, MerchantPicture, Town
from portal import picture_sizes
from portal.pictures import rendition_urls
from search import open_hours
from search.query import LABELS, Kind
from search.words import words_of
from shop.models import Storefront
from shop.offers import offers
from shop.products import on_sale

EXCERPT_LENGTH = 160  # characters
TEXT_LENGTH = 20_000  # characters of a presentation or story that are searched


@dataclass(frozen=True, slots=True)
class Entry:
    """One result of a search, with all it takes to find it and to draw it. Only what is public has an entry.

    headline: what describes it beside its name: category, synonyms, town, seller. text: its presentation, both
    without markup. category, top: slugs of its category and of that one's top category. town: an INSEE code; commune:
    that of the commune an arrondissement belongs to, else the same. latitude, longitude: WGS 84. merchant: the id of
    the merchant's page, for her and her products. price: cents, VAT included. hours: OSM opening_hours; openings:
    the same as intervals of open_hours.py, from the day ``openings_from`` (ISO), "" where they are not known.
    labels: keys of LABELS. collect: it can be ordered and collected, or she sells what can; delivers, step_free: what
    she, or its seller, offers.
    """

    kind: str
    id: int
    title: str
    url: str
    headline: str = ""
    text: str = ""
    excerpt: str = ""
    category: str = ""
    category_name: str = ""
    top: str = ""
    town: str = ""
    town_name: str = ""
    commune: str = ""
    department: str = ""
    latitude: float | None = None
    longitude: float | None = None
    merchant: int | None = None
    seller: str = ""
    price: int | None = None
    unit: str = ""
    is_available: bool = True
    labels: list[str] = field(default_factory=list)
    image: str = ""
    tint: str = ""
    hours: str = ""
    openings: list[list[int]] = field(default_factory=list)
    openings_from: str = ""
    collect: bool = False
    delivers: bool = False
    step_free: bool = False

    @property
    def point(self) -> tuple[float, float] | None:
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @property
    def categories(self) -> list[str]:
        return sorted({self.category, self.top} - {""})

    @property
    def places(self) -> list[str]:
        return sorted({self.town, self.commune} - {""})

    @property
    def document(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS}


SEARCHED_ONLY = ("headline", "text", "openings", "openings_from")  # what finds an entry but is never drawn
_SAME_LABEL = {"ab": "bio", "biologique": "bio", "aoc": "aop"}
_FIELDS = dict.fromkeys(column.name for column in fields(Entry))  # in order, and found at once


def from_document(document: dict[str, Any]) -> Entry:
    """Return the entry of a stored document, which may lack what is only searched."""
    return Entry(**{name: value for name, value in document.items() if name in _FIELDS})


def merchant_entries(ids: Collection[int]) -> Iterator[Entry]:
    """Yield an entry for each of these merchants whose page is public; six queries at most."""
    pictures = MerchantPicture.objects.order_by("sort_order")
    public = _public(MerchantPage, ids).select_related("town__parent", "category__parent")
    pages = list(public.prefetch_related(Prefetch("pictures", pictures)))
    covers = {page.pk: pictures[0].image_id for page in pages if (pictures := list(page.pictures.all()))}
    images = _images(covers, picture_sizes.SEARCH_RESULT)
    selling = set(Storefront.objects.filter(merchant__in=pages).values_list("merchant_id", flat=True))
    today = timezone.localdate()
    for page in pages:
        text = _plain_text(page.story)
        first = open_hours.window(page.pk, today)
        yield Entry(
            kind=Kind.MERCHANT,
            id=page.pk,
            title=page.title,
            url=page.public_path,
            headline=_headline(page.category, page.town, page.street),
            text=text,
            excerpt=_excerpt(text),
            merchant=page.pk,
            image=images.get(page.pk, ""),
            tint=page.category.tint,
            hours=page.opening_hours,
            openings=open_hours.intervals(page.opening_hours, first),
            openings_from=first.isoformat() if page.opening_hours else "",
            labels=[label for label in LABELS if label in page.labels],
            collect=page.pk in selling,
            delivers=page.delivers,
            step_free=page.step_free,
            **_category_facts(page.category),
            **_town_facts(page.town, page.point),
        )


def product_entries(ids: Collection[int]) -> Iterator[Entry]:
    """Yield an entry for each of these products that a public merchant sells, in stock or not; seven queries at most.

    A product stands where its seller is. Its category is the one the shop files it in, else its seller's.
    """
    sold = offers(ids)
    public = _public(MerchantPage, {offer.merchant for offer in sold})
    sellers = {page.pk: page for page in public.select_related("town__parent", "category__parent")}
    slugs = {slug for offer in sold for slug in offer.categories}
    categories = {row.slug: row for row in Category.objects.filter(slug__in=slugs).select_related("parent")}
    for offer in sold:
        seller = sellers.get(offer.merchant)
        if seller is None:
            continue
        category = next((categories[slug] for slug in offer.categories if slug in categories), seller.category)
        text = offer.text[:TEXT_LENGTH]
        yield Entry(
            kind=Kind.PRODUCT,
            id=offer.pk,
            title=offer.title,
            url=offer.url,
            headline=_headline(category, seller.town, seller.title, offer.label),
            text=text,
            excerpt=_excerpt(text),
            merchant=seller.pk,
            seller=seller.title,
            price=int(offer.price * 100),
            unit=offer.unit,
            is_available=offer.is_available,
            labels=_labels(offer.label),
            collect=True,
            delivers=seller.delivers,
            step_free=seller.step_free,
            image=offer.image,
            tint=offer.tint,
            **_category_facts(category),
            **_town_facts(seller.town, seller.point),
        )


def story_entries(ids: Collection[int]) -> Iterator[Entry]:
    """Yield an entry for each of these stories that is public; four queries at most."""
    pages = list(_public(_story_model(), ids))
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
        Kind.STORY: _story_model(),
    }
    return list(models[kind]._default_manager.order_by("pk").values_list("pk", flat=True))


def _story_model():
    # home stands above this package, so its model comes by name.
    return apps.get_model("home", "StoryPage")


def _public(model, ids: Collection[int]) -> QuerySet:
    return model.objects.filter(pk__in=ids).live().filter(expired=False).public().order_by("pk")


def _category_facts(category: Category) -> dict[str, Any]:
    top = category.parent or category
    return {"category": category.slug, "category_name": category.name, "top": top.slug}


def _town_facts(town: Town, point: tuple[float, float]) -> dict[str, Any]:
    return {
        "town": town.insee_code,
        "town_name": town.name,
        "commune": town.parent.insee_code if town.parent else town.insee_code,
        "department": town.department_code,
        "latitude": point[0],
        "longitude": point[1],
    }


def _headline(category: Category, town: Town, *more: str) -> str:
    top = [category.parent.name] if category.parent else []
    return "\n".join([category.name, *category.synonyms, *top, town.name, *(part for part in more if part)])


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
