"""A withdrawal in the back office: what comes back, what is to be refunded; staff acts in its merchant's place."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from portal import database_clock
from portal.typography import no_break
from shop import order_history
from shop.backoffice.rights import may, require
from shop.models import MerchantOrder, Withdrawal
from shop.withdrawal import acts, wording
from shop.withdrawal.acts import ChangedMeanwhile

CHANGED = "Entre-temps, cette rétractation a changé : rien n’a été fait. Lisez-la de nouveau, puis choisissez."
State = Withdrawal.State


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one withdrawal, and do what the pressed button says."""
    require(request, Withdrawal)
    found = get_object_or_404(Withdrawal.objects.prefetch_related("lines__line"), pk=pk)
    if request.method == "POST":
        require(request, Withdrawal, "change")
        _act(request, found)
        return redirect(request.path)
    part = MerchantOrder.objects.with_tickets().get(pk=found.merchant_order_id)
    buttons = []
    if may(request.user, Withdrawal, "change") and found.is_open:
        buttons += [("recu", "Bien reçu")] * (found.state == State.REQUESTED)
        buttons += [("rembourse", "Remboursée")]
    due = found.refund_by if found.is_open else None
    context = {
        "page_title": f"Rétractation {found.number}",
        "withdrawal": found,
        "at": wording.to_the_second(found.at),
        "refund_by": wording.whole_day(due) if due else "",
        "is_late": due is not None and due < database_clock.today(),
        "part": part,
        "purchase": part.purchase,
        "merchant": part.storefront.merchant,
        "buttons": buttons,
        "history": order_history.for_staff(part),
    }
    return render(request, "shop/backoffice/withdrawal.html", context)


def _act(request: HttpRequest, found: Withdrawal) -> None:
    wanted, shown = request.POST.get("faire", ""), request.POST.get("shown_state", "")
    try:
        if wanted == "recu":
            acts.mark_returned(found, shown, request.user, on_sale_again="remettre" in request.POST)
        elif wanted == "rembourse":
            acts.mark_refunded(found, shown, request.user)
        else:
            messages.error(request, no_break("Choisissez ce qui arrive à cette rétractation."))
            return
    except ChangedMeanwhile:
        messages.error(request, no_break(CHANGED))
    else:
        messages.success(request, no_break("C’est noté au nom du commerçant ; le client est prévenu."))
