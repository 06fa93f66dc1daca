"""The short address on posters: it follows the page itself, so a new name or town leaves no poster wrong."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.models import MerchantPage
from directory.short_codes import code_of, number_of


def short_url(merchant: MerchantPage) -> str:
    """Return the whole address, as a QR code holds it: "https://…/m/4k/"."""
    return f"{settings.SITE_URL}{reverse('short_link', args=[code_of(merchant)])}"


@require_safe
@never_cache
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to the page as it is called today; that of one who is gone says so by itself (directory/middleware.py)."""
    published = MerchantPage.objects.filter(first_published_at__isnull=False).only("url_path")
    merchant = get_object_or_404(published, pk=number_of(code))
    return redirect(merchant.public_path)
