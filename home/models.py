"""The front page and the region's stories."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.blocks import StructValue
from wagtail.models import Page, PageManager
from wagtail.search import index

from directory.cards import Link
from directory.choosers import town_chooser
from directory.departments import DEPARTMENTS
from directory.listings import count_by_town, of_the_hour, open_now
from directory.markets import DAY_SLUGS, board_of_day, markets_on, sources
from home import watched
from home.blocks import CampaignBlocks, StoryBlocks
from home.blocks.actions import is_dated
from home.blocks.base import parts_of
from home.blocks.listings import live_cards
from home.cards import count_of_stories, newest_cards
from home.checks.forms import CheckedPageForm
from home.closing.models import ClosingLetter, ClosingPlan  # noqa: F401
from home.open_data.models import OpenDataEdition, OpenDataFile  # noqa: F401
from home.reports.models import Complaint, Notice, TrustedFlagger  # noqa: F401
from home.results.models import MonthlyCost, MonthlyResult  # noqa: F401
from home.seo.models import SiteAudit  # noqa: F401 - where Django looks for models
from home.site_settings import SiteSettings  # noqa: F401
from home.snippets import Partner, Spotlight  # noqa: F401
from portal.fields import StreamField
from portal.memory import memoized_rows
from portal.models import Picture
from portal.pages import PortalPage, PortalPageQuerySet
from portal.pagination import canonical_url, page_of

OPEN_SHOWN = 4
MARKETS_SHOWN = 5
STORIES_SHOWN = 4
TOWNS_SHOWN = 16
STORIES_A_PAGE = 12
DEPARTMENT_LINKS = tuple(Link(department.name, department.url) for department in DEPARTMENTS)


class HomePage(PortalPage):
    """The front page, root of the site."""

    intro = models.CharField(
        "accroche", max_length=160, default="Qui vend quoi, près de chez vous, et qui est ouvert maintenant."
    )

    body = StreamField(
        CampaignBlocks(), verbose_name="contenu", blank=True,
        help_text="Montré entre les histoires et « Comment nous travaillons ». Vide : rien ne s’y montre.",
    )  # fmt: skip

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]

    base_form_class = CheckedPageForm
    stays = True
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["directory.DirectoryPage", "home.StoryIndexPage", "home.CampaignPage"]
    max_count = 1

    class Meta:
        verbose_name = "accueil"
        triggers = watched.CONTENT

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        now = timezone.localtime()
        counts = count_by_town()
        opened = open_now(now, OPEN_SHOWN)
        todays = [market for market in markets_on(now.date()) if market.closes > now.time()][:MARKETS_SHOWN]
        return super().get_context(request, *args, **kwargs) | {
            "merchants": live_cards(opened or of_the_hour(now, OPEN_SHOWN)),
            "are_open": bool(opened),
            "market_day": DAY_SLUGS[now.weekday()],
            "markets": board_of_day(todays, now),
            "market_sources": sources(todays),
            "campaign": _newest_campaign(),
            "stories": newest_cards(0, STORIES_SHOWN),
            "towns": tuple(sorted(counts.links(TOWNS_SHOWN), key=lambda town: town.name)),
            "departments": DEPARTMENTS,
            "department_links": DEPARTMENT_LINKS,
            "counts": {"merchants": counts.merchants, "towns": len(counts)},
        }


@memoized_rows
def _newest_campaign() -> "CampaignPage | None":
    return CampaignPage.objects.live().order_by("-first_published_at", "-pk").first()


class StoryIndexPage(PortalPage):
    """All stories, newest first, at /histoires/."""

    intro = models.CharField("introduction", max_length=250, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    stays = True
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.StoryPage"]
    max_count = 1

    class Meta:
        verbose_name = "liste des histoires"
        triggers = watched.CONTENT

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        page = page_of(request, range(count_of_stories()), STORIES_A_PAGE)
        return super().get_context(request, *args, **kwargs) | {
            "stories": newest_cards((page.number - 1) * STORIES_A_PAGE, STORIES_A_PAGE),
            "page_obj": page,
            "canonical_url": canonical_url(request, page),
        }


class StoryQuerySet(PortalPageQuerySet):
    def newest(self) -> "StoryQuerySet":
        """Live stories, newest first."""
        return self.live().order_by("-first_published_at", "-pk")


class StoryPage(PortalPage):
    """A story of the region, with live cards of merchants and products."""

    intro = models.CharField("chapeau", max_length=250, help_text="Deux lignes qui donnent envie de lire.")
    picture = models.ForeignKey(
        "portal.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="image"
    )
    author = models.CharField(
        "signature", max_length=120, blank=True, help_text="Qui l’a écrite, comme on le lira. Vide : la rédaction."
    )
    town = models.ForeignKey(
        "directory.Town", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="commune",
        help_text="L’histoire se montre aussi sur la page de cette commune.",
    )  # fmt: skip
    body = StreamField(StoryBlocks(), verbose_name="texte", blank=True)

    objects = PageManager.from_queryset(StoryQuerySet)()

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("picture"),
        FieldRowPanel([FieldPanel("author"), FieldPanel("town", widget=town_chooser.widget_class)]),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]

    base_form_class = CheckedPageForm
    parent_page_types = ["home.StoryIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "histoire"
        triggers = watched.CONTENT

    @property
    def signature(self) -> str:
        """Who wrote it, as visitors read it."""
        return self.author or "La rédaction"

    def holds(self, block_type: str) -> bool:
        return any(block["type"] == block_type for block in self.body.raw_data)

    @property
    def picture_ids(self) -> list[int]:
        """The pictures of the media library that it shows itself, those of its cards aside."""
        in_text = [block.value["image"] for block in self.body if block.block_type == "picture"]
        return [picture.pk for picture in (self.picture, *in_text) if picture]


class CampaignPage(PortalPage):
    """A page that an editor builds for a season or a cause, published and withdrawn on the days they say."""

    intro = models.CharField("chapeau", max_length=250, help_text="Ce qui se passe, où et quand, en deux lignes.")
    picture = models.ForeignKey(
        "portal.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="image"
    )
    body = StreamField(CampaignBlocks(), verbose_name="contenu", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("picture"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]

    base_form_class = CheckedPageForm
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "campagne"
        triggers = watched.CONTENT

    @property
    def shown_picture(self) -> "Picture | None":
        """Its picture, else the first of its blocks."""
        held = (part for block in self.body for part in parts_of(block.value))
        return self.picture or next((part for part in held if isinstance(part, Picture)), None)

    def events(self) -> dict[str, StructValue]:
        """Return the page's dates by their block's id: {title, start, end, place}; those of a draft may lack a day."""
        return {
            event.id: event.value
            for block in self.body
            if block.block_type == "events"
            for event in block.value["events"].bound_blocks
            if is_dated(event.value)
        }
