"""What the shop adds to Wagtail's admin."""

from wagtail import hooks

from shop.choosers import product_chooser
from shop.departures import not_in_bulk_with_orders, not_with_orders, tell_of_purchases


@hooks.register("register_admin_viewset")
def register_product_chooser():
    return product_chooser


@hooks.register("before_delete_page")
def keep_pages_with_orders(request, page):
    return not_with_orders(request, page)


@hooks.register("before_bulk_action")
def keep_pages_with_orders_in_bulk(request, action_type, objects, action) -> None:
    not_in_bulk_with_orders(request, action_type, objects, action)


@hooks.register("before_delete_user")
def tell_of_kept_purchases(request, user) -> None:
    tell_of_purchases(request, user)
