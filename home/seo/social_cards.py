"""Content of the social image of each page (Open Graph), and its address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse

from directory.models import MerchantPage, Town
from home.models import CampaignPage, StoryPage
from home.seo.social_images import SocialCard
from portal import grammar
from portal.jsonld import absolute
from portal.templatetags.portal import euros, thousands
from portal.typography import NO_BREAK_SPACE
from shop.products import accent_of, displayed, merchant_of, picture_of, stock_of


def of_site(_: Any = None) -> SocialCard:
    return SocialCard(
        "Ce que vous cherchez se vend près de chez vous.",
        f"Commerçants et producteurs {settings.REGION.of}",
        region=True,
    )


def of_merchant(merchant: MerchantPage) -> SocialCard:
    place = f"{grammar.at(merchant.town.name)} ({merchant.town.department_name})"
    line = f"{merchant.category.name} {place}"
    return SocialCard(merchant.title, line, accent=merchant.category.accent, awning=True)


def of_town(town: Town) -> SocialCard:
    where = grammar.at(town.name).replace(" ", NO_BREAK_SPACE, 1)
    line = f"{town.department_name}, {thousands(town.population)} habitants"
    return SocialCard(f"Vos commerces {where}", line, region=True, place=town.point)


def of_product(product: Any) -> SocialCard:
    stockrecord = stock_of(product)
    merchant = merchant_of(stockrecord)
    return SocialCard(
        product.title,
        f"{merchant.title}, {merchant.town.name}",
        accent=accent_of(product),
        image=picture_of(product),
        price=euros(stockrecord.price),
    )


def of_story(story: StoryPage) -> SocialCard:
    return SocialCard(story.title, story.intro, image=story.picture.file.name if story.picture else "")


def of_campaign(campaign: CampaignPage) -> SocialCard:
    picture = campaign.shown_picture
    return SocialCard(campaign.title, campaign.intro, image=picture.file.name if picture else "")


@dataclass(frozen=True)
class Kind:
    """A kind of page that has a picture. key: what names one in the address; find: the page of a key, or 404."""

    sign: Callable[[Any], SocialCard]
    key: Callable[[Any], str]
    find: Callable[[str], Any]


KINDS = {
    "site": Kind(of_site, lambda _: "region", lambda key: None),
    "commercant": Kind(
        of_merchant,
        lambda merchant: merchant.slug,
        lambda key: get_object_or_404(MerchantPage.objects.live().with_place(), slug=key),
    ),
    "commune": Kind(of_town, lambda town: town.slug, lambda key: get_object_or_404(Town, slug=key)),
    "produit": Kind(
        of_product,
        lambda product: str(product.pk),
        lambda key: get_object_or_404(displayed(), pk=key if key.isdecimal() else 0),
    ),
    "histoire": Kind(
        of_story,
        lambda story: story.slug,
        lambda key: get_object_or_404(StoryPage.objects.live().select_related("picture"), slug=key),
    ),
    "campagne": Kind(
        of_campaign,
        lambda campaign: campaign.slug,
        lambda key: get_object_or_404(CampaignPage.objects.live().select_related("picture"), slug=key),
    ),
}


def picture_url(kind: str, thing: Any = None) -> str:
    """Return the public address of a page's social picture; it changes with what the picture shows."""
    path = reverse("social_picture", args=(kind, KINDS[kind].key(thing)))
    return absolute(f"{path}?v={KINDS[kind].sign(thing).digest}")
