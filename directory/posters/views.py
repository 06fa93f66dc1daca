"""The poster and the sticker in the merchant's space."""

from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.models import MerchantPage
from directory.posters.drawing import MILLIMETRES, Poster, draw
from directory.posters.links import short_url
from directory.space.navigation import links


@require_safe
@never_cache
@login_required
def posters(request: HttpRequest, pk: int) -> HttpResponse:
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user).with_place(), pk=pk)
    context = {"merchant": merchant, "url": short_url(merchant), "links": links(merchant, "preview")}
    return render(request, "directory/posters/posters.html", context)


@require_safe
@never_cache
@login_required
def poster_file(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """The PDF of one page that is online: a code on a door must lead somewhere."""
    if size not in MILLIMETRES:
        raise Http404
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user).with_place().live(), pk=pk)
    url = short_url(merchant)
    shown = urlsplit(url)
    poster = Poster(
        merchant.title, merchant.town.name, url, f"{shown.netloc.removeprefix('www.')}{shown.path}".rstrip("/")
    )
    response = HttpResponse(draw(poster, size), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="affiche-{merchant.slug}-{size}.pdf"'
    return response
