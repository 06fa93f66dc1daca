"""Reviews in the back office: those to be read first."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import path, reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from shop import wording
from shop.backoffice import review_pages
from shop.backoffice.lists import ListView, ListViewSet
from shop.models import Review

MERCHANT = "merchant_order__storefront__merchant"


class ReviewFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="État", choices=Review.State.choices)
    mark = django_filters.ChoiceFilter(label="Note", choices=[(mark, f"{mark} sur 5") for mark in range(5, 0, -1)])
    merchant = django_filters.CharFilter(label="Commerce", field_name=f"{MERCHANT}__title", lookup_expr="icontains")
    town = django_filters.CharFilter(label="Commune", field_name=f"{MERCHANT}__town__name", lookup_expr="icontains")

    class Meta:
        model = Review
        fields: ClassVar = ["state", "mark", "merchant", "town"]


class ReviewListView(ListView):
    def get_base_queryset(self) -> QuerySet:
        rank = Case(When(state=Review.State.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
        found = Review.objects.select_related(f"{MERCHANT}__town", "merchant_order__order")
        return found.order_by(rank, "written_at", "pk")

    def search_queryset(self, queryset: Any) -> Any:
        """Search by order number, merchant, first name, and words of the review."""
        if not self.is_searching:
            return queryset
        typed = self.search_query.strip()
        return queryset.filter(
            Q(merchant_order__order__number__icontains=typed)
            | Q(**{f"{MERCHANT}__title__icontains": typed})
            | Q(first_name__icontains=typed)
            | Q(text__icontains=typed)
        )


class ReviewViewSet(ListViewSet):
    """Every review, those to be read first."""

    model = Review
    index_view_class = ReviewListView
    filterset_class = ReviewFilterSet
    exclude_form_fields: ClassVar = ["merchant_order"]
    icon = "openquote"
    menu_label = "Avis"
    list_display: ClassVar = [
        TitleColumn(
            "number",
            label="Commande",
            get_url=lambda one: reverse("shop_reviews:review", args=[one.pk]),
            accessor=lambda one: one.merchant_order.order.number,
        ),
        Column("merchant", label="Commerce", accessor=lambda one: one.merchant_order.storefront.merchant.title),
        Column("town", label="Commune", accessor=lambda one: one.merchant_order.storefront.merchant.town.name),
        Column("mark", label="Note", accessor=lambda one: f"{one.mark} sur 5"),
        Column("state", label="État", accessor=lambda one: one.get_state_display()),
        Column("written", label="Écrit le", accessor=lambda one: wording.written_moment(one.written_at)),
    ]
    search_fields: ClassVar = ["merchant_order__order__number"]
    pages: ClassVar = [path("<int:pk>/", review_pages.review, name="review")]
