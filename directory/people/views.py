"""Who keeps a merchant's page, and who asks to."""

from datetime import timedelta
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
from directory.people import access
from directory.people.digest import digest_path
from directory.people.forms import InvitationForm
from directory.people.models import AccessRequest, Role
from directory.people.requests import Kind, State, answer
from directory.space.navigation import links
from portal import database_clock
from portal.models import User
from portal.rate_limits import Limit, take

INVITATIONS = Limit("invitations of a person", 20, timedelta(days=1))
LONGEST_ID = 18  # digits
TAKEN = "Quelqu’un a répondu à cette demande entre-temps."


@require_safe
@never_cache
@login_required
def people(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk), InvitationForm())


def _page(request: HttpRequest, merchant: MerchantPage, form: InvitationForm) -> HttpResponse:
    accesses = merchant.accesses.select_related("user").order_by("since")
    own = next((access for access in accesses if access.user_id == request.user.pk), None)
    is_owner = own is not None and own.role == Role.OWNER
    context = {
        "merchant": merchant,
        "accesses": accesses,
        "is_owner": is_owner,
        "digest": digest_path(own) if own else "",
        "requests": _waiting().filter(merchant=merchant, kind=Kind.JOIN) if is_owner else [],
        "invitations": merchant.invitations.filter(expires_at__gt=database_clock.now()) if is_owner else [],
        "form": form,
        "links": links(merchant, "people"),
    }
    return render(request, "directory/people/people.html", context)


@require_POST
@login_required
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    merchant, user = _owned(request, pk), cast(User, request.user)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, merchant, form)
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    if take(INVITATIONS, str(user.pk)) or not access.invite(merchant, email, role, user, form.mandate):
        form.add_error("email", "Vous avez envoyé beaucoup d’invitations : attendez demain, ou annulez-en une.")
        return _page(request, merchant, form)
    messages.success(request, f"L’invitation est partie à {email}. Elle est valable sept jours.")
    return redirect("people:list", pk)


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int, invitation_id: int) -> HttpResponse:
    _owned(request, pk).invitations.filter(pk=invitation_id).delete()
    messages.success(request, "L’invitation est annulée : son lien ne marche plus.")
    return redirect("people:list", pk)


@require_POST
@login_required
def remove(request: HttpRequest, pk: int, access_id: int) -> HttpResponse:
    """An owner removes anybody, themselves too; from that moment the page is closed to them."""
    merchant = _owned(request, pk)
    if access.remove(access_id, merchant, cast(User, request.user)):
        messages.success(request, "L’accès est retiré.")
    else:
        messages.error(request, "Il faut au moins une personne responsable : invitez-en d’abord une autre.")
    is_still_here = MerchantPage.objects.managed_by(request.user).filter(pk=pk).exists()
    return redirect("people:list", pk) if is_still_here else redirect("space:home")


@never_cache
@login_required
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: it shows, and a button takes it."""
    user = cast(User, request.user)
    invitation = access.invitation_of(token)
    is_for_them = invitation is not None and access.is_for(invitation, user)
    if request.method == "POST" and invitation and is_for_them and access.accept(invitation, user):
        messages.success(request, f"Bienvenue. Vous tenez maintenant la page « {invitation.merchant.title} ».")
        return redirect("space:profile", invitation.merchant_id)
    context = {"invitation": invitation, "is_for_them": is_for_them, "email": user.email}
    return render(request, "directory/people/invitation.html", context)


@require_POST
@login_required
def answer_request(request: HttpRequest, pk: int, request_id: int) -> HttpResponse:
    """An owner's answer to who asks to join; that a page should change hands is not for them to say."""
    merchant = _owned(request, pk)
    asked = get_object_or_404(AccessRequest, pk=request_id, merchant=merchant, kind=Kind.JOIN)
    _answered(request, asked)
    return redirect("people:list", pk)


def _owned(request: HttpRequest, pk: int) -> MerchantPage:
    return get_object_or_404(MerchantPage.objects.owned_by(cast(User, request.user)), pk=pk)


@permission_required("directory.add_merchantmanager")
def office(request: HttpRequest) -> HttpResponse:
    """What the Region answers, in Wagtail's admin: all requests that wait, those to keepers too."""
    if request.method == "POST":
        number = request.POST.get("request", "")
        known = number if number.isdecimal() and len(number) <= LONGEST_ID else 0
        _answered(request, get_object_or_404(AccessRequest, pk=known))
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
