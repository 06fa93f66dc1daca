"""What a merchant fills in to put an article on sale."""

from decimal import Decimal

from django import forms
from django.db import transaction
from oscar.core.loading import get_model

from directory.models import MerchantPage
from portal.numbers import FrenchDecimalField, FrenchIntegerField
from portal.picture_fields import HELP, PictureFormField
from portal.slugs import slug_of
from shop.models import ProductFacts, Storefront
from shop.products import create_product, is_food, stock_of

ProductImage = get_model("catalogue", "ProductImage")
StockRecord = get_model("partner", "StockRecord")

FACTS = ("unit", "measure", "quantity", "vat_rate", "label", "allergens_known", "allergens", "traces")


class ProductForm(forms.ModelForm):
    """One article: what it is, its price and stock, and what the law wants told of it."""

    title = forms.CharField(
        label="Nom",
        max_length=255,
        help_text="Comme sur l’étiquette : Picodon AOP affiné.",
        widget=forms.TextInput({"autocomplete": "off"}),  # a browser would propose the merchant's own name
    )
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce que c’est, d’où cela vient, comment le garder.",
    )
    price = FrenchDecimalField(
        label="Prix TTC, en euros", min_value=Decimal("0.01"), max_digits=8, decimal_places=2, fixed=True
    )
    stock = FrenchIntegerField(
        label="Combien en avez-vous à vendre ici ?", min_value=0, max_value=100_000, help_text="0 : épuisé."
    )
    is_public = forms.BooleanField(label="En vente", required=False, initial=True)
    image = PictureFormField(label="Photo", required=False, help_text=HELP)

    class Meta:
        model = ProductFacts
        fields = FACTS
        field_classes = {"quantity": FrenchDecimalField}

    def __init__(self, data=None, files=None, *, merchant: MerchantPage, product=None):
        self.merchant, self.product = merchant, product
        super().__init__(data, files, instance=product.facts if product else None)
        if product:
            stockrecord = stock_of(product)
            self.initial = {
                **self.initial,
                "title": product.title,
                "description": product.description,
                "price": stockrecord.price,
                "stock": stockrecord.net_stock_level,
                "is_public": product.is_public,
            }

    def clean_allergens_known(self) -> bool:
        known = self.cleaned_data["allergens_known"]
        if not known and is_food(self.merchant):
            raise forms.ValidationError(
                "Parcourez la liste, puis cochez cette case : la loi la demande avant la vente."
            )
        return known

    @transaction.atomic
    def save_product(self, storefront: Storefront):
        """Store the article at this merchant's and return it."""
        said = self.cleaned_data
        if self.product is None:
            self.product = create_product(
                storefront,
                title=said["title"],
                price=said["price"],
                stock=said["stock"],
                unit=said["unit"],
                category=self.merchant.category,
            )
        self.product.title, self.product.slug = said["title"], slug_of(said["title"])
        self.product.description, self.product.is_public = said["description"], said["is_public"]
        self.product.save()
        ProductFacts.objects.filter(product=self.product).update(**{name: said[name] for name in FACTS})
        stockrecord = StockRecord.objects.select_for_update().get(product=self.product)  # orders may be coming in
        stockrecord.price = said["price"]
        stockrecord.num_in_stock = said["stock"] + (stockrecord.num_allocated or 0)
        stockrecord.save()
        if said["image"]:
            self.product.images.all().delete()
            ProductImage.objects.create(product=self.product, original=said["image"])
        return self.product
