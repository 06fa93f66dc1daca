"""Counts the views of merchants' pages, cached or not."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from directory.audience import counting

MERCHANT_PATH = re.compile(r"/commercants/([\w-]+)/")
SEEN = (200, 304)


class CountViews:
    """Stands above the page cache, so that a page that is kept counts as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        path = MERCHANT_PATH.fullmatch(request.path)
        if path and request.method == "GET" and response.status_code in SEEN and counting.is_visitor(request):
            counting.count("views", path[1])
        return response
