"""Pages for what went wrong say what to do next, and need little to say it."""

import pytest
from django.views.csrf import csrf_failure
from django.views.defaults import permission_denied, server_error


@pytest.mark.django_db
def test_a_lost_visitor_can_search(client, strict_templates):
    response = client.get("/sans-issue/")

    page = response.content.decode()
    assert response.status_code == 404
    assert page.count("<h1") == 1
    assert 'action="/recherche/"' in page
    assert 'content="noindex, follow"' in page


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
