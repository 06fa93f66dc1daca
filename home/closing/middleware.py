"""What an announced plan stops: orders first, then every change, then the public pages."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from home.closing.announced import phase_of
from home.closing.phases import Phase
from home.site_settings import site_settings

ORDERING = re.compile(
    r"/boutique/(panier/ajouter/|commande/$|commande/refaire/)|/commercants/[^/]+/(reserver|appelez-moi)/$"
)
# The Region's own desk, and what machines ask, also while the database is away: no plan stops them.
NEVER_STOPPED = ("/gestion/", "/sante/", "/media/", "/robots.txt", "/service-worker.js")
# What outlives the public pages: whoever bought or sold here keeps their orders and data, the law its notices.
LEFT_OPEN = (
    "/compte/",
    "/espace/",
    "/boutique/compte/",
    "/boutique/commande/merci/",
    "/boutique/commande/confirmer/",
    "/boutique/commande/annuler/",
    "/boutique/commande/messages/",
    "/boutique/renoncer/",
    "/boutique/demande/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/fermeture/",
    "/cgu/",
    "/contact-autorites/",
    "/accessibilite/",
    "/signaler/",
)
# Where something may still be sent once all else can only be read: orders end, and everybody takes their data away.
STILL_SENT = re.compile(
    r"/(compte|boutique/(compte|renoncer|demande|commande/(confirmer|annuler|horaire|messages))|signaler"
    r"|espace/\d+/(commandes|demandes|retractations|messages|decisions|quitter))/"
)
SAFE = ("GET", "HEAD", "OPTIONS")


class ClosingDoors:
    """Answer what a plan has stopped with the page that says so; what was in a basket stays there.

    410 once closed, not 503: a closing is final, and search engines should forget the addresses rather than come back
    for them. 403 for what can no longer be ordered or changed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(NEVER_STOPPED):
            return self.get_response(request)
        phase = phase_of(site_settings().closing)
        if phase >= Phase.NO_ORDERS:
            if phase == Phase.CLOSED and not request.path.startswith(LEFT_OPEN):
                return stopped(request, phase, 410)
            if ORDERING.match(request.path):
                return stopped(request, Phase.NO_ORDERS, 403)
            if phase >= Phase.READ_ONLY and request.method not in SAFE and not STILL_SENT.match(request.path):
                return stopped(request, Phase.READ_ONLY, 403)
        return self.get_response(request)


def stopped(request: HttpRequest, phase: Phase, status: int) -> HttpResponse:
    site = site_settings()
    template = "home/closing/closed.html" if phase == Phase.CLOSED else "home/closing/stopped.html"
    context = {"site_settings": site, "plan": site.closing, "is_read_only": phase >= Phase.READ_ONLY}
    return render(request, template, context, status=status)
