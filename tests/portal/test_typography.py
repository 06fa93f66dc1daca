"""No-break spaces: what becomes one, what is left alone, and that pages and e-mails leave with them."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import RequestFactory

from portal.mail import _content
from portal.typography import no_break, no_break_html, no_break_pages

LINES = (Path(__file__).parent / "data/no_break.tsv").read_text("utf-8").splitlines()
CASES = [tuple(line.replace("~", "\u00a0").replace("_", "\u202f").split("\t")) for line in LINES]


@pytest.mark.parametrize(("typed", "printed"), CASES)
def test_a_text_gets_its_no_break_spaces_once(typed, printed):
    assert no_break(typed) == printed
    assert no_break(printed) == printed


@pytest.mark.parametrize(("typed", "printed"), CASES)
def test_a_page_gets_the_same_ones(typed, printed):
    assert no_break_html(f'<p class="a">{typed}</p>') == f'<p class="a">{printed}</p>'


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/?q=a : b" title="1 250 km ?">x</a>',
        "<a title='a : b'>x</a>",
        '<img sizes="(width >= 60rem) 3 km : " src="/a : b/" alt="c">',
        '<meta name="viewport" content="a : b"><meta property="og:url" content="/a : b">',
        '<input value="a : b" data-alt="c : d" placeholder="e : f">',
        '<script type="application/ld+json">{"name" : "a ?", "b" : 1 250}</script>',
        "<style>a : b { c : d }</style>",
        "<textarea>Quoi ? 1 250 €</textarea>",
        "<pre>a : b</pre><code>Mo-Fr 08 : 00 !</code>",
        '<svg viewBox="0 100 200 : "><path d="M1 100 200"/></svg>',
        "<!-- a : b -->",
        "<p>x</p><textarea>jamais fermé ?",
    ],
)
def test_tags_scripts_code_and_fields_stay_as_they_are(html):
    assert no_break_html(html) == html


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<strong>Horaires</strong> : 8 h", "<strong>Horaires</strong>~: 8~h"),
        ("<p><b>Quoi </b>?</p>", "<p><b>Quoi~</b>?</p>"),
        ("<textarea>a ?</textarea> b ?", "<textarea>a ?</textarea> b~?"),
        ('<input value="a ?"> b ?', '<input value="a ?"> b~?'),
        (
            '<img src="/a : b" alt="Pain : 3 kg" sizes="c : d"> e ?',
            '<img src="/a : b" alt="Pain~: 3~kg" sizes="c : d"> e~?',
        ),
        (
            '<nav aria-label="Où ? Ici !"><a href="/?q=a : b">c</a>',
            '<nav aria-label="Où~? Ici~!"><a href="/?q=a : b">c</a>',
        ),
        ('<meta name="description" content="Die : 12 km">', '<meta name="description" content="Die~: 12~km">'),
        (
            '<meta property="og:title" content="Quoi ?"><p>a ?</p>',
            '<meta property="og:title" content="Quoi~?"><p>a~?</p>',
        ),
        ('<a title="a > b : c" aria-label="d ?">e ?</a>', '<a title="a > b : c" aria-label="d~?">e~?</a>'),
        ("<title>Die : marché</title>", "<title>Die~: marché</title>"),
        (
            "<svg><text>a ?</text></svg><i>b ?</i><code>c ?</code>d ?",
            "<svg><text>a ?</text></svg><i>b~?</i><code>c ?</code>d~?",
        ),
    ],
)
def test_text_beside_them_does_not(html, shown):
    assert no_break_html(html) == shown.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("path", "response", "body"),
    [
        ("/", HttpResponse("<p>Où ?</p>"), "<p>Où\u00a0?</p>"),
        ("/gestion/", HttpResponse("<p>Où ?</p>"), "<p>Où ?</p>"),
        ("/", HttpResponse("Où ?", content_type="text/plain; charset=utf-8"), "Où ?"),
        (
            "/histoires/atom.xml",
            HttpResponse("<title>Où ?</title>", content_type="application/atom+xml; charset=utf-8"),
            "<title>Où\u00a0?</title>",
        ),
        ("/", JsonResponse({"a": "b ?"}), '{"a": "b ?"}'),
    ],
)
def test_pages_leave_with_them_and_nothing_else_does(path, response, body):
    assert no_break_pages(lambda request: response)(RequestFactory().get(path)).content.decode() == body


def test_what_streams_is_left_alone():
    response = StreamingHttpResponse(iter([b"a ?"]), content_type="text/html")

    assert no_break_pages(lambda request: response)(RequestFactory().get("/")).getvalue() == b"a ?"


def test_e_mails_are_queued_with_them():
    message = EmailMultiAlternatives("Prête : « C 1 »", "À payer : 1 250 €\nhttps://x.example/?a=b", to=["a@b.example"])
    message.attach_alternative('<p style="a : b">Quoi ?</p>', "text/html")

    queued = _content(message)

    assert queued["subject"] == "Prête\u00a0: «\u00a0C 1\u00a0»"
    assert queued["body"] == "À payer\u00a0: 1\u202f250\u00a0€\nhttps://x.example/?a=b"
    assert queued["alternatives"] == [['<p style="a : b">Quoi\u00a0?</p>', "text/html"]]
