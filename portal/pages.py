"""What every Wagtail page type of the portal shares."""

from wagtail.models import Page


class PortalPage(Page):
    """A page of the portal's single site."""

    class Meta:
        abstract = True

    @property
    def public_path(self) -> str:
        """The page's address on the site, from "/", without a look-up.

        ``Page.url`` asks the cache for the site's root at each call; listings and the search index show thousands of
        pages of one site, whose address is ``url_path`` without the root page's own slug.
        """
        return "/" + self.url_path.split("/", 2)[2]
