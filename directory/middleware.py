"""Answers 410 with the nearest merchants for the page of a merchant who left."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from directory.cards import merchant_cards
from directory.models import MerchantPage

MERCHANT_PATH = re.compile(r"/commercants/([\w-]+)/")
NEIGHBOURS = 6


class GoneMerchants:
    """Answer 410 where a merchant's page was public and is no more, and propose the neighbours.

    Search engines then forget the address at once; a page that never was public stays a 404. Only answers that are
    already 404 are looked at, so that live pages pay nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        path = MERCHANT_PATH.fullmatch(request.path)
        if response.status_code != 404 or not path or request.method not in ("GET", "HEAD"):
            return response
        merchants = MerchantPage.objects.filter(live=False, first_published_at__isnull=False)
        merchant = merchants.with_place().filter(slug=path[1]).first()
        return _gone(request, merchant) if merchant else response


def _gone(request: HttpRequest, merchant: MerchantPage) -> HttpResponseBase:
    nearest = MerchantPage.objects.live().card_rows().nearest(merchant.point)[:NEIGHBOURS]
    context = {"merchant": merchant, "neighbours": merchant_cards(nearest, timezone.now())}
    return render(request, "directory/merchant_gone.html", context, status=410)
