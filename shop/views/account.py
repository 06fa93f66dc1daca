"""A shopper's account: what she bought, and her name."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.forms import ProfileForm
from shop.models import Purchase

PAGE_SIZE = 20


@never_cache
@login_required
@require_safe
def purchases(request):
    """What she bought, newest first. One purchase opens on the page that thanked her for it."""
    bought = Purchase.objects.filter(user=request.user).with_orders().order_by("-placed_at")
    return render(
        request,
        "shop/purchases.html",
        {"page": Paginator(bought, PAGE_SIZE).get_page(request.GET.get("page"))},
    )


@never_cache
@login_required
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre nom est enregistré.")
        return redirect("customer:profile-view")
    return render(request, "shop/profile.html", {"form": form})
