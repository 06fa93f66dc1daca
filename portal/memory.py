"""Per-process memoization of what is read from the database, dropped as soon as something it depends on changes.

``@memoized`` stands before a function whose answer depends on its arguments and the database alone, never on the clock.
What it depends on, it says by the querysets it reads (portal/tagged.py), by ``depends_on(…)`` (portal/dependencies.py),
and by the pages and towns among its arguments. The making of a page begins with one query: which tags have changed
since this process last asked? What depends on one of them is dropped, so that a page shows every change that was
committed before it was asked for.

An answer is handed to every thread, so that it must be one that nobody can alter: checked under DEBUG and in tests.
``@memoized_rows`` is for models: each caller gets copies of its own.

All is dropped, too, once the database was restored or its server started again (portal/database_history.py).

Outside a page that is being made, nothing is memoized and the function is simply called.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from enum import Enum
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection, models

from portal import changes
from portal.changes import Position
from portal.dependencies import WHOLE_SITE, RenderState, rendering

MAX_ANSWERS = 2000  # beyond, those that were not asked for the longest are dropped
MAX_CHANGES = 1000  # beyond, all is dropped
TRUSTED = changes.TRUSTED  # seconds without a question after which all is dropped
IS_CHECKED = settings.DEBUG  # whether answers are checked to be immutable
_PLAIN = (type(None), bool, int, float, Decimal, str, bytes, date, time_of_day, timedelta, UUID, Enum)

Question = ParamSpec("Question")
Answer = TypeVar("Answer")


class ProcessCache:
    """The answers of one process, each with the tags it depends on.

    generation: another number after each change that it learns of. site_generation: after each that all pages show.
    """

    def __init__(self) -> None:
        self.generation = self.site_generation = 0
        self._answers: OrderedDict[Hashable, tuple[Any, frozenset[str]]] = OrderedDict()
        self._known: Position | None = None  # up to which changes are known
        self._asked_at = 0.0
        self._lock = threading.Lock()

    @property
    def is_blank(self) -> bool:
        """Whether the process has learned nothing yet: what it reads now is not known to be true later."""
        return self._known is None

    def refresh(self) -> tuple[Position, int]:
        """Drop what has changed; return up to which position of the log, and the generation that begins."""
        # A page inside a transaction may show what is undone later: nothing of before is trusted.
        is_trusted = time.monotonic() - self._asked_at < TRUSTED and not connection.in_atomic_block
        known = self._known if is_trusted else None
        position, changed = changes.since(known, most=MAX_CHANGES)
        with self._lock:
            if changed is None or WHOLE_SITE in changed:
                self._answers.clear()
                self.site_generation += 1
            elif changed:
                for key in [key for key, (_, tags) in self._answers.items() if not tags.isdisjoint(changed)]:
                    del self._answers[key]
            if changed is None or changed:
                self.generation += 1
            # Another thread may have asked meanwhile: its position stands.
            if changed is None or self._known == known:
                self._known, self._asked_at = position, time.monotonic()
            return position, self.generation

    def get(self, key: Hashable) -> tuple[Any, frozenset[str]] | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def set(self, key: Hashable, answer: Any, tags: frozenset[str], generation: int) -> None:
        """Keep an answer that was sought in a generation, unless that is over: it may be older than the change."""
        with self._lock:
            if generation == self.generation:
                self._answers[key] = answer, tags
                if len(self._answers) > MAX_ANSWERS:
                    self._answers.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._known = None


process_cache = ProcessCache()


def start(page: RenderState) -> None:
    """Note from which state of the database a page is made."""
    page.position, page.generation = page.learned or process_cache.refresh()


def memoized(function: Callable[Question, Answer]) -> Callable[Question, Answer]:
    """Ask ``function`` once for all pages. It takes hashable arguments, by position, and returns what is immutable."""
    return _memoized(function, _checked, _as_it_is)


def memoized_rows(function: Callable[Question, Answer]) -> Callable[Question, Answer]:
    """The same for a function that returns a model, a tuple of them, or None: each caller gets copies of its own."""
    return _memoized(function, _as_it_is, _own_copy)


def _memoized(
    function: Callable[Question, Answer], stored: Callable[[Any], Any], handed: Callable[[Any], Any]
) -> Callable[Question, Answer]:
    defaults = function.__defaults__ or ()
    first_default = function.__code__.co_argcount - len(defaults)

    @wraps(function)
    def wrapped(*arguments: Question.args, **none: Question.kwargs) -> Answer:
        page = rendering.get()
        if page is None or page.position is None:
            return function(*arguments, **none)
        # One question, whether or not its last arguments are written out.
        key = function, arguments + defaults[max(len(arguments) - first_default, 0) :]
        known = process_cache.get(key)
        if known is None:
            rows = (each for each in arguments if isinstance(each, models.Model))
            all_tags, page.tags = page.tags, {tag for row in rows if (tag := getattr(row, "change_tag", ""))}
            try:
                answer = stored(function(*arguments, **none))
            finally:
                page.tags, tags = all_tags, frozenset(page.tags)
            process_cache.set(key, answer, tags, page.generation)
        else:
            answer, tags = known
        page.tags |= tags
        return handed(answer)

    return wrapped


def is_immutable(value: Any) -> bool:
    """Return whether nobody can alter a value: plain ones, and what holds nothing but such."""
    if isinstance(value, _PLAIN):
        return True
    if isinstance(value, tuple | frozenset):
        return all(map(is_immutable, value))
    if isinstance(value, MappingProxyType):
        return all(map(is_immutable, value.values()))
    if is_dataclass(value) and value.__dataclass_params__.frozen:  # type: ignore[union-attr]
        return all(is_immutable(getattr(value, each.name)) for each in fields(value))
    return False


def _checked(answer: Any) -> Any:
    if IS_CHECKED and not is_immutable(answer):
        raise TypeError(f"A memoized function returns what is immutable, not {type(answer)}: {answer!r:.200}")
    return answer


def _as_it_is(answer: Any) -> Any:
    return answer


def _own_copy(answer: Any, copied: dict[int, Any] | None = None) -> Any:
    """Return a copy of rows, with those they are joined to."""
    copied = {} if copied is None else copied
    if isinstance(answer, tuple | list):
        return type(answer)(_own_copy(each, copied) for each in answer)
    if not isinstance(answer, models.Model):
        return answer
    if id(answer) not in copied:
        copied[id(answer)] = own = copy(answer)
        cached = own._state.fields_cache
        for name, joined in cached.items():
            cached[name] = _own_copy(joined, copied)
        if prefetched := own.__dict__.get("_prefetched_objects_cache"):
            own.__dict__["_prefetched_objects_cache"] = {
                name: _own_copy(rows, copied) if isinstance(rows, list) else rows for name, rows in prefetched.items()
            }
    return copied[id(answer)]
