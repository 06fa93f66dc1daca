"""Whatever is typed or forged, a page or a clear refusal, with bounded work, from either engine."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.answer import queries
from search.engines.elastic_query import build
from search.understanding import gazetteer
from search.understanding.normalize import LONGEST_TEXT
from search.understanding.parse import parse
from tests.search.conftest import up_to_date

MOST_QUERIES = 60  # SQL statements of a page, whatever is asked
MOST_BYTES = 40_000  # of the requests to Elasticsearch for one kind

LONG = "é" * 10_000
HOSTILE = {
    "10,000 letters": LONG,
    "5,000 words": "pain " * 5_000,
    "one word of digits": "9" * 10_000,
    "wildcards": "*?*?* boul*ger?e ~2 ^5 /.*/",
    "Lucene's syntax": 'title:* AND NOT (a OR "b") +c -d [1 TO 9] {x} \\ && || !',
    "PostgreSQL's syntax": "pain:* & !fromage | (a <-> b) <2> 'c':A",
    "quotes": "\"'«»“”‘’`' OR 1=1; drop table directory_town; --",
    "JSON": '{"query": {"match_all": {}}}',
    "control characters": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "marks of direction": "\u202e\u202dpain\u2066\u2069\u200f\u200e\ufeff",
    "combining marks": "a" + "\u0301" * 5_000,
    "lone surrogate": "\ud800pain",
    "no letters": "😀" * 500,
    "percent signs": "%s %(name)s %% {0}",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
}
PARAMETERS = [
    "q", "ou", "categorie", "label", "labels", "autour", "quand", "ouvert-le", "ouvert-a", "jour", "prix", "chez",
    "rayon", "tri",
]  # fmt: skip


@pytest.fixture(params=["Elasticsearch", "PostgreSQL"])
def either(request):
    """The portal on each engine in turn."""
    request.getfixturevalue("elasticsearch" if request.param == "Elasticsearch" else "without_elasticsearch")
    return request.param


@pytest.fixture
def fetch(either, client, bakery, cheesemonger):
    """``fetch(**asked)``: the response to a search, answered by the engine in turn within bounds."""
    up_to_date()

    def fetch(**asked):
        with CaptureQueriesContext(
            connection,
        ) as sent:
            response = client.get("/recherche/", asked)
        assert response.status_code in (200, 400), (asked, response.status_code)
        assert len(sent) <= MOST_QUERIES, asked
        if (
            response.status_code == 200 and "answer" in response.context
        ):  # an unknown place is asked about, not searched
            engines = {found.engine for found in response.context["answer"].results.values()}
            assert engines == {either}, asked
        return response

    return fetch


def test_any_text_in_any_field_gets_a_page_or_a_clear_refusal(fetch):
    for text in HOSTILE.values():
        text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        for name in ("q", "ou"):
            assert "<script>alert" not in fetch(**{name: text}).content.decode()
    for name in PARAMETERS:
        fetch(**{"q": "pain", name: HOSTILE["PostgreSQL's syntax"]})
        fetch(**{"q": "pain", name: HOSTILE["control characters"]})
        fetch(**{"q": "pain", name: "9" * 400})


@pytest.mark.parametrize(
    "forged",
    [
        {"page": "101"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "1e3"},
        {"page": "9" * 400},
        {"page": "١٢"},
        {"page": "2\0"},
    ],
)
def test_a_page_that_cannot_be_is_refused_in_words(fetch, forged):
    response = fetch(q="pain", **forged)

    assert response.status_code == 400
    assert "Recherche impossible" in response.content.decode()


def test_the_deepest_page_is_answered_and_empty(fetch):
    assert fetch(q="pain", page="100", type="commercants").status_code == 200


@pytest.mark.parametrize(
    "forged",
    [
        {"jour": "0001-01-01"},
        {"jour": "9999-12-31"},
        {"jour": "2026-02-30"},
        {"chez": "99999999999999999999"},
        {"chez": "-1"},
        {"autour": "nan,inf"},
        {"autour": "1e400,-1e400"},
        {"autour": "90.0000001,180"},
        {"autour": "45,4,6"},
        {"quand": "9999-12-31T23:59"},
        {"quand": "0001-01-01T00:00"},
        {"ouvert-le": "9999-12-31", "ouvert-a": "25:61"},
        {"rayon": "100000"},
        {"prix": "0-5 or true"},
    ],
    ids=str,
)
def test_a_forged_filter_is_no_error(fetch, forged):
    assert fetch(q="pain", **forged).status_code == 200


def test_thousands_of_values_are_refused_or_read_as_few(fetch):
    assert fetch(**{f"filtre{number}": "1" for number in range(3_000)}).status_code == 400
    assert fetch(q="pain", label=["AOP"] * 900).status_code == 200


def test_suggestions_bear_the_same(either, client, bakery):
    for text in HOSTILE.values():
        text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        assert client.get("/recherche/suggestions", {"q": text}).status_code == 200


def test_what_is_sent_to_elasticsearch_is_bounded_and_holds_no_query_syntax(places):
    known = gazetteer.current()
    for text in HOSTILE.values():
        query = parse(known, text, text).query
        assert sum(map(len, query.words)) <= LONGEST_TEXT * 4
        for asked in queries(known, query, None):
            sent = json.dumps(build(asked), default=str)
            assert len(sent) < MOST_BYTES
            assert not any(
                f'"{kind}"' in sent for kind in ("query_string", "simple_query_string", "wildcard", "regexp")
            )
