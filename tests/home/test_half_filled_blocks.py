"""A draft is saved by itself while it is written: whatever its blocks hold by then, it is saved and can be previewed.

Every block of every stream of a page type is tried: empty, with one field filled, with one field missing, and absurd.
"""

import pytest
from django.core.files.base import ContentFile
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page, get_page_models

from home.models import CampaignPage, HomePage, StoryIndexPage, StoryPage
from portal.models import Picture
from shop.products import on_sale
from tests.factories import make_picture
from tests.home.block_forms import leaves, rich, sent, stream
from tests.shop.factories import make_product

STREAMS = [
    (model, field.name)
    for model in get_page_models()
    if model.__module__.startswith("home.")
    for field in model._meta.get_fields()
    if isinstance(field, StreamField)
]
BLOCKS = [
    (model, field, name) for model, field in STREAMS for name in model._meta.get_field(field).stream_block.child_blocks
]
LIBRARY = [(CampaignPage, "body", name) for name in CampaignPage._meta.get_field("body").stream_block.child_blocks]
JSON = {"accept": "application/json"}
ABSURD = {
    blocks.DateTimeBlock: ["2040-13-45 99:99", "hier", "0001-01-01 00:00", "9999-12-31 23:59"],
    blocks.IntegerBlock: ["-5", "99999999999", "deux"],
    blocks.ChoiceBlock: ["nulle part"],
    blocks.RichTextBlock: [rich("mot " * 6000), rich("<script>alert(1)</script>")],
    blocks.PageChooserBlock: ["999999", "1"],
    blocks.ChooserBlock: ["999999"],
    blocks.FieldBlock: ["javascript:alert(1)", "x" * 900, "\x00\u202e", "  "],
}


@pytest.fixture
def desk(client, editor, places, bakery):
    """An editor's browser, and one thing of each kind to choose."""
    make_product(bakery, title="Pain de seigle")
    make_picture()
    get_document_model().objects.create(title="Guide", file=ContentFile(b"%PDF-1.4", name="guide.pdf"))
    story = StoryPage(title="Six heures du matin", intro="Le four est chaud.")
    StoryIndexPage.objects.get().add_child(instance=story)
    client.force_login(editor)
    return client


def good(block):
    """Return something right to fill a field with."""
    match block:
        case blocks.BooleanBlock():
            return "on"
        case blocks.DateTimeBlock():
            return "2040-12-08 09:00"
        case blocks.IntegerBlock():
            return "3"
        case blocks.RichTextBlock():
            return rich("Maud pétrit.")
        case blocks.ChoiceBlock():
            return next(str(key) for key, _ in block.field.choices if key)
        case blocks.PageChooserBlock():
            return str((block.target_models or [Page])[0].objects.last().pk)
        case ImageChooserBlock():
            return str(Picture.objects.get().pk)
        case DocumentChooserBlock():
            return str(get_document_model().objects.get().pk)
        case blocks.ChooserBlock():
            model = block.model_class
            return str((on_sale() if model is on_sale().model else model.objects).first().pk)
        case _:
            return "/commerces/" if isinstance(block, blocks.RegexBlock) else "Trois mots"


def absurd(block):
    return next(values for kind, values in ABSURD.items() if isinstance(block, kind))


def fillings(block, prefix):
    """Yield (what it is, the fields sent) for one block half filled in every way."""
    fields = [(prefix + path, field) for path, field in leaves(block)]
    whole = {path: good(field) for path, field in fields}
    for items in (0, 1):
        yield f"empty, lists of {items}", sent(block, prefix, {}, items)
    for path, _ in fields:
        yield f"only {path}", sent(block, prefix, {path: whole[path]})
        yield f"all but {path}", sent(block, prefix, whole | {path: ""})
    yield "whole", sent(block, prefix, whole, 2)


def page_form(model, body=()):
    """Return what is sent of a page's other fields."""
    data = {"title": "Les marchés", "slug": f"les-marches-{model._meta.model_name}", "intro": "Samedi.", "picture": ""}
    for _, field in (pair for pair in STREAMS if pair[0] is model):
        data |= {f"{field}-count": 0}
    return data | {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0} | dict(body)


