"""An article in one screen, on a telephone: picture, name, price, unit, stock; the rest is guessed, and shown."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from directory.models import MerchantPage
from directory.space.navigation import links
from portal import database_clock
from portal.kept_uploads import KeptUploadsMixin
from portal.numbers import FrenchDecimalField, FrenchIntegerField
from portal.picture_fields import PictureFormField
from shop import alcohol
from shop.allergens import Allergen
from shop.food import is_likely_food, usual_answer
from shop.importing.plan import FOOD_RATE, OTHER_RATE
from shop.models import ProductDetails, Storefront
from shop.packings import packing_of
from shop.products import MERCHANT, Product, create_product, picture_of, stock_of, unit_of

SAME_CLICK = timedelta(minutes=2)  # the same article again within that time is the button pressed twice
SWEETS = {"chocolaterie-confiserie"}  # at the full rate, unlike other food (CGI art. 278-0 bis, A 1°)
ADDED = "ajoute"  # ?ajoute=12: the article that was added just now
UNITS = ("la pièce", "le kilo", "100 g", "250 g", "500 g", "1 kg", "75 cl", "1 l", "la barquette", "le bouquet")


class QuickProductForm(KeptUploadsMixin, forms.Form):
    """What an article cannot do without. What the law wants told before a sale of food may be said now or later."""

    image = PictureFormField(
        label="Photo", required=False, help_text="Prenez-la maintenant, ou choisissez-la : nous la mettons à l’endroit."
    )
    title = forms.CharField(label="Nom", max_length=255, widget=forms.TextInput({"autocomplete": "off"}))
    price = FrenchDecimalField(
        label="Prix TTC, en euros", min_value=Decimal("0.01"), max_digits=8, decimal_places=2, fixed=True
    )
    unit = forms.CharField(
        label="Vendu par",
        max_length=40,
        initial="la pièce",
        widget=forms.TextInput({"list": "unites", "autocomplete": "off"}),
        help_text="La pièce, le kilo, 500 g, bouteille de 75 cl… Le prix au kilo ou au litre s’en déduit.",
    )
    stock = FrenchIntegerField(label="Combien en avez-vous à vendre ici ?", min_value=0, max_value=100_000)
    is_food = forms.TypedChoiceField(
        label="Cet article se mange ou se boit ?",
        choices=[("True", "Oui"), ("False", "Non")],
        coerce=lambda answer: answer == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    is_alcohol = forms.TypedChoiceField(
        label="C’est une boisson de plus de 1,2 % d’alcool ?",
        choices=[("True", "Oui"), ("False", "Non")],
        coerce=lambda answer: answer == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    allergens = forms.MultipleChoiceField(
        label="Contient",
        choices=Allergen.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ce que contient la recette ou l’étiquette. Rien à cocher s’il n’y en a aucun.",
    )
    maker_is_seller = forms.BooleanField(
        label="Je le fabrique moi-même",
        required=False,
        help_text="Pour ce qui ne se mange pas. Sinon, vous direz ensuite qui l’a fabriqué.",
    )
    allergens_known = forms.BooleanField(label="J’ai vérifié les quatorze allergènes", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, merchant: MerchantPage, sender: Any) -> None:
        self.merchant, self.sender, self.edits = merchant, sender, f"quick:{merchant.pk}"
        super().__init__(data, files)
        self.fields["image"].widget.attrs["accept"] = "image/*,.heic,.heif"  # by which a telephone offers its camera
        self.known: Any = None
        self.trade = merchant.category.slug, (merchant.category.parent or merchant.category).slug
        usual = usual_answer(*self.trade)
        if usual is not None:  # nearly all of the trade's articles are that: nobody is asked
            del self.fields["is_food"]
        if usual is True:
            del self.fields["maker_is_seller"]
        if usual is False:
            del self.fields["allergens"], self.fields["allergens_known"]
        if self.trade[0] not in alcohol.TRADES:
            del self.fields["is_alcohol"]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("allergens") and not said.get("allergens_known"):
            self.add_error(
                "allergens_known",
                "Vous avez coché des allergènes : cochez aussi cette case si la liste est entière, ou décochez-les et "
                "complétez plus tard.",
            )
        if said.get("is_food") is False and said.get("allergens"):
            self.add_error("is_food", "Un article qui ne se mange pas n’a pas d’allergènes : corrigez l’un ou l’autre.")
        self.known = self._known(said)
        if self.known and not self._is_same_click(said):
            self.add_error("title", "Un de vos articles porte déjà ce nom : changez son stock, ou précisez le nom.")
        return said

    def _known(self, said: dict[str, Any]) -> Any:
        same = Product.objects.filter(**{MERCHANT: self.merchant}, details__isnull=False)
        same = same.filter(title__iexact=said.get("title", "")).select_related("details")
        return same.prefetch_related("stockrecords").order_by("-pk").first()

    def _is_same_click(self, said: dict[str, Any]) -> bool:
        is_new = database_clock.now() - self.known.date_created < SAME_CLICK
        is_same = (said.get("price"), said.get("unit")) == (stock_of(self.known).price, self.known.details.unit)
        return is_new and is_same

    @transaction.atomic
    def save(self, storefront: Storefront) -> Any:
        """Store the article and return it; the one that exists where the button was pressed twice."""
        if self.known:
            self.forget_uploads()
            return self.known
        said = self.cleaned_data
        packing = packing_of(said["unit"])
        is_food = said.get("is_food")
        if is_food is None:
            is_food = is_likely_food(*self.trade, said["title"])
        if is_food is None and said.get("allergens_known"):
            is_food = True  # nobody looks for the allergens of a knife
        is_alcohol = said.get("is_alcohol") if is_food else None
        if is_alcohol is None:
            is_alcohol = alcohol.is_likely_alcohol(self.trade[0], said["title"], is_food)
        product = create_product(
            storefront,
            title=said["title"],
            price=said["price"],
            stock=said["stock"],
            unit=said["unit"],
            measure=packing.measure,
            quantity=packing.quantity,
            vat_rate=FOOD_RATE if is_food and not is_alcohol and self.trade[0] not in SWEETS else OTHER_RATE,
            category=self.merchant.category,
            image=said.get("image") or "",
            is_food=is_food,
            is_alcohol=is_alcohol,
            facts={"maker_is_seller": bool(said.get("maker_is_seller")) and not is_food},
            allergens=said["allergens"] if is_food and said.get("allergens_known") else None,
        )
        self.forget_uploads()
        log(
            product, "wagtail.edit", user=self.sender, data={"fields": ["title", "price", "unit", "stock", "is_public"]}
        )
        return product


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def quick_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The short form; once sent, what was made of it stands above the next one, with the one thing that it lacks."""
    merchant = get_object_or_404(
        MerchantPage.objects.managed_by(request.user).select_related("category__parent", "town"), pk=pk
    )
    shops = Storefront.objects.select_for_update(no_key=True) if request.method == "POST" else Storefront.objects
    storefront = get_object_or_404(shops, merchant=merchant)  # locked: a button pressed twice adds one article
    form = QuickProductForm(request.POST or None, request.FILES or None, merchant=merchant, sender=request.user)
    if request.method == "POST" and form.is_valid():
        product = form.save(storefront)
        messages.success(request, f"« {product.title} » est enregistré.")
        return redirect(f"{request.path}?{ADDED}={product.pk}")
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "products"),
        "form": form,
        "units": UNITS,
        "added": None if request.method == "POST" else _added(merchant, storefront, request.GET.get(ADDED, "")),
    }
    return render(request, "shop/space/quick_add.html", context)


