"""Live cards in a story."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.images.tests.utils import get_test_image_file

from home.blocks import MerchantsAroundBlock, StoryBlocks
from home.models import StoryIndexPage, StoryPage
from portal.memory import process_cache
from portal.models import Picture
from tests.factories import make_merchant
from tests.shop.factories import make_product


@pytest.fixture
def loaf(bakery):
    return make_product(bakery, title="Pain de seigle")


@pytest.fixture
def picodon(cheesemonger):
    return make_product(cheesemonger, title="Picodon affiné")


def make_story(*body, **fields):
    """Return a live story whose body holds these (block name, value as stored)."""
    story = StoryPage(title="Le pain et le picodon", intro="Deux comptoirs.", **fields)
    story.body = StoryBlocks().to_python([{"type": name, "value": value} for name, value in body])
    StoryIndexPage.objects.get().add_child(instance=story)
    story.save_revision().publish()
    return story


def read(client, story):
    response = client.get(story.public_path)
    assert response.status_code == 200
    return response.content.decode()


def chosen(*merchants):
    return "merchant_cards", {"title": "Deux adresses", "merchants": [merchant.pk for merchant in merchants]}


# Wagtail leaves the temporary file of a rendition to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
def test_a_story_holds_words_pictures_and_quotes(client, places):
    picture = Picture.objects.create(title="four", file=get_test_image_file(), credit="Maud Vernet")
    image = {"image": picture.pk, "decorative": False, "alt_text": "Un four à bois"}
    html = read(
        client,
        make_story(
            ("heading", "Six heures du matin"),
            ("text", "<p>Le four est <b>chaud</b>.</p>"),
            ("picture", {"image": image, "caption": "Le four"}),
            ("quote", {"text": "Je préfère perdre une vente qu’un client.", "author": "Maud"}),
        ),
    )

    assert "<h2>Six heures du matin</h2>" in html
    assert "<p>Le four est <b>chaud</b>.</p>" in html
    assert 'alt="Un four à bois"' in html
    assert "Maud Vernet" in html
    assert "«&nbsp;Je préfère perdre une vente qu’un client.&nbsp;»" in html


def test_chosen_merchants_appear_in_the_editor_s_order(client, bakery, cheesemonger):
    html = read(client, make_story(chosen(cheesemonger, bakery)))

    assert html.index("La Crèmerie du Gier") < html.index("Le Fournil des Mines")


def test_a_merchant_no_longer_online_vanishes_and_so_does_an_empty_block(client, bakery, cheesemonger):
    story = make_story(chosen(cheesemonger, bakery))

    bakery.unpublish()
    assert "Le Fournil des Mines" not in read(client, story)
    assert "La Crèmerie du Gier" in read(client, story)

    cheesemonger.delete()
    assert "Deux adresses" not in read(client, story)


def test_merchants_are_found_by_town_and_by_category(client, places, bakery, cheesemonger):
    lyonnais = make_merchant(title="Pain de la Guillotière", town=places.lyon_3)
    bakeries = {"title": "Des boulangeries", "category": bakery.category.pk, "town": None, "number": 3}
    lyon = {"title": "À Lyon", "town": places.lyon.pk, "category": None, "number": 3}
    food = {"title": "De quoi manger", "category": bakery.category.parent.pk, "town": places.privas.pk, "number": 3}

    def shown(value):
        block = MerchantsAroundBlock()
        return {card.title for card in block.get_context(block.to_python(value))["cards"]}

    assert shown(bakeries) == {bakery.title, lyonnais.title}
    assert shown(lyon) == {lyonnais.title}
    assert shown(food) == {bakery.title}


def test_a_place_or_a_category_must_be_chosen(places):
    block = MerchantsAroundBlock()
    value = block.to_python({"title": "Ici", "town": None, "category": None, "number": 3})

    with pytest.raises(ValidationError):
        block.clean(value)


def test_products_show_today_s_price_and_vanish_when_no_longer_sold(client, loaf, picodon, bakery):
    story = make_story(("product_cards", {"title": "Au comptoir", "products": [picodon.pk, loaf.pk]}))
    stock = loaf.stockrecords.get()
    stock.price = "5.20"
    stock.save()

    html = read(client, story)
    assert "5,20" in html
    assert html.index("Picodon affiné") < html.index("Pain de seigle")

    bakery.unpublish()
    assert "Pain de seigle" not in read(client, story)


def test_a_merchant_s_card_shows_what_she_sells(client, bakery, loaf):
    image = get_test_image_file(filename="seigle.png")
    loaf.images.create(original=image)

    assert "merchant-card__good" in read(client, make_story(chosen(bakery)))


def test_a_story_costs_the_same_queries_whatever_its_cards(
    client, bakery, cheesemonger, loaf, django_assert_max_num_queries
):
    others = [make_merchant() for _ in range(4)]
    products = [make_product(merchant) for merchant in others]
    small = make_story(chosen(bakery), ("product_cards", {"title": "Ici", "products": [loaf.pk]}))
    large = make_story(
        chosen(bakery, cheesemonger, *others),
        ("product_cards", {"title": "Ici", "products": [loaf.pk, *(product.pk for product in products)]}),
        slug="grand",
    )
    read(client, small)

    process_cache.clear()
    with django_assert_max_num_queries(30) as few:
        read(client, small)
    process_cache.clear()
    with django_assert_max_num_queries(len(few)):
        read(client, large)
