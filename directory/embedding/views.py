"""The card, and where a merchant copies the code of it.

It is the one page that other sites may frame: nothing can be done in it but open the merchant's page, in a tab of its
own, so that nobody can be made to click what they do not see.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from directory.cards import known_state
from directory.models import MerchantPage
from directory.short_codes import code_of, number_of
from directory.space.navigation import links
from directory.vetting.trail import trail
from portal.memory import memoized_rows
from portal.page_cache import cached_page

WIDTH, HEIGHT = 340, 190  # pixels: the narrowest that the longest name fits in

View = Callable[..., HttpResponse]


def card_path(merchant: MerchantPage) -> str:
    return reverse("card", args=[code_of(merchant)])


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": ["'none'"], "connect-src": ["'none'"], "form-action": ["'none'"]})
@cached_page
def card(request: HttpRequest, code: str) -> HttpResponse:
    """Name, trade, town, whether it is open; of who is gone, one line that says so and names nobody."""
    merchant = _online(number_of(code))
    context: dict[str, Any] = {"merchant": merchant, "site": settings.SITE_URL}
    if merchant is None:
        return render(request, "directory/embedding/card.html", context, status=HTTPStatus.NOT_FOUND)
    now = timezone.localtime()
    context |= {"state": known_state(merchant, now), "is_sealed": trail(merchant, now.date()).is_sealed}
    return render(request, "directory/embedding/card.html", context)


@require_safe
@never_cache
@login_required
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # the stubs know views without arguments only
def code_to_copy(request: HttpRequest, pk: int) -> HttpResponse:
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user).with_place(), pk=pk)
    path = card_path(merchant)
    context = {
        "merchant": merchant,
        "path": path,
        "address": f"{settings.SITE_URL}{path}",
        "width": WIDTH,
        "height": HEIGHT,
        "links": links(merchant, "preview"),
    }
    return render(request, "directory/embedding/code.html", context)


@memoized_rows
def _online(pk: int) -> MerchantPage | None:
    return MerchantPage.objects.live().with_place().filter(pk=pk).first()
