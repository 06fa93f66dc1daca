"""« Signaler »: anybody reports a page, an editor answers."""

import pytest
from django.core import mail

from home.notices.models import Notice
from tests.factories import SAME_ORIGIN


@pytest.fixture
def told(bakery):
    return {
        "page": bakery.public_path,
        "reason": "ferme",
        "details": "Le rideau est baissé depuis juin.",
        "name": "Camille Rey",
        "email": "camille.rey@exemple.fr",
        "good_faith": "on",
    }


def report(client, told):
    return client.post("/signaler/envoyer/", told, headers=SAME_ORIGIN).content.decode()


def test_a_merchant_s_page_leads_to_a_form_that_knows_it(client, bakery):
    assert f"/signaler/?page={bakery.public_path}" in client.get(bakery.public_path).content.decode()

    response = client.get("/signaler/", {"page": bakery.public_path})

    assert f'value="{bakery.public_path}"' in response.content.decode()
    assert response.cookies == {}


def test_a_report_is_kept_numbered_and_told_to_the_editors_and_to_the_person(client, told, editor):
    page = report(client, told)

    notice = Notice.objects.get()
    assert notice.number in page
    assert notice.state == Notice.State.NEW
    assert [message.to for message in mail.outbox] == [[editor.email], ["camille.rey@exemple.fr"]]
    assert "rideau" in mail.outbox[0].body
    assert notice.number in mail.outbox[1].subject


@pytest.mark.parametrize("field", ["page", "reason", "details", "name", "email", "good_faith"])
def test_a_report_without_one_of_its_parts_is_sent_back_with_what_was_typed(client, told, field):
    page = report(client, {**told, field: ""})

    assert not Notice.objects.exists()
    assert "À corriger" in page
    assert field == "details" or "Le rideau est baissé" in page


def test_child_abuse_may_be_reported_without_a_name(client, told):
    report(client, {**told, "reason": "mineurs", "name": "", "email": ""})

    assert Notice.objects.get().email == ""


@pytest.mark.parametrize("page", ["https://ailleurs.example/", "//ailleurs.example/", "ailleurs"])
def test_only_pages_of_the_portal_are_reported_here(client, told, page):
    assert "Donnez une adresse de ce site" in report(client, {**told, "page": page})


def test_a_whole_address_is_taken_too(client, told, settings):
    report(client, {**told, "page": settings.SITE_URL + told["page"]})

    assert Notice.objects.get().page == told["page"]


def test_another_site_cannot_send_reports(client, told):
    response = client.post("/signaler/envoyer/", told, HTTP_SEC_FETCH_SITE="cross-site")

    assert response.status_code == 403
    assert not Notice.objects.exists()


def test_an_editor_decides_and_cannot_change_what_was_said(client, told, editor):
    report(client, told)
    notice = Notice.objects.get()
    client.force_login(editor)

    assert "Le rideau est baissé" in client.get(f"/gestion/notices/edit/{notice.pk}/").content.decode()
    client.post(
        f"/gestion/notices/edit/{notice.pk}/",
        {"state": "retenu", "answer": "Fiche retirée.", "details": "Autre chose."},
    )

    notice.refresh_from_db()
    assert notice.state == Notice.State.UPHELD
    assert notice.details == "Le rideau est baissé depuis juin."
    assert client.get("/gestion/notices/new/").status_code != 200
