"""What every page of the portal needs to know about itself."""

from django.conf import settings

NAVIGATION = [
    ("/commercants/", "Commerçants"),
    ("/commerces/", "Communes"),
    ("/histoires/", "Histoires"),
    ("/espace/", "Vendre ici"),
]


def site(request):
    """Return the page's own absolute address without its query, and the main navigation.

    canonical_url: str. navigation: list of {"url", "label", "current"}; current is the value of
    aria-current: "page" on the very page, "true" on a page below it, else "".
    """
    return {
        "canonical_url": f"{settings.SITE_URL}{request.path}",
        "navigation": [
            {"url": url, "label": label, "current": _current(request.path, url)} for url, label in NAVIGATION
        ],
    }


def _current(path, url):
    if path == url:
        return "page"
    return "true" if path.startswith(url) else ""