def parent_of(model):
    return {StoryPage: StoryIndexPage}.get(model, HomePage).objects.get()


def page_of(model):
    """Return a stored draft of a model."""
    if model is HomePage:
        return HomePage.objects.get()
    page = model(title="Les marchés", slug="deja-la", intro="Samedi.", live=False)
    return parent_of(model).add_child(instance=page)


def previewed(client, address, form):
    assert client.post(address, form).json()["is_valid"]
    return client.get(address, {"mode": ""})


@pytest.mark.parametrize(("model", "field", "name"), LIBRARY)
def test_a_draft_with_a_half_filled_block_is_saved_and_previewed(desk, model, field, name):
    block = model._meta.get_field(field).stream_block.child_blocks[name]
    page = page_of(model)
    for what, fields in fillings(block, f"{field}-0-value"):
        form = page_form(model, stream(field, (name, fields)))

        saved = desk.post(f"/gestion/pages/{page.pk}/edit/", form, headers=JSON)
        assert saved.status_code == 200, (what, saved.content[:300])
        assert saved.json()["success"], (what, saved.content[:300])
        assert desk.get(f"/gestion/pages/{page.pk}/view_draft/").status_code == 200, what
        if what.startswith("empty"):
            assert previewed(desk, f"/gestion/pages/{page.pk}/edit/preview/", form).status_code == 200, what
            assert desk.get(f"/gestion/pages/{page.pk}/edit/").status_code == 200, what


@pytest.mark.parametrize(("model", "field", "name"), [case for case in BLOCKS if case[0] is not HomePage])
def test_a_new_page_with_an_empty_block_is_saved_and_goes_on_being_saved(desk, model, field, name):
    block = model._meta.get_field(field).stream_block.child_blocks[name]
    parent = parent_of(model)
    add = f"/gestion/pages/add/home/{model._meta.model_name}/{parent.pk}/"
    form = page_form(model, stream(field, (name, sent(block, f"{field}-0-value", {}))))
    assert previewed(desk, f"{add}preview/", form).status_code == 200

    created = desk.post(add, form, headers=JSON)

    assert created.json()["success"], created.content[:300]
    address = f"/gestion/pages/{created.json()['pk']}/edit/"
    again = desk.post(address, form | {"title": "Les marchés d’hiver"}, headers=JSON)
    assert again.json()["success"], again.content[:300]
    assert Page.objects.get(pk=created.json()["pk"]).get_latest_revision_as_object().title == "Les marchés d’hiver"
    refused = desk.post(address, form | {"action-publish": "1"})
    assert refused.status_code in (200, 302)


@pytest.mark.parametrize(("model", "field", "name"), LIBRARY)
def test_what_is_absurd_is_kept_or_refused_in_words(desk, model, field, name):
    block = model._meta.get_field(field).stream_block.child_blocks[name]
    page = page_of(model)
    address = f"/gestion/pages/{page.pk}/edit/"
    prefix = f"{field}-0-value"
    fields = [(prefix + path, leaf) for path, leaf in leaves(block) if not isinstance(leaf, blocks.BooleanBlock)]
    for turn in range(4):
        values = {path: absurd(leaf)[turn % len(absurd(leaf))] for path, leaf in fields}
        form = page_form(model, stream(field, (name, sent(block, prefix, values))))

        saved = desk.post(address, form, headers=JSON)
        assert saved.status_code in (200, 400), values
        draft = desk.get(f"/gestion/pages/{page.pk}/view_draft/")
        assert draft.status_code == 200, values
        assert 'href="javascript:' not in draft.content.decode()
        assert desk.post(address, form | {"action-publish": "1"}).status_code in (200, 302), values
    assert desk.get(address).status_code == 200


def test_every_stream_of_our_pages_is_tried():
    assert {model for model, _ in STREAMS} >= {StoryPage, CampaignPage}
    assert {name for _, _, name in BLOCKS} == {name for _, _, name in LIBRARY}
