"""The library that editors build stories and campaigns from; one module a family, as in their picker.

To add a block: a LibraryBlock in its family with label, icon, group, description, preview and limits, a template in
templates/home/blocks/, and a line below. tests/home/test_blocks.py walks them all.
"""

from home.blocks.actions import CallToActionBlock, DownloadBlock, EventsBlock, SearchBlock
from home.blocks.drafts import EditorialBlocks
from home.blocks.info import FiguresBlock, QuestionsBlock, StepsBlock
from home.blocks.listings import (
    MerchantCardsBlock,
    MerchantMapBlock,
    MerchantsAroundBlock,
    ProductCardsBlock,
    SpotlightsBlock,
    StoriesBlock,
    TownBlock,
)
from home.blocks.text_media import GalleryBlock, PictureBlock, QuoteBlock, VideoBlock, heading_block, text_block

LIMITS = {
    "picture": 12,
    "quote": 4,
    "video": 2,
    "merchant_cards": 4,
    "merchants_around": 4,
    "product_cards": 4,
}


class StoryBlocks(EditorialBlocks):
    """The body of a story."""

    heading = heading_block()
    text = text_block()
    picture = PictureBlock()
    quote = QuoteBlock()
    video = VideoBlock()
    merchant_cards = MerchantCardsBlock()
    merchants_around = MerchantsAroundBlock()
    product_cards = ProductCardsBlock()

    class Meta:
        max_num = 60
        block_counts = {name: {"max_num": most} for name, most in LIMITS.items()}


class CampaignBlocks(StoryBlocks):
    """The body of a campaign page: all that a story holds, and more."""

    gallery = GalleryBlock()
    map = MerchantMapBlock()
    town = TownBlock()
    stories = StoriesBlock()
    spotlights = SpotlightsBlock()
    figures = FiguresBlock()
    steps = StepsBlock()
    questions = QuestionsBlock()
    search = SearchBlock()
    events = EventsBlock()
    download = DownloadBlock()
    call_to_action = CallToActionBlock()

    class Meta:
        max_num = 40
        block_counts = {
            name: {"max_num": most}
            for name, most in {
                **LIMITS,
                "gallery": 3,
                "map": 2,
                "town": 4,
                "stories": 2,
                "spotlights": 1,
                "figures": 2,
                "steps": 2,
                "questions": 2,
                "search": 1,
                "events": 1,
                "download": 6,
                "call_to_action": 3,
            }.items()
        }
