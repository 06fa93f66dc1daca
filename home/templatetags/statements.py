"""What every page must say of the portal itself."""

from django import template
from django.utils import timezone

from home import accessibility
from home.site_facts import SiteFacts, site_facts

register = template.Library()


@register.simple_tag
def accessibility_state() -> str:
    """Return « non conforme », « partiellement conforme » or « totalement conforme »."""
    return accessibility.state(accessibility.recorded(), timezone.localdate())


@register.simple_tag
def facts_of_the_site() -> SiteFacts:
    """Return what the Region filled in: {% facts_of_the_site as facts %}."""
    return site_facts()
