"""Stories on pages of packages below: {% stories_of_town town as stories %} gives a list of StoryCard."""

from typing import Any

from django import template

from home.cards import cards_of_town

SHOWN = 3

register = template.Library()


@register.simple_tag
def stories_of_town(town: Any) -> Any:
    return cards_of_town(town.pk, SHOWN)
