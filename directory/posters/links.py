"""The short address on posters: it follows the page itself, so a new name or town leaves no poster wrong."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.models import MerchantPage


def short_url(merchant: MerchantPage) -> str:
    """Return the whole address, as a QR code holds it: "https://…/m/4k/"."""
    return f"{settings.SITE_URL}{reverse('short_link', args=[int_to_base36(merchant.pk)])}"


@require_safe
@never_cache
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to the page as it is called today; that of one who is gone says so by itself (directory/middleware.py)."""
    try:
        pk = base36_to_int(code.lower())
    except ValueError as error:
        raise Http404 from error
    merchant = get_object_or_404(MerchantPage.objects.filter(first_published_at__isnull=False).only("url_path"), pk=pk)
    return redirect(merchant.public_path)
