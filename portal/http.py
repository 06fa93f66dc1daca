"""The only door to third parties: every request that leaves the portal is opened here.

Bounded in all ways a stranger's server could hurt us: time, size, number of tries; no redirect is followed, so an
address we chose cannot lead to one we did not, and no proxy of the environment is used.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import urllib3

MAX_BYTES = 1_000_000
CHUNK = 65_536
PASSING = (408, 429, 500, 502, 503, 504)  # statuses that may be better a moment later


class Unreachable(Exception):
    """The third party did not answer in time, in size, or at all."""


@dataclass(frozen=True)
class Answer:
    """What a third party answered, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


_pool = urllib3.PoolManager()


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

    timeout: seconds without a byte, and seconds for the whole answer. pause: seconds, growing from try to try; what
    Retry-After asks for is honoured up to ``timeout``. Raises Unreachable when no try ended in an answer, ValueError on
    an address that is not http or https.
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"Not a web address: {url}")
    retries = urllib3.Retry(
        tries - 1,
        allowed_methods=None,  # the caller knows whether it may be repeated
        status_forcelist=PASSING,
        backoff_factor=pause,
        raise_on_status=False,
        retry_after_max=int(timeout),
    )
    host = urllib3.util.parse_url(url).host
    try:
        response = _pool.request(
            method,
            url,
            body=body,
            headers=headers,
            timeout=timeout,
            retries=retries,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            return Answer(response.status, dict(response.headers), _body(response, timeout, max_bytes))
        finally:
            response.close()  # what is left of it is not read
    except (urllib3.exceptions.HTTPError, _TooMuch) as error:
        raise Unreachable(f"{host}: {error}") from error


class _TooMuch(Exception):
    pass


def _body(response: urllib3.BaseHTTPResponse, timeout: float, max_bytes: int) -> bytes:
    deadline = time.monotonic() + timeout
    body = b""
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > max_bytes:
            raise _TooMuch(f"more than {max_bytes} bytes")
        if time.monotonic() > deadline:
            raise _TooMuch(f"not finished after {timeout} s")
    return body
