"""Views of the merchant's space that show and edit the page."""

from email.utils import parseaddr
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from directory.models import MerchantPage
from directory.space.changes import tell_moved
from directory.space.forms import ProfileForm
from directory.space.navigation import links
from directory.space.reviews import is_open, review, submit
from directory.vetting.models import Application
from portal.models import User

NOT_SAVED = (
    "Votre saisie n’est pas enregistrée\u00a0: entre-temps, la fiche est partie en relecture ou la Région y travaille. "
    "Tout ce que vous avez écrit est affiché ici\u00a0: copiez-le, et reprenez-le quand la fiche s’ouvre de nouveau."
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A merchant's pages, or the only one; to anybody else, what selling here means."""
    merchants = []
    if request.user.is_authenticated:
        merchants = list(
            MerchantPage.objects.managed_by(request.user)
            .with_place()
            .prefetch_workflow_states()
            .prefetch_related("answers")
        )
    if not merchants:
        contact = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        applications = Application.objects.filter(applicant=request.user.pk) if request.user.is_authenticated else []
        return render(request, "directory/space/join.html", {"contact": contact, "applications": applications})
    if len(merchants) == 1:
        return redirect("merchant_today", merchants[0].pk)
    pages = [{"merchant": merchant, "review": review(merchant)} for merchant in merchants]
    return render(request, "directory/space/pages.html", {"pages": pages})


@never_cache
@login_required
@transaction.atomic
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a merchant's page. « Enregistrer » keeps a draft and shows it, « Envoyer » asks for a review."""
    user = cast(User, request.user)  # login_required: nobody else comes here
    merchant = get_object_or_404(MerchantPage.objects.managed_by(user).with_place(), pk=pk)
    if request.method == "POST":  # one at a time: a double click must not start two reviews
        Page.objects.select_for_update().get(pk=pk)
        merchant.refresh_from_db()
    state, may_change = review(merchant), is_open(merchant, user)
    form = ProfileForm(request.POST or None, instance=merchant.get_latest_revision_as_object(), sender=user)
    if request.method == "POST" and may_change and form.is_valid():
        has_changed = form.save_draft(author=user)
        tell_moved(request, form)
        if "send" not in request.POST:
            return redirect("space:preview", pk)
        if has_changed or state.kind != "published":
            submit(merchant, user)
            messages.success(request, "Merci. Votre fiche est envoyée : elle sera relue avant d’être publiée.")
        else:
            messages.info(request, "Rien n’a changé : votre fiche est déjà en ligne telle quelle.")
        return redirect("space:profile", pk)
    if request.method == "POST" and not may_change:
        messages.warning(request, NOT_SAVED)
    context = {
        "merchant": merchant,
        "form": form,
        "review": state,
        "is_open": may_change,
        "links": links(merchant, "profile"),
    }
    return render(request, "directory/space/profile.html", context)


@login_required
@require_POST
def confirm_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: the hours online are right today, unless others are online than when the page was opened."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user).live(), pk=pk)
    if request.POST.get("hours", merchant.opening_hours) != merchant.opening_hours:
        messages.error(request, "Vos horaires en ligne ont changé entre-temps : relisez-les avant de les confirmer.")
    else:
        merchant.confirm_hours(timezone.localdate())
        messages.success(request, "Merci. Vos clients voient que vos horaires sont confirmés d’aujourd’hui.")
    return redirect("merchant_today", pk)


@require_safe
@never_cache
@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as it would be if its latest draft were published."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    draft = merchant.get_latest_revision_as_object()
    context = {"review": review(merchant), "links": links(merchant, "preview")}
    return render(request, "directory/space/preview.html", draft.get_context(request) | context)
