"""« Vitrine »: merchants, products, towns and stories as they are when the page is read.

Each block asks a constant number of queries. What is no longer online vanishes by itself, and a block left empty
vanishes whole; the editor is told by ``faults``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from wagtail import blocks

from directory.cards import CardRow, MerchantCard, merchant_cards
from directory.choosers import category_chooser, town_chooser
from directory.models import MerchantPage
from home.blocks import samples
from home.blocks.base import SHOW, LibraryBlock, filled, gone, title_block
from home.blocks.markers import placed
from home.cards import story_cards
from home.snippets import SHOWN, Spotlight, spotlight_cards
from portal.memory import memoized
from shop.choosers import product_chooser
from shop.product_pictures import with_product_pictures
from shop.products import get_many

MAX_MERCHANTS = 6
MAX_PRODUCTS = 8
MAX_STORIES = 3
MAX_PINS = 24

TownChooserBlock = town_chooser.get_block_class(name="TownChooserBlock", module_path="home.blocks.listings")
CategoryChooserBlock = category_chooser.get_block_class(name="CategoryChooserBlock", module_path="home.blocks.listings")
ProductChooserBlock = product_chooser.get_block_class(name="ProductChooserBlock", module_path="home.blocks.listings")


def live_cards(merchants: Iterable[CardRow]) -> list[MerchantCard]:
    """Return the merchants' cards as of now, with pictures of what they sell; a constant number of queries."""
    return with_product_pictures(merchant_cards(merchants, timezone.now()))


def chosen_cards(merchants: Sequence[int]) -> list[MerchantCard]:
    """Return the cards of those of these merchants that are online, in their order."""
    live = {card.pk: card for card in live_cards(_chosen(tuple(merchants)))}
    return [live[pk] for pk in merchants if pk in live]


@memoized
def _chosen(merchants: tuple[int, ...]) -> tuple[CardRow, ...]:
    return tuple(MerchantPage.objects.live().picked(merchants).card_rows())


class MerchantCardsBlock(LibraryBlock):
    """Merchants an editor chose."""

    title = title_block()
    merchants = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="directory.MerchantPage", label="Commerçant"),
        label="Commerçants",
        min_num=1,
        max_num=MAX_MERCHANTS,
        help_text="Une fiche qui n’est plus en ligne disparaît d’elle-même.",
    )

    class Meta:
        label = "Commerçants choisis"
        label_format = "{title}"
        icon = "group"
        group = SHOW
        template = "home/blocks/merchant_cards.html"
        description = "Un à six commerçants que vous choisissez, avec leur état du moment : ouvert, fermé."

        @staticmethod
        def preview_value() -> dict:
            return {"title": "Deux adresses à pousser", "merchants": samples.merchants(2)}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        cards = chosen_cards([merchant.pk for merchant in value["merchants"] if merchant])
        return super().get_context(value, parent_context) | {"cards": cards}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        missing = filled(stored.get("merchants")) - sum(
            bool(merchant and merchant.live) for merchant in value["merchants"]
        )
        yield from gone(missing, "un commerçant n’est plus en ligne", "{} commerçants ne sont plus en ligne")


class MerchantsAroundBlock(LibraryBlock):
    """The merchants of a town, of a category, with a label; the list keeps itself up to date."""

    title = title_block()
    town = TownChooserBlock(label="Commune", required=False)
    category = CategoryChooserBlock(label="Catégorie", required=False)
    label = blocks.ChoiceBlock(choices=MerchantPage.Label.choices, label="Label", required=False)
    number = blocks.IntegerBlock(label="Combien", default=3, min_value=1, max_value=MAX_MERCHANTS)

    class Meta:
        label = "Commerçants d’un lieu, d’un métier ou d’un label"
        label_format = "{title}"
        icon = "site"
        group = SHOW
        template = "home/blocks/merchant_cards.html"
        description = "La liste se tient à jour seule, les derniers arrivés d’abord. Les choix se combinent."

        @staticmethod
        def preview_value() -> dict:
            town = samples.town()
            title = f"À {town.name}" if town else "Près de chez vous"
            return {"title": title, "town": town, "category": None, "number": 3}

    def mistakes(self, value: Any) -> Iterator[tuple[str, str]]:
        if not (value["town"] or value["category"] or value["label"]):
            yield "town", "Choisissez une commune, une catégorie ou un label."

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        merchants = merchants_of(value)
        if label := value.get("label"):
            merchants = merchants.filter(labels__contains=[label])
        chosen = any(value.get(name) for name in ("town", "category", "label"))  # a draft may have chosen none
        number = value["number"] if chosen and isinstance(value["number"], int) else 0  # a draft keeps what was typed
        number = min(max(number, 0), MAX_MERCHANTS)
        return super().get_context(value, parent_context) | {"cards": live_cards(merchants.card_rows()[:number])}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        if not any(self.mistakes(value)) and not self.get_context(value)["cards"]:
            yield "aucun commerçant ne correspond : le bloc ne s’affiche pas"


