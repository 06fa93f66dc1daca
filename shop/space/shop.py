"""A merchant opens a shop, rehearses, and pauses it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory.models import MerchantPage
from directory.space.changes import tell_moved
from directory.space.navigation import links
from portal.dates import date_format
from shop import opening
from shop.models import Storefront
from shop.products import create_storefront
from shop.space.shop_form import PauseForm, ShopForm

A_WEEK = timedelta(days=7)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def merchant_shop(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps of opening, and what the law wants to be told; its button saves."""
    merchant = _merchant(request, pk)
    storefront = _locked(merchant) if request.method == "POST" else _stored(merchant)
    form = ShopForm(storefront, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        tell_moved(request, form)
        _tell(request, storefront, "Enregistré.")
        return redirect("merchant_shop", pk)
    return _page(request, merchant, storefront, form, PauseForm(initial={"retour": localdate() + A_WEEK}))


@login_required
@require_POST
@transaction.atomic
def accept_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that a manager accepts the terms that the page showed."""
    storefront = _locked(_merchant(request, pk))
    if "j-accepte" not in request.POST:
        messages.error(request, "Cochez la case pour accepter les conditions.")
    elif not opening.accept_terms(storefront, request.user, request.POST.get("texte", "")):
        messages.error(request, "Les conditions ont changé depuis que cette page est ouverte : relisez-les.")
    else:
        _tell(request, storefront, "Conditions acceptées.")
    return redirect("merchant_shop", pk)


@login_required
@require_POST
def rehearse(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the fake order; the desk's button, « C’est prêt », finishes it."""
    merchant = _merchant(request, pk)
    if "prete" not in request.POST:
        code = opening.rehearse(create_storefront(merchant))
        told = f"La commande d’essai {code} vous attend dans « Commandes », et un e-mail vous prévient."
        messages.success(request, told)
    elif opening.finish_rehearsal(storefront := get_object_or_404(Storefront, merchant=merchant)):
        _tell(request, storefront, "Essai réussi : vos commandes vous parviennent.")
    else:
        messages.error(request, "Aucune commande d’essai n’attend : demandez-la d’abord.")
    return redirect("merchant_shop", pk)


@login_required
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause the shop until a day, or end the pause."""
    merchant = _merchant(request, pk)
    storefront = _stored(merchant)
    if "reprendre" in request.POST:
        opening.resume(storefront)
        messages.success(request, "La pause est finie.")
        return redirect("merchant_shop", pk)
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _page(request, merchant, storefront, ShopForm(storefront), form)
    opening.pause(storefront, form.cleaned_data["retour"])
    day = date_format(form.cleaned_data["retour"], "l j F")
    messages.success(
        request, f"Boutique en pause : rien ne se vend avant le {day}. Les commandes déjà reçues vous attendent."
    )
    return redirect("merchant_shop", pk)


def _merchant(request: HttpRequest, pk: int) -> MerchantPage:
    return get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)


def _stored(merchant: MerchantPage) -> Storefront:
    """Return the shop, or one that is not stored yet: looking at the page opens nothing."""
    return Storefront.objects.filter(merchant=merchant).first() or Storefront(merchant=merchant)


def _locked(merchant: MerchantPage) -> Storefront:
    """Return the shop, made now if need be, with its row locked."""
    create_storefront(merchant)
    return Storefront.objects.select_for_update().get(merchant=merchant)


def _tell(request: HttpRequest, storefront: Storefront, told: str) -> None:
    """Open the shop if that was the last step, and say what was done."""
    opens = opening.open_if_ready(storefront)
    messages.success(request, f"{told} Votre boutique est ouverte." if opens else told)


def _page(
    request: HttpRequest, merchant: MerchantPage, storefront: Storefront, form: Any, pause_form: Any
) -> HttpResponse:
    is_stored, terms = storefront.pk is not None, opening.terms()
    accepted = opening.acceptance(storefront, terms) if is_stored else None
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "shop"),
        "storefront": storefront,
        "form": form,
        "pause_form": pause_form,
        "terms": terms,
        "acceptance": accepted,
        "steps": opening.steps(storefront, accepted is not None) if is_stored else [],
        "has_hours": bool(merchant.opening_hours.strip()),
    }
    return render(request, "shop/space/shop.html", context)
