"""What every page must say of the portal itself."""

from typing import NamedTuple

from django import template
from django.template.context import Context
from django.utils import timezone

from home import accessibility
from home.site_settings import FOOTER, MENU, site_settings

register = template.Library()
register.simple_tag(site_settings)


@register.simple_tag
def accessibility_state() -> str:
    """Return « non conforme », « partiellement conforme » or « totalement conforme »."""
    return accessibility.state(accessibility.recorded(), timezone.localdate())


class MenuLink(NamedTuple):
    """A link on top of a page. current: the value of aria-current, "page" there, "true" on a page below it, else ""."""

    label: str
    url: str
    current: str


@register.simple_tag(takes_context=True)
def main_menu(context: Context) -> tuple[MenuLink, ...]:
    path = context["request"].path if "request" in context else ""
    return tuple(MenuLink(label, url, current(path, url)) for label, url in site_settings().menu_links)


@register.simple_tag
def original_menu() -> tuple[MenuLink, ...]:
    """Return the menu that needs no database, for pages that say what went wrong."""
    return tuple(MenuLink(label, url, "") for label, url in MENU)


@register.simple_tag
def original_footer() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the footer's columns as they come, without database."""
    return tuple((title, tuple(links)) for title, links in FOOTER)


def current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url.endswith("/") and path.startswith(url) else ""
