"""What the Region holds against a merchant and decides, in their space: read, answered and contested there."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.models import MerchantPage
from directory.space.navigation import links
from directory.vetting.sanctions import answers
from directory.vetting.sanctions.forms import AppealForm, ObservationForm
from directory.vetting.sanctions.models import Sanction
from portal.models import User

SENT = {
    "observe": "Merci. Vos observations sont reçues : elles sont lues avant toute suite.",
    "appeal": "Votre réclamation est reçue : une autre personne l’examine et vous répond.",
}


@require_safe
@never_cache
@login_required
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    merchant = _owned(request, pk)
    context = {"merchant": merchant, "sanctions": merchant.sanctions.all(), "links": links(merchant, "decisions")}
    return render(request, "directory/space/decisions.html", context)


@never_cache
@login_required
def decision(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """One procedure: the grievances or the decision, the merchant's answers, and the forms that are still open."""
    merchant, user, today = _owned(request, pk), cast(User, request.user), timezone.localdate()
    sanction = get_object_or_404(merchant.sanctions.select_related("appeal"), number=number)
    act = request.POST.get("act", "")
    observation = ObservationForm(request.POST if act == "observe" else None)
    appeal = AppealForm(request.POST if act == "appeal" else None)
    try:
        if act == "observe" and observation.is_valid():
            told = observation.cleaned_data
            answers.observe(sanction, user, told["text"], wants_hearing=told["wants_hearing"])
            return _sent(request, sanction, act)
        if act == "appeal" and appeal.is_valid():
            answers.appeal(sanction, user, appeal.cleaned_data["text"])
            return _sent(request, sanction, act)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    context = {
        "merchant": merchant,
        "sanction": sanction,
        "observations": sanction.observations.all(),
        "appeal": getattr(sanction, "appeal", None),
        "may_observe": answers.may_observe(sanction, today) or act == "observe",
        "may_appeal": answers.may_appeal(sanction, today) or act == "appeal",
        "appeal_until": answers.appeal_until(sanction),
        "observation_form": observation,
        "appeal_form": appeal,
        "links": links(merchant, "decisions"),
    }
    return render(request, "directory/space/decision.html", context)


def _owned(request: HttpRequest, pk: int) -> MerchantPage:
    return get_object_or_404(MerchantPage.objects.owned_by(cast(User, request.user)).with_place(), pk=pk)


def _sent(request: HttpRequest, sanction: Sanction, act: str) -> HttpResponse:
    messages.success(request, SENT[act])
    return redirect("sanctions:decision", sanction.merchant_id, sanction.number)
