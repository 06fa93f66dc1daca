"""Which of the editors' answers a question calls for."""

from functools import lru_cache

from django.utils import timezone

from search.editorial.models import PromotedAnswer
from search.query import Query
from search.understanding.gazetteer import Gazetteer
from search.understanding.inflection import base_form
from search.understanding.normalize import content_words, words_of

MOST = 2  # above the results


def answers(gazetteer: Gazetteer, query: Query) -> list[dict[str, str]]:
    """Return what components/promoted.html shows, the phrase with most words first; a query only where words match."""
    typed = frozenset(map(base_form, query.words))
    called = [(phrase, key) for phrase, key in _phrases(gazetteer) if phrase <= typed] if typed else []
    if not called:
        return []
    longest: dict[int, int] = {}
    for phrase, key in called:
        longest[key] = max(longest.get(key, 0), len(phrase))
    found = PromotedAnswer.objects.filter(pk__in=longest).shown_on(timezone.localdate())
    shown = sorted(found, key=lambda answer: (-longest[answer.pk], answer.title))[:MOST]
    return [{"title": answer.title, "text": answer.text, "url": answer.page.url} for answer in shown]


@lru_cache(maxsize=1)
def _phrases(gazetteer: Gazetteer) -> list[tuple[frozenset[str], int]]:
    """Return (words, id) of each phrase. Read as often as the gazetteer, which a change of the answers renews too."""
    return [
        (frozenset(map(base_form, content_words(words_of(phrase)))), key)
        for key, phrases in PromotedAnswer.objects.values_list("pk", "phrases")
        for phrase in phrases
    ]
