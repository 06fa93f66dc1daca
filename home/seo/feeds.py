"""Atom feeds: the newest stories and the newest merchants."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from directory.models import MerchantPage
from home.models import StoryPage
from portal.jsonld import absolute
from portal.text import clean

LENGTH = 30  # entries


class PortalFeed(Feed):
    """A feed of Wagtail pages, newest first, at the portal's public address.

    Texts are cleaned where they enter; here once more, as one character that XML refuses would take the whole feed.
    """

    feed_type = Atom1Feed
    language = "fr"
    author_name = "J’achète dans ma région"
    view_name: str

    def feed_url(self) -> str:
        return absolute(reverse(self.view_name))

    def item_title(self, item: Any) -> str:
        return clean(item.title)

    def item_link(self, item: Any) -> str:
        return absolute(item.public_path)

    def item_guid(self, item: Any) -> str:
        return absolute(item.public_path)

    def item_pubdate(self, item: Any) -> datetime:
        return item.first_published_at

    def item_updateddate(self, item: Any) -> datetime:
        return item.last_published_at


class Stories(PortalFeed):
    """The stories of the region."""

    title = "Histoires de comptoir – J’achète dans ma région"
    subtitle = "Des gestes, des saisons, des gens : la région racontée par ceux qui la font."
    view_name = "story_feed"

    def link(self) -> str:
        return absolute("/histoires/")

    def items(self) -> Any:
        return StoryPage.objects.live().public().order_by("-first_published_at", "-pk")[:LENGTH]

    def item_description(self, item: Any) -> str:
        return clean(item.intro)


class NewMerchants(PortalFeed):
    """The merchants who joined last."""

    title = "Nouveaux commerçants – J’achète dans ma région"
    subtitle = "Celles et ceux qui viennent d’ouvrir leur fiche sur le portail."
    view_name = "merchant_feed"

    def link(self) -> str:
        return absolute("/commercants/")

    def items(self) -> Any:
        return MerchantPage.objects.live().public().with_place().order_by("-first_published_at", "-pk")[:LENGTH]

    def item_description(self, item: Any) -> str:
        return f"{item.category.name}, {item.town.name} ({item.town.department_name})"
