"""A buyer's review, the reviews of a merchant, and the rules that hold for all of them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from directory.views import merchant_at
from portal.page_cache import cached_page
from portal.pagination import canonical_url
from shop.models import MerchantOrder, Review
from shop.reviews import asking, shown, writing
from shop.reviews.forms import ReviewForm, initial
from shop.reviews.models import SHOWN_FROM, Refused
from shop.views.purchases import may_see

State = Review.State
CONFLICT, TOO_MANY = 409, 429
TAKE_BACK = "retirer"  # the name of a button


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: str) -> HttpResponse:
    """Write a review of one merchant's order, or see what became of it."""
    orders = MerchantOrder.objects.confirmed().with_details().select_related("review")
    part = get_object_or_404(orders, order__number=number)
    key = request.GET.get("cle", "")
    if not (part.purchase.is_opened_by(key) or may_see(request, part.purchase)):
        raise Http404
    review = getattr(part, "review", None)
    back = reverse("checkout:review", args=[number]) + (f"?{urlencode({'cle': key})}" if key else "")
    if request.method == "POST" and TAKE_BACK in request.POST and review is not None:
        writing.take_back(review)
        messages.success(request, "Votre avis est retiré.")
        return redirect(back)
    may_write = writing.may_review(part) and (review is None or review.state == State.REFUSED)
    form, status = ReviewForm(initial=initial(review, part.purchase.name)), 200
    if request.method == "POST":
        form = ReviewForm(request.POST)
        if not may_write:
            status = CONFLICT
        elif form.is_valid():
            status = _store(part, form)
            if status == 200:
                messages.success(request, "Merci. Votre avis est reçu : il sera relu, puis publié.")
                return redirect(back)
            review = Review.objects.filter(merchant_order=part).first()
            may_write = status == TOO_MANY
    return render(
        request, "shop/reviews/write.html", _context(part, review, form if may_write else None, key), status=status
    )


def _store(part: MerchantOrder, form: ReviewForm) -> int:
    """Return the status of the answer: 200 where the review is stored."""
    data = form.cleaned_data
    try:
        writing.write(part, data["mark"], data["text"].strip(), data["first_name"])
    except writing.ChangedMeanwhile:
        return CONFLICT
    except writing.TooMany:
        form.add_error(None, "Vous avez déjà réécrit cet avis plusieurs fois aujourd’hui. Réessayez demain.")
        return TOO_MANY
    return 200


def _context(part: MerchantOrder, review: Review | None, form: ReviewForm | None, key: str) -> dict[str, Any]:
    purchase = part.purchase.get_absolute_url() + (f"?{urlencode({'cle': key})}" if key else "")
    return {
        "merchant": part.storefront.merchant,
        "number": part.order.number,
        "collected": writing.collected_on(part),
        "review": review,
        "form": form,
        "is_own_shop": writing.is_own_shop(part),
        "purchase_url": purchase,
    }


@never_cache
@csrf_exempt  # the signed link is proof enough: mail programs post here too (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def no_reviews(request: HttpRequest, token: str) -> HttpResponse:
    """Where « ne plus me demander d’avis » leads: a button, as programs that read mail press none."""
    key = asking.key_of(token)
    if key is None:
        raise Http404
    if request.method == "POST":
        asking.opt_out(key)
    return render(request, "shop/reviews/no_reviews.html", {"is_done": request.method == "POST"})


@require_safe
@cached_page
def of_merchant(request: HttpRequest, slug: str) -> HttpResponse:
    """All published reviews of a merchant, the latest first."""
    merchant = merchant_at(slug)
    page, reviews = shown.page_of_reviews(request, merchant)
    context = {
        "merchant": merchant,
        "summary": shown.summary(merchant.pk),
        "reviews": reviews,
        "page_obj": page,
        "canonical_url": canonical_url(request, page),
    }
    return render(request, "shop/reviews/of_merchant.html", context)


@require_safe
@cached_page
def rules(request: HttpRequest) -> HttpResponse:
    """How reviews are gathered, checked and shown, as the law asks (C. conso., art. D111-16 to D111-19)."""
    return render(request, "shop/reviews/rules.html", {"shown_from": SHOWN_FROM, "reasons": Refused.labels[:-1]})
