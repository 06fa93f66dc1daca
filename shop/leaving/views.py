"""« Quitter le portail »: what happens, the file to take along, and the asking to be closed."""

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from directory.emails import send
from directory.models import MerchantPage
from directory.people.models import Role
from directory.space.navigation import links
from portal import database_clock, rate_limits
from portal.editors import addresses_to_notify
from portal.models import User
from portal.rate_limits import Limit
from shop.leaving import archive
from shop.leaving.models import KEPT, MerchantArchive
from shop.models import WAITING, MerchantOrder
from shop.withdrawal.models import OPEN, Withdrawal

ARCHIVES = Limit("archives of a merchant", 3, timedelta(days=1))
CLOSINGS = Limit("askings to be closed", 1, timedelta(days=1))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; a POST has the file made, or asks the Region to close the merchant."""
    user = cast(User, request.user)
    merchant = get_object_or_404(MerchantPage.objects.managed_by(user).with_place(), pk=pk)
    is_owner = merchant.accesses.filter(user=user, role=Role.OWNER).exists()
    waits = _waits(merchant)
    if request.method == "POST":
        if "emporter" in request.POST:
            _take_along(request, merchant, user)
        elif "fermer" in request.POST and is_owner and not any(waits.values()):
            _ask_to_close(request, merchant, user)
        else:
            messages.error(request, "La fermeture se demande par le propriétaire, quand plus rien n’attend.")
        return redirect("leave", pk)
    context = {
        "merchant": merchant,
        "links": links(merchant, "profile"),
        "is_owner": is_owner,
        "days": KEPT.days,
        "may_close": is_owner and not any(waits.values()),
        **waits,
    }
    return render(request, "shop/leaving/leave.html", context)


@never_cache
@login_required
@require_safe
def fetch(request: HttpRequest, pk: int, archive_pk: int) -> HttpResponse:
    """Give the file to who asked for it, while they keep the page and the link lasts."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    since = database_clock.now() - KEPT
    own = MerchantArchive.objects.filter(merchant=merchant, asked_by_id=request.user.pk, made_at__gte=since)
    found = get_object_or_404(own.exclude(content=None), pk=archive_pk)
    response = HttpResponse(bytes(found.content or b""), "application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{merchant.slug}.zip"'
    return response


def _waits(merchant: MerchantPage) -> dict[str, Any]:
    orders = MerchantOrder.objects.filter(storefront__merchant=merchant, order__status__in=WAITING).confirmed()
    refunds = Withdrawal.objects.filter(merchant_order__storefront__merchant=merchant, state__in=OPEN, refund__gt=0)
    return {"waiting_orders": orders.count(), "waiting_refunds": refunds.count()}


def _take_along(request: HttpRequest, merchant: MerchantPage, user: User) -> None:
    if rate_limits.take(ARCHIVES, str(merchant.pk)):
        messages.error(request, "Plusieurs fichiers ont été demandés aujourd’hui : demandez le suivant demain.")
        return
    archive.ask(merchant, user)
    messages.success(request, f"Nous préparons le fichier. Un e-mail à {user.email} vous donnera le lien.")


def _ask_to_close(request: HttpRequest, merchant: MerchantPage, user: User) -> None:
    if rate_limits.take(CLOSINGS, str(merchant.pk)):
        messages.info(request, "Votre demande de fermeture est déjà partie : la Région vous répond par e-mail.")
        return
    desk = f"{settings.SITE_URL}{reverse('wagtailadmin_pages:edit', args=[merchant.pk])}"
    context = {"merchant": merchant, "name": user.get_full_name() or user.email, "email": user.email, "desk": desk}
    for address in addresses_to_notify("leaving"):
        send(f"{merchant.title} demande à fermer sa page", "shop/leaving/asked.txt", address, context)
    send("Votre demande de fermeture", "shop/leaving/asked_by_you.txt", user.email, context)
    messages.success(request, "Votre demande est partie. La Région vous répond par e-mail ; d’ici là, rien ne change.")
