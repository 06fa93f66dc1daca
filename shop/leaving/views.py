"""« Quitter le portail »: what happens, the file to take along, the day on which the page closes, and coming back."""

from datetime import timedelta
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from directory.models import MerchantPage
from directory.people.models import Role
from directory.space.navigation import links
from directory.vetting.termination import acts
from directory.vetting.termination.models import OPEN
from portal import database_clock, rate_limits
from portal.models import User
from portal.rate_limits import Limit
from shop import opening
from shop.leaving import archive
from shop.leaving.closing import waits_for
from shop.leaving.models import KEPT, MerchantArchive

ARCHIVES = Limit("archives of a merchant", 3, timedelta(days=1))
ENDINGS = Limit("ends of a contract announced", 3, timedelta(days=1))
REST = timedelta(days=7)  # proposed before a page closes


class EndForm(forms.Form):
    """The day on which the page closes."""

    jour = forms.DateField(
        label="Fermer le",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Écrivez le jour de la fermeture, par exemple 24/12/2026.",
            "invalid": "Écrivez un jour, par exemple 24/12/2026.",
        },
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; a POST has the file made, announces the closing, calls it off, or lets the merchant come back."""
    user = cast(User, request.user)
    merchant = get_object_or_404(MerchantPage.objects.managed_by(user).with_place(), pk=pk)
    is_owner = merchant.accesses.filter(user=user, role=Role.OWNER).exists()
    today = database_clock.today()
    form = EndForm(request.POST if "fermer" in request.POST else None, initial={"jour": today + REST})
    if request.method == "POST":
        if "emporter" in request.POST:
            _take_along(request, merchant, user)
            return redirect("leave", pk)
        if _is_done(request, merchant, user, form, is_owner=is_owner):
            return redirect("leave", pk)
    waits = waits_for(merchant)
    context = {
        "merchant": merchant,
        "links": links(merchant, "profile"),
        "is_owner": is_owner,
        "days": KEPT.days,
        "form": form,
        "termination": merchant.terminations.filter(stage__in=OPEN).first(),
        "last_day": acts.last_day(today),
        **waits,
    }
    return render(request, "shop/leaving/leave.html", context, status=422 if form.errors else 200)


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


def _take_along(request: HttpRequest, merchant: MerchantPage, user: User) -> None:
    if rate_limits.take(ARCHIVES, str(merchant.pk)):
        messages.error(request, "Plusieurs fichiers ont été demandés aujourd’hui : demandez le suivant demain.")
        return
    archive.ask(merchant, user)
    messages.success(request, f"Nous préparons le fichier. Un e-mail à {user.email} vous donnera le lien.")


def _is_done(request: HttpRequest, merchant: MerchantPage, user: User, form: EndForm, *, is_owner: bool) -> bool:
    """Do what the owner asks for; return False where the form has to say why it cannot be."""
    if not is_owner:
        messages.error(request, "La fermeture appartient au propriétaire de la page.")
        return True
    try:
        if "annuler" in request.POST:
            acts.cancel(merchant, user)
            opening.open_again(merchant)
            messages.success(request, "La fermeture est annulée : votre page reste, votre boutique reprend.")
        elif "revenir" in request.POST:
            _come_back(request, merchant, user)
        elif not form.is_valid():
            return False
        elif any(waits_for(merchant).values()):
            messages.error(
                request, "D’abord les commandes en cours et les remboursements : la fermeture se demande après."
            )
        elif rate_limits.take(ENDINGS, str(merchant.pk)):
            messages.error(request, "Vous avez changé d’avis plusieurs fois aujourd’hui : choisissez le jour demain.")
        else:
            acts.announce(merchant, user, form.cleaned_data["jour"])
            opening.close(merchant)
            messages.success(request, "C’est noté : un e-mail vous le confirme. Vous pouvez annuler jusqu’à ce jour.")
    except ValidationError as error:
        if "fermer" not in request.POST:
            messages.error(request, error.messages[0])
            return True
        form.add_error("jour", error)
        return False
    return True


def _come_back(request: HttpRequest, merchant: MerchantPage, user: User) -> None:
    is_online = acts.reverse(merchant, user)
    opening.open_again(merchant)
    if is_online:
        messages.success(request, "Bienvenue de nouveau : votre page est en ligne.")
    else:
        told = "Votre demande de retour est notée. Votre page revient quand la Région a revu vos contrôles."
        messages.info(request, told)
