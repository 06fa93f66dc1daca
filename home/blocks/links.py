"""Addresses that an editor types: a page of ours, or a whole address."""

from wagtail import blocks

ADDRESS = r"^(/(?!/)|https://|mailto:|tel:)"
ADDRESS_HELP = "Une page du site (/histoires/) ou une adresse complète (https://…)."
WRONG = "Commencez par / pour une page du site, ou par https://."


def address_block(**options) -> blocks.RegexBlock:
    """Return a field for an address, of ours or of another site."""
    return blocks.RegexBlock(
        regex=ADDRESS, error_messages={"invalid": WRONG}, help_text=ADDRESS_HELP, max_length=300, **options
    )


class LinkBlock(blocks.StructBlock):
    """One entry of a menu."""

    label = blocks.CharBlock(label="Texte", max_length=40)
    url = address_block(label="Lien")

    class Meta:
        label = "Lien"
        label_format = "{label} → {url}"
        icon = "link"


class LinkColumnBlock(blocks.StructBlock):
    """A column of links at the foot of every page."""

    title = blocks.CharBlock(label="Titre", max_length=30)
    links = blocks.ListBlock(LinkBlock(), label="Liens", min_num=1, max_num=8)

    class Meta:
        label = "Colonne"
        label_format = "{title}"
        icon = "list-ul"


class MenuBlocks(blocks.StreamBlock):
    link = LinkBlock()


class FooterBlocks(blocks.StreamBlock):
    column = LinkColumnBlock()
