"""The page on which a merchant changes how they are reached: online at once, like the hours."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from directory.models import Check, MerchantPage
from directory.space.at_once import put_online
from directory.space.changes import tell_moved
from directory.space.contacts_form import ContactsForm
from directory.space.navigation import links
from directory.vetting.checking import record
from directory.vetting.kinds import Kind, Means, Result
from portal.models import User

# What proves nothing any more once this is another one, and how it was proved.
PROVED = {"website": (Kind.WEBSITE, Means.WEB), "phone": (Kind.CONTACT, Means.PHONE)}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of telephone, e-mail and site."""
    user = cast(User, request.user)  # login_required: nobody else comes here
    if request.method == "POST":  # one at a time, and before what is stored is read
        Page.objects.select_for_update().filter(pk=pk).first()
    merchant = get_object_or_404(MerchantPage.objects.managed_by(user).with_place(), pk=pk)
    form = ContactsForm(request.POST or None, instance=get_object_or_404(MerchantPage, pk=pk), sender=user)
    if request.method == "POST" and form.is_valid():
        if changes := form.changes:
            put_online(merchant, user, **changes)
            _ask_for_proof_again(merchant, changes)
            where = "en ligne" if merchant.live else "enregistrés ; ils seront en ligne avec votre fiche"
            messages.success(request, f"Vos contacts sont {where}.")
        else:
            messages.info(request, "Rien n’a changé : vos contacts sont déjà enregistrés tels quels.")
        tell_moved(request, form)
        return redirect("space:profile", pk)
    context = {"merchant": merchant, "links": links(merchant, "profile"), "form": form}
    return render(request, "directory/space/contacts.html", context)


def _ask_for_proof_again(merchant: MerchantPage, changes: dict[str, str]) -> None:
    """Have what was proved of the former number or site stand no longer for the new one: the Region checks it again."""
    today = timezone.localdate()
    for name, (kind, means) in PROVED.items():
        latest = Check.objects.filter(merchant=merchant, siret=merchant.siret or "", kind=kind).first()
        if name in changes and latest and latest.is_in_force(today) and latest.source == means:
            record(merchant, kind, Result.UNCLEAR, means, by=None, note="Changé depuis par le commerçant : à revoir.")