def _added(merchant: MerchantPage, storefront: Storefront, number: str) -> dict[str, Any] | None:
    """Return what is told of the article that was added: {title, url, guesses, missing, is_on_sale, has_picture}."""
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    own = Product.objects.filter(**{MERCHANT: merchant}, details__isnull=False).select_related("details")
    product = own.prefetch_related("stockrecords", "images").filter(pk=int(number)).first()
    if product is None:
        return None
    return {
        "title": product.title,
        "url": reverse("edit_product", args=[merchant.pk, product.pk]),
        "guesses": list(_guesses(merchant, storefront, product)),
        "missing": product.details.missing,
        "is_on_sale": product.is_public and product.details.may_be_sold,
        "has_picture": bool(picture_of(product)),
    }


def _guesses(merchant: MerchantPage, storefront: Storefront, product: Any) -> Iterator[tuple[str, str]]:
    details: ProductDetails = product.details
    yield "Rayon", merchant.category.name
    yield "Vendu", unit_of(details, stock_of(product).price)
    if details.is_food is not None:
        yield "Se mange ou se boit", "oui" if details.is_food else "non"
    if details.is_alcohol:
        yield "Alcool", "oui : vendu aux majeurs seulement"
    if not storefront.is_vat_exempt(localdate()):
        yield "TVA", f"{details.get_vat_rate_display()}, à vérifier"
    yield "Retour", "non : il se périme vite" if details.withdrawal_exception else "quatorze jours après l’avoir reçu"
