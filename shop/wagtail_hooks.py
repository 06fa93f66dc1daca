"""What the shop adds to Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from shop.backoffice import terms_pages
from shop.backoffice.menu import Shops
from shop.backoffice.product_pages import WITHDRAWN
from shop.backoffice.review_pages import PUBLISHED, REFUSED
from shop.backoffice.shop_pages import PAUSED, RESUMED
from shop.choosers import product_chooser
from shop.departures import not_in_bulk_with_orders, not_with_orders, tell_of_purchases
from shop.enquiries.report import report
from shop.recalls.acts import DISMISSED, RECALLED


class EnquiriesMenuItem(MenuItem):
    """For who may see how many requests merchants get."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("shop.view_enquiry"))


@hooks.register("register_admin_viewset")
def register_product_chooser() -> Any:
    return product_chooser


@hooks.register("register_admin_viewset")
def register_shops() -> Shops:
    return Shops()


@hooks.register("register_admin_urls")
def register_enquiry_report() -> list[URLPattern]:
    return [path("reports/demandes-sans-achat/", report, name="enquiry_report")]


@hooks.register("register_reports_menu_item")
def enquiry_report_menu_item() -> MenuItem:
    return EnquiriesMenuItem("Demandes sans achat", reverse("enquiry_report"), icon_name="mail", order=1030)


@hooks.register("register_admin_urls")
def terms_urls() -> list[URLPattern]:
    return [path("conditions/", terms_pages.versions, name="terms_versions")]


class TermsMenuItem(MenuItem):
    """For who may publish terms."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(terms_pages.PERMISSION))


@hooks.register("register_settings_menu_item")
def terms_menu_item() -> MenuItem:
    return TermsMenuItem("Conditions", reverse("terms_versions"), icon_name="doc-full", order=890)


@hooks.register("register_log_actions")
def name_what_staff_does(actions: LogActionRegistry) -> None:
    actions.register_action(PAUSED, "Mettre en pause", "Boutique mise en pause")
    actions.register_action(RESUMED, "Finir la pause", "Pause finie")
    actions.register_action(WITHDRAWN, "Retirer de la vente", "Article retiré de la vente")
    actions.register_action(RECALLED, "Rappeler", "Article rappelé")
    actions.register_action(DISMISSED, "Écarter un rappel", "Rappel écarté")
    actions.register_action(PUBLISHED, "Publier un avis", "Avis publié")
    actions.register_action(REFUSED, "Refuser un avis", "Avis refusé")


@hooks.register("before_delete_page")
def keep_pages_with_orders(request: HttpRequest, page: Any) -> Any:
    return not_with_orders(request, page)


@hooks.register("before_bulk_action")
def keep_pages_with_orders_in_bulk(request: HttpRequest, action_type: Any, objects: Any, action: Any) -> None:
    not_in_bulk_with_orders(request, action_type, objects, action)


@hooks.register("before_delete_user")
def tell_of_kept_purchases(request: HttpRequest, user: Any) -> None:
    tell_of_purchases(request, user)
