"""Who keeps a merchant's page, and who asks to."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import permission_required

from directory.models import MerchantPage
from directory.people.models import AccessRequest
from directory.people.requests import Kind, State, answer
from directory.space.navigation import links
from portal.models import User

TAKEN = "Quelqu’un a répondu à cette demande entre-temps."


@require_safe
@never_cache
@login_required
def people(request: HttpRequest, pk: int) -> HttpResponse:
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    context = {
        "merchant": merchant,
        "accesses": merchant.accesses.select_related("user").order_by("since"),
        "requests": _waiting().filter(merchant=merchant, kind=Kind.JOIN),
        "links": links(merchant, "people"),
    }
    return render(request, "directory/people/people.html", context)


@require_POST
@login_required
def answer_request(request: HttpRequest, pk: int, request_id: int) -> HttpResponse:
    """A keeper's answer to who asks to join; that a page should change hands is not for them to say."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    asked = get_object_or_404(AccessRequest, pk=request_id, merchant=merchant, kind=Kind.JOIN)
    _answered(request, asked)
    return redirect("people:list", pk)


@permission_required("directory.add_merchantmanager")
def office(request: HttpRequest) -> HttpResponse:
    """What the Region answers, in Wagtail's admin: all requests that wait, those to keepers too."""
    if request.method == "POST":
        _answered(request, get_object_or_404(AccessRequest, pk=request.POST.get("request") or 0))
        return redirect("access_requests")
    return render(request, "directory/people/office.html", {"requests": _waiting()})


def _waiting() -> QuerySet[AccessRequest]:
    waiting = AccessRequest.objects.filter(state=State.WAITING)
    return waiting.select_related("requester", "merchant", "merchant__town").prefetch_related("merchant__accesses")


def _answered(request: HttpRequest, asked: AccessRequest) -> None:
    given = request.POST.get("answer") == "give"
    if answer(asked.pk, cast(User, request.user), given) is None:
        messages.warning(request, TAKEN)
    elif given:
        messages.success(request, f"{asked.requester.email} tient maintenant cette page.")
    else:
        messages.success(request, f"La demande de {asked.requester.email} est refusée.")
