"""How an editor chooses a product: by its name or its seller's, among those on sale.

In the list and once it is chosen, a product shows its picture, its seller and its price: names alone are not enough,
since many sell a « Miel de châtaignier ».
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail.admin.telepath import register
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenResponseMixin,
    ChosenView,
)
from wagtail.admin.widgets import BaseChooser
from wagtail.images.widgets import AdminImageChooser, ImageChooserAdapter

from portal.choosers import SearchedChooserViewSet, SearchForm
from portal.templatetags.portal import euros
from shop.products import image_of, merchant_of, on_sale, stock_of

NO_PICTURE = "portal/img/sans-image.svg"
PREVIEW_WIDTH = 80  # pixels


class ProductSearchForm(SearchForm):
    label = "Produit ou commerçant"
    placeholder = "Miel, La Crèmerie…"

    def matching(self, objects: QuerySet, typed: str) -> QuerySet:
        for word in typed.split():
            objects = objects.filter(Q(title__icontains=word) | Q(stockrecords__partner__name__icontains=word))
        return objects.distinct()


class ProductListMixin(BaseChooseView):
    """Products on sale, in alphabetical order, each with its picture, seller and price."""

    ordering = ["title", "pk"]

    @property
    def columns(self) -> Any:
        return [
            Column("picture", label="Image", accessor=picture, width="8%"),
            *super().columns,
            Column("seller", label="Commerçant", accessor=seller),
            Column("price", label="Prix", accessor=price, width="12%"),
        ]

    def get_object_list(self) -> Any:
        return on_sale()


def seller(product: Any) -> str:
    merchant = merchant_of(stock_of(product))
    return f"{merchant.title}, {merchant.town.name}"


def price(product: Any) -> str:
    return euros(stock_of(product).price)


def picture(product: Any) -> str:
    return format_html('<img src="{}" alt="" width="{}" loading="lazy">', picture_url(product), PREVIEW_WIDTH)


def picture_url(product: Any) -> str:
    return image_of(product) or static(NO_PICTURE)


def told(product: Any) -> str:
    """Return a product as an editor tells it from others: "Pain de seigle – Le Fournil des Mines, Privas – 4,90 €"."""
    if sold := on_sale(pk=product.pk).first():
        return " – ".join([sold.title, seller(sold), price(sold)])
    return f"{product.title} (n’est plus en vente)"


def preview(product: Any) -> dict[str, Any]:
    """Return what Wagtail's script of chosen images shows of a picture."""
    shown = {"url": picture_url(product), "width": PREVIEW_WIDTH, "height": ""}
    return {"preview": shown, "default_alt_text": ""}


class ProductWidget(BaseChooser):
    """The product that was chosen, with its picture, drawn as Wagtail draws a chosen image."""

    template_name = AdminImageChooser.template_name
    classname = AdminImageChooser.classname
    js_constructor = AdminImageChooser.js_constructor
    media = AdminImageChooser.media

    def get_display_title(self, instance: Any) -> str:
        return told(instance)

    def get_value_data_from_instance(self, instance: Any) -> dict:
        return super().get_value_data_from_instance(instance) | preview(instance)

    def get_context(self, name: str, value_data: Any, attrs: Any) -> dict:
        return super().get_context(name, value_data, attrs) | {"preview": value_data.get("preview", {})}


register(ImageChooserAdapter(), ProductWidget)


class ProductResponseMixin(ChosenResponseMixin):
    def get_display_title(self, instance: Any) -> str:
        return told(instance)

    def get_chosen_response_data(self, item: Any) -> dict:
        return super().get_chosen_response_data(item) | preview(item)


class ProductChosenView(ProductResponseMixin, ChosenView):
    pass


class ProductChosenMultipleView(ProductResponseMixin, ChosenMultipleView):
    pass


class ProductChooseView(ProductListMixin, ChooseView):
    pass


class ProductChooseResultsView(ProductListMixin, ChooseResultsView):
    pass


class ProductChooserViewSet(SearchedChooserViewSet):
    model = "catalogue.Product"
    filter_form_class = ProductSearchForm
    choose_view_class = ProductChooseView
    choose_results_view_class = ProductChooseResultsView
    chosen_view_class = ProductChosenView
    chosen_multiple_view_class = ProductChosenMultipleView
    base_widget_class = ProductWidget
    icon = "tag"
    page_title = "Choisir un produit"
    choose_one_text = "Choisir un produit"
    choose_another_text = "Choisir un autre produit"
    edit_item_text = "Modifier ce produit"


product_chooser = ProductChooserViewSet("product_chooser")
