"""Pages for machines: sitemaps, robots.txt, OpenSearch, IndexNow's key."""

from django.conf import settings
from django.contrib.sitemaps import views as sitemap_views
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from home.found.sitemaps import SITEMAPS, files
from portal.jsonld import absolute

HOUR = 60 * 60  # seconds
PRIVATE_PATHS = ("/gestion/", "/boutique/gestion/", "/boutique/panier/", "/boutique/commande/", "/boutique/compte/")
PRIVATE_PATHS += ("/compte/", "/espace/*/", "/sante/")


@cache_control(public=True, max_age=HOUR)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Every file of the sitemap, with the date of its newest page."""
    return render(request, "sitemap_index.xml", {"sitemaps": files()}, content_type="application/xml")


@cache_control(public=True, max_age=HOUR)
def sitemap(request: HttpRequest, section: str) -> HttpResponseBase:
    """One file of the sitemap: ``?p=2`` for those past 50,000 pages."""
    return sitemap_views.sitemap(request, SITEMAPS, section)


@cache_control(public=True, max_age=HOUR)
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing is closed to robots but what is private or leads nowhere."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in PRIVATE_PATHS),
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=HOUR)
def open_search(request: HttpRequest) -> HttpResponse:
    """How a browser searches the portal from its address bar."""
    return render(
        request,
        "home/opensearch.xml",
        {"site": settings.SITE_URL},
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:
    """Prove to IndexNow that its key is ours; 404 when it is off."""
    if not settings.INDEXNOW_KEY or key != settings.INDEXNOW_KEY:
        raise Http404
    return HttpResponse(key, content_type="text/plain; charset=utf-8")
