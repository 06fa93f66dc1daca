"""The list of merchants in the admin: columns, filters and search by town, category and state."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet, Value
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, PageFilterSet
from wagtail.models import WorkflowState
from wagtail.query import PageQuerySet

from directory.departments import BY_CODE
from directory.models import Category, MerchantPage, Town

STATES = (
    ("online", "en ligne"),
    ("offline", "hors ligne"),
    ("review", "en relecture"),
    ("refused", "renvoyée au commerçant"),
    ("draft", "en ligne, avec un brouillon"),
)


class MerchantFilterSet(PageFilterSet):
    """By place, category and state."""

    department = django_filters.ChoiceFilter(
        label="Département",
        field_name="town__department_code",
        choices=sorted((code, department.name) for code, department in BY_CODE.items()),
        empty_label="Tous",
    )
    town = django_filters.ModelChoiceFilter(
        label="Commune",
        queryset=lambda request: Town.objects.filter(merchants__isnull=False).distinct().order_by("name"),
        empty_label="Toutes",
    )
    category = django_filters.ModelChoiceFilter(
        label="Métier",
        queryset=lambda request: Category.objects.filter(merchants__isnull=False).distinct().order_by("name"),
        empty_label="Tous",
    )
    state = django_filters.ChoiceFilter(label="État", choices=STATES, method="filter_state", empty_label="Tous")

    class Meta:
        model = MerchantPage
        fields: ClassVar = ["department", "town", "category", "state"]

    def filter_state(self, pages: QuerySet, name: str, state: str) -> QuerySet:
        if state in ("review", "refused"):
            status = WorkflowState.STATUS_IN_PROGRESS if state == "review" else WorkflowState.STATUS_NEEDS_CHANGES
            reviewed = WorkflowState.objects.filter(status=status, base_content_type__model="page")
            return pages.filter(pk__in=[int(pk) for pk in reviewed.values_list("object_id", flat=True)])
        if state == "draft":
            return pages.filter(live=True, has_unpublished_changes=True)
        return pages.filter(live=state == "online")


class MerchantIndexView(ExplorableIndexView):
    base_filterset_class = MerchantFilterSet
    base_columns: ClassVar = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Nom", sort_key="title", classname="title"),
        Column("town", label="Commune", sort_key="town__name", width="18%"),
        Column("postal_code", label="Code postal", sort_key="postal_code", width="10%"),
        Column("category", label="Métier", sort_key="category__name", width="18%"),
        PageStatusColumn("status", label="État", sort_key="live", width="12%"),
    ]

    def annotate_queryset(self, pages: PageQuerySet) -> PageQuerySet:
        """Load what the columns print; these are merchants already, so no page is asked again for its kind."""
        pages = pages.select_related("town", "category").prefetch_related("content_type", "sites_rooted_here")
        pages = pages.annotate(town_stands_beside=Value(True))  # in a column of its own: MerchantPage need not name it
        return pages.prefetch_workflow_states().annotate_site_root_state().annotate_approved_schedule()
