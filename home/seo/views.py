"""Pages for machines: sitemaps, robots.txt, OpenSearch, IndexNow's key, social pictures."""

from django.conf import settings
from django.contrib.sitemaps import views as sitemap_views
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from home.seo.sitemaps import SITEMAPS, files
from home.seo.social_cards import KINDS
from home.seo.social_images import stored
from portal.jsonld import absolute

HOUR = 60 * 60  # seconds
YEAR = 365 * 24 * HOUR
PRIVATE_PATHS = (
    "/gestion/",
    "/boutique/panier/",
    "/boutique/commande/",
    "/boutique/compte/",
    "/compte/",
    "/espace/*/",
    "/sante/",
)


@cache_control(public=True, max_age=HOUR)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Every file of the sitemap, with the date of its newest page."""
    return render(request, "sitemap_index.xml", {"sitemaps": files()}, content_type="application/xml")


@cache_control(public=True, max_age=HOUR)
def sitemap(request: HttpRequest, section: str) -> HttpResponseBase:
    """One file of the sitemap: ``?p=2`` for those past 50,000 pages."""
    return sitemap_views.sitemap(request, dict(SITEMAPS), section)


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


def social_picture(request: HttpRequest, kind: str, key: str) -> FileResponse:
    """The picture that stands for a page where it is shared, for a year at the address pages give of it."""
    if kind not in KINDS:
        raise Http404
    sign = KINDS[kind].sign(KINDS[kind].find(key))
    response = FileResponse(default_storage.open(stored(sign)), content_type="image/png")
    is_current = request.GET.get("v") == sign.digest
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if is_current else f"public, max-age={HOUR}"
    return response
