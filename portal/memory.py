"""What a process remembers of the database from one page to the next, for as long as it is true.

``@remembered`` stands before a function whose answer depends on its arguments and the database alone, never on the
clock, and which names by ``shows(…)`` all that its answer tells. The making of a page begins with one query: which tags
have changed since this process last asked? What bears one of them is forgotten, so that a page tells every change that
was committed before it was asked for. Tags and changes: portal/page_cache.py.

All is forgotten, too, once the database was restored or its server started again (portal/database_history.py).

Outside a page that is being made, nothing is remembered and the function is simply called.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import connection

from portal import changes
from portal.changes import Position

MOST = 2000  # answers kept; beyond, those that were not asked for the longest are forgotten
MOST_CHANGES = 1000  # beyond, all is forgotten
TRUSTED = changes.TRUSTED  # seconds without a question after which all is forgotten
WHOLE_SITE = "site"

Question = ParamSpec("Question")
Answer = TypeVar("Answer")


class Learned(NamedTuple):
    """What a process has learnt. position: up to which it knows the changes. moment: of its memory then."""

    position: Position
    moment: int


@dataclass
class Making:
    """A page being made.

    position, moment: as in Learned, before the page read the database; None and 0 while its view did not ask to be
    kept. learned: where the process learnt before the view was asked.
    """

    began_at: float = field(default_factory=time.time)
    tags: set[str] = field(default_factory=lambda: {WHOLE_SITE})
    position: Position | None = None
    moment: int = 0
    learned: Learned | None = None

    def start(self) -> None:
        """Note from which state of the database the page is made."""
        self.position, self.moment = self.learned or memory.learn()


class Memory:
    """The answers that one process keeps, each with the tags of what it tells.

    moment: another number after each change that it learns of. site_moment: after each that all pages show.
    """

    def __init__(self) -> None:
        self.moment = self.site_moment = 0
        self._answers: OrderedDict[Hashable, tuple[Any, frozenset[str]]] = OrderedDict()
        self._since: Position | None = None  # up to which changes are known
        self._asked_at = 0.0
        self._lock = threading.Lock()

    @property
    def is_blank(self) -> bool:
        """Whether the process has learned nothing yet: what it reads now is not known to be true later."""
        return self._since is None

    def learn(self) -> Learned:
        """Forget what is true no more; return the state of the database and the moment that it begins."""
        # A snapshot does not tell what its own transaction changes: inside one, nothing of before is trusted.
        is_trusted = time.monotonic() - self._asked_at < TRUSTED and not connection.in_atomic_block
        known = self._since if is_trusted else None
        position, changed = changes.since(known, most=MOST_CHANGES)
        with self._lock:
            if changed is None or WHOLE_SITE in changed:
                self._answers.clear()
                self.site_moment += 1
            elif changed:
                for key in [key for key, (_, tags) in self._answers.items() if not tags.isdisjoint(changed)]:
                    del self._answers[key]
            if changed is None or changed:
                self.moment += 1
            # Another thread may have asked meanwhile: its position stands.
            if changed is None or self._since == known:
                self._since, self._asked_at = position, time.monotonic()
            return Learned(position, self.moment)

    def recall(self, key: Hashable) -> tuple[Any, frozenset[str]] | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def keep(self, key: Hashable, answer: Any, tags: frozenset[str], moment: int) -> None:
        """Keep an answer that was sought at a moment, unless something has changed since: it may be older than that."""
        with self._lock:
            if moment == self.moment:
                self._answers[key] = answer, tags
                if len(self._answers) > MOST:
                    self._answers.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._since = None


making: ContextVar[Making | None] = ContextVar("making", default=None)
memory = Memory()


def remembered(function: Callable[Question, Answer]) -> Callable[Question, Answer]:
    """Ask ``function`` once for all pages. It takes hashable arguments, by position; nobody alters its answers."""
    defaults = function.__defaults__ or ()
    first_default = function.__code__.co_argcount - len(defaults)

    @wraps(function)
    def wrapped(*arguments: Question.args, **none: Question.kwargs) -> Answer:
        page = making.get()
        if page is None or page.position is None:
            return function(*arguments, **none)
        # One question, whether or not its last arguments are written out.
        key = function, arguments + defaults[max(len(arguments) - first_default, 0) :]
        known = memory.recall(key)
        if known is None:
            all_tags, page.tags = page.tags, set()
            try:
                answer = function(*arguments, **none)
            finally:
                page.tags, tags = all_tags, frozenset(page.tags)
            memory.keep(key, answer, tags, page.moment)
        else:
            answer, tags = known
        page.tags |= tags
        return answer

    return wrapped