class MerchantMapBlock(LibraryBlock):
    """The merchants of a town or a category on a map drawn by us, and the list that says the same."""

    title = title_block()
    town = TownChooserBlock(label="Commune", required=False)
    category = CategoryChooserBlock(label="Catégorie", required=False)

    class Meta:
        label = "Carte"
        label_format = "{title}"
        icon = "crosshairs"
        group = SHOW
        template = "home/blocks/merchant_map.html"
        description = f"Les commerçants d’une commune ou d’une catégorie, {MAX_PINS} au plus, et leur liste."

        @staticmethod
        def preview_value() -> dict:
            return {"title": "Sur la carte", "town": samples.town(), "category": None}

    def mistakes(self, value: Any) -> Iterator[tuple[str, str]]:
        if not (value["town"] or value["category"]):
            yield "town", "Choisissez une commune, une catégorie, ou les deux."

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        most = MAX_PINS if value["town"] or value["category"] else 0  # a draft may have chosen neither
        cards = merchant_cards(merchants_of(value).card_rows()[:most], timezone.now())
        points = [card.point for card in cards if card.point]  # all have one
        return super().get_context(value, parent_context) | {"cards": cards, "map": placed(cards, points)}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        if not any(self.mistakes(value)) and not merchants_of(value).exists():
            yield "aucun commerçant ne correspond : la carte ne s’affiche pas"


class ProductCardsBlock(LibraryBlock):
    """Products an editor chose, at today's price and stock."""

    title = title_block()
    products = blocks.ListBlock(
        ProductChooserBlock(label="Produit"),
        label="Produits",
        min_num=1,
        max_num=MAX_PRODUCTS,
        help_text="Le prix et le stock sont ceux du jour. Un produit retiré de la vente disparaît de lui-même.",
    )

    class Meta:
        label = "Produits choisis"
        label_format = "{title}"
        icon = "tag"
        group = SHOW
        template = "home/blocks/product_cards.html"
        description = "Un à huit produits, à leur prix et à leur stock du moment."

        @staticmethod
        def preview_value() -> dict:
            return {"title": "Au comptoir cette semaine", "products": samples.products(4)}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        cards = get_many(tuple(product.pk for product in value["products"] if product))
        return super().get_context(value, parent_context) | {"cards": cards}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        missing = filled(stored.get("products")) - len(self.get_context(value)["cards"])
        yield from gone(missing, "un produit n’est plus en vente", "{} produits ne sont plus en vente")


class SpotlightsBlock(LibraryBlock):
    """The editors' spotlights of the day."""

    title = title_block(default="Coup de projecteur")

    class Meta:
        label = "Coups de projecteur"
        label_format = "{title}"
        icon = "view"
        group = SHOW
        template = "home/blocks/spotlights.html"
        description = f"Les {SHOWN} coups de projecteur du moment. Ils s’écrivent dans Vitrine → Coups de projecteur."

        @staticmethod
        def preview_value() -> dict:
            return {"title": "Coup de projecteur"}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        spotlights = Spotlight.objects.shown_on(timezone.localdate())[:SHOWN]
        return super().get_context(value, parent_context) | {"cards": spotlight_cards(spotlights)}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        if not Spotlight.objects.shown_on(timezone.localdate()).exists():
            yield "aucun coup de projecteur en ce moment : le bloc ne s’affiche pas"


class TownBlock(LibraryBlock):
    """A town: how many merchants it has, and the way to its page."""

    town = TownChooserBlock(label="Commune")
    text = blocks.TextBlock(label="Texte", rows=2, max_length=240, required=False)

    class Meta:
        label = "Commune"
        label_format = "{town}"
        icon = "site"
        group = SHOW
        template = "home/blocks/town.html"
        description = "Une commune, le nombre de ses commerces en ligne ce jour, et le lien vers sa page."

        @staticmethod
        def preview_value() -> dict:
            return {"town": samples.town(), "text": "Le marché du samedi remonte jusqu’à la fontaine."}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        count = MerchantPage.objects.live().in_town(value["town"]).count() if value["town"] else 0
        return super().get_context(value, parent_context) | {"count": count}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        yield from gone(filled(stored.get("town")) - bool(value["town"]), "la commune n’existe plus", "")


class StoriesBlock(LibraryBlock):
    """Stories an editor chose."""

    title = title_block()
    stories = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="home.StoryPage", label="Histoire"),
        label="Histoires",
        min_num=1,
        max_num=MAX_STORIES,
        help_text="Une histoire retirée disparaît d’elle-même.",
    )

    class Meta:
        label = "Histoires choisies"
        label_format = "{title}"
        icon = "doc-full"
        group = SHOW
        template = "home/blocks/stories.html"
        description = "Une à trois histoires, avec leur image."

        @staticmethod
        def preview_value() -> dict:
            return {"title": "À lire", "stories": samples.stories(2)}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        live = [page for page in value["stories"] if page and page.live]
        return super().get_context(value, parent_context) | {"cards": story_cards(live)}

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        missing = filled(stored.get("stories")) - sum(bool(story and story.live) for story in value["stories"])
        yield from gone(missing, "une histoire n’est plus en ligne", "{} histoires ne sont plus en ligne")


def merchants_of(value: blocks.StructValue) -> Any:
    """Return the live merchants of a block's town and category, the newest first."""
    merchants = MerchantPage.objects.live().order_by("-first_published_at", "-pk")
    if town := value["town"]:
        merchants = merchants.in_town(town)
    if category := value["category"]:
        merchants = merchants.in_category(category)
    return merchants
