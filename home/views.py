"""Where a person's account begins."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Lead editors to the admin, merchants to their space, and everybody else to her orders."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    if request.user.merchant_accesses.exists():
        return redirect("space:home")
    return redirect("customer:order-list")
