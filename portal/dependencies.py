"""What a page that is being made depends on: the tags of all that it shows (portal/changes.py).

Rows that are read through a queryset of portal/tagged.py say so by themselves; ``depends_on`` is for what is read
otherwise.
"""

import time
from contextvars import ContextVar
from dataclasses import dataclass, field

from portal.changes import Position

WHOLE_SITE = "site"


@dataclass
class RenderState:
    """A page being made.

    position: of the log, and generation: of the process's memory, before the page read the database; None and 0 while
    its view did not ask to be cached. learned: both, where the process learnt before the view was asked.
    """

    began_at: float = field(default_factory=time.time)
    tags: set[str] = field(default_factory=lambda: {WHOLE_SITE})
    position: Position | None = None
    generation: int = 0
    learned: tuple[Position, int] | None = None


rendering: ContextVar[RenderState | None] = ContextVar("rendering", default=None)


def depends_on(kind: str, *ids: int | str) -> None:
    """Say that the page being made shows these things, or the whole set of that name: ``depends_on("merchants")``."""
    page = rendering.get()
    if page is not None:
        page.tags.update([f"{kind}:{id}" for id in ids] if ids else [kind])


def depends_on_tags(*tags: str) -> None:
    """The same for tags that are written out."""
    page = rendering.get()
    if page is not None:
        page.tags.update(tags)
