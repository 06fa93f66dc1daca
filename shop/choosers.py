"""How an editor chooses a product: by its name or its seller's, among those on sale."""

from django import forms
from django.db.models import Q
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import BaseChooseView, ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from shop.products import merchant_of, on_sale, stock_of


class ProductFilterForm(BaseFilterForm):
    q = forms.CharField(
        label="Produit ou commerçant",
        widget=forms.TextInput(attrs={"placeholder": "Miel, La Crèmerie…"}),
        required=False,
    )

    def filter(self, objects):
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        for word in self.search_query.split():
            objects = objects.filter(Q(title__icontains=word) | Q(stockrecords__partner__name__icontains=word))
        return objects.distinct()


class ProductListMixin(BaseChooseView):
    """Products on sale, in alphabetical order, each with its seller."""

    filter_form_class = ProductFilterForm
    ordering = ["title", "pk"]

    @property
    def columns(self):
        return [*super().columns, Column("seller", label="Commerçant", accessor=seller)]

    def get_object_list(self):
        return on_sale()


def seller(product) -> str:
    merchant = merchant_of(stock_of(product))
    return f"{merchant.title}, {merchant.town.name}"


class ProductChooseView(ProductListMixin, ChooseView):
    pass


class ProductChooseResultsView(ProductListMixin, ChooseResultsView):
    pass


class ProductChooserViewSet(ChooserViewSet):
    model = "catalogue.Product"
    choose_view_class = ProductChooseView
    choose_results_view_class = ProductChooseResultsView
    icon = "tag"
    page_title = "Choisir un produit"
    choose_one_text = "Choisir un produit"
    choose_another_text = "Choisir un autre produit"
    edit_item_text = "Modifier ce produit"
    per_page = 20


product_chooser = ProductChooserViewSet("product_chooser")
