"""Links of editors: to a page of ours that they choose, to a product, or to an address that they type."""

import re

from wagtail import blocks

from home.blocks.base import CheckedStructBlock, Mistakes
from home.blocks.drafts import EditorialBlocks
from portal.addresses import path_of
from shop.choosers import product_chooser

ADDRESS = r"^(/(?!/)|https://|mailto:|tel:)"
ADDRESS_HELP = "Une page du site (/histoires/) ou une adresse complète (https://…)."
WRONG = "Commencez par / pour une page du site, ou par https://."
NO_TARGET = "Choisissez une page ou un produit, ou écrivez une adresse."
TWO_TARGETS = "Un lien mène à un seul endroit : gardez la page, le produit ou l’adresse."

ProductChooserBlock = product_chooser.get_block_class(name="ProductChooserBlock", module_path="home.blocks.links")


def page_target() -> blocks.PageChooserBlock:
    return blocks.PageChooserBlock(label="Page ou commerçant", required=False)


def product_target() -> blocks.Block:
    return ProductChooserBlock(label="Produit", required=False)


def typed_target() -> blocks.RegexBlock:
    return blocks.RegexBlock(
        regex=ADDRESS,
        error_messages={"invalid": WRONG},
        help_text=ADDRESS_HELP,
        max_length=300,
        label="Ou une adresse",
        required=False,
    )


class LinkValue(blocks.StructValue):
    """What has a target: fields ``page``, ``product``, and ``url`` or ``link`` for what is typed."""

    @property
    def address(self) -> str:
        """The address, from "/" on our site; "" where it leads nowhere: not filled in, withdrawn, or no address."""
        page, product, typed = self.get("page"), self.get("product"), self.get("url") or self.get("link") or ""
        if page:
            return path_of(page.url_path) if page.live else ""
        if product:
            return product.get_absolute_url()
        return typed if re.match(ADDRESS, typed) else ""


class TargetBlock(CheckedStructBlock):
    """What leads to one thing: its fields are those of LinkValue."""

    def mistakes(self, value: blocks.StructValue) -> Mistakes:
        targets = [name for name in ("page", "product", "url", "link") if value.get(name)]
        if not targets:
            yield "page", NO_TARGET
        elif len(targets) > 1:
            yield targets[-1], TWO_TARGETS


class LinkBlock(TargetBlock):
    """A text that leads somewhere. Its page may be a merchant's; it goes with the page when its address changes."""

    label = blocks.CharBlock(label="Texte", max_length=40)
    page = page_target()
    product = product_target()
    url = typed_target()

    class Meta:
        label = "Lien"
        label_format = "{label} → {page} {product} {url}"
        icon = "link"
        value_class = LinkValue


class LinkColumnBlock(blocks.StructBlock):
    """A column of links at the foot of every page."""

    title = blocks.CharBlock(label="Titre", max_length=30)
    links = blocks.ListBlock(LinkBlock(), label="Liens", min_num=1, max_num=8)

    class Meta:
        label = "Colonne"
        label_format = "{title}"
        icon = "list-ul"


class MenuBlocks(EditorialBlocks):
    link = LinkBlock()


class FooterBlocks(EditorialBlocks):
    column = LinkColumnBlock()
