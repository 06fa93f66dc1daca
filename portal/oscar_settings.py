"""Everything django-oscar wants in the settings, so that settings.py stays readable."""

import oscar
from oscar.defaults import *  # noqa: F403

# Oscar's app configurations that ours replace; shop/forks/README.md says why each exists.
FORKS = {
    "oscar.config.Shop": "shop.forks.apps.ShopConfig",
    "oscar.apps.basket.apps.BasketConfig": "shop.forks.basket.apps.BasketConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig": "shop.forks.catalogue.apps.CatalogueConfig",
    "oscar.apps.checkout.apps.CheckoutConfig": "shop.forks.checkout.apps.CheckoutConfig",
    "oscar.apps.customer.apps.CustomerConfig": "shop.forks.customer.apps.CustomerConfig",
    "oscar.apps.partner.apps.PartnerConfig": "shop.forks.partner.apps.PartnerConfig",
    "oscar.apps.search.apps.SearchConfig": "shop.forks.search.apps.SearchConfig",
}

# haystack is imported by Oscar but must not be installed: the regional search is ours.
OSCAR_APPS = [
    FORKS.get(name, name)
    for name in oscar.INSTALLED_APPS
    if not name.startswith("django.contrib.") and name != "haystack"
]

# A fork that adds no field keeps Oscar's migrations: none is copied here.
MIGRATION_MODULES = {
    "basket": "oscar.apps.basket.migrations",
    "catalogue": "oscar.apps.catalogue.migrations",
    "customer": "oscar.apps.customer.migrations",
    "partner": "oscar.apps.partner.migrations",
}

HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}

OSCAR_SHOP_NAME = "J’achète dans ma région"
OSCAR_HOMEPAGE = "/"
OSCAR_DEFAULT_CURRENCY = "EUR"
OSCAR_OFFERS_INCL_TAX = True
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_MODERATE_REVIEWS = True
OSCAR_SAVE_SENT_EMAILS_TO_DB = False  # an e-mail kept is personal data kept
OSCAR_SEND_REGISTRATION_EMAIL = False  # accounts are allauth's
OSCAR_HIDDEN_FEATURES = ["reviews", "wishlists"]
OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 500
OSCAR_THUMBNAILER = "shop.thumbnails.WebpThumbnailer"
OSCAR_INITIAL_ORDER_STATUS = OSCAR_INITIAL_LINE_STATUS = "placed"
OSCAR_ORDER_STATUS_PIPELINE = {
    "placed": ("ready", "cancelled"),
    "ready": ("collected", "cancelled"),
    "collected": (),
    "cancelled": (),
}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_ORDER_STATUS_CASCADE = {status: status for status in OSCAR_ORDER_STATUS_PIPELINE}
