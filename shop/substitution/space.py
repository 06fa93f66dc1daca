"""A merchant proposes another article, at the desk."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.space.navigation import links
from portal import database_clock
from portal.oscar_settings import ORDER_RECEIVED
from shop import orders, wording
from shop.models import MerchantOrder, Substitution
from shop.stock import OutOfStock
from shop.substitution.acts import ChangedMeanwhile, TooLate, deadline, propose
from shop.substitution.forms import MOST_LISTED, SubstituteForm, candidates
from shop.substitution.models import AS_ACCEPTED

State = Substitution.State
LONGEST_SOUGHT = 60  # characters


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose_substitute(request: HttpRequest, pk: int, number: str, line: int) -> HttpResponse:
    """Ask which article stands in for what is missing of a line, and have its buyer asked."""
    own = MerchantOrder.objects.managed_by(request.user).confirmed().with_tickets()
    merchant_order = get_object_or_404(own, storefront__merchant=pk, order__number=number)
    lost = get_object_or_404(merchant_order.order.lines.select_related("weighed", "product__details"), pk=line)
    if fault := _fault(merchant_order, lost):
        messages.error(request, fault)
        return redirect("merchant_orders", pk)
    until = deadline(merchant_order, database_clock.now())
    if until is None:
        messages.error(request, "Le client n’a plus le temps de répondre : appelez-le, ou dites ce qui manque.")
        return redirect("missing_items", pk, number)
    sought = " ".join(request.GET.get("q", "").split())[:LONGEST_SOUGHT]
    articles = candidates(merchant_order, lost, sought)
    form = SubstituteForm(merchant_order, lost, articles, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = propose(merchant_order, form.wanted, request.user, form.reason)
        except OutOfStock:
            form.add_error("quantite", "Un autre client vient de commander les derniers : proposez-en moins.")
        except (ChangedMeanwhile, TooLate):
            messages.error(request, f"Entre-temps, {merchant_order.collection_code} a changé : rien n’a été proposé.")
            return redirect("merchant_orders", pk)
        except IntegrityError as error:
            if AS_ACCEPTED not in str(error):
                raise
            form.add_error("article", "Cet article ne peut pas remplacer celui qui manque : choisissez-en un autre.")
        else:
            before = wording.written_moment(made.answer_by)
            messages.success(
                request,
                f"{merchant_order.collection_code} : le client est prévenu, il peut répondre avant {before}. {made} "
                "lui est réservé jusque-là.",
            )
            return redirect("merchant_orders", pk)
    return render(request, "shop/space/propose_substitute.html", _context(merchant_order, lost, form, sought, until))


def _fault(merchant_order: MerchantOrder, line: Any) -> str:
    """Return why nothing can be proposed for a line, or ""."""
    code = merchant_order.collection_code
    if merchant_order.order.status != ORDER_RECEIVED or not line.quantity:
        return f"Entre-temps, {code} a changé : rien n’a été proposé."
    if Substitution.objects.filter(replacement=line).exists():
        return f"« {line.title} » remplace déjà un autre article : s’il manque aussi, dites-le au client."
    before = [one for one in merchant_order.substitutions.all() if one.line_id == line.pk]
    if any(one.state in (State.ASKED, State.ACCEPTED) for one in before):
        return f"Vous avez déjà proposé un remplacement de « {line.title} » : on n’en propose qu’un par article."
    return ""


def _context(merchant_order: MerchantOrder, line: Any, form: SubstituteForm, sought: str, until: Any) -> dict[str, Any]:
    merchant = merchant_order.storefront.merchant
    return {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "ticket": orders.merchant_ticket(merchant_order, database_clock.now()),
        "line": line,
        "form": form,
        "sought": sought,
        "is_long": len(form.articles) == MOST_LISTED,
        "before": wording.written_moment(until),
    }
