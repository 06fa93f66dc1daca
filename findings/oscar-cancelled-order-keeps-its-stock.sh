#!/usr/bin/env bash
# An order of django-oscar that is cancelled keeps its stock promised, whatever the status pipeline says.
#
# Version:   django-oscar 4.2.1 with Django 5.2 on SQLite, Oscar's default settings but a pipeline of two statuses.
# Input:     one product, 5 in stock, an order of 3 placed by OrderCreator, then order.set_status("Cancelled"), with
#            OSCAR_ORDER_STATUS_CASCADE naming the lines' status too.
# Behaviour: the order and its lines say Cancelled; the stock record's num_allocated stays 3, so that the next shopper
#            may buy 2. Nothing in the pipeline gives an allocation back: EventHandler.cancel_stock_allocations does,
#            and no status change calls it.
# Seen:      placed: 3 promised, 2 to sell / cancelled: Cancelled, line Cancelled, 3 promised, 2 to sell
# Fails when that changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv; venv/bin/pip install --quiet django-oscar==4.2.1 'django>=5.2,<5.3'
cat > shop_settings.py <<'PY'
from oscar.defaults import *
SECRET_KEY = "of a try"
SITE_ID, ROOT_URLCONF, DEFAULT_AUTO_FIELD, USE_TZ = 1, "shop_settings", "django.db.models.BigAutoField", True
urlpatterns = []
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
AUTH = ["django.contrib." + name for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "flatpages")]
SHOP = ["oscar.config.Shop"] + ["oscar.apps." + name for name in (
    "analytics.apps.AnalyticsConfig", "checkout.apps.CheckoutConfig", "address.apps.AddressConfig",
    "shipping.apps.ShippingConfig", "catalogue.apps.CatalogueConfig", "catalogue.reviews.apps.CatalogueReviewsConfig",
    "communication.apps.CommunicationConfig", "partner.apps.PartnerConfig", "basket.apps.BasketConfig",
    "payment.apps.PaymentConfig", "offer.apps.OfferConfig", "order.apps.OrderConfig", "customer.apps.CustomerConfig",
    "search.apps.SearchConfig", "voucher.apps.VoucherConfig", "wishlists.apps.WishlistsConfig",
    "dashboard.apps.DashboardConfig", "dashboard.reports.apps.ReportsDashboardConfig",
    "dashboard.users.apps.UsersDashboardConfig", "dashboard.orders.apps.OrdersDashboardConfig",
    "dashboard.catalogue.apps.CatalogueDashboardConfig", "dashboard.offers.apps.OffersDashboardConfig",
    "dashboard.partners.apps.PartnersDashboardConfig", "dashboard.pages.apps.PagesDashboardConfig",
    "dashboard.ranges.apps.RangesDashboardConfig", "dashboard.reviews.apps.ReviewsDashboardConfig",
    "dashboard.vouchers.apps.VouchersDashboardConfig", "dashboard.communications.apps.CommunicationsDashboardConfig",
    "dashboard.shipping.apps.ShippingDashboardConfig")]
INSTALLED_APPS = AUTH + SHOP + ["widget_tweaks", "haystack", "treebeard", "django_tables2"]
OSCAR_INITIAL_ORDER_STATUS = OSCAR_INITIAL_LINE_STATUS = "Pending"
OSCAR_ORDER_STATUS_PIPELINE = {"Pending": ("Cancelled",), "Cancelled": ()}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_ORDER_STATUS_CASCADE = {"Cancelled": "Cancelled"}
OSCAR_MISSING_IMAGE_URL = "none.jpg"
PY
cat > try.py <<'PY'
import django
django.setup()
from decimal import Decimal
from django.core.management import call_command
call_command("migrate", verbosity=0)
from oscar.core.prices import Price
from oscar.core.loading import get_class, get_model
product_class = get_model("catalogue", "ProductClass").objects.create(name="Fromage", requires_shipping=False)
product = get_model("catalogue", "Product").objects.create(title="Reblochon", product_class=product_class)
partner = get_model("partner", "Partner").objects.create(name="Une crèmerie")
stock = get_model("partner", "StockRecord").objects.create(
    product=product, partner=partner, partner_sku="1", price=Decimal("10"), num_in_stock=5)
basket = get_model("basket", "Basket").objects.create()
basket.strategy = get_class("partner.strategy", "Selector")().strategy()
basket.add_product(product, 3)
method = get_class("shipping.methods", "NoShippingRequired")()
charge = method.calculate(basket)
total = get_class("checkout.calculators", "OrderTotalCalculator")().calculate(basket, charge)
order = get_class("order.utils", "OrderCreator")().place_order(
    basket, total, method, charge, order_number="1", request=None)
def left():
    stock.refresh_from_db()
    return f"{stock.num_allocated} promised, {stock.net_stock_level} to sell"
print("placed:", left())
order.set_status("Cancelled")
order.refresh_from_db()
print(f"cancelled: {order.status}, line {order.lines.get().status}, {left()}")
PY
DJANGO_SETTINGS_MODULE=shop_settings venv/bin/python try.py | tee answers
printf 'placed: 3 promised, 2 to sell\ncancelled: Cancelled, line Cancelled, 3 promised, 2 to sell\n' | diff - answers
