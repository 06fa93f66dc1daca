"""In the admin: who of the staff opened whose data, for superusers; accounts deleted as their owners would do it."""

from typing import Any

from django.contrib.auth.decorators import user_passes_test
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from wagtail.admin import messages

from portal.models import User
from portal.privacy.erasure import erase_accounts
from portal.privacy.models import Consultation, ErasureRecord

PAGE_SIZE = 100


def erase_account(request: HttpRequest, user: User) -> HttpResponse | None:
    """Erase the person, where Wagtail would delete the account, leave the rest, and log its address."""
    return _erase(request, [user]) if request.method == "POST" else None


def erase_accounts_of_list(request: HttpRequest, action_type: str, objects: list, action: Any) -> HttpResponse | None:
    if action_type != "delete" or not objects or not all(isinstance(one, User) for one in objects):
        return None
    return _erase(request, objects)


@transaction.atomic
def _erase(request: HttpRequest, users: list[User]) -> HttpResponse:
    count = erase_accounts(users, ErasureRecord.Way.OFFICE)
    messages.success(request, "Le compte est supprimé." if count == 1 else f"{count} comptes sont supprimés.")
    return redirect("wagtailusers_users:index")


@require_safe
@user_passes_test(lambda user: user.is_superuser)
def consultations(request: HttpRequest) -> HttpResponse:
    """List them, newest first; ``page`` is the address of what was opened, to find who opened it."""
    wanted = request.GET.get("adresse", "").strip()
    found = Consultation.objects.select_related("by")
    if wanted:
        found = found.filter(path__startswith=wanted)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("p"))
    context = {"page_title": "Consultations de données personnelles", "page": page, "wanted": wanted}
    return render(request, "portal/consultations.html", context)
