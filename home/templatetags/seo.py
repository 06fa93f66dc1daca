"""What a page tells search engines and social networks. In a page: {% load seo %}, then a tag or two.

base.html writes the title, description and address once for all their uses: see {% remember %}.
"""

from typing import Any

from django import template
from django.core.paginator import Page
from django.template.base import Parser, Token
from django.utils import timezone
from django.utils.safestring import mark_safe

from directory.jsonld import local_business
from home.jsonld import NAME, article, events, organization, website
from home.seo.social_cards import picture_url
from home.site_settings import site_settings
from portal import grammar
from portal.jsonld import breadcrumb_list, item_list, script
from portal.memory import memoized
from shop.jsonld import aggregate_rating, product

TITLE_LENGTH = 65  # characters a search engine shows of a title

register = template.Library()


@register.tag
def remember(parser: Parser, token: Token) -> "Remember":
    """Keep what is written up to {% endremember %} under a name, without writing it: {% remember title %}…"""
    try:
        _, name = token.split_contents()
    except ValueError as error:
        raise template.TemplateSyntaxError("{% remember name %} takes one name.") from error
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return Remember(nodelist, name)


class Remember(template.Node):
    """Blocks inside stay blocks: a page fills them as it would without the tag."""

    def __init__(self, nodelist: Any, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Any) -> Any:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # rendered, so escaped already
        return ""


@register.filter
def signed(title: str) -> str:
    """Return a page's title with the portal's name behind it, where both are shown whole."""
    whole = f"{title} – {NAME}"
    return type(title)(whole) if len(whole) <= TITLE_LENGTH else title


@register.filter
def merchant_title(merchant: Any) -> str:
    """Return "name, category à town", without the category when a search engine would not show it whole."""
    place = grammar.at(merchant.town.name)
    whole = f"{merchant.title}, {merchant.category.name.lower()} {place}"
    return whole if len(whole) <= TITLE_LENGTH else f"{merchant.title} {place}"


@register.simple_tag
def social_picture(kind: Any, thing: Any = None) -> str:
    """Return the address of a page's social picture: {% social_picture "commercant" page %}.

    The editors' own picture stands for the site, once they have chosen one.
    """
    if kind == "site" and (chosen := site_settings().social_picture_url):
        return chosen
    return picture_url(kind, thing)


@register.simple_tag
def breadcrumb_jsonld(crumbs: Any) -> str:
    return script([breadcrumb_list(crumbs)])


@register.simple_tag
def site_jsonld() -> str:
    return script([website(), organization()])


@register.simple_tag
def merchant_jsonld(page: Any, pictures: Any = ()) -> str:
    """pictures: list of {url, alt}, as the page shows them."""
    return _business(page, timezone.localdate(), tuple(picture.url for picture in pictures))


@memoized
def _business(page: Any, day: Any, pictures: Any) -> str:
    business = local_business(page, day, (picture_url("commercant", page), *pictures))
    return script([business | aggregate_rating(page.pk)])


@register.simple_tag
def product_jsonld(item: Any) -> str:
    return script([product(item)])


@register.simple_tag
def story_jsonld(page: Any) -> str:
    return script([article(page, picture_url("histoire", page))])


@register.simple_tag
def campaign_jsonld(page: Any) -> str:
    return script(events(page))


@register.simple_tag
def list_jsonld(name: str, things: Any, page_obj: Page | None = None) -> str:
    """things: the cards (title, url) or links (name, url) the page lists. page_obj: which page of the list it shows."""
    start = page_obj.start_index() if page_obj else 1
    entries = [(getattr(thing, "title", "") or thing.name, thing.url) for thing in things]
    return script([item_list(name, entries, start)] if entries else [])
