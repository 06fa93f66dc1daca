"""Short pieces that editors write once and pages show: spotlights on merchants, and partners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import JSONObject
from wagtail.admin.panels import FieldPanel, PageChooserPanel

from directory.models import MerchantPage
from home import watched
from portal import picture_sizes
from portal.periods import PERIOD_PANEL, Period, PeriodQuerySet
from portal.pictures import rendition_urls
from portal.tagged import Tagged

SHOWN = 3  # spotlights side by side


class SpotlightQuerySet(Tagged, PeriodQuerySet):  # type: ignore[override]  # the stubs' managers
    whole = ("editorial", "merchants")  # a spotlight shows while its merchant is online

    def shown_on(self, day: date) -> SpotlightQuerySet:
        """Those of that day whose merchant is online, the latest first."""
        newest = models.F("starts_on").desc(nulls_last=True)
        return self.of_day(day).filter(merchant__live=True).order_by(newest, "-pk")


class Spotlight(Period):
    """A few words of the editors on one merchant, for a while. It never changes the order of a search."""

    merchant = models.ForeignKey(MerchantPage, models.CASCADE, verbose_name="commerçant", related_name="+")
    words = models.CharField(
        "mots de la rédaction", max_length=240, help_text="Ce qui la distingue, en deux phrases. Ni prix ni promotion."
    )
    picture = models.ForeignKey(
        "portal.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="image"
    )

    objects = SpotlightQuerySet.as_manager()

    panels = [
        PageChooserPanel("merchant"),
        FieldPanel("words"),
        FieldPanel("picture"),
        PERIOD_PANEL,
    ]

    class Meta:
        app_label = "home"
        verbose_name = "coup de projecteur"
        verbose_name_plural = "coups de projecteur"
        ordering = ["-starts_on", "-pk"]
        triggers = watched.EDITORIAL

    def __str__(self) -> str:
        return self.merchant.title


@dataclass(frozen=True)
class SpotlightCard:
    """A spotlight on a page. image: an address, or None."""

    title: str
    url: str
    place: str
    words: str
    image: str | None


def spotlight_cards(spotlights: Iterable[Spotlight]) -> list[SpotlightCard]:
    """Return a card for each; two queries, whatever their number."""
    spotlights = list(spotlights)
    merchants = MerchantPage.objects.with_place().in_bulk([spotlight.merchant_id for spotlight in spotlights])
    images = rendition_urls(
        [spotlight.picture_id for spotlight in spotlights if spotlight.picture_id], picture_sizes.STORY_CARD
    )
    return [
        SpotlightCard(
            title=merchant.title,
            url=merchant.public_path,
            place=f"{merchant.category.name}, {merchant.town.name}",
            words=spotlight.words,
            image=images.get(spotlight.picture_id or 0),
        )
        for spotlight in spotlights
        if (merchant := merchants.get(spotlight.merchant_id))
    ]


class Partner(models.Model):
    """Who supports the portal; named at the foot of every page."""

    name = models.CharField("nom", max_length=80)
    url = models.CharField(
        "site", max_length=200, validators=[RegexValidator(r"^https://\S+$", "Une adresse qui commence par https://.")]
    )
    logo = models.ForeignKey(
        "portal.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="logo"
    )
    position = models.PositiveSmallIntegerField("rang", default=0, help_text="Le plus petit d’abord.")

    panels = [FieldPanel("name"), FieldPanel("url"), FieldPanel("logo"), FieldPanel("position")]

    class Meta:
        app_label = "home"
        verbose_name = "partenaire"
        ordering = ["position", "name"]
        triggers = watched.SITE

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class PartnerLink:
    """A partner on a page. logo: an address, or None: then the name stands in its place."""

    name: str
    url: str
    logo: str | None


def partner_rows() -> models.QuerySet:
    """Return what to ask of the partners, in order: one column, an object with the fields of PartnerLink."""
    return Partner.objects.values(row=JSONObject(name="name", url="url", logo="logo_id"))


def partner_links(rows: Sequence[dict]) -> tuple[PartnerLink, ...]:
    """Return a link to each partner. rows: as partner_rows() yields them."""
    logos = rendition_urls([row["logo"] for row in rows if row["logo"]], picture_sizes.LOGO)
    return tuple(PartnerLink(row["name"], row["url"], logos.get(row["logo"])) for row in rows)
