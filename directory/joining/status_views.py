"""Where an application stands, for who sent it; and what to do when the SIRET has a page already."""

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.joining import applications
from directory.joining.forms import ClaimForm
from directory.joining.kept_typing import typed, typing_kept
from directory.joining.progress import progress
from directory.people.requests import ask, waiting_of
from directory.siret import grouped
from directory.vetting import acts
from directory.vetting.documents import vault
from directory.vetting.documents.views import DocumentForm
from directory.vetting.kinds import Step
from portal.models import User


@require_safe
@never_cache
@typing_kept
def status(request: HttpRequest, number: str) -> HttpResponse:
    """What is missing, until when the Region answers, what it said."""
    application = get_object_or_404(applications.of(cast(User, request.user)), number=number)
    context = {
        "application": application,
        "progress": progress(application),
        "siret": grouped(application.siret),
        "documents": application.documents.defer("sealed"),
        "document_form": DocumentForm() if application.state == Step.INCOMPLETE and vault.is_open() else None,
    }
    return render(request, "directory/joining/status.html", context)


@require_POST
@typing_kept
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    user = cast(User, request.user)
    with transaction.atomic():
        application = get_object_or_404(applications.of(user).select_for_update(of=("self",)), number=number)
        if application.is_open:
            acts.withdraw(application)
            messages.success(request, "Votre dossier est retiré. Vous pouvez en commencer un autre quand vous voulez.")
    return redirect("joining:status", number)


@never_cache
@typing_kept
def taken(request: HttpRequest, siret: str) -> HttpResponse:
    """A SIRET that has a page: they ask to keep it with whoever does, or say why it is theirs."""
    user = cast(User, request.user)
    merchant = applications.page_of(siret)
    if merchant is None:
        raise Http404
    if merchant.accesses.filter(user=user).exists():
        return redirect("space:profile", merchant.pk)
    form = ClaimForm(typed(request))
    if request.method == "POST" and form.is_valid():
        ask(merchant, user, form.cleaned_data["kind"], form.cleaned_data["text"])
        messages.success(request, "Votre demande est envoyée. La réponse vous arrivera par e-mail.")
        return redirect("joining:taken", siret)
    context = {"form": form, "merchant": merchant, "siret": grouped(siret), "waiting": waiting_of(merchant, user)}
    return render(request, "directory/joining/taken.html", context)
