"""The public page of a plan: what stops on which day, and what stays."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from home.closing.phases import Kind
from home.site_settings import site_settings


@require_safe
def closing(request: HttpRequest) -> HttpResponse:
    plan = site_settings().closing
    if plan is None:
        raise Http404
    context = {"plan": plan, "is_pause": plan.kind == Kind.PAUSE}
    return render(request, "home/closing/plan.html", context)
