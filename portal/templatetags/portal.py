"""Formatting for templates: money, numbers, distances, towns, telephones; pages, breadcrumb, icons, pictures."""

import re
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from django import template
from django.conf import settings
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal import dates, grammar, phone, picture_sizes
from portal.picture_names import Shown
from portal.picture_names import shown as shown_picture
from portal.pictures import renditions_of
from portal.typography import NARROW_NO_BREAK_SPACE, NO_BREAK_SPACE

FILLS = ".fill-"  # in the address of a size of the media library that was cut to fill its place
ALL_BUT_OPTIONAL = "Tous les champs sont obligatoires, sauf mention contraire."
SHOWN_PAGES = 2  # on each side of the current one
ICONS = Path(__file__).parents[1] / "icons.svg"
MARK = Path(__file__).parents[1] / "static/portal/img/marque.svg"
SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="([^"]+)">(.*?)</symbol>', re.DOTALL)

register = template.Library()
register.filter("telephone_url", phone.telephone_url)
register.filter("date", dates.date_filter, expects_localtime=True, is_safe=False)
register.filter("at_name", grammar.at)
register.filter("of_name", grammar.of)
register.filter("chez_name", grammar.chez)


@register.simple_tag
def region(what: str) -> Any:
    """Return what the region's folder tells: {% region "at" %}, {% region "example.town" %} (portal/region.py)."""
    return attrgetter(what)(settings.REGION)


@register.filter
def euros(amount: Any) -> str:
    """Return an amount in euros as the French write it: Decimal("1234.5") -> "1 234,50 €"."""
    written = f"{Decimal(amount):,.2f}".replace(",", NARROW_NO_BREAK_SPACE).replace(".", ",")
    return f"{written}{NO_BREAK_SPACE}€"


@register.filter
def distance(kilometres: Any) -> str:
    """Return a distance as one says it: 0.34 -> "340 m", 1.23 -> "1,2 km", 54.3 -> "54 km"."""
    if kilometres < 0.995:
        return f"{round(kilometres * 100) * 10}{NO_BREAK_SPACE}m"
    written = f"{kilometres:.1f}" if kilometres < 9.95 else f"{kilometres:.0f}"
    return f"{written.removesuffix('.0').replace('.', ',')}{NO_BREAK_SPACE}km"


@register.filter
def thousands(count: int) -> str:
    """Return a whole number as the French write it: 4034 -> "4 034"."""
    return f"{count:,}".replace(",", NARROW_NO_BREAK_SPACE)


@register.filter
def required_fields(form: BaseForm) -> str:
    """Return the sentence that tells which fields of a form must be filled in, "" where none must."""
    required = [field.field.required for field in form.visible_fields()]
    if not any(required):
        return ""
    if len(required) == 1:
        return "Ce champ est obligatoire."
    return "Tous les champs sont obligatoires." if all(required) else ALL_BUT_OPTIONAL


@register.filter
def pages_around(number: int, total: int) -> list[int | str]:
    """Return the page numbers to show for page `number` of `total`; Paginator.ELLIPSIS stands for a gap."""
    return list(Paginator(range(total), 1).get_elided_page_range(number, on_each_side=SHOWN_PAGES, on_ends=1))


@register.filter
def page_url(link: str, number: int) -> str:
    """Return the address of a page of a list, given what precedes its number; the first page has the list's own.

    ("?q=pain&page=", 2) -> "?q=pain&page=2", ("?q=pain&page=", 1) -> "?q=pain", ("?page=", 1) -> ".".
    """
    if number > 1:
        return f"{link}{number}"
    return link.removesuffix("page=").rstrip("?&") or "."


@register.simple_tag
def breadcrumb(*names_and_urls: str) -> SafeString:
    """Draw the way from the home page: {% breadcrumb "Communes" "/commerces/" town.name %}; the last has no address."""
    return _breadcrumb(_compiled("components/breadcrumb.html"), names_and_urls)


@lru_cache(maxsize=512)
def _breadcrumb(template: Template, names_and_urls: tuple[str, ...]) -> SafeString:
    names, urls = names_and_urls[::2], [*names_and_urls[1::2], ""]
    steps = [("Accueil", "/"), *zip(names, urls, strict=True)]
    return template.render(Context({"crumbs": [{"title": name, "url": url} for name, url in steps]}))


