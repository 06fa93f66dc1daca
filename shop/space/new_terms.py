"""A merchant whose accepted terms have a newer version is asked again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.models import MerchantPage
from directory.space.navigation import links
from shop import terms
from shop.models import Storefront


@require_safe
@never_cache
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes since the version that was accepted, with a button to accept and a way to leave."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    storefront = get_object_or_404(Storefront, merchant=merchant)
    version = terms.newest()
    accepted = storefront.acceptances.order_by("-version", "-pk").first()
    known = terms.TermsVersion.objects.filter(
        audience=terms.Audience.MERCHANTS, version=accepted.version if accepted else ""
    ).first()
    is_accepted = bool(version and accepted and accepted.sha256 == version.sha256)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "shop"),
        "version": version,
        "paragraphs": terms.changes(known, version) if known and version and not is_accepted else None,
        "is_accepted": is_accepted,
    }
    return render(request, "shop/space/new_terms.html", context)
