"""A merchant asks for a recall of an own article: off sale at once, decided by staff."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.models import MerchantPage
from directory.space.navigation import links
from shop.products import MERCHANT, Product
from shop.recalls import acts
from shop.recalls.forms import RecallForm
from shop.recalls.models import Recall


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int, product_pk: int) -> HttpResponse:
    """The form, or what has become of the recall that was asked for."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    own = Product.objects.filter(**{MERCHANT: merchant}).select_related("details")
    product = get_object_or_404(own, pk=product_pk)
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.ask(product, request.user, form.told)
        except acts.AlreadyRecalled:
            messages.error(request, "Un rappel de cet article est déjà demandé ou publié.")
        else:
            messages.success(request, "Rappel demandé : l’article n’est plus en vente, l’équipe décide.")
        return redirect("ask_recall", pk, product_pk)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "products"),
        "product": product,
        "recall": Recall.objects.filter(product=product).order_by("-pk").first(),
        "form": form,
    }
    return render(request, "shop/space/recall.html", context)
