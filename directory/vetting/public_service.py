"""How a public register is asked: seldom, patiently, and not at all while it is unwell.

All processes together ask at most so many times a second. What fails is tried again, no sooner than Retry-After says;
after several failures nobody asks for a minute. The address comes from the settings alone.
"""

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
import urllib3
from django.conf import settings
from django.core.cache import cache

from portal import database_clock
from portal.http import PASSING, Answer, Unreachable, send
from portal.rate_limits import EVERYBODY, Limit, take

TIMEOUT = 5.0  # seconds for one try
PATIENCE = 8.0  # seconds that somebody before a screen waits, all tries together
TRIES = 3
PAUSE = 0.5  # seconds before the second try, doubled for the third
PER_SECOND = 5
FAILURES = 5  # in a row, by all processes, after which nobody asks
REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)
REMEMBERED = timedelta(minutes=10)  # a failure

log = structlog.get_logger(__name__)


class Away(Exception):
    """The service does not answer now; its text, in English, says why."""


@dataclass(frozen=True)
class PublicService:
    """A register that answers GET with JSON. name: of its counters. setting: which setting holds its address."""

    name: str
    setting: str

    def ask(self, path: str, parameters: Mapping[str, str], patience: float = PATIENCE) -> dict[str, Any]:
        """Return the JSON object that the service answers. Raises Away.

        patience: seconds, all tries together. Never inside a transaction: its counter would make all others wait.
        """
        base = getattr(settings, self.setting)
        if not base:
            raise Away("not configured")
        if cache.get(self._resting):
            raise Away("resting")
        try:
            found = self._asked(f"{base.rstrip('/')}{path}?{urlencode(parameters)}", time.monotonic() + patience)
        except Away as error:
            self._note_failure(str(error))
            raise
        cache.delete(self._failing)
        return found

    @property
    def _resting(self) -> str:
        return f"{self.name}:rests"

    @property
    def _failing(self) -> str:
        return f"{self.name}:fails"

    def _asked(self, url: str, deadline: float) -> dict[str, Any]:
        reason = "no time left"
        for attempt in range(TRIES):
            pause = PAUSE * 2**attempt + random.uniform(0, PAUSE / 2)
            self._wait_for_turn(deadline)
            try:
                answer = send("GET", url, headers=_headers(), timeout=_left(deadline), tries=1)
            except Unreachable as error:
                reason = f"unreachable: {error}"
            else:
                if answer.status not in PASSING:
                    return _object(answer)
                reason = f"status {answer.status}"
                pause = max(pause, self._asked_pause(answer))
            if time.monotonic() + pause >= deadline:
                break
            time.sleep(pause)
        raise Away(reason)

    def _wait_for_turn(self, deadline: float) -> None:
        """One request in each fifth of a second, by all processes: so no second ever has more than five."""
        limit = Limit(self.name, 1, timedelta(seconds=1 / PER_SECOND))
        while moment := take(limit, EVERYBODY):
            pause = max((moment - database_clock.now()).total_seconds(), 0) + random.uniform(0, 0.02)
            if time.monotonic() + pause >= deadline:
                raise Away("no turn in time")
            time.sleep(pause)

    def _asked_pause(self, answer: Answer) -> float:
        """Return for how many seconds the service wants to be left alone, and have everybody keep to it."""
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if "retry-after" not in headers:
            return 0
        try:
            pause = urllib3.Retry().parse_retry_after(headers["retry-after"])
        except urllib3.exceptions.InvalidHeader:
            return 0
        if pause > PATIENCE:
            cache.set(self._resting, True, min(pause, LONGEST_REST.total_seconds()))
        return pause

    def _note_failure(self, reason: str) -> None:
        log.warning("public_service_away", service=self.name, reason=reason)
        cache.add(self._failing, 0, REMEMBERED.total_seconds())
        try:
            failures = cache.incr(self._failing)
        except ValueError:  # it has expired meanwhile
            return
        if failures >= FAILURES:
            cache.set(self._resting, True, REST.total_seconds())


def _headers() -> dict[str, str]:
    return {"Accept": "application/json", "User-Agent": f"jachete-dans-ma-region (+{settings.SITE_URL})"}


def _left(deadline: float) -> float:
    left = min(TIMEOUT, deadline - time.monotonic())
    if left <= 0:
        raise Away("no time left")
    return left


def _object(answer: Answer) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if answer.status != 200:
        raise Away(f"status {answer.status}")
    if not headers.get("content-type", "").startswith("application/json"):
        raise Away("no JSON")
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise Away("no JSON") from error
    if not isinstance(found, dict):
        raise Away("no object")
    return found
