"""The closing of the portal: a switch that editors turn in the site's settings."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from home.site_settings import site_settings

# What outlives the public pages: whoever bought or sold here keeps their orders and data, the law its notices.
LEFT_OPEN = (
    "/compte/",
    "/espace/",
    "/gestion/",
    "/boutique/compte/",
    "/boutique/commande/merci/",
    "/boutique/commande/confirmer/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/cgu/",
    "/contact-autorites/",
    "/accessibilite/",
    "/signaler/",
    "/media/",
    "/sante/",
    "/robots.txt",
    "/service-worker.js",
)


class Closing:
    """Once the portal is closed, answer every other address with the page that says so.

    410, not 503: a closing is final, and search engines should forget the addresses rather than come back for them.
    (A server under maintenance answers 503 by itself, before Django.)
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(LEFT_OPEN) or not site_settings().is_closed:
            return self.get_response(request)
        return render(request, "home/closed.html", {"site_settings": site_settings()}, status=410)
