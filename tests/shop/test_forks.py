from django.apps import apps
from django.conf import settings
from oscar.core.loading import get_class, get_model

from portal.oscar_settings import FORKS
from portal.picture_fields import PictureField


def test_every_fork_is_installed_in_place_of_oscars_app():
    for original, fork in FORKS.items():
        assert fork in settings.INSTALLED_APPS
        assert original not in settings.INSTALLED_APPS


def test_every_forked_class_is_the_one_oscar_uses():
    assert vars(get_model("basket", "Basket"))["all_lines"].__module__ == "shop.forks.basket.models"
    for model, field in [("ProductImage", "original"), ("Category", "image"), ("ProductAttributeValue", "value_image")]:
        assert isinstance(get_model("catalogue", model)._meta.get_field(field), PictureField)
    for method in ("allocate", "clean"):
        assert vars(get_model("partner", "StockRecord"))[method].__module__ == "shop.forks.partner.models"
    assert get_class("partner.strategy", "Selector").__module__ == "shop.forks.partner.strategy"
    assert get_class("order.processing", "EventHandler").__module__ == "shop.forks.order.processing"


def test_oscar_keeps_no_profile_of_what_people_look_at_or_buy():
    from oscar.apps.catalogue.signals import product_viewed
    from oscar.apps.order.signals import order_placed

    assert apps.get_app_config("analytics").name == "shop.forks.analytics"
    for signal in (product_viewed, order_placed):
        receivers = [receiver[1]() for receiver in signal.receivers]
        assert not [found for found in receivers if "analytics" in found.__module__]


def test_no_fork_copies_a_migration():
    for original in FORKS:
        label = original.split(".")[2]
        if label in ("Shop", "dashboard"):  # they have no table
            continue
        assert settings.MIGRATION_MODULES[label] == f"oscar.apps.{label}.migrations"
