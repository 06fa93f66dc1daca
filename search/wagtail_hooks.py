"""What the search adds to Wagtail's admin: its words, its answers, and what people look for."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from search.demand.report import report
from search.editorial.models import PromotedAnswer, Synonym
from search.indexing import set_aside_report


class SynonymViewSet(ModelViewSet):
    """What people type for a category, or for other words."""

    model = Synonym
    list_display = ["phrase", "category", "meaning"]
    list_filter = ["category"]
    search_fields = ["phrase", "category__name", "meaning"]
    icon = "tag"
    menu_label = "Synonymes"
    inspect_view_enabled = False
    copy_view_enabled = False


class PromotedAnswerViewSet(ModelViewSet):
    """Editorial answers above the results."""

    model = PromotedAnswer
    list_display = ["title", "page", "starts_on", "ends_on"]
    search_fields = ["title", "text"]
    icon = "pick"
    menu_label = "Réponses de la rédaction"
    inspect_view_enabled = False
    copy_view_enabled = False


class SearchWords(ViewSetGroup):
    """Both, under one heading."""

    items = (SynonymViewSet("synonyms"), PromotedAnswerViewSet("promoted_answers"))
    menu_label = "Recherche"
    menu_icon = "search"


class DemandMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("regional_search.view_demand")


@hooks.register("register_admin_viewset")
def register_words() -> SearchWords:
    return SearchWords()


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    return [
        path("reports/recherches/", report, name="demand_report"),
        path("reports/mises-de-cote/", set_aside_report.report, name="set_aside_report"),
    ]


@hooks.register("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    return DemandMenuItem("Ce qu’on cherche", reverse("demand_report"), icon_name="search", order=1010)


@hooks.register("register_reports_menu_item")
def set_aside_menu_item() -> MenuItem:
    return DemandMenuItem(
        "Mises de côté par la recherche", reverse("set_aside_report"), icon_name="warning", order=1020
    )
