"""What an editor can put in a story: words, pictures, and live cards of merchants and products."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from directory.cards import MerchantCard, merchant_cards
from directory.choosers import category_chooser, town_chooser
from directory.models import MerchantPage
from shop.choosers import product_chooser
from shop.goods import goods_of
from shop.products import on_sale, product_cards

MAX_MERCHANTS = 6
MAX_PRODUCTS = 8

TownChooserBlock = town_chooser.get_block_class(name="TownChooserBlock", module_path="home.blocks")
CategoryChooserBlock = category_chooser.get_block_class(name="CategoryChooserBlock", module_path="home.blocks")
ProductChooserBlock = product_chooser.get_block_class(name="ProductChooserBlock", module_path="home.blocks")


class PictureBlock(blocks.StructBlock):
    """A picture in the text."""

    image = ImageBlock(label="Image", label_format="{alt_text}")
    caption = blocks.CharBlock(label="Légende", required=False, max_length=200)

    class Meta:
        label = "Image"
        label_format = "{caption}"
        icon = "image"
        template = "home/blocks/picture.html"


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(label="Citation", rows=2, max_length=400, help_text="Sans guillemets : la page les met.")
    author = blocks.CharBlock(label="Qui parle", required=False, max_length=120)

    class Meta:
        label = "Citation"
        label_format = "{author}"
        icon = "openquote"
        template = "home/blocks/quote.html"


class MerchantCardsBlock(blocks.StructBlock):
    """Merchants an editor chose."""

    title = blocks.CharBlock(label="Titre", max_length=80)
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
        template = "home/blocks/merchant_cards.html"

    def get_context(self, value, parent_context=None):
        chosen = [merchant.pk for merchant in value["merchants"] if merchant]
        live = MerchantPage.objects.live().with_place().in_bulk(chosen)
        cards = live_cards([live[pk] for pk in chosen if pk in live])
        return super().get_context(value, parent_context) | {"cards": cards}


class MerchantsAroundBlock(blocks.StructBlock):
    """The merchants of a town, of a category, or of both; the list keeps itself up to date."""

    title = blocks.CharBlock(label="Titre", max_length=80)
    town = TownChooserBlock(label="Commune", required=False)
    category = CategoryChooserBlock(label="Catégorie", required=False)
    number = blocks.IntegerBlock(label="Combien", default=3, min_value=1, max_value=MAX_MERCHANTS)

    class Meta:
        label = "Commerçants d’un lieu ou d’un métier"
        label_format = "{title}"
        icon = "site"
        template = "home/blocks/merchant_cards.html"
        help_text = "Les derniers arrivés d’abord."

    def clean(self, value):
        cleaned = super().clean(value)
        if not cleaned["town"] and not cleaned["category"]:
            fault = ValidationError("Choisissez une commune, une catégorie, ou les deux.")
            raise blocks.StructBlockValidationError(block_errors={"town": fault})
        return cleaned

    def get_context(self, value, parent_context=None):
        merchants = MerchantPage.objects.live().with_place().order_by("-first_published_at", "-pk")
        if town := value["town"]:
            merchants = merchants.filter(Q(town=town) | Q(town__parent=town))
        if category := value["category"]:
            merchants = merchants.filter(Q(category=category) | Q(category__parent=category))
        return super().get_context(value, parent_context) | {"cards": live_cards(merchants[: value["number"]])}


class ProductCardsBlock(blocks.StructBlock):
    """Products an editor chose, at today's price and stock."""

    title = blocks.CharBlock(label="Titre", max_length=80)
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
        template = "home/blocks/product_cards.html"

    def get_context(self, value, parent_context=None):
        chosen = [product.pk for product in value["products"] if product]
        sold = on_sale().in_bulk(chosen)
        cards = product_cards(sold[pk] for pk in chosen if pk in sold)
        return super().get_context(value, parent_context) | {"cards": cards}


def live_cards(merchants) -> list[MerchantCard]:
    """Return the merchants' cards as of now, with pictures of what they sell; a constant number of queries."""
    merchants = list(merchants)
    return merchant_cards(merchants, timezone.now(), goods=goods_of([merchant.pk for merchant in merchants]))


class StoryBlocks(blocks.StreamBlock):
    """The body of a story."""

    heading = blocks.CharBlock(
        label="Intertitre", icon="title", form_classname="title", max_length=120, template="home/blocks/heading.html"
    )
    text = blocks.RichTextBlock(
        label="Texte", icon="pilcrow", features=["h3", "bold", "italic", "ol", "ul", "link", "document-link"]
    )
    picture = PictureBlock()
    quote = QuoteBlock()
    merchant_cards = MerchantCardsBlock(group="Vitrine")
    merchants_around = MerchantsAroundBlock(group="Vitrine")
    product_cards = ProductCardsBlock(group="Vitrine")

    class Meta:
        block_counts = {name: {"max_num": 4} for name in ("merchant_cards", "merchants_around", "product_cards")}
