"""What templates of reports ask."""

from django import template

from directory.models import MerchantPage
from home.reports.emails import merchant_of
from home.reports.models import Notice

register = template.Library()


@register.simple_tag
def merchant_of_notice(notice: Notice) -> MerchantPage | None:
    """Return the merchant whom a report is about, or None."""
    return merchant_of(notice.page)