@register.simple_tag
def section_head(title: str, anchor: str, intro: str = "", more: str = "", url: str = "") -> SafeString:
    """Draw the head of a section, with a link to the rest when `more` names it."""
    rest = More(more, url) if more else None
    return component("components/section_head.html", title=title, anchor=anchor, intro=intro, more=rest)


class More(NamedTuple):
    """Where the rest of a section is."""

    label: str
    url: str


@register.simple_tag
def component(template_name: str, **values: Any) -> SafeString:
    """Include a component that shows nothing but the values given; equal ones are rendered once.

    {% component "components/merchant_card.html" card=card level=3 %}. The values are hashable: a card, a number.
    """
    return _component(_compiled(template_name), tuple((name, type(value), value) for name, value in values.items()))


def _compiled(template_name: str) -> Template:
    return get_template(template_name).template  # type: ignore[attr-defined]  # Django's own engine has it


@lru_cache(maxsize=2048)
def _component(template: Template, values: tuple[tuple[str, type, Any], ...]) -> SafeString:
    # The template is part of the key: one that changed, as a developer's does, is another object. So are the types: a
    # text that is escaped already equals one that is not.
    return template.render(Context({name: value for name, _, value in values}))


@register.simple_tag
def icon(name: str) -> str:
    """Draw an icon of portal/icons.svg beside a text that says the same.

    In the page itself: a drawing apart would be one more thing to fetch before the page is whole.
    """
    return _icons()[name]


@lru_cache(maxsize=1)
def _icons() -> dict[str, str]:
    return {
        name: format_html('<svg class="icon" viewBox="{}" aria-hidden="true">{}</svg>', box, mark_safe(shape))
        for name, box, shape in SYMBOL.findall(ICONS.read_text(encoding="utf-8"))
    }


@register.simple_tag
@lru_cache(maxsize=1)
def tab_icon() -> str:
    """Return the mark as the address of the browser's tab icon, drawn in the address itself: nothing to fetch."""
    return f"data:image/svg+xml,{quote(MARK.read_text(encoding='utf-8').strip(), safe='/=:;,()')}"


@register.simple_tag
def picture(image: Any, sizes: Any, css_class: str, loading: str) -> Any:
    """Draw a picture of the media library in the browser's choice of sizes, a name of portal.picture_sizes; one query.

    {% picture page.picture "STORY_HEAD" "article__art" "eager" %}. Nothing is drawn when its sizes are not made.
    """
    made = renditions_of(image, getattr(picture_sizes, sizes))
    alt = image.default_alt_text if image.contextual_alt_text is None else image.contextual_alt_text
    return picture_element(made, alt, css_class, loading)


@register.simple_tag
def product_picture(address: str, css_class: str, place: str, side: int, loading: str = "lazy") -> SafeString:
    """Draw the picture of a product or one of a category's, without words: its name stands beside.

    {% product_picture card.image "product-card__image" "CARD" 160 %}; place: of picture_sizes.SHOWN_AT. A photograph
    gets the class ``…--photo`` as well. side: pixels, for drawings of ours, which are square.
    """
    shown = shown_picture(address) or Shown(address, "", side, side, is_photo=FILLS in address)
    return format_html(
        '<img class="{}{}" src="{}"{} alt="" width="{}" height="{}" {} decoding="async">',
        css_class,
        f" {css_class}--photo" if shown.is_photo else "",
        shown.src,
        format_html(' srcset="{}" sizes="{}"', shown.srcset, picture_sizes.SHOWN_AT[place][not shown.is_photo])
        if shown.srcset
        else "",
        shown.width,
        shown.height,
        mark_safe('loading="lazy"' if loading == "lazy" else 'fetchpriority="high"'),
    )


def picture_element(made: Any, alt: Any, css_class: str, loading: str) -> str:
    """Return the <img> of a picture. made: its sizes, the narrowest first; nothing is drawn without any."""
    if not made:
        return ""
    largest = made[-1]
    return format_html(
        '<img class="{}" src="{}" srcset="{}" sizes="(width >= 60rem) {}px, calc(100vw - 2rem)" alt="{}" width="{}"'
        ' height="{}" loading="{}" decoding="async">',
        css_class,
        largest.url,
        ", ".join(f"{size.url} {size.width}w" for size in made),
        largest.width,
        alt,
        largest.width,
        largest.height,
        loading,
    )
