"""Wagtail's redirects, but none that leads back to where it was asked for."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

MOST_STEPS = 10


class Redirects(RedirectMiddleware):
    """Redirect what is not found, unless the way ends where it began or at a page that was withdrawn.

    Editors rename, restore and withdraw pages, and Wagtail remembers each former address: once the page is withdrawn,
    an address it took up again would lead to itself for ever.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code != 404 or not _leads_somewhere(request):
            return response
        return super().process_response(request, response)


def _leads_somewhere(request: HttpRequest) -> bool:
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    seen = set()
    for _ in range(MOST_STEPS):
        plain = urlsplit(path).path
        if plain in seen:
            return False
        seen.add(plain)
        step = get_redirect(request, path) or (get_redirect(request, plain) if plain != path else None)
        if step is None:
            return True  # a page, or nothing, which is no loop
        if step.redirect_page_id:
            # Only what is not found is redirected, so a page in its own place ends the way.
            return step.redirect_page.live and _path(step.link) != plain
        if not step.link or urlsplit(step.link).netloc not in ("", request.get_host()):
            return bool(step.link)
        path = _path(step.link)
    return False


def _path(link: str | None) -> str:
    return Redirect.normalise_path(urlsplit(link or "").path)
