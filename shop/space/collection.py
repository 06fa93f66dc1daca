"""When a merchant's orders are collected: their settings, read back before they are saved."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.models import MerchantPage
from directory.space.changes import tell_moved
from directory.space.navigation import links
from portal import database_clock
from shop.models import Storefront
from shop.products import create_storefront
from shop.space.collection_form import CollectionForm

SAVES = "enregistrer"  # the name of the button that saves; the form's first button shows what the settings come to


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def collection_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """A shop's rules of collection; what they come to is shown before they are saved."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user).with_place(), pk=pk)
    if request.method == "POST":
        create_storefront(merchant)
        storefront = Storefront.objects.select_for_update().get(merchant=merchant)
    else:  # looking at the page opens no shop
        storefront = Storefront.objects.filter(merchant=merchant).first() or Storefront()
    storefront.merchant = merchant
    form = CollectionForm(storefront, database_clock.now(), request.POST or None)
    if SAVES in request.POST and form.is_valid():
        form.save()
        tell_moved(request, form)
        messages.success(request, "Enregistré : les clients choisissent dès maintenant parmi ces créneaux.")
        return redirect("collection_settings", pk)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "shop"),
        "form": form,
        "days": form.next_days(),
        "is_preview": form.is_bound and form.is_valid(),
    }
    return render(request, "shop/space/collection.html", context)
