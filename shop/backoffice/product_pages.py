"""An article in the back office: what is said of it, why it is not on sale, and staff taking it off sale."""

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from oscar.core.loading import get_model
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from portal.typography import no_break
from shop import emails
from shop.backoffice.rights import may, require
from shop.models import ProductDetails, Recall
from shop.products import lock_product

Product = get_model("catalogue", "Product")

WITHDRAWN = "shop.withdraw"  # in Wagtail's log
MOST_SHOWN = 20


class WithdrawalForm(forms.Form):
    """Why an article is taken off sale: its merchant reads it."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Le commerçant le lit dans un courriel : dites ce qui ne va pas, et ce qu’il doit corriger.",
        error_messages={"required": "Écrivez pourquoi : le commerçant le lit."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one article; take it off sale with a reason."""
    require(request, ProductDetails)
    shops = "product__stockrecords__partner__storefront__merchant__town"
    details = get_object_or_404(ProductDetails.objects.select_related("product").prefetch_related(shops), product_id=pk)
    stock = details.product.stockrecords.first()
    if request.method == "POST":
        require(request, ProductDetails, "change")
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _withdraw(request, details, form.cleaned_data["reason"])
        return redirect(request.path)
    context = {
        "page_title": details.product.title,
        "details": details,
        "product": details.product,
        "stock": stock,
        "storefront": stock.partner.storefront,
        "merchant": stock.partner.storefront.merchant,
        "state": state(details),
        "may_act": may(request.user, ProductDetails, "change") and details.product.is_public,
        "form": form,
        "may_recall": may(request.user, Recall, "change") and not details.is_recalled,
        "journal": ModelLogEntry.objects.for_instance(details.product)
        .select_related("user")
        .order_by("-timestamp")[:MOST_SHOWN],
    }
    return render(request, "shop/backoffice/product.html", context)


def state(details: ProductDetails) -> str:
    """Return whether an article is on sale, and what is missing, in a few words."""
    if not details.product.is_public:
        return "retiré de la vente"
    return "en vente" if details.may_be_sold else (details.missing or "incomplet")


@transaction.atomic
def _withdraw(request: HttpRequest, details: ProductDetails, reason: str) -> None:
    lock_product(details.product_id)
    if not Product.objects.filter(pk=details.product_id, is_public=True).update(is_public=False):
        messages.error(request, no_break("Cet article n’est déjà plus en vente."))
        return
    log(details.product, WITHDRAWN, user=request.user, data={"fields": ["is_public"], "reason": reason})
    emails.tell_withdrawn(details.product, reason)
    messages.success(request, no_break("L’article n’est plus en vente ; le commerçant est prévenu."))
