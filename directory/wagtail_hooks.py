"""What the directory adds to Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import CancelWorkflowMenuItem, RestartWorkflowMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from directory.choosers import category_chooser, town_chooser, user_chooser
from directory.desk.categories import CategoryViewSet
from directory.desk.listing import MerchantFilterSet, MerchantIndexView
from directory.desk.pages import MerchantEditView, MerchantWorkflowActionView, leave_out_unpublishable
from directory.desk.withdrawing import LeadsToProcedure, MerchantDeleteView, procedure_button, tell_of_many
from directory.freshness.report import FreshnessView
from directory.guides import TownGuide
from directory.importing.merging import ACTION
from directory.markets import Market
from directory.models import MerchantManager, MerchantPage
from directory.people.views import office as access_requests
from directory.vetting.desk.admin import Verifications
from portal.models import User

NAMED = 5  # merchants in one message


class MerchantPageViewSet(PageViewSet):
    """A merchant's page in the admin."""

    model = MerchantPage
    index_view_class = MerchantIndexView
    filterset_class = MerchantFilterSet
    edit_view_class = MerchantEditView
    workflow_action_view_class = MerchantWorkflowActionView
    unpublish_view_class = LeadsToProcedure
    delete_view_class = MerchantDeleteView


class AccessRequestsItem(MenuItem):
    """Requests to keep a page, for who may give access."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("directory.add_merchantmanager")


class MarketViewSet(ModelViewSet):
    """Market days of the towns."""

    model = Market
    list_display = ["town", "weekday", "opens", "closes", "place"]
    list_filter = ["weekday"]
    search_fields = ["town__name", "place", "note"]
    icon = "calendar"
    menu_label = "Marchés"
    inspect_view_enabled = False
    copy_view_enabled = True  # the same market on another day


class TownGuideViewSet(ModelViewSet):
    """Editors' words on top of the towns' pages."""

    model = TownGuide
    list_display = ["town"]
    search_fields = ["town__name", "text"]
    icon = "edit"
    menu_label = "Mots sur les communes"
    inspect_view_enabled = False
    copy_view_enabled = False


class TownWords(ViewSetGroup):
    """Both, under one heading."""

    items = (MarketViewSet("markets"), TownGuideViewSet("town_guides"))
    menu_label = "Communes"
    menu_icon = "site"


@hooks.register("register_admin_viewset")
def register_choosers() -> list[ViewSet]:
    return [
        town_chooser,
        category_chooser,
        user_chooser,
        MerchantPageViewSet("merchants_pages"),
    ]


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("demandes-acces/", access_requests, name="access_requests"),
        path("reports/fraicheur/", FreshnessView.as_view(), name="freshness_report"),
        path("reports/fraicheur/results/", FreshnessView.as_view(results_only=True), name="freshness_report_results"),
    ]


@hooks.register("register_reports_menu_item")
def freshness_item() -> MenuItem:
    return MenuItem("Fraîcheur des horaires", reverse("freshness_report"), icon_name="time", order=110)


@hooks.register("register_admin_menu_item")
def access_requests_item() -> MenuItem:
    return AccessRequestsItem("Demandes d’accès", reverse("access_requests"), icon_name="key")


@hooks.register("before_delete_user")
def tell_what_they_keep(request: HttpRequest, user: User) -> None:
    """Tell an administrator, before an account is deleted, which merchants nobody will keep any more."""
    kept_by_others = MerchantManager.objects.exclude(user=user).values("merchant")
    kept_alone = MerchantPage.objects.managed_by(user).exclude(pk__in=kept_by_others).order_by("title")
    if request.method == "GET" and (alone := list(kept_alone.values_list("title", flat=True))):
        messages.warning(
            request,
            f"Personne d’autre ne gère {', '.join(f'« {title} »' for title in alone[:NAMED])}"
            f"{f' et {len(alone) - NAMED} autres' if len(alone) > NAMED else ''}\u00a0: sans gérant, un commerce ne "
            "vend plus. Donnez d’abord l’accès à quelqu’un, ou décochez « actif » au lieu de supprimer.",
        )


@hooks.register("construct_page_action_menu")
def name_the_ends_of_a_review(menu_items: list, request: HttpRequest, context: dict[str, Any]) -> None:
    """Say it without the word « workflow »."""
    for item in menu_items:
        if isinstance(item, CancelWorkflowMenuItem):
            item.label = "Arrêter la relecture"
        elif isinstance(item, RestartWorkflowMenuItem):
            item.label = "Reprendre la relecture"


@hooks.register("before_bulk_action")
def leave_unsent_drafts(request: HttpRequest, action_type: str, objects: list[Page], action: Any) -> None:
    leave_out_unpublishable(request, action_type, objects, action)
    tell_of_many(request, action_type, objects)


@hooks.register("register_page_header_buttons")
def lead_from_the_page(page: Page, user: User, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    return procedure_button(page, user)


@hooks.register("register_page_listing_more_buttons")
def lead_from_a_list(page: Page, user: User, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    return procedure_button(page, user)


@hooks.register("register_admin_viewset")
def register_verifications() -> Verifications:
    return Verifications()


@hooks.register("insert_global_admin_css")
def style_the_desk() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("directory/css/desk.css"))


@hooks.register("register_admin_viewset")
def register_town_words() -> TownWords:
    return TownWords()


@hooks.register("register_admin_viewset")
def register_categories() -> CategoryViewSet:
    return CategoryViewSet("categories", add_to_admin_menu=True)


@hooks.register("register_log_actions")
def name_the_import(actions: LogActionRegistry) -> None:
    actions.register_action(ACTION, "Importer", "Importé d’un fichier")
