"""The terms of merchants and of visitors, version by version."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.dependencies import depends_on_tags
from portal.page_cache import cached_page
from shop import terms
from shop.terms import Audience, TermsVersion

HEADINGS = {Audience.MERCHANTS: "Conditions pour les commerçants", Audience.VISITORS: "Conditions d’utilisation"}


@require_safe
@cached_page
def of_merchants(request: HttpRequest, version: str = "") -> HttpResponse:
    """The version in force, or another."""
    return shown(request, Audience.MERCHANTS, version, reverse("merchant_terms"))


@require_safe
@cached_page
def of_visitors(request: HttpRequest, version: str) -> HttpResponse:
    return shown(request, Audience.VISITORS, version, "/cgu/versions/")


def shown(request: HttpRequest, audience: Audience, version: str, home: str) -> HttpResponse:
    """Return the page of a version, "" for that in force; raise Http404 where there is none."""
    depends_on_tags("terms")
    current = terms.in_force(audience)
    found = get_object_or_404(TermsVersion, audience=audience, version=version) if version else current
    if found is None:
        raise Http404("Cette version n’existe pas.")
    former = terms.before(found)
    context = {
        "version": found,
        "current": current or found,
        "heading": HEADINGS[audience],
        "home": home,
        "former": former,
        "paragraphs": terms.changes(former, found) if former and version else None,
        "versions": TermsVersion.objects.filter(audience=audience),
    }
    if found == current and audience == Audience.MERCHANTS:
        context["canonical_url"] = f"{settings.SITE_URL}{home}"  # that in force has two addresses
    return render(request, "shop/terms/version.html", context)
