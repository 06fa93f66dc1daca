"""The page « Signaler »."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from home.notices.emails import tell
from home.notices.forms import NoticeForm
from portal.same_origin import same_origin_required


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The form, filled with the page one comes from: /signaler/?page=/commercants/le-fournil/."""
    form = NoticeForm(initial={"page": request.GET.get("page", "")[:300]})
    return render(request, "home/notice.html", {"form": form})


@same_origin_required
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Keep a report, tell the editors, and say its number."""
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return render(request, "home/notice.html", {"form": form})
    with transaction.atomic():
        notice = form.save()
        tell(notice)
    return render(request, "home/notice_received.html", {"notice": notice})
