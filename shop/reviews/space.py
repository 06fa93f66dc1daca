"""A merchant reads the reviews of the shop and replies to each, once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.models import MerchantPage
from directory.space.navigation import links
from shop.models import Review
from shop.reviews import shown, writing
from shop.reviews.forms import ReplyForm

PAGE_SIZE = 20


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the published reviews, the latest first; a posted reply goes to the one that its button names."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    own = Review.objects.published().of_merchant(merchant.pk).select_related("merchant_order__order")
    form = ReplyForm(request.POST if request.method == "POST" else None, auto_id=False)
    asked = request.POST.get("avis", "")
    chosen = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    if request.method == "POST":
        review = get_object_or_404(own, pk=chosen)
        if form.is_valid():
            if writing.reply(review, form.cleaned_data["text"].strip(), request.user):
                messages.success(request, "Votre réponse est publiée ; l’auteur de l’avis est prévenu.")
            else:
                messages.error(request, "Cet avis a déjà une réponse, ou n’est plus publié : rien n’a été ajouté.")
            return redirect("merchant_reviews", pk)
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "summary": shown.summary(merchant.pk),
        "page": page,
        "rows": [_row(review, form if review.pk == chosen else None) for review in page],
    }
    return render(request, "shop/reviews/space.html", context)


def _row(review: Any, form: ReplyForm | None) -> dict[str, Any]:
    """form: the reply that was refused, if it was to this one."""
    form = form or ReplyForm(auto_id=False)
    form.auto_id = f"avis-{review.pk}-%s"
    return {
        "review": shown.shown(review),
        "number": review.merchant_order.order.number,
        "form": None if review.replied_at else form,
    }
