"""Pages for what went wrong say what to do next, and need little to say it."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.views.csrf import csrf_failure
from django.views.defaults import permission_denied, server_error

PAGES = ("400", "403", "403_csrf", "404", "413", "429", "500", "503")
STATIC = sorted((settings.BASE_DIR / "deploy/errors").glob("*.html"))


class Outline(HTMLParser):
    """What holds a page together: its elements but for those inside the explanation, with their classes."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs).get("class", "")))


def words(html):
    """Return (title, heading, explanation) of a page, with plain spaces."""
    found = [re.search(pattern, html, re.S)[1] for pattern in (r"<title>(.*?)</title>", r"<h1>(.*?)</h1>")]
    explanation = re.search(r"</h1>\s*<p[^>]*>(.*?)</p>", html, re.S)[1]
    return [re.sub(r"[\s\u00a0\u202f]+", " ", text) for text in (*found, explanation)]


@pytest.mark.parametrize("name", PAGES)
def test_all_have_one_frame_that_needs_neither_request_nor_database(name, strict_templates):
    page = render_to_string(f"{name}.html")  # a database would be refused: the test has no mark

    assert '<html lang="fr">' in page
    assert page.count("<h1>") == page.count("<main ") == page.count("</footer>") == 1
    title, heading, explanation = words(page)
    assert title.endswith(" – J’achète dans ma région")
    assert heading
    assert len(explanation) > 60
    assert re.search(r'<main .*href="/"', page, re.S)
    assert 'content="noindex, follow"' in page
    assert all(link in page for link in ('href="/commercants/"', 'href="/mentions-legales/"', "portal.css"))
    [frame] = {tuple(Outline(render_to_string(f"{other}.html")).tags[:12]) for other in PAGES}
    assert frame[0] == ("html", "")


@pytest.mark.parametrize("file", STATIC, ids=lambda file: file.name)
def test_those_of_the_front_server_say_the_same_and_stand_alone(file):
    page = file.read_text()

    assert words(page) == words(render_to_string(file.name))
    assert '<html lang="fr">' in page
    assert re.search(r'<main>.*href="/', page, re.S)
    assert not re.findall(r"<link|<script|<img|url\(", page)
    [style] = {re.search(r"<style>.*</style>", other.read_text(), re.S)[0] for other in STATIC}
    assert style in page
    assert f"/errors/{file.name}" in (settings.BASE_DIR / "deploy/nginx.conf").read_text()


@pytest.mark.django_db
def test_a_lost_visitor_can_search(client, strict_templates):
    response = client.get("/sans-issue/")

    page = response.content.decode()
    assert response.status_code == 404
    assert page.count("<h1") == 1
    assert 'action="/recherche/"' in page
    assert 'content="noindex, follow"' in page


def test_a_name_that_is_not_ours_is_refused_in_french(client):
    response = client.get("/", headers={"host": "ailleurs.example"})

    assert response.status_code == 400
    assert "Nous n’avons pas compris" in response.text


def test_a_breakdown_is_told_without_database_or_request(rf, strict_templates):
    response = server_error(rf.get("/"))

    assert response.status_code == 500
    assert "Réessayez dans quelques minutes" in response.content.decode()


def test_a_closed_door_shows_another_way(rf, strict_templates):
    response = permission_denied(rf.get("/gestion/"), Exception())

    assert response.status_code == 403
    assert 'href="/compte/connexion/"' in response.content.decode()


def test_an_expired_form_says_how_to_send_it_again(rf, strict_templates):
    response = csrf_failure(rf.post("/compte/connexion/"))

    assert response.status_code == 403
    assert "votre saisie y est encore" in response.content.decode()
