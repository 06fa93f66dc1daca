"""The buyer answers: reading the page changes nothing, one of two buttons does, once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal import database_clock
from shop.models import Purchase, Substitution
from shop.substitution import acts
from shop.substitution.wording import ENDED, as_told
from shop.views.purchases import CONFLICT, GONE, may_see

State = Substitution.State
ACCEPTS, DECLINES, DEARER, SHOWN = "accepter", "refuser", "plus_cher", "allergenes"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what replaces what, until when; accept or decline it. For the link of the e-mail, or the purchase's page."""
    found = get_object_or_404(
        Substitution.objects.select_related(
            "line", "merchant_order__order", "merchant_order__purchase", "merchant_order__storefront__merchant"
        ),
        pk=pk,
        merchant_order__purchase__confirmed_at__isnull=False,
    )
    bought, key = found.merchant_order.purchase, request.GET.get("cle", "")
    is_own = bought.is_opened_by(key) or may_see(request, bought)
    if not (is_own or found.is_opened_by(key)):
        raise Http404
    fault, status = "", 200
    if request.method == "POST":
        fault, status = _act(request, found)
        if not fault:
            return redirect(request.get_full_path())
        found = type(found).objects.select_related("line", "merchant_order__purchase").get(pk=pk)
    is_over = found.is_open and database_clock.now() > found.answer_by
    context = {
        "substitution": found,
        "told": as_told(found),
        "merchant": found.merchant_order.storefront.merchant,
        "is_open": found.is_open and not is_over,
        "gone": not acts.may_still_be_had(found),
        "ended": ENDED[State.SILENT] if is_over else ENDED.get(State(found.state), ""),
        "fault": fault,
        "back": _back(bought, key) if is_own else "",
        "withdrawal": bought.withdrawal_path,
    }
    return render(request, "shop/answer_substitute.html", context, status=status)


def _act(request: HttpRequest, found: Substitution) -> tuple[str, int]:
    """Do what was pressed; return what was wrong, or "", and the status of the answer."""
    by = request.user if request.user.is_authenticated and found.merchant_order.purchase.user == request.user else None
    try:
        if ACCEPTS in request.POST:
            acts.accept(found, request.POST.get(SHOWN, ""), DEARER in request.POST, by)
        elif DECLINES in request.POST:
            acts.decline(found, by)
        else:
            return "Choisissez : accepter ou refuser.", 200
    except acts.DearerNotAccepted:
        return "Cet article coûte plus cher : cochez la case pour l’accepter, ou refusez-le.", 200
    except acts.ChangedMeanwhile:
        return (
            "Entre-temps, cet article a changé : rien n’a été fait. Regardez-le, puis choisissez de nouveau.",
            CONFLICT,
        )
    except acts.TooLate:
        return "Il est trop tard pour répondre : voici ce qu’il en est.", GONE
    return "", 200


def _back(bought: Purchase, key: str) -> str:
    address = bought.get_absolute_url()
    return f"{address}?cle={key}" if bought.is_opened_by(key) else address
