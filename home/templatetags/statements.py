"""What every page must say of the portal itself."""

from django import template
from django.utils import timezone

from home import accessibility

register = template.Library()


@register.simple_tag
def accessibility_state() -> str:
    """Return « non conforme », « partiellement conforme » or « totalement conforme »."""
    return accessibility.state(accessibility.recorded(), timezone.localdate())
