"""« Tâches de fond », among the admin's reports: what is due and when, what failed and why, and how to have it done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.auth import permission_required

from portal import database_clock, job_reports

VIEW, CHANGE = "portal.view_jobreport", "portal.change_jobreport"


@permission_required(VIEW)
def report(request: HttpRequest) -> HttpResponse:
    context = {
        "page_title": "Tâches de fond",
        "kinds": job_reports.kinds(database_clock.now()),
        "failed": job_reports.failed(),
        "may_change": request.user.has_perm(CHANGE),
    }
    return render(request, "portal/jobs.html", context)


@require_POST
@permission_required(CHANGE)
def run_again(request: HttpRequest, job_id: int) -> HttpResponse:
    return _done(
        request, job_reports.run_again(job_id), "Tâche relancée : elle est faite dans les secondes qui viennent."
    )


@require_POST
@permission_required(CHANGE)
def forget(request: HttpRequest, job_id: int) -> HttpResponse:
    return _done(request, job_reports.forget(job_id), "Échec effacé : la tâche ne sera pas refaite.")


def _done(request: HttpRequest, was_failed: bool, message: str) -> HttpResponse:
    """Go back to the report, and say what was done, or that somebody was faster."""
    if was_failed:
        messages.success(request, message)
    else:
        messages.warning(request, "Cette tâche n’est plus en échec : quelqu’un l’a déjà relancée ou effacée.")
    return redirect("jobs_report")
