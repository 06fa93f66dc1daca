"""Wagtail's own ways to take a merchant's page offline or to delete it: each leads to the procedure for that.

A merchant is taken offline by a decision with its reasons (directory/vetting/sanctions/). Deleted is only what never
was public, or is closed for good, and holds no orders, which the shop's own hook keeps.
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.admin.widgets import Button
from wagtail.models import Page

from directory.models import MerchantPage
from directory.vetting.desk.access import MAY_DECIDE
from portal.typography import no_break

NOT_BY_A_CLICK = (
    "« {} » n’est pas {} : un commerce est masqué, suspendu ou clos par une procédure, avec des motifs que le "
    "commerçant lit et auxquels il répond. Ouvrez-la sous « Procédures et sanctions »."
)
ACTS = {"unpublish": "dépublié", "delete": "supprimé"}


class LeadsToProcedure(UnpublishView):
    """« Dépublier »."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return lead_there(request, self.object, "unpublish")


class MerchantDeleteView(DeleteView):
    """« Supprimer »: says why a page with orders is kept, leads to the procedure for others that were public."""

    def dispatch(self, request: HttpRequest, page_id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = get_object_or_404(MerchantPage, pk=page_id)
        if page.permissions_for_user(request.user).can_delete():
            return super().dispatch(request, page_id, *args, **kwargs)
        for hook in hooks.get_hooks("before_delete_page"):
            response = hook(request, page)
            if hasattr(response, "status_code"):
                return response
        return lead_there(request, page, "delete")


def lead_there(request: HttpRequest, page: MerchantPage, act: str) -> HttpResponse:
    messages.error(request, no_break(NOT_BY_A_CLICK.format(page.title, ACTS[act])))
    return redirect(f"{reverse('vetting:merchant', args=[page.pk])}#procedures")


def tell_of_many(request: HttpRequest, action_type: str, objects: list[Page]) -> None:
    """Say, of merchants that were ticked for an act in bulk, why they are left out, and leave them out."""
    if action_type not in ACTS or not all(isinstance(thing, Page) for thing in objects):
        return
    asked = [int(pk) for pk in request.GET.getlist("id") if pk.isdecimal()]
    found = MerchantPage.objects.filter(pk__in={*asked, *(page.pk for page in objects)})
    kept = {page.pk: page for page in found if not _may(action_type, page, request)}
    for page in kept.values():
        link = messages.button(f"{reverse('vetting:merchant', args=[page.pk])}#procedures", "Ouvrir")
        messages.error(request, no_break(NOT_BY_A_CLICK.format(page.title, ACTS[action_type])), buttons=[link])
    objects[:] = [page for page in objects if page.pk not in kept]


def _may(action_type: str, page: MerchantPage, request: HttpRequest) -> bool:
    return action_type == "delete" and page.permissions_for_user(request.user).can_delete()


def procedure_button(page: Page, user: Any) -> Iterator[Button]:
    """Yield the button that stands where « Dépublier » and « Supprimer » did."""
    if page.cached_content_type.model == "merchantpage" and user.has_perm(MAY_DECIDE):
        where = f"{reverse('vetting:merchant', args=[page.pk])}#procedures"
        yield Button("Masquer, suspendre, clore…", where, icon_name="warning", priority=50)
