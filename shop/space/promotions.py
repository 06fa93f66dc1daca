"""A merchant sells an article for less until a day."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from oscar.core.loading import get_model

from directory.models import MerchantPage
from directory.space.navigation import links
from portal.numbers import FrenchDecimalField
from portal.templatetags.portal import euros
from shop import promotions
from shop.products import MERCHANT, stock_of

Product = get_model("catalogue", "Product")


class PromotionForm(forms.Form):
    """The lower price, and its last day. The former price is never typed."""

    price = FrenchDecimalField(
        label="Prix pendant la promotion, TTC en euros", min_value=0.01, max_digits=8, decimal_places=2, fixed=True
    )
    until = forms.DateField(
        label="Jusqu’au",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="Ce jour compris. Le prix d’avant revient le lendemain, de lui-même.",
        error_messages={
            "required": "Choisissez le dernier jour de la promotion.",
            "invalid": "Écrivez un jour, par exemple 24/12/2026.",
        },
    )

    def clean_until(self) -> Any:
        day, today = self.cleaned_data["until"], localdate()
        if not today <= day <= today + promotions.LONGEST:
            raise forms.ValidationError(
                f"Choisissez un jour d’aujourd’hui ({today:%d/%m/%Y}) au {today + promotions.LONGEST:%d/%m/%Y}."
            )
        return day


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def promote(request: HttpRequest, pk: int, product_pk: int) -> HttpResponse:
    """Begin a promotion, change it, or end it."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    own = Product.objects.filter(**{MERCHANT: merchant}).select_related("details").prefetch_related("stockrecords")
    product = get_object_or_404(own, pk=product_pk)
    details, price = product.details, stock_of(product).price
    started = {"price": price, "until": details.promotion_until} if details.promotion_from else {}
    form = PromotionForm(request.POST or None, initial=started)
    if request.method == "POST" and "finir" in request.POST:
        if promotions.end(product):
            messages.success(request, "La promotion est finie : le prix d’avant est revenu.")
        return redirect("promote_product", pk, product_pk)
    if request.method == "POST" and form.is_valid():
        try:
            promotions.begin(product, form.cleaned_data["price"], form.cleaned_data["until"])
        except promotions.NotLower as error:
            form.add_error("price", f"Écrivez un prix plus bas que celui d’aujourd’hui, {euros(error.price)}.")
        except promotions.ByWeight:
            form.add_error(None, "Cet article est vendu au poids : changez le prix du kilo dans sa fiche.")
        else:
            messages.success(request, f"« {product.title} » est en promotion.")
            return redirect("promote_product", pk, product_pk)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "products"),
        "product": product,
        "details": details,
        "price": price,
        "form": form,
    }
    return render(request, "shop/space/promotion.html", context)
