"""What editors see first in Wagtail's admin, and what they are spared."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page

from home import personal_data_report
from home.checks import guards  # noqa: F401 - registers its hooks
from home.checks.accessibility import ContentChecker
from home.checks.publishing import missing_references
from home.checks.to_review import ToReviewView
from home.checks.welcome import Welcome
from home.closing import desk as closing_desk
from home.reports.admin import Reopen, SetAside, notices
from home.reports.complaints_admin import complaints, trusted_flaggers
from home.results.models import MonthlyCost
from home.seo.report import report
from home.snippets import Partner, Spotlight

FOREIGN_HELP = ("whats-new-in-wagtail", "editor-guide")


@hooks.register("construct_homepage_panels")
def pages_to_review_first(request: HttpRequest, panels: list[Component]) -> None:
    """Tasks first, then what merchants wait for; Wagtail would show the editor's own pages."""
    panels.append(Welcome())
    for panel in panels:
        if isinstance(panel, WorkflowObjectsToModeratePanel):
            panel.order = 60


@hooks.register("construct_help_menu")
def no_foreign_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out Wagtail's own pages: another site, in English."""
    menu_items[:] = [item for item in menu_items if not item.name.startswith(FOREIGN_HELP)]


@hooks.register("construct_wagtail_userbar")
def check_accessibility(request: HttpRequest, items: list, page: Any) -> None:
    """Put our rules in the place of Wagtail's in the checker of the preview."""
    items[:] = [ContentChecker() if isinstance(item, ContentCheckerItem) else item for item in items]


@hooks.register("after_edit_page")
@hooks.register("after_create_page")
def tell_what_vanished(request: HttpRequest, page: Page) -> None:
    """Tell an editor who saves a page what it holds and visitors do not see."""
    body = getattr(page, "body", None)
    if request.method == "POST" and body is not None:
        for fault in missing_references(body):
            messages.warning(request, fault)


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    return [
        path("reports/referencement/", report, name="site_audit"),
        path("reports/donnees-personnelles/", personal_data_report.report, name="personal_data_report"),
        path("fermeture/", closing_desk.desk, name="closing_plan"),
        path("reports/a-revoir/", ToReviewView.as_view(), name="to_review"),
        path("reports/a-revoir/results/", ToReviewView.as_view(results_only=True), name="to_review_results"),
    ]


class ClosingMenuItem(MenuItem):
    """For who may propose or sign a plan."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(closing_desk.PERMISSION)


@hooks.register("register_settings_menu_item")
def closing_menu_item() -> MenuItem:
    return ClosingMenuItem("Fermeture du portail", reverse("closing_plan"), icon_name="lock", order=900)


@hooks.register("register_reports_menu_item")
def to_review_menu_item() -> MenuItem:
    return MenuItem("À revoir", reverse("to_review"), icon_name="time", order=100)


@hooks.register("register_reports_menu_item")
def personal_data_menu_item() -> MenuItem:
    return MenuItem("Données personnelles", reverse("personal_data_report"), icon_name="lock", order=1040)


@hooks.register("construct_reports_menu")
def one_report_of_age(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """« À revoir » takes the place of Wagtail's « Aging pages », which gives no reason."""
    menu_items[:] = [item for item in menu_items if item.name != "aging-pages"]


@hooks.register("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    """The last audit of our pages by `manage.py audit_site`."""
    return MenuItem("Référencement", reverse("site_audit"), icon_name="search", order=1000)


class SpotlightViewSet(ModelViewSet):
    """The editors' words on a merchant, for a while."""

    model = Spotlight
    list_display = ["merchant", "starts_on", "ends_on"]
    search_fields = ["merchant__title", "words"]
    icon = "view"
    menu_label = "Coups de projecteur"
    inspect_view_enabled = False
    copy_view_enabled = False


class PartnerViewSet(ModelViewSet):
    """Who is named at the foot of every page."""

    model = Partner
    list_display = ["name", "url", "position"]
    search_fields = ["name"]
    icon = "group"
    menu_label = "Partenaires"
    inspect_view_enabled = False
    copy_view_enabled = False


class CostViewSet(ModelViewSet):
    """What the portal cost each month; its history stays in the admin's log."""

    model = MonthlyCost
    list_display = ["__str__", "cost", "note"]
    form_fields = ["month", "cost", "note"]
    icon = "calculator"
    menu_label = "Coûts du portail"
    add_to_settings_menu = True
    inspect_view_enabled = False
    copy_view_enabled = False


class Showcase(ViewSetGroup):
    """Both, under one heading."""

    items = (SpotlightViewSet("spotlights"), PartnerViewSet("partners"))
    menu_label = "Vitrine"
    menu_icon = "pick"


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ViewSet]:
    return [notices, complaints, trusted_flaggers, Showcase(), CostViewSet("monthly_costs")]


for action in (SetAside, Reopen):
    hooks.register("register_bulk_action", action)
