"""A review in the back office: what its author wrote, and whether it is shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from portal.typography import no_break
from shop.backoffice.rights import may, require
from shop.models import Review
from shop.reviews import writing
from shop.reviews.forms import RefusalForm

PUBLISHED, REFUSED = "shop.publish_review", "shop.refuse_review"  # in Wagtail's log
MOST_SHOWN = 20
CHANGED = "Entre-temps, cet avis a changé : rien n’a été fait. Lisez-le de nouveau, puis choisissez."
State = Review.State


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one review; publish it, or refuse it with a reason that its author reads."""
    require(request, Review)
    parts = "merchant_order__storefront__merchant__town", "merchant_order__order", "merchant_order__purchase"
    found = get_object_or_404(Review.objects.select_related(*parts), pk=pk)
    form = RefusalForm()
    if request.method == "POST":
        require(request, Review, "change")
        form = RefusalForm(request.POST)
        if request.POST.get("faire") == "publier" or form.is_valid():
            _act(request, found, form)
            return redirect(request.path)
    acts = may(request.user, Review, "change")
    context = {
        "page_title": f"Avis sur {found.merchant_order.storefront.merchant.title}",
        "review": found,
        "merchant": found.merchant_order.storefront.merchant,
        "number": found.merchant_order.order.number,
        "may_publish": acts and found.state != State.PUBLISHED,
        "may_refuse": acts and found.state in (State.WAITING, State.PUBLISHED),
        "form": form,
        "journal": ModelLogEntry.objects.for_instance(found).select_related("user").order_by("-timestamp")[:MOST_SHOWN],
    }
    return render(request, "shop/backoffice/review.html", context)


def _act(request: HttpRequest, found: Review, form: Any) -> None:
    shown = request.POST.get("shown_state", "")
    try:
        if request.POST.get("faire") == "publier":
            writing.publish(found, shown, request.user)
            log(found, PUBLISHED, user=request.user)
            told = "L’avis est publié ; son auteur et le commerçant sont prévenus."
        else:
            reason, words = form.cleaned_data["reason"], form.cleaned_data["words"]
            writing.refuse(found, shown, request.user, reason, words)
            found.refresh_from_db()
            log(found, REFUSED, user=request.user, data={"reason": found.told_reason})
            told = "L’avis n’est pas publié ; son auteur sait pourquoi."
    except writing.ChangedMeanwhile:
        messages.error(request, no_break(CHANGED))
    else:
        messages.success(request, no_break(told))
