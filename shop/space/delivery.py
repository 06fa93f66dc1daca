"""How a merchant delivers: rounds and parcels, each set by itself, paused at once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory.models import MerchantPage
from directory.space.changes import tell_moved
from directory.space.navigation import links
from shop.delivery.models import DeliveryMethod, Kind
from shop.delivery.offers import told_by
from shop.models import Storefront
from shop.products import create_storefront
from shop.space.delivery_form import ParcelForm, RoundForm

SAVES = "enregistrer"  # the name of the buttons that save; their value is the kind
FORMS = {Kind.ROUND: RoundForm, Kind.PARCEL: ParcelForm}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def delivery_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """A shop's ways of delivering. The first button of the rounds shows the towns it adds, and saves nothing."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user).with_place(), pk=pk)
    if request.method == "POST":
        create_storefront(merchant)
        storefront = Storefront.objects.select_for_update().get(merchant=merchant)
    else:  # looking at the page opens no shop
        storefront = Storefront.objects.filter(merchant=merchant).first() or Storefront()
    storefront.merchant = merchant
    stored: dict[str, Any] = {}
    if storefront.pk:
        stored = {method.kind: method for method in DeliveryMethod.objects.filter(storefront=storefront)}
    sent = request.POST.get("mode", "")
    forms: dict[str, Any] = {
        kind: form(storefront, stored.get(kind), request.POST if sent == kind else None) for kind, form in FORMS.items()
    }
    form = forms.get(sent)
    if form is not None and SAVES in request.POST and form.is_valid():
        form.save()
        tell_moved(request, form)
        messages.success(request, "Enregistré : vos clients peuvent se faire livrer dès maintenant.")
        return redirect("delivery_settings", pk)
    if isinstance(form, RoundForm) and SAVES not in request.POST:
        form.forget_faults()
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "shop"),
        "rounds": forms[Kind.ROUND],
        "parcels": forms[Kind.PARCEL],
        "stored": stored,
        "told": told_by(list(stored.values())),
        "adds": form is not None and SAVES not in request.POST,
    }
    return render(request, "shop/space/delivery.html", context)


@login_required
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause one way of delivering, or end its pause; what is ordered already is still to deliver."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    method = DeliveryMethod.objects.filter(storefront__merchant=merchant, kind=request.POST.get("mode", "")).first()
    if method is None:  # another tab has taken it away
        messages.error(request, "Cette façon de livrer n’est pas réglée : rien n’a été mis en pause.")
        return redirect("delivery_settings", pk)
    method.is_paused = "reprendre" not in request.POST
    method.save(update_fields=["is_paused"])
    told = "en pause : plus personne ne peut la choisir. Ce qui est déjà commandé reste à livrer."
    messages.success(request, f"{method.get_kind_display()} : {told if method.is_paused else 'c’est reparti.'}")
    return redirect("delivery_settings", pk)
