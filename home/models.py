"""The front page and the region's stories."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from home.blocks import StoryBlocks
from portal.fields import StreamField
from portal.pages import PortalPage


class HomePage(PortalPage):
    """The front page, root of the site."""

    intro = models.CharField(
        "accroche", max_length=160, default="Qui vend quoi, près de chez vous, et qui est ouvert maintenant."
    )

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["directory.DirectoryPage", "home.StoryIndexPage"]
    max_count = 1

    class Meta:
        verbose_name = "accueil"


class StoryIndexPage(PortalPage):
    """All stories, newest first, at /histoires/."""

    intro = models.CharField("introduction", max_length=250, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.StoryPage"]
    max_count = 1

    class Meta:
        verbose_name = "liste des histoires"


class StoryPage(PortalPage):
    """A story of the region, with live cards of merchants and products."""

    intro = models.CharField("chapeau", max_length=250, help_text="Deux lignes qui donnent envie de lire.")
    picture = models.ForeignKey(
        "portal.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="image"
    )
    body = StreamField(StoryBlocks(), verbose_name="texte", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("picture"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]

    parent_page_types = ["home.StoryIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "histoire"
