"""The only door to third parties: every request that leaves the portal is opened here.

Bounded in all ways a stranger's server could hurt us: time, size, number of tries; no redirect is followed, so an
address we chose cannot lead to one we did not, and no proxy of the environment is used.
"""

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

MAX_BYTES = 1_000_000
CHUNK = 65_536
PASSING = {408, 429, 500, 502, 503, 504}  # statuses that may be better a moment later


class Unreachable(Exception):
    """The third party did not answer in time, in size, or at all."""


@dataclass(frozen=True)
class Answer:
    """What a third party answered, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def send(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 5,
    tries: int = 3,
    pause: float = 0.5,
    max_bytes: int = MAX_BYTES,
) -> Answer:
    """Send one request and return its Answer; only repeatable requests may ask for more than one try.

    timeout: seconds without a byte, and seconds for the whole answer of one try. pause: seconds before the second try,
    doubled before each next. Raises Unreachable when no try ended in an answer, ValueError on an address that is not
    http or https.
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"Not a web address: {url}")
    request = urllib.request.Request(url, data=body, headers=dict(headers or {}), method=method)
    answer = failure = None
    for attempt in range(tries):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        try:
            answer = _try(request, timeout, max_bytes)
        except OSError as error:  # refused, reset, unknown host, timed out
            failure = error
            continue
        if answer.status not in PASSING:
            break
    if answer is None:
        raise Unreachable(f"{request.host}: {failure}") from failure
    return answer


def _try(request: urllib.request.Request, timeout: float, max_bytes: int) -> Answer:
    deadline = time.monotonic() + timeout
    try:
        response = _opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        response = error  # a status of 300 or more: an answer like any other
    with response:
        body = b""
        while chunk := response.read1(CHUNK):
            body += chunk
            if len(body) > max_bytes:
                raise Unreachable(f"{request.host}: more than {max_bytes} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError(f"not finished after {timeout} s")
        return Answer(response.status, dict(response.headers), body)
