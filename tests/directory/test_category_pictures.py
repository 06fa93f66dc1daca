"""What lies on a merchant's counter."""

from django.conf import settings
from django.utils import timezone

from directory.cards import merchant_cards
from directory.category_pictures import PICTURES, category_pictures
from directory.models import Category, MerchantPage

FOLDER = settings.BASE_DIR / "portal/static/portal/img/produits"


def test_every_trade_has_three_pictures_for_its_counter(places):
    assert {
        slug for slug in Category.objects.values_list("slug", flat=True) if len(category_pictures(slug)) != 3
    } == set()


def test_every_picture_of_a_counter_exists():
    named = {name for names in PICTURES.values() for name in names.split()}

    assert {name for name in named if not (FOLDER / f"{name}.webp").exists()} == set()


def test_a_merchant_without_pictures_shows_those_of_the_category(bakery):
    (card,) = merchant_cards(MerchantPage.objects.filter(pk=bakery.pk).card_rows(), timezone.localtime())

    assert card.goods == category_pictures(bakery.category.slug)
