"""Everything django-oscar wants in the settings, so that settings.py stays readable."""

import oscar
from oscar.defaults import *  # noqa: F403

# Oscar's app configurations that ours replace; shop/forks/README.md says why each exists.
FORKS = {
    "oscar.config.Shop": "shop.forks.root.ShopConfig",
    "oscar.apps.analytics.apps.AnalyticsConfig": "shop.forks.analytics.apps.AnalyticsConfig",
    "oscar.apps.basket.apps.BasketConfig": "shop.forks.basket.apps.BasketConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig": "shop.forks.catalogue.apps.CatalogueConfig",
    "oscar.apps.dashboard.apps.DashboardConfig": "shop.forks.dashboard.apps.DashboardConfig",
    "oscar.apps.order.apps.OrderConfig": "shop.forks.order.apps.OrderConfig",
    "oscar.apps.partner.apps.PartnerConfig": "shop.forks.partner.apps.PartnerConfig",
}

# haystack is imported by Oscar but must not be installed: the regional search is ours. Its dashboard is not used:
# shop managers work in Wagtail's admin (shop/backoffice/).
_LEFT_OUT = {name for name in oscar.INSTALLED_APPS if name.startswith(("django.contrib.", "oscar.apps.dashboard."))}
_LEFT_OUT |= {"haystack", "django_tables2"}
OSCAR_APPS = [FORKS.get(name, name) for name in oscar.INSTALLED_APPS if name in FORKS or name not in _LEFT_OUT]

# A fork that adds no field keeps Oscar's migrations: none is copied here.
MIGRATION_MODULES = {
    "analytics": "oscar.apps.analytics.migrations",
    "basket": "oscar.apps.basket.migrations",
    "catalogue": "oscar.apps.catalogue.migrations",
    "order": "oscar.apps.order.migrations",
    "partner": "oscar.apps.partner.migrations",
}

HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}

OSCAR_SHOP_NAME = "J’achète dans ma région"
OSCAR_HOMEPAGE = "/"
OSCAR_SLUG_FUNCTION = "portal.slugs.slug_of"
OSCAR_DEFAULT_CURRENCY = "EUR"
OSCAR_OFFERS_INCL_TAX = True
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_BASKET_COOKIE_OPEN = "oscar_open_basket"
OSCAR_BASKET_COOKIE_LIFETIME = 30 * 24 * 3600  # as long as the basket itself is kept (home/purges.py)
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_MODERATE_REVIEWS = True
OSCAR_EAGER_ALERTS = False  # "back in stock" e-mails are not offered
OSCAR_SAVE_SENT_EMAILS_TO_DB = False  # an e-mail kept is personal data kept
OSCAR_SEND_REGISTRATION_EMAIL = False  # accounts are allauth's
OSCAR_HIDDEN_FEATURES = ["reviews", "wishlists"]
OSCAR_THUMBNAILER = "shop.thumbnails.WebpThumbnailer"

# The states of an order and of its lines, as people read them.
ORDER_TO_CONFIRM = "À confirmer"  # by the link in the buyer's e-mail; the merchant knows nothing of it yet
ORDER_RECEIVED = "Reçue"
ORDER_READY = "Prête"
ORDER_COLLECTED = "Retirée"
ORDER_CANCELLED = "Annulée"
OSCAR_INITIAL_ORDER_STATUS = OSCAR_INITIAL_LINE_STATUS = ORDER_RECEIVED
OSCAR_ORDER_STATUS_PIPELINE = {
    ORDER_TO_CONFIRM: (ORDER_RECEIVED, ORDER_CANCELLED),
    ORDER_RECEIVED: (ORDER_READY, ORDER_COLLECTED, ORDER_CANCELLED),
    ORDER_READY: (ORDER_COLLECTED, ORDER_CANCELLED),
    ORDER_COLLECTED: (),
    ORDER_CANCELLED: (),
}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_ORDER_STATUS_CASCADE = {status: status for status in OSCAR_ORDER_STATUS_PIPELINE}
