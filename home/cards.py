"""Stories in a list, for templates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.timezone import localtime

from portal import picture_sizes
from portal.dates import date_format
from portal.memory import memoized
from portal.pictures import urls_by_size

if TYPE_CHECKING:
    from home.models import StoryPage

READING_SPEED = 200  # words a minute
TAG = re.compile(r"<[^>]*>")  # near enough to count words


@dataclass(frozen=True)
class StoryCard:
    """A story in a list. kicker: its day and how long it takes to read. image, square: addresses, or None."""

    title: str
    url: str
    kicker: str
    image: str | None
    square: str | None


def story_cards(stories: Iterable[StoryPage]) -> list[StoryCard]:
    """Return a card for each story, in order; one query, whatever their number."""
    stories = list(stories)
    pictures = [story.picture_id for story in stories if story.picture_id]
    images = urls_by_size(pictures, picture_sizes.STORY_CARD, picture_sizes.STORY_ROW)
    return [
        StoryCard(
            title=story.title,
            url=story.public_path,
            kicker=_kicker(story),
            image=images[picture_sizes.STORY_CARD].get(story.picture_id),
            square=images[picture_sizes.STORY_ROW].get(story.picture_id),
        )
        for story in stories
    ]


@memoized
def count_of_stories() -> int:
    """Return how many live stories there are."""
    return apps.get_model("home", "StoryPage").objects.live().count()


@memoized
def newest_cards(start: int, count: int) -> tuple[StoryCard, ...]:
    """Return the cards of ``count`` live stories, newest first, those before ``start`` left out; two queries."""
    return tuple(story_cards(apps.get_model("home", "StoryPage").objects.newest()[start : start + count]))


@memoized
def cards_of_town(town: int, count: int) -> tuple[StoryCard, ...]:
    """Return the cards of the newest live stories of a town, ``count`` at most. town: its id."""
    return tuple(story_cards(apps.get_model("home", "StoryPage").objects.newest().filter(town=town)[:count]))


def reading_minutes(story: StoryPage) -> int:
    texts = (TAG.sub(" ", block["value"]) for block in story.body.raw_data if block["type"] == "text")
    return max(1, round(sum(len(text.split()) for text in texts) / READING_SPEED))


def _kicker(story: StoryPage) -> str:
    minutes = f"{reading_minutes(story)}\u00a0min de lecture"
    if story.first_published_at is None:
        return minutes
    return f"{date_format(localtime(story.first_published_at), 'j F Y')} · {minutes}"
