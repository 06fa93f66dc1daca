"""Refuses dangerous acts in the admin: withdrawing, moving or deleting the pages the site stands on."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from directory.models import MerchantPage
from directory.review_task import faults_of_page
from home.checks.publishing import publish_errors
from portal.addresses import is_reserved
from portal.pages import PortalPage
from portal.typography import no_break

MOST_AT_ONCE = 20  # pages that an editor withdraws, moves or deletes in one act, those below them included
ACTS = {"unpublish": "dépubliée", "delete": "supprimée", "move": "déplacée"}


@hooks.register("before_unpublish_page")
def before_unpublish(request: HttpRequest, page: Page) -> HttpResponse | None:
    below = page.get_descendants().live().count() if request.POST.get("include_descendants") else 0
    return _refused(request, "unpublish", [page], 1 + below)


@hooks.register("before_delete_page")
def before_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refused(request, "delete", [page], 1 + page.get_descendant_count())


@hooks.register("before_move_page")
def before_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    return _refused(request, "move", [page], 1 + page.get_descendant_count()) or _refused_address(
        request, page, destination.url_path, page.slug
    )


@hooks.register("before_copy_page")
def before_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse a copy that nobody could open."""
    if request.method != "POST":
        return None
    parent = Page.objects.filter(pk=request.POST.get("new_parent_page") or 0).first() or page.get_parent()
    return _refused_address(request, page, parent.url_path, request.POST.get("new_slug", ""))


@hooks.register("before_bulk_action")
def before_many(request: HttpRequest, action: str, objects: Sequence, view: Any) -> HttpResponse | None:
    pages = [thing for thing in objects if isinstance(thing, Page)]
    if action not in ACTS or not pages:
        return None
    counts_below = action != "unpublish" or request.POST.get("include_descendants")
    below = sum(page.get_descendant_count() for page in pages) if counts_below else 0
    return _refused(request, action, pages, len(pages) + below)


@hooks.register("before_bulk_action")
def publish_without_faults(request: HttpRequest, action: str, objects: list, view: Any) -> None:
    """Leave out of a publication in bulk what its own form would not publish; merchants' pages have rules of theirs."""
    if action != "publish":
        return
    for page in [page for page in objects if not isinstance(page.specific, MerchantPage)]:
        draft = page.specific.get_latest_revision_as_object()
        body = getattr(draft, "body", None)
        mend = [sentence for sentences in publish_errors(body).values() for sentence in sentences] if body else []
        if faults := [*faults_of_page(draft), *mend]:
            messages.error(request, no_break(f"« {page.title} » n’est pas publiée : {' '.join(faults)}"))
            objects.remove(page)


def _refused(request: HttpRequest, action: str, pages: Sequence[Page], count: int) -> HttpResponse | None:
    """Return where to go instead, having said why, or None if these pages may be acted on."""
    if standing := [page for page in pages if _stays(page)]:
        names = ", ".join(f"« {page.title} »" for page in standing)
        return _back(request, pages[0], f"Le site repose sur {names} : cette page ne peut pas être {ACTS[action]}.")
    if count > MOST_AT_ONCE and not request.user.is_superuser:
        return _back(
            request,
            pages[0],
            f"Cela toucherait {count} pages. Au-delà de {MOST_AT_ONCE} à la fois, demandez à un administrateur, "
            "ou choisissez-en moins.",
        )
    return None


def _stays(page: Page) -> bool:
    model = page.specific_class
    return page.is_root() or bool(model and issubclass(model, PortalPage) and model.stays)


def _refused_address(request: HttpRequest, page: Page, parent_path: str, slug: str) -> HttpResponse | None:
    if not is_reserved(parent_path, slug):
        return None
    return _back(request, page, f"L’adresse « {slug} » est déjà celle d’une page du portail. Choisissez-en une autre.")


def _back(request: HttpRequest, page: Page, message: str) -> HttpResponse:
    messages.error(request, no_break(message))
    parent = page.get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent and not parent.is_root() else page.pk)
