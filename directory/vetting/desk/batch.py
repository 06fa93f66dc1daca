"""Several applications decided at once: those that nothing speaks against accepted, or all asked for the same thing.

Each goes through the act of one alone, in a transaction of its own and with its own entry in the journal; one that
cannot be done is told, and the others are done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from wagtail.admin import messages

from directory.vetting import acts, signals
from directory.vetting.desk.access import only_those_who_decide
from directory.vetting.desk.forms import CHANGED, ReasonsForm
from directory.vetting.kinds import Kind, Step
from directory.vetting.models import Application, ReasonTemplate
from directory.vetting.rules import latest_checks, missing
from portal.models import User
from portal.typography import no_break

A_PAGE = 25
NOTHING_CHOSEN = "Cochez au moins un dossier."
SIGNALLED = "Ce dossier porte des signaux : décidez-en sur sa page."


@dataclass(frozen=True)
class Row:
    """One application of the list. lacking: labels of checks that lack; is_ready: it may be accepted from here."""

    application: Application
    lacking: list[str]
    told: list[str]

    @property
    def title(self) -> str:
        return self.application.declared.get("title") or self.application.number

    @property
    def is_ready(self) -> bool:
        return not (self.lacking or self.told)


def together(request: HttpRequest) -> HttpResponse:
    """List those that wait for the Region, and do what is chosen with those that are ticked."""
    only_those_who_decide(request)
    form = ReasonsForm(initial={"reasons": _template(request)})
    if request.method == "POST":
        form = ReasonsForm(request.POST)
        if _decided(request, form):
            return redirect(request.get_full_path())
    waiting = Application.objects.filter(state=Step.SUBMITTED).select_related("merchant").order_by("due_on", "pk")
    page = Paginator(waiting, A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": "Décider de plusieurs candidatures",
        "rows": _rows(list(page.object_list), timezone.localdate()),
        "page": page,
        "reasons_form": form,
        "templates": ReasonTemplate.objects.filter(use=ReasonTemplate.Use.ASK),
        "ticked": request.POST.getlist("number"),
    }
    return render(request, "directory/vetting/together.html", context)


def _rows(applications: list[Application], today: date) -> list[Row]:
    """Return the rows of a page; one query."""
    checks = latest_checks([one.merchant_id for one in applications if one.merchant_id])
    rows = []
    for one in applications:
        siret = one.merchant.siret or "" if one.merchant else ""
        lacking = missing(checks.get((one.merchant_id or 0, siret), {}), today)
        rows.append(Row(one, [Kind(kind).label for kind in lacking], signals.labels(one.signals)))
    return rows


def _decided(request: HttpRequest, form: ReasonsForm) -> bool:
    """Do what was sent; return whether it was done with at least one. What was not is told, one by one."""
    user, act = cast(User, request.user), request.POST.get("act")
    numbers = request.POST.getlist("number")[:A_PAGE]
    if not numbers:
        messages.error(request, no_break(NOTHING_CHOSEN))
        return False
    if act == "ask":
        if not form.is_valid():
            return False
        reasons, done = form.cleaned_data["reasons"], "compléments demandés"
        does: Callable[[Application], None] = lambda one: acts.ask(one, user, reasons)  # noqa: E731
    elif act == "accept":
        done, does = "accepté et en ligne", lambda one: _accept(one, user)
    else:
        return False
    found = {one.number: one for one in Application.objects.filter(number__in=numbers)}
    count = sum(_one(request, found[number], does, done) for number in numbers if number in found)
    return count > 0


def _one(request: HttpRequest, application: Application, does: Callable[[Application], None], done: str) -> bool:
    title = application.declared.get("title") or application.number
    seen = request.POST.get(f"seen-{application.number}")
    try:
        if seen != application.changed_at.isoformat():
            raise ValidationError(CHANGED)
        does(application)
    except ValidationError as error:
        messages.error(request, no_break(f"« {title} » ({application.number}) : {' '.join(error.messages)}"))
        return False
    messages.success(request, no_break(f"« {title} » ({application.number}) : {done}."))
    return True


def _accept(application: Application, by: User) -> None:
    """Accept what nothing speaks against, reckoned anew. Raises ValidationError."""
    if signals.signals(application, timezone.localdate()):
        raise ValidationError(SIGNALLED)
    acts.accept(application, by)


def _template(request: HttpRequest) -> str:
    chosen = request.GET.get("motif", "")
    template = ReasonTemplate.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    return template.text if template else ""
