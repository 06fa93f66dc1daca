"""« Signaler »: anybody reports a page, an editor answers, and nobody can make the portal write to strangers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from home.reports import digest
from home.reports.models import Notice
from home.reports.views import BY_ADDRESS, BY_VISITOR
from portal.models import QueuedMail
from tests.factories import SAME_ORIGIN, make_user
from tests.jobs import do
from tests.shop.factories import make_product

TYPED = "Le rideau est baissé depuis juin."


@pytest.fixture
def told(bakery):
    return {
        "page": bakery.public_path,
        "reason": "ferme",
        "details": TYPED,
        "name": "Camille Rey",
        "email": "camille.rey@exemple.fr",
        "good_faith": "on",
    }


def send(client, told, **extra):
    return client.post("/signaler/envoyer/", told, headers=SAME_ORIGIN, **extra)


def report(client, told):
    return send(client, told).content.decode()


def make_notice(bakery, **fields):
    known = {"page": bakery.public_path, "reason": "ferme", "details": TYPED, "email": "camille.rey@exemple.fr"}
    return Notice.objects.create(**known | fields)


def decide(client, notice, state, answer="", **more):
    return client.post(f"/gestion/notices/edit/{notice.pk}/", {"state": state, "answer": answer, **more})


def set_aside(client, *notices, action="set_aside", **data):
    query = "&".join(f"id={notice.pk}" for notice in notices)
    return client.post(f"/gestion/bulk/home/notice/{action}/?{query}&next=/gestion/notices/", data, follow=True)


def test_a_merchant_s_page_leads_to_a_form_that_knows_it(client, bakery):
    assert f"/signaler/?page={bakery.public_path}" in client.get(bakery.public_path).content.decode()

    response = client.get("/signaler/", {"page": bakery.public_path})

    assert f'value="{bakery.public_path}"' in response.content.decode()
    assert response.cookies == {}


def test_a_report_is_kept_numbered_and_acknowledged(client, told, editor):
    page = report(client, told)

    notice = Notice.objects.get()
    assert notice.number in page
    assert "accusé de réception part vers camille.rey@exemple.fr" in page
    assert notice.state == Notice.State.NEW
    (receipt,) = mail.outbox
    assert receipt.to == ["camille.rey@exemple.fr"]
    assert notice.number in receipt.subject


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("page", "/gagnez-mille-euros-sur-arnaque.example"),
        ("page", "/commercants/x/?texte=gagnez+mille+euros"),
        ("page", "/#gagnez-mille-euros"),
        ("details", "Gagnez mille euros sur arnaque.example !"),
        ("name", "Gagnez mille euros"),
        ("name", "https://arnaque.example"),
    ],
)
def test_the_receipt_carries_nothing_that_a_stranger_typed(client, told, field, typed):
    report(client, {**told, field: typed})

    (receipt,) = mail.outbox
    for text in (receipt.subject, receipt.body):
        assert typed not in text
        assert "mille" not in text
        assert "arnaque" not in text


def test_one_address_gets_one_receipt_a_day_whoever_writes_it_and_however(told):
    for number, email in enumerate(
        ["camille.rey@exemple.fr", "Camille.Rey@exemple.fr", "camille.rey+1@exemple.fr", "CAMILLE.REY@EXEMPLE.FR"]
    ):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{number}")
        page = report(visitor, {**told, "email": email})
        assert ("un seul accusé de réception part chaque jour" in page) == bool(number)
    assert (len(mail.outbox), Notice.objects.count()) == (1, 4)

    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        report(Client(REMOTE_ADDR="192.0.2.9"), told)
    assert len(mail.outbox) == 2


def test_who_has_verified_her_address_gets_each_receipt_with_the_page(client, told, bakery):
    user = make_user(email=told["email"])
    client.force_login(user)

    for _ in range(BY_ADDRESS.most + 1):
        report(client, told)

    assert len(mail.outbox) == BY_ADDRESS.most + 1
    assert all(bakery.public_path in message.body for message in mail.outbox)


def test_an_unverified_account_is_no_proof(client, told, bakery):
    user = make_user(email=told["email"])
    EmailAddress.objects.filter(user=user).update(verified=False)
    client.force_login(user)

    report(client, told)

    assert bakery.public_path not in mail.outbox[0].body


def test_one_visitor_sends_so_many_an_hour_and_loses_nothing(client, told):
    for number in range(BY_VISITOR.most):
        assert send(client, {**told, "email": f"p{number}@exemple.fr"}).status_code == 200

    response = send(client, {**told, "email": "encore@exemple.fr"})

    page = response.content.decode()
    assert response.status_code == 429
    assert "envoyez-le de nouveau après" in page
    assert all(text in page for text in (TYPED, "Camille Rey", "encore@exemple.fr", told["page"]))
    assert Notice.objects.count() == BY_VISITOR.most
    assert send(Client(REMOTE_ADDR="192.0.2.77"), {**told, "email": "autre@exemple.fr"}).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert send(client, {**told, "email": "encore@exemple.fr"}).status_code == 200


def test_one_address_is_named_so_many_times_a_day_wherever_from(told):
    for number in range(BY_ADDRESS.most):
        assert send(Client(REMOTE_ADDR=f"192.0.2.{number}"), told).status_code == 200

    response = send(Client(REMOTE_ADDR="192.0.2.99"), told)

    assert response.status_code == 429
    assert "adresse e-mail en un jour" in response.content.decode()
    assert TYPED in response.content.decode()
    assert Notice.objects.count() == BY_ADDRESS.most


def test_behind_a_socket_without_addresses_nobody_locks_others_out(told):
    for number in range(BY_VISITOR.most + 2):
        sent = send(Client(REMOTE_ADDR=""), {**told, "email": f"p{number}@exemple.fr"})
        assert sent.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_at_once_no_more_than_the_most_come_through(told):
    gate = Barrier(8)

    def run(number):
        try:
            gate.wait()
            return [send(Client(REMOTE_ADDR=f"192.0.2.{number}"), told).status_code for _ in range(2)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for answered in pool.map(run, range(8)) for status in answered]

    assert sorted(set(statuses)) == [200, 429]
    assert statuses.count(200) == Notice.objects.count() == BY_ADDRESS.most
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("field", ["page", "reason", "details", "name", "email", "good_faith"])
def test_a_report_without_one_of_its_parts_is_sent_back_with_what_was_typed(client, told, field):
    page = report(client, {**told, field: ""})

    assert not Notice.objects.exists()
    assert "À corriger" in page
    assert field == "details" or "Le rideau est baissé" in page


def test_child_abuse_may_be_reported_without_a_name(client, told):
    page = report(client, {**told, "reason": "mineurs", "name": "", "email": ""})

    assert Notice.objects.get().email == ""
    assert "nous ne pourrons pas vous répondre" in page
    assert mail.outbox == []


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


def test_editors_get_one_digest_an_hour_of_what_still_waits(bakery, editor):
    assert digest.send_due() == 0
    first = make_notice(bakery)
    decided = make_notice(bakery, state="ecarte", answer="Rien.", decided_at=timezone.now())
    now = timezone.now()
    assert digest.send_due() == 1

    (message,) = mail.outbox
    assert message.to == [editor.email]
    assert message.subject == "Un signalement à traiter"
    assert first.number in message.body
    assert TYPED not in message.body
    assert decided.number not in message.body

    later = [make_notice(bakery) for _ in range(35)]
    for minutes in (1, 30, 58):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert digest.send_due() == 0
    with time_machine.travel(now + timedelta(minutes=61)):
        assert digest.send_due() == 35
        assert digest.send_due() == 0
    assert mail.outbox[1].subject == "35 signalements à traiter"
    assert later[0].number in mail.outbox[1].body
    assert "et 5 autres" in mail.outbox[1].body
    assert len(mail.outbox) == 2


def test_without_editors_the_superusers_hear_of_reports(bakery):
    chief = make_user(is_superuser=True)
    make_notice(bakery)
    digest.send_due()

    assert [message.to for message in mail.outbox] == [[chief.email]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_digest(bakery, editor):
    make_notice(bakery)
    gate = Barrier(4)

    def run(_):
        try:
            gate.wait()
            return digest.send_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 1
    assert len(mail.outbox) == 1


def test_the_worker_sends_the_digest(bakery, editor):
    make_notice(bakery)

    do("tell_of_notices")

    assert len(mail.outbox) == 1


def test_an_editor_decides_and_cannot_change_what_was_said(client, told, editor):
    report(client, told)
    notice = Notice.objects.get()
    client.force_login(editor)

    assert "Le rideau est baissé" in client.get(f"/gestion/notices/edit/{notice.pk}/").content.decode()
    decide(client, notice, "retenu", "Fiche retirée.", details="Autre chose.")

    notice.refresh_from_db()
    assert notice.state == Notice.State.UPHELD
    assert notice.details == TYPED
    assert notice.decided_by == editor
    assert abs(notice.decided_at - timezone.now()) < timedelta(minutes=1)
    assert client.get("/gestion/notices/new/").status_code != 200


@pytest.mark.parametrize(
    ("state", "said", "tells_merchant"),
    [("retenu", "retenu.", True), ("ecarte", "écarté.", False), ("classe", "classé sans suite.", False)],
)
def test_who_reported_gets_each_decision_with_its_reasons_and_remedies_once(
    client, bakery, baker, editor, state, said, tells_merchant
):
    notice = make_notice(bakery, name="Camille Rey")
    client.force_login(editor)

    for _ in range(2):
        assert decide(client, notice, state, "Nous avons téléphoné.").status_code == 302

    to_sender, *to_merchant = mail.outbox
    assert to_sender.to == [notice.email]
    assert notice.number in to_sender.subject
    assert f"{notice.number} : {said}" in to_sender.body
    assert "Nous avons téléphoné." in to_sender.body
    assert "six mois" in to_sender.body
    assert TYPED not in to_sender.body
    assert [message.to for message in to_merchant] == [[baker.email]] * tells_merchant
    for message in to_merchant:
        assert "Nous avons téléphoné." in message.body
        assert "six mois" in message.body
        assert bakery.public_path in message.body
        for secret in (notice.email, "Camille", TYPED):
            assert secret not in message.body + message.subject


def test_a_report_without_an_address_is_decided_in_silence(client, bakery, editor):
    notice = make_notice(bakery, email="")
    client.force_login(editor)

    decide(client, notice, "ecarte", "Rien à redire.")

    assert Notice.objects.get().state == "ecarte"
    assert mail.outbox == []


@pytest.mark.parametrize("page", ["/", "/histoires/", "/commercants/disparue/", "/nulle-part/é?x", "/boutique/"])
def test_a_page_of_nobody_s_tells_no_merchant(client, bakery, editor, page):
    notice = make_notice(bakery, page=page)
    client.force_login(editor)

    decide(client, notice, "retenu", "Corrigé.")

    assert [message.to for message in mail.outbox] == [[notice.email]]


def test_the_merchant_of_a_reported_article_is_told(client, bakery, baker, editor):
    product = make_product(bakery)
    pages = [product.get_absolute_url(), f"{bakery.public_path}produits/", f"{bakery.public_path}?a=b#c"]
    client.force_login(editor)
    for page in pages:
        decide(client, make_notice(bakery, page=page, email=""), "retenu", "Article retiré.")

    assert [message.to for message in mail.outbox] == [[baker.email]] * len(pages)


@pytest.mark.parametrize("state", ["retenu", "ecarte", "classe"])
def test_a_decision_needs_reasons(client, bakery, editor, state):
    notice = make_notice(bakery)
    client.force_login(editor)

    page = decide(client, notice, state, "   ").content.decode()

    assert "Écrivez les raisons" in page
    assert Notice.objects.get().state == "nouveau"
    assert mail.outbox == []


def test_another_decision_says_that_it_replaces_the_first_and_tells_the_merchant_too(client, bakery, baker, editor):
    notice = make_notice(bakery)
    client.force_login(editor)
    decide(client, notice, "retenu", "Fermé.")
    mail.outbox.clear()

    decide(client, notice, "ecarte", "Le commerce a rouvert.")

    to_sender, to_merchant = mail.outbox
    assert "remplace" in to_sender.body
    assert (to_sender.to, to_merchant.to) == ([notice.email], [baker.email])
    assert "n’est plus retenu" in to_merchant.body


def test_a_decision_undone_and_taken_again_tells_nobody_twice(client, bakery, editor):
    notice = make_notice(bakery)
    client.force_login(editor)
    decide(client, notice, "ecarte", "Rien à redire.")
    decide(client, notice, "nouveau", "Rien à redire.")
    notice.refresh_from_db()
    assert (notice.state, notice.decided_at, notice.decided_by) == ("nouveau", None, None)

    decide(client, notice, "ecarte", "Rien à redire.")

    assert len(mail.outbox) == 1
    assert Notice.objects.get().state == "ecarte"


def test_of_two_editors_with_the_page_open_one_decides(client, bakery, editor):
    notice = make_notice(bakery)
    client.force_login(editor)
    seen = client.get(f"/gestion/notices/edit/{notice.pk}/").context["form"].initial["seen"]
    decide(client, notice, "ecarte", "Rien à redire.", seen=seen)

    page = decide(client, notice, "retenu", "Fermé.", seen=seen).content.decode()

    assert "a traité ce signalement pendant ce temps" in page
    assert "Fermé." in page
    assert Notice.objects.get().state == "ecarte"
    assert len(mail.outbox) == 1


def test_a_decision_that_fails_writes_to_nobody(client, bakery, editor, settings, monkeypatch):
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    notice = make_notice(bakery)
    client.force_login(editor)
    monkeypatch.setattr("home.reports.admin.log", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        decide(client, notice, "ecarte", "Rien.")

    assert Notice.objects.get().state == "nouveau"
    assert not QueuedMail.objects.exists()


def test_editors_set_many_aside_with_one_reason_and_undo_it(client, bakery, editor):
    spam = [make_notice(bakery, email=email) for email in ("a@exemple.fr", "A@exemple.fr", "b@exemple.fr", "")]
    decided = make_notice(bakery, state="ecarte", answer="Déjà vu.", decided_at=timezone.now())
    client.force_login(editor)
    listing = client.get("/gestion/notices/").content.decode()
    assert f'data-object-id="{spam[0].pk}"' in listing
    assert "/gestion/bulk/home/notice/set_aside/" in listing

    refused = set_aside(client, *spam, answer="").content.decode()
    assert "Écrivez les raisons" in refused
    assert Notice.objects.filter(state="nouveau").count() == 4

    page = set_aside(client, *spam, decided, answer="Envoyé plusieurs fois.").content.decode()
    assert "4 signalements classés sans suite" in page
    assert set(Notice.objects.filter(answer="Envoyé plusieurs fois.")) == set(spam)
    assert sorted(message.to[0].lower() for message in mail.outbox) == ["a@exemple.fr", "b@exemple.fr"]
    to_both = next(message for message in mail.outbox if message.to[0].lower() == "a@exemple.fr")
    assert spam[0].number in to_both.body
    assert spam[1].number in to_both.body

    page = set_aside(client, *spam, action="reopen").content.decode()
    assert "4 à traiter de nouveau" in page
    assert Notice.objects.filter(state="nouveau").count() == 4
    assert Notice.objects.get(pk=decided.pk).state == "ecarte"


def test_all_of_a_filtered_list_is_not_all_reports(client, bakery, editor):
    kept = make_notice(bakery, reason="danger")
    for _ in range(3):
        make_notice(bakery, reason="faux")
    client.force_login(editor)

    client.post(
        "/gestion/bulk/home/notice/set_aside/?reason=faux&id=all&next=/gestion/notices/%3Freason%3Dfaux",
        {"answer": "Doublons."},
    )

    assert list(Notice.objects.filter(state="nouveau")) == [kept]


@pytest.mark.parametrize("action", ["set_aside", "reopen"])
def test_only_editors_set_reports_aside(client, bakery, baker, action):
    notice = make_notice(bakery)
    for visitor in (client, Client()):
        if visitor is client:
            visitor.force_login(baker)
        visitor.post(f"/gestion/bulk/home/notice/{action}/?id={notice.pk}", {"answer": "Rien."})

    assert Notice.objects.get().state == "nouveau"
