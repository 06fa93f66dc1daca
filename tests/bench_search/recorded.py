"""What our pages ask of Elasticsearch, to ask it again without them."""

from unittest.mock import patch

import orjson
from django.test import Client

from search.engines import elastic
from tests.bench_search.measure import HOST, Request


def requests_of(path: str) -> list[Request]:
    """Return, as Elasticsearch receives them, the requests that a page of ours makes. Needs Django set up."""
    with patch.object(elastic, "_ask", wraps=elastic._ask) as ask:
        answer = Client(SERVER_NAME=HOST).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return [Request("/_msearch", _lines(call.args[0])) for call in ask.call_args_list if call.args[0]]


def _lines(asked) -> bytes:
    lines = []
    for kind, body in asked:
        lines += [{"index": elastic.alias(kind), "allow_partial_search_results": False}, body]
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)
