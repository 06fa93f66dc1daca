"""Exchanges between buyers and merchants that one of the two has reported; staff reads no other (docs/messages.md)."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from shop import wording
from shop.backoffice.lists import ListViewSet, OrderListView
from shop.backoffice.rights import ActedOnElsewhere, require
from shop.models import MerchantOrder, Message

REPORTED = Q(messages__reported_at__isnull=False)


class ExchangeFilterSet(WagtailFilterSet):
    merchant = django_filters.CharFilter(
        label="Commerce", field_name="storefront__merchant__title", lookup_expr="icontains"
    )
    town = django_filters.CharFilter(
        label="Commune", field_name="storefront__merchant__town__name", lookup_expr="icontains"
    )

    class Meta:
        model = MerchantOrder
        fields: ClassVar = ["merchant", "town"]


class ExchangeListView(OrderListView):
    def get_base_queryset(self) -> QuerySet:
        reported = Message.objects.filter(reported_at__isnull=False).values("merchant_order")
        found = super().get_base_queryset().filter(pk__in=reported)
        told = {"reported": Max("messages__reported_at"), "texts": Count("messages", filter=REPORTED)}
        return found.annotate(**told).order_by("-reported", "-pk")


class ExchangeViewSet(ListViewSet):
    """Orders of which the messages were reported, the latest report first."""

    model = MerchantOrder
    index_view_class = ExchangeListView
    filterset_class = ExchangeFilterSet
    exclude_form_fields: ClassVar = ["order"]
    icon = "mail"
    menu_label = "Messages signalés"
    permission_policy = ActedOnElsewhere(Message)
    list_display: ClassVar[list[Any]] = [
        TitleColumn(
            "number",
            label="Commande",
            get_url=lambda one: reverse("shop_messages:exchange", args=[one.order.number]),
            accessor=lambda one: f"{one.order.number} ({one.collection_code})",
        ),
        Column("merchant", label="Commerce", accessor=lambda one: one.storefront.merchant.title),
        Column("town", label="Commune", accessor=lambda one: one.storefront.merchant.town.name),
        Column("buyer", label="Client", accessor=lambda one: one.purchase.name),
        Column("texts", label="Messages", accessor=lambda one: one.texts),
        Column("reported", label="Signalé", accessor=lambda one: wording.written_moment(one.reported)),
    ]
    search_fields: ClassVar = ["order__number"]


@require_safe
def exchange(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was reported of one order's messages, to read; who decides of it does so under Signalements."""
    require(request, Message)
    part = get_object_or_404(MerchantOrder.objects.with_details(), order__number=number)
    reported = get_list_of_reported(part)
    context = {
        "page_title": f"Messages, commande {number}",
        "part": part,
        "merchant": part.storefront.merchant,
        "purchase": part.purchase,
        "rows": [(wording.written_moment(each.at), each.get_author_display(), each.text) for each in reported],
    }
    return render(request, "shop/backoffice/exchange.html", context)


def get_list_of_reported(part: MerchantOrder) -> list[Message]:
    """Return the reported messages of an order; raise Http404 where there are none."""
    get_object_or_404(MerchantOrder.objects.filter(REPORTED, pk=part.pk).distinct())
    return list(part.messages.filter(reported_at__isnull=False))


ExchangeViewSet.pages = [path("<str:number>/", exchange, name="exchange")]
