"""Where a person's account begins, and what the portal declares of itself."""

from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.models import MerchantPage
from home import accessibility


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Lead editors to the admin, merchants to their space, and everybody else to her orders."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    if MerchantPage.objects.managed_by(request.user).exists():
        return redirect("space:home")
    return redirect("customer:order-list")


@require_safe
def accessibility_statement(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law asks for, computed from the recorded audit."""
    audit = accessibility.recorded()
    return render(
        request,
        "home/accessibility.html",
        {
            "audit": audit,
            "state": accessibility.state(audit, timezone.localdate()),
            "valid_years": accessibility.VALID_YEARS,
            "rgaa": accessibility.RGAA,
            "checks": [promise for _, promise in accessibility.DECIDED.values()],
            "contact": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        },
    )
