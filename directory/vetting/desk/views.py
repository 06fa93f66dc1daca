"""The pages on which editors decide: an application, and a merchant."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from wagtail.admin import messages

from directory.models import MerchantPage
from directory.vetting import acts, checking, signals
from directory.vetting.desk.access import only_those_who_decide
from directory.vetting.desk.comparison import compared, look_alikes
from directory.vetting.desk.forms import CHANGED, CheckForm, ReasonsForm
from directory.vetting.kinds import Kind, Means, Result, State, Step
from directory.vetting.models import Application, JournalEntry, ReasonTemplate, Vetting
from directory.vetting.rules import latest_checks, missing
from directory.vetting.termination.models import OPEN
from portal.models import User
from portal.typography import no_break

MOST_SHOWN = 30
DONE = {
    "accept": "« {} » est en ligne, et la personne qui a candidaté en tient la page. Elle est prévenue.",
    "ask": "La demande de compléments pour « {} » est envoyée ; le délai s’arrête jusqu’à la réponse.",
    "refuse": "« {} » est refusé. Les motifs et les recours sont envoyés.",
    "verify": "« {} » est vérifié : sa page peut être publiée.",
}
Act = Callable[[str], None]


def application(request: HttpRequest, number: str) -> HttpResponse:
    """One application: what was declared beside the register, the checks, the decision."""
    only_those_who_decide(request)
    found = get_object_or_404(Application.objects.select_related("applicant", "merchant"), number=number)
    user = cast(User, request.user)
    possible: dict[str, Act] = {
        "accept": lambda reasons: acts.accept(found, user),
        "ask": lambda reasons: acts.ask(found, user, reasons),
        "refuse": lambda reasons: acts.refuse(found, user, reasons),
    }
    title = found.declared.get("title") or found.number
    is_stale = request.method == "POST" and request.POST.get("seen", "") not in ("", found.changed_at.isoformat())
    check, reasons, done = _handle(request, found.merchant, possible, title, CHANGED if is_stale else "")
    if done:
        return redirect(request.get_full_path())
    context = {
        "application": found,
        "lines": compared(found),
        "alikes": look_alikes(found),
        "signals": signals.labels(signals.signals(found, timezone.localdate())),
        "may_ask": found.state == Step.SUBMITTED,
        "may_decide": found.state in (Step.SUBMITTED, Step.INCOMPLETE),
        "days": acts.elapsed(found, timezone.localdate()).days,
        "templates": ReasonTemplate.objects.all(),
        "documents": found.documents.defer("sealed"),
        "journal": JournalEntry.objects.filter(application_number=found.number).select_related("actor")[:MOST_SHOWN],
    }
    return _page(request, "directory/vetting/application.html", found.merchant, check, reasons, title, context)


def merchant(request: HttpRequest, pk: int) -> HttpResponse:
    """One merchant: their checks, what the Region decided of them, and what it may decide."""
    only_those_who_decide(request)
    page = get_object_or_404(MerchantPage.objects.select_related("vetting", "town"), pk=pk)
    user = cast(User, request.user)
    possible: dict[str, Act] = {
        "verify": lambda reasons: acts.verify(page, user),
    }
    check, reasons, done = _handle(request, page, possible, page.title, "")
    if done:
        return redirect(request.get_full_path())
    vetting = Vetting.objects.get(merchant=page)
    context = {
        "merchant": page,
        "vetting": vetting,
        "may_verify": vetting.state == State.PENDING,
        "sanctions": page.sanctions.all(),
        "termination": page.terminations.filter(stage__in=OPEN).first(),
        "documents": page.documents.defer("sealed"),
        "journal": JournalEntry.objects.filter(merchant_number=pk).select_related("actor")[:MOST_SHOWN],
    }
    return _page(request, "directory/vetting/merchant.html", page, check, reasons, page.title, context)


def _handle(
    request: HttpRequest, page: MerchantPage | None, possible: dict[str, Act], title: str, stale: str
) -> tuple[CheckForm, ReasonsForm, bool]:
    """Do what was sent; return the forms, which keep what was typed when it could not be done, and whether it was."""
    today = timezone.localdate()
    check = CheckForm(initial={"day": today, "kind": Kind.ACTIVITY, "source": Means.VISIT, "result": Result.PASSED})
    template = ReasonTemplate.objects.filter(pk=request.GET.get("motif") or 0) if _is_number(request) else None
    reasons = ReasonsForm(initial={"reasons": found.text if (found := template and template.first()) else ""})
    act = request.POST.get("act", "")
    if request.method != "POST":
        return check, reasons, False
    if act == "check" and page:
        check = CheckForm(request.POST)
        return check, reasons, check.is_valid() and _recorded(request, page, check)
    if act not in possible:
        return check, reasons, False
    reasons = ReasonsForm(request.POST)
    wants_reasons = act not in ("accept", "verify")
    if stale:
        messages.error(request, no_break(stale))
    elif not wants_reasons or reasons.is_valid():
        try:
            possible[act](reasons.cleaned_data["reasons"] if wants_reasons else "")
        except ValidationError as error:
            messages.error(request, no_break(" ".join(error.messages)))
        else:
            messages.success(request, no_break(DONE[act].format(title)))
            return check, reasons, True
    if not wants_reasons:
        reasons = ReasonsForm(initial={"reasons": request.POST.get("reasons", "")})
    return check, reasons, False


def _is_number(request: HttpRequest) -> bool:
    return request.GET.get("motif", "").isdecimal()


def _recorded(request: HttpRequest, page: MerchantPage, form: CheckForm) -> bool:
    told = form.cleaned_data
    kind, result, source = Kind(told["kind"]), Result(told["result"]), Means(told["source"])
    checking.record(page, kind, result, source, by=cast(User, request.user), day=told["day"], note=told["note"])
    messages.success(request, no_break(f"Contrôle enregistré : {kind.label}, {result.label}."))
    return True


def _page(
    request: HttpRequest,
    template: str,
    page: MerchantPage | None,
    check: CheckForm,
    reasons: ReasonsForm,
    title: str,
    context: dict[str, Any],
) -> HttpResponse:
    today = timezone.localdate()
    checks = latest_checks([page.pk]).get((page.pk, page.siret or ""), {}) if page else {}
    lacking = set(missing(checks, today))
    shown = [{"kind": kind, "check": checks.get(kind), "lacks": kind in lacking} for kind in Kind]
    common = {
        "page_title": title,
        "page": page,
        "checks": [row for row in shown if row["check"] or row["lacks"]],
        "lacking": [kind.label for kind in Kind if kind in lacking],
        "check_form": check,
        "reasons_form": reasons,
    }
    return render(request, template, common | context)
