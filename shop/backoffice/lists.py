"""The lists of the back office: orders, whom to call, shops, articles. Each row leads to a page of ours."""

from typing import Any, ClassVar

import django_filters
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from portal import database_clock
from portal.oscar_settings import OSCAR_ORDER_STATUS_PIPELINE
from portal.templatetags.portal import euros
from shop import buyers, facts, stock, wording
from shop.backoffice import order_pages, product_pages, shop_pages
from shop.models import MerchantOrder, ProductDetails, Storefront

STOREFRONT = "product__stockrecords__partner__storefront"
FEWEST_DIGITS = 6  # of a telephone number that is looked for


class ListView(IndexView):
    """A list whose rows lead to a page of ours."""

    any_permission_required: ClassVar = ["view"]
    paginate_by = 30

    def get_edit_url(self, instance: Any) -> str | None:
        return None


class ListViewSet(ModelViewSet):
    """A list alone: what it shows is acted on by other pages, whose addresses ``pages`` holds."""

    copy_view_enabled = False
    inspect_view_enabled = False
    exclude_form_fields: ClassVar[list[str]] = []
    pages: ClassVar[list[URLPattern]] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            *self.pages,
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        wanted = [f"{action}_{self.model_name}" for action in ("view", "change")]
        return super().get_permissions_to_register().filter(codename__in=wanted)


class OrderFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label="État", field_name="order__status", choices=[(state, state) for state in OSCAR_ORDER_STATUS_PIPELINE]
    )
    unanswered = django_filters.BooleanFilter(label="Sans réponse", method="filter_unanswered")
    merchant = django_filters.CharFilter(
        label="Commerce", field_name="storefront__merchant__title", lookup_expr="icontains"
    )
    town = django_filters.CharFilter(
        label="Commune", field_name="storefront__merchant__town__name", lookup_expr="icontains"
    )
    since = django_filters.DateFilter(label="Passée dès le", field_name="purchase__placed_at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label="Et jusqu’au", field_name="purchase__placed_at", lookup_expr="date__lte")

    class Meta:
        model = MerchantOrder
        fields: ClassVar = ["state", "unanswered", "merchant", "town", "since", "until"]

    def filter_unanswered(self, found: Any, name: str, value: bool) -> Any:
        if value is None:
            return found
        return found.unanswered() if value else found.exclude(pk__in=MerchantOrder.objects.unanswered().values("pk"))


class OrderListView(ListView):
    def get_base_queryset(self) -> QuerySet:
        found = MerchantOrder.objects.select_related("order", "purchase", "storefront__merchant__town")
        return found.order_by("-purchase__placed_at", "-pk")

    def search_queryset(self, queryset: Any) -> Any:
        """Search by number, collection code, name, e-mail or telephone, however that is written."""
        if not self.is_searching:
            return queryset
        typed = self.search_query.strip()
        found = (
            Q(order__number__icontains=typed)
            | Q(collection_code__iexact=typed)
            | Q(purchase__name__icontains=typed)
            | Q(purchase__email__icontains=typed)
            | Q(storefront__merchant__title__icontains=typed)
        )
        digits = "".join(character for character in typed if character.isdigit())
        if len(digits) >= FEWEST_DIGITS:
            found |= Q(purchase__phone_key=buyers.phone_key(typed)) | Q(
                purchase__phone_key__endswith=digits.lstrip("0")
            )
        return queryset.filter(found)


def _state(one: MerchantOrder) -> str:
    return wording.state_of(one, timezone.now()).name


def _placed(one: MerchantOrder) -> str:
    return wording.written_moment(one.purchase.placed_at)


ORDER_COLUMNS: list[Any] = [
    TitleColumn(
        "number",
        label="Commande",
        get_url=lambda one: reverse("shop_orders:order", args=[one.order.number]),
        accessor=lambda one: f"{one.order.number} ({one.collection_code})",
    ),
    Column("merchant", label="Commerce", accessor=lambda one: one.storefront.merchant.title),
    Column("town", label="Commune", accessor=lambda one: one.storefront.merchant.town.name),
    Column("buyer", label="Client", accessor=lambda one: one.purchase.name),
    Column("state", label="État", accessor=_state),
    Column("placed", label="Passée le", accessor=_placed),
    Column("total", label="Total", accessor=lambda one: euros(one.order.total_incl_tax)),
]


class OrderViewSet(ListViewSet):
    """Every order, the latest first."""

    model = MerchantOrder
    index_view_class = OrderListView
    filterset_class = OrderFilterSet
    exclude_form_fields: ClassVar = ["order"]
    icon = "list-ul"
    menu_label = "Commandes"
    list_display: ClassVar = ORDER_COLUMNS
    search_fields: ClassVar = ["order__number"]
    pages: ClassVar = [
        path("achat/<str:number>/", order_pages.purchase, name="purchase"),
        path("<str:number>/", order_pages.order, name="order"),
        path("<str:number>/annuler/", order_pages.cancel, name="cancel"),
        path("<str:number>/manque/", order_pages.missing, name="missing"),
    ]


class CallListView(OrderListView):
    """Orders that have waited too long for an answer, the longest first."""

    def get_base_queryset(self) -> QuerySet:
        due = MerchantOrder.objects.unanswered().filter(call_from__lte=database_clock.now())
        return super().get_base_queryset().filter(pk__in=due.values("pk")).order_by("call_from", "pk")


class CallViewSet(ListViewSet):
    """Whom to call: the merchant, the telephone, since when."""

    model = MerchantOrder
    index_view_class = CallListView
    exclude_form_fields: ClassVar = ["order"]
    icon = "warning"
    menu_label = "À appeler"
    list_display: ClassVar = [
        ORDER_COLUMNS[0],
        Column("merchant", label="Commerce", accessor=lambda one: one.storefront.merchant.title),
        Column("town", label="Commune", accessor=lambda one: one.storefront.merchant.town.name),
        Column("phone", label="Téléphone", accessor=lambda one: one.storefront.merchant.phone or "aucun"),
        Column("since", label="Sans réponse depuis", accessor=_placed),
        Column(
            "until",
            label="S’annule",
            accessor=lambda one: wording.written_moment(one.answer_by) if one.answer_by else "",
        ),
    ]
    search_fields: ClassVar = ["order__number"]


class ShopFilterSet(WagtailFilterSet):
    sells = django_filters.BooleanFilter(label="Peut vendre")
    is_paused = django_filters.BooleanFilter(
        label="En pause", field_name="paused_until", lookup_expr="isnull", exclude=True
    )
    is_named = django_filters.BooleanFilter(
        label="Raison sociale donnée", field_name="legal_name", method="naming_its_seller"
    )
    town = django_filters.CharFilter(label="Commune", field_name="merchant__town__name", lookup_expr="icontains")

    class Meta:
        model = Storefront
        fields: ClassVar = ["sells", "is_paused", "is_named", "town"]

    def naming_its_seller(self, found: QuerySet, name: str, value: bool) -> QuerySet:
        return found.exclude(legal_name="") if value else found.filter(legal_name="")


class ShopListView(ListView):
    def get_base_queryset(self) -> QuerySet:
        return Storefront.objects.select_related("merchant__town").order_by("merchant__title", "pk")


class ShopViewSet(ListViewSet):
    """Shops, open or not."""

    model = Storefront
    index_view_class = ShopListView
    filterset_class = ShopFilterSet
    exclude_form_fields: ClassVar = ["partner"]
    icon = "home"
    menu_label = "Boutiques"
    list_display: ClassVar = [
        TitleColumn(
            "merchant",
            label="Boutique",
            get_url=lambda one: reverse("shops:shop", args=[one.pk]),
            accessor=lambda one: one.merchant.title,
        ),
        Column("town", label="Commune", accessor=lambda one: one.merchant.town.name),
        Column("phone", label="Téléphone", accessor=lambda one: one.merchant.phone or "aucun"),
        Column("state", label="État", accessor=shop_pages.state),
    ]
    search_fields: ClassVar = ["merchant__title", "merchant__siret", "merchant__phone", "merchant__email"]
    pages: ClassVar = [path("<int:pk>/", shop_pages.shop, name="shop")]


class ProductFilterSet(WagtailFilterSet):
    on_sale = django_filters.BooleanFilter(label="Mis en vente par le commerçant", field_name="product__is_public")
    may_be_sold = django_filters.BooleanFilter(label="Fiche complète")
    is_food = django_filters.BooleanFilter(label="Se mange ou se boit")
    lacks_facts = django_filters.BooleanFilter(
        label="Fabricant, sécurité ou recyclage à compléter", method="lacking_facts"
    )
    merchant = django_filters.CharFilter(
        label="Commerce", field_name=f"{STOREFRONT}__merchant__title", lookup_expr="icontains"
    )
    town = django_filters.CharFilter(
        label="Commune", field_name=f"{STOREFRONT}__merchant__town__name", lookup_expr="icontains"
    )

    class Meta:
        model = ProductDetails
        fields: ClassVar = ["on_sale", "may_be_sold", "is_food", "lacks_facts", "merchant", "town"]

    def lacking_facts(self, found: QuerySet, name: str, value: bool) -> QuerySet:
        lacks = Q(is_food=False) & ~facts.TOLD
        return found.filter(lacks) if value else found.exclude(lacks)


class ProductListView(ListView):
    def get_base_queryset(self) -> QuerySet:
        shops = "product__stockrecords__partner__storefront__merchant__town"
        return (
            ProductDetails.objects.filter(**{f"{STOREFRONT}__isnull": False})
            .select_related("product")
            .prefetch_related(shops)
            .order_by("product__title", "pk")
        )


def _stock(one: ProductDetails) -> Any:
    return one.product.stockrecords.all()[0]


class ProductViewSet(ListViewSet):
    """Articles of all shops, on sale or not."""

    model = ProductDetails
    index_view_class = ProductListView
    filterset_class = ProductFilterSet
    exclude_form_fields: ClassVar = ["product"]
    icon = "tag"
    menu_label = "Articles"
    list_display: ClassVar = [
        TitleColumn(
            "title",
            label="Article",
            get_url=lambda one: reverse("articles:article", args=[one.product_id]),
            accessor=lambda one: one.product.title,
        ),
        Column("merchant", label="Commerce", accessor=lambda one: _stock(one).partner.storefront.merchant.title),
        Column("town", label="Commune", accessor=lambda one: _stock(one).partner.storefront.merchant.town.name),
        Column("price", label="Prix", accessor=lambda one: euros(_stock(one).price)),
        Column("stock", label="Stock", accessor=lambda one: stock.words(_stock(one).net_stock_level)),
        Column("state", label="État", accessor=product_pages.state),
    ]
    search_fields: ClassVar = ["product__title", f"{STOREFRONT}__merchant__title"]
    pages: ClassVar = [path("<int:pk>/", product_pages.article, name="article")]
