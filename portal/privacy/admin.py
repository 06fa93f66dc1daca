"""« Consultations », among the admin's reports: who of the staff opened whose data, for superusers."""

from django.contrib.auth.decorators import user_passes_test
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.privacy.models import Consultation

PAGE_SIZE = 100


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
