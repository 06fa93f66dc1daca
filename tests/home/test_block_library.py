"""The library of blocks as an editor meets it: each says what it is for, shows itself, and has its limits."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail import blocks
from wagtail.documents import get_document_model

from directory.models import MerchantPage
from home.blocks import CampaignBlocks, StoryBlocks, VideoBlock
from home.blocks.base import ACT, EXPLAIN, SHOW, TELL
from home.checks.publishing import missing_references
from home.models import CampaignPage, StoryIndexPage, StoryPage
from home.snippets import Spotlight
from portal.models import Picture
from shop.products import on_sale
from tests.factories import make_merchant, make_picture
from tests.home.test_campaigns import make_campaign, read
from tests.shop.factories import make_product

LIBRARY = CampaignPage.body.field.stream_block.child_blocks
WORDS = (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock, blocks.RegexBlock)


def fields_of(block):
    """Yield every block under a block, itself included."""
    yield block
    children = getattr(block, "child_blocks", {})
    if isinstance(block, blocks.ListBlock):
        children = {"item": block.child_block}
    for child in children.values():
        if "wagtail.images" not in type(block).__module__:
            yield from fields_of(child)


@pytest.fixture
def stocked(places, bakery, cheesemonger):
    """A portal that has something of everything."""
    make_product(bakery, title="Pain de seigle")
    make_picture()
    story = StoryPage(title="Six heures du matin", intro="Le four est chaud.")
    StoryIndexPage.objects.get().add_child(instance=story)
    Spotlight.objects.create(merchant=bakery, words="Du levain, rien d’autre.")


def test_the_library_has_what_the_issue_asks_for():
    assert set(LIBRARY) >= {
        "merchant_cards", "merchants_around", "product_cards", "town", "map", "stories", "search", "figures", "quote",
        "gallery", "video", "steps", "questions", "download", "call_to_action", "events", "spotlights",
    }  # fmt: skip


@pytest.mark.parametrize("name", LIBRARY)
def test_a_block_has_a_french_name_an_icon_a_family_and_says_what_it_is_for(name):
    block = LIBRARY[name]

    assert block.label
    assert block.label != name.replace("_", " ").capitalize()
    assert block.meta.icon != "placeholder"
    assert block.meta.group in (TELL, SHOW, EXPLAIN, ACT)
    assert block.get_description().endswith((".", "…"))
    form = block.field if isinstance(block, blocks.FieldBlock) else block.meta
    assert form.help_text
    if name != "text":  # which is its own HTML
        assert block.meta.template.startswith("home/blocks/")


@pytest.mark.parametrize("name", LIBRARY)
def test_a_block_has_limits(name):
    for field in fields_of(LIBRARY[name]):
        if isinstance(field, WORDS) and not isinstance(field, blocks.ChoiceBlock):
            rich = isinstance(field, blocks.RichTextBlock)
            assert field.max_length if rich else field.field.max_length, field.label
        if isinstance(field, blocks.ListBlock):
            assert 0 < field.meta.min_num <= field.meta.max_num < 20, field.label


def test_lists_of_blocks_have_limits_too():
    counts = CampaignBlocks().meta.block_counts

    assert set(LIBRARY) - set(counts) == {"heading", "text"}
    assert StoryBlocks().meta.max_num
    assert CampaignBlocks().meta.max_num


@pytest.mark.parametrize("name", LIBRARY)
def test_an_editor_sees_a_block_as_it_will_be_before_she_chooses_it(client, editor, stocked, name):
    client.force_login(editor)
    block = LIBRARY[name]
    assert block.is_previewable

    page = client.get("/gestion/block-preview/", {"id": block.definition_prefix})

    assert page.status_code == 200
    html = page.content.decode()
    assert "portal.css" in html
    shown = html[html.index('<div class="wrap') :]
    assert len(shown) > 120, shown


MP4 = b"\0\0\0\x10ftypisom\0\0\2\0" + b"\0\0\0\x08moov"


def film(name, poster, content=MP4, **more):
    document = get_document_model().objects.create(title=name, file=ContentFile(content, name=name))
    return {"title": "Au fournil", "film": document.pk, "poster": poster.pk, "captions": None, "transcript": "", **more}


def test_a_film_needs_captions_or_a_transcript_and_is_loaded_only_when_asked_for(client, places):
    poster = make_picture()
    block = VideoBlock()
    with pytest.raises(ValidationError):
        block.clean(block.to_python(film("fournil.mp4", poster)))
    with pytest.raises(ValidationError):
        block.clean(block.to_python(film("fournil.exe", poster, transcript="<p>Maud pétrit.</p>")))

    told = film("fournil.mp4", poster, transcript="<p>Maud pétrit.</p>")
    block.clean(block.to_python(told))
    html = read(client, make_campaign(("video", told)))

    assert 'preload="none"' in html
    assert 'type="video/mp4"' in html
    assert "Maud pétrit." in html
    assert "media-src 'self'" in client.get("/noel/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("content", [b"Bonjour", b"", b"%PDF-1.7"])
def test_what_is_called_a_film_and_is_none_is_not_shown(client, places, content):
    block = VideoBlock()
    called = film("texte.mp4", make_picture(), content, transcript="<p>Maud pétrit.</p>")

    with pytest.raises(ValidationError):
        block.clean(block.to_python(called))
    page = make_campaign(("video", called))  # as it was stored before files were looked at
    assert "<video" not in read(client, page)
    assert "texte.mp4" not in read(client, page)
    assert any("n’en est pas un" in fault for fault in missing_references(page.body))


def test_a_film_that_the_storage_lost_breaks_no_page(client, places):
    called = film("perdu.mp4", make_picture(), transcript="<p>Maud pétrit.</p>")
    document = get_document_model().objects.get()
    document.file.storage.delete(document.file.name)

    assert "<video" not in read(client, make_campaign(("video", called)))


def test_a_map_shows_the_merchants_of_a_town_and_the_list_says_the_same(client, bakery, cheesemonger):
    html = read(client, make_campaign(("map", {"title": "À Privas", "town": bakery.town.pk, "category": None})))

    assert html.count(f'href="{bakery.public_path}"') == 1  # in the list: pins are too small for a finger
    assert 'class="results-map__pin"' in html
    assert cheesemonger.title not in html


def test_what_is_no_longer_online_vanishes_and_the_editor_is_told(client, bakery, cheesemonger):
    page = make_campaign(
        ("merchant_cards", {"title": "Deux adresses", "merchants": [bakery.pk, cheesemonger.pk]}),
        ("map", {"title": "À Privas", "town": bakery.town.pk, "category": None}),
    )

    bakery.unpublish()

    assert bakery.title not in read(client, page)
    assert missing_references(page.body) == [
        "Commerçants choisis : un commerçant n’est plus en ligne.",
        "Carte : aucun commerçant ne correspond : la carte ne s’affiche pas.",
    ]


def all_of(model):
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def a_town():
    return MerchantPage.objects.first().town_id


# What each live block holds, as stored, of all that there is.
FILLED = {
    "merchant_cards": lambda: {"title": "…", "merchants": all_of(MerchantPage)},
    "merchants_around": lambda: {"title": "…", "town": a_town(), "category": None, "label": None, "number": 6},
    "product_cards": lambda: {"title": "…", "products": [product.pk for product in on_sale()]},
    "map": lambda: {"title": "…", "town": a_town(), "category": None},
    "stories": lambda: {"title": "…", "stories": all_of(StoryPage)},
    "spotlights": lambda: {"title": "…"},
    "gallery": lambda: {
        "title": "…",
        "pictures": [{"image": pk, "decorative": True, "alt_text": ""} for pk in all_of(Picture)],
    },
}


@pytest.mark.parametrize("name", FILLED)
def test_a_live_block_costs_the_same_queries_whatever_it_shows(places, name):
    def grow(count):
        for _ in range(count):
            merchant = make_merchant()
            make_product(merchant)
            Spotlight.objects.create(merchant=merchant, words="…", picture=make_picture())
            story = StoryPage(title="Histoire", intro="…", picture=make_picture())
            StoryIndexPage.objects.get().add_child(instance=story)

    def render():
        """Read the block as a page does, from JSON to HTML; return its queries and its HTML."""
        block, value = LIBRARY[name], FILLED[name]()
        with CaptureQueriesContext(connection) as queries:
            html = block.render(block.bulk_to_python([value])[0])
        return len(queries), html

    grow(1)
    render()
    few, small = render()
    grow(2)
    many, large = render()

    assert many == few
    assert len(large) > len(small)
