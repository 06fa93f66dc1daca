"""What every Wagtail page type of the portal shares."""

from django.http import HttpRequest, HttpResponseBase
from wagtail.models import Page, PageViewRestriction

from portal.page_cache import shows


def path_of(url_path: str) -> str:
    """Return a page's address on the site, from "/", given Wagtail's ``url_path``: it without the root's own slug."""
    return "/" + url_path.split("/", 2)[2]


class PortalPage(Page):
    """A page of the portal's single site. None is private: what isn't live isn't seen."""

    private_page_options: list[str] = []

    class Meta:
        abstract = True

    @property
    def public_path(self) -> str:
        """The page's address on the site, from "/", without a look-up.

        ``Page.url`` asks the cache for the site's root at each call; listings and the search index show thousands of
        pages of one site.
        """
        return path_of(self.url_path)

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        shows("page", self.pk)
        return super().serve(request, *args, **kwargs)

    def get_view_restrictions(self):
        """Return none, without the two queries that would look for some."""
        return PageViewRestriction.objects.none()
