"""Withdrawals in the back office: all of them, and those that their merchants refund too late."""

from typing import Any, ClassVar

import django_filters
from django.db.models import F, Q, QuerySet
from django.urls import path, reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from portal import database_clock
from portal.templatetags.portal import euros
from shop import buyers, wording
from shop.backoffice import withdrawal_pages
from shop.backoffice.lists import FEWEST_DIGITS, ListView, ListViewSet
from shop.models import Withdrawal
from shop.withdrawal.models import OPEN

MERCHANT = "merchant_order__storefront__merchant"
PURCHASE = "merchant_order__purchase"


class WithdrawalFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="État", choices=Withdrawal.State.choices)
    late = django_filters.BooleanFilter(label="Remboursement en retard", method="filter_late")
    merchant = django_filters.CharFilter(label="Commerce", field_name=f"{MERCHANT}__title", lookup_expr="icontains")
    town = django_filters.CharFilter(label="Commune", field_name=f"{MERCHANT}__town__name", lookup_expr="icontains")
    since = django_filters.DateFilter(label="Reçue dès le", field_name="at", lookup_expr="date__gte")

    class Meta:
        model = Withdrawal
        fields: ClassVar = ["state", "late", "merchant", "town", "since"]

    def filter_late(self, found: Any, name: str, value: bool) -> Any:
        late = Q(state__in=OPEN, refund_by__lt=database_clock.today())
        return found if value is None else found.filter(late if value else ~late)


class WithdrawalListView(ListView):
    def get_base_queryset(self) -> QuerySet:
        parts = f"{MERCHANT}__town", PURCHASE, "merchant_order__order"
        return Withdrawal.objects.select_related(*parts).order_by("-at", "-pk")

    def search_queryset(self, queryset: Any) -> Any:
        """Search by the numbers of withdrawal and order, name, e-mail or telephone of who gave up or bought."""
        if not self.is_searching:
            return queryset
        typed = self.search_query.strip()
        found = (
            Q(merchant_order__order__number__icontains=typed)
            | Q(name__icontains=typed)
            | Q(email__icontains=typed)
            | Q(**{f"{PURCHASE}__name__icontains": typed})
            | Q(**{f"{PURCHASE}__email__icontains": typed})
            | Q(**{f"{MERCHANT}__title__icontains": typed})
        )
        digits = "".join(character for character in typed if character.isdigit())
        if typed.upper().startswith("R-") and digits and len(digits) < 19:
            found |= Q(pk=int(digits))
        if len(digits) >= FEWEST_DIGITS:
            found |= Q(**{f"{PURCHASE}__phone_key": buyers.phone_key(typed)})
            found |= Q(**{f"{PURCHASE}__phone_key__endswith": digits.lstrip("0")})
        return queryset.filter(found)


def _refund_by(one: Withdrawal) -> str:
    return wording.written_day(one.refund_by) if one.refund_by and one.is_open else ""


class WithdrawalViewSet(ListViewSet):
    """Every withdrawal, the latest first."""

    model = Withdrawal
    index_view_class = WithdrawalListView
    filterset_class = WithdrawalFilterSet
    exclude_form_fields: ClassVar = ["merchant_order"]
    icon = "undo"
    menu_label = "Rétractations"
    list_display: ClassVar[list[Any]] = [
        TitleColumn(
            "number",
            label="Rétractation",
            get_url=lambda one: reverse("shop_withdrawals:withdrawal", args=[one.pk]),
            accessor=lambda one: f"{one.number}, commande {one.merchant_order.order.number}",
        ),
        Column("merchant", label="Commerce", accessor=lambda one: one.merchant_order.storefront.merchant.title),
        Column("town", label="Commune", accessor=lambda one: one.merchant_order.storefront.merchant.town.name),
        Column("buyer", label="Client", accessor=lambda one: one.name),
        Column("state", label="État", accessor=lambda one: one.get_state_display()),
        Column("refund", label="À rembourser", accessor=lambda one: euros(one.refund)),
        Column("refund_by", label="Avant la fin du", accessor=_refund_by),
    ]
    search_fields: ClassVar = ["merchant_order__order__number"]
    pages: ClassVar = [path("<int:pk>/", withdrawal_pages.withdrawal, name="withdrawal")]


class OverdueListView(WithdrawalListView):
    """Refunds whose day is over, the oldest first: whom to call."""

    def get_base_queryset(self) -> QuerySet:
        late = super().get_base_queryset().filter(state__in=OPEN, refund_by__lt=database_clock.today())
        return late.order_by(F("refund_by").asc(), "pk")


class OverdueViewSet(ListViewSet):
    """Refunds that are overdue, with the merchant's telephone."""

    model = Withdrawal
    index_view_class = OverdueListView
    exclude_form_fields: ClassVar = ["merchant_order"]
    icon = "warning"
    menu_label = "À rembourser"
    list_display: ClassVar[list[Any]] = [
        *WithdrawalViewSet.list_display[:3],
        Column(
            "phone",
            label="Téléphone",
            accessor=lambda one: one.merchant_order.storefront.merchant.phone or "aucun",
        ),
        *WithdrawalViewSet.list_display[5:],
    ]
    search_fields: ClassVar = ["merchant_order__order__number"]
