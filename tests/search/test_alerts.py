"""« Prévenez-moi » : nobody is written to without asking, and nothing is kept longer than said."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from portal.typography import no_break
from search.alerts.forms import BY_VISITOR
from search.alerts.lookout import SETTLED, notify_matches
from search.alerts.models import MOST_WAITING, Alert
from search.indexing import index
from tests.factories import SAME_ORIGIN, make_merchant

LUTHIER = {"q": "luthier", "ou": "Die (26)", "email": "Maud@exemple.fr"}


@pytest.fixture
def region(without_elasticsearch, places, bakery, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    index.drain()


@pytest.fixture
def post(client, region):
    """``post(address, **fields)``: the answer to a form of our own pages."""

    def post(address, **fields):
        return client.post(address, fields, headers=SAME_ORIGIN, follow=True)

    return post


def link():
    """Return the path in the last e-mail that its reader follows."""
    return re.search(r"http://127\.0\.0\.1:8000(/recherche/alerte/\S+)", mail.outbox[-1].body)[1]


def publish(places, **facts):
    page = make_merchant(title="Lutherie du Diois", town=places.die, **facts)
    page.first_published_at = timezone.now()
    page.save(update_fields=["first_published_at"])
    index.drain()
    return page


def test_from_a_search_in_vain_to_the_merchant_who_arrives(client, post, places):
    page = client.get("/recherche/", {"q": "luthier à Die"}).content.decode()
    form = page[page.index('action="/recherche/alerte/"') :]
    hidden = dict(re.findall(r'name="(q|ou|categorie)" value="([^"]*)"', form))
    assert hidden == {"q": "luthier", "ou": "Die (26)"}

    post("/recherche/alerte/", email="Maud@exemple.fr", **hidden)
    assert mail.outbox[-1].to == ["maud@exemple.fr"]
    assert mail.outbox[-1].subject == "Confirmez votre alerte"

    assert "Oui, prévenez-moi" in client.get(link()).content.decode()
    assert Alert.objects.get().confirmed_at is None, "a program that follows links must not confirm"
    assert "nous guettons" in post(f"{link()}confirmer/").content.decode()

    notify_matches(timezone.now())
    assert len(mail.outbox) == 1

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        luthier = publish(places, category="luthier-instruments")
        notify_matches(timezone.now() + SETTLED)

    assert mail.outbox[-1].subject == "Il y a du nouveau : « luthier » à Die"
    assert f"http://127.0.0.1:8000{luthier.public_path}" in mail.outbox[-1].body
    assert not Alert.objects.exists()


def test_nobody_is_told_of_who_was_there_before_or_of_another_trade(post, places):
    post("/recherche/alerte/", **LUTHIER)
    post(f"{link()}confirmer/")

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        publish(places, category="pizzeria")
        notify_matches(timezone.now() + SETTLED)
    Alert.objects.update(made_at=timezone.now() + timedelta(days=2))
    publish(places, category="luthier-instruments")
    notify_matches(timezone.now() + timedelta(days=3))

    assert len(mail.outbox) == 1
    assert Alert.objects.exists()


def test_an_alert_that_nobody_confirms_tells_nothing(post, places):
    post("/recherche/alerte/", **LUTHIER)
    publish(places, category="luthier-instruments")

    notify_matches(timezone.now() + timedelta(hours=1))

    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("typed", "secrets"),
    [
        ("gagnez mille euros sur arnaque.example", ("gagnez", "arnaque", "mille")),
        ("<b>Cliquez</b> ici", ("Cliquez", "<b>")),
        ("boulangerie arnaque.example", ("arnaque",)),
        ("https://arnaque.example/x", ("arnaque",)),
        ("pain\r\nBcc: autre@exemple.fr", ("Bcc", "autre")),
        ("🎁 cadeau", ("🎁", "cadeau")),
    ],
)
def test_the_e_mail_to_an_unproved_address_carries_nothing_that_was_typed(client, post, typed, secrets):
    post("/recherche/alerte/", **LUTHIER | {"q": typed})

    (message,) = mail.outbox
    parts = [message.subject, message.body, *(body for body, _ in message.alternatives)]
    for text in parts:
        assert not [secret for secret in secrets if secret.lower() in text.lower().replace(link().lower(), "")]
    assert "Vous recherchez" in client.get(link()).content.decode()


def test_one_e_mail_a_day_asks_for_all_that_an_address_is_said_to_want(client, post):
    for trade in ("luthier", "apiculteur", "cordonnier"):
        asked = post("/recherche/alerte/", **LUTHIER | {"q": trade})
        assert "un seul par jour" in asked.content.decode()
    assert len(mail.outbox) == 1

    page = client.get(link()).content.decode()
    assert all(f"«\u00a0{trade}\u00a0» à Die" in page for trade in ("luthier", "apiculteur", "cordonnier"))
    seen = re.search(r'name="vu" value="(\d+)"', page)[1]
    Alert.objects.create(email="maud@exemple.fr", what="tard venu", made_at=timezone.now(), searched_at=timezone.now())
    page = post(f"{link()}confirmer/", vu=seen).content.decode()

    assert Alert.objects.confirmed().count() == 3
    assert Alert.objects.waiting().get().what == "tard venu"
    assert "Déjà confirmé" in page
    assert page.count("Arrêter cette alerte") == 3

    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        post("/recherche/alerte/", **LUTHIER | {"q": "coutelier"})
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("vu", ["", "abc", "-1", "9" * 40, "²"])
def test_a_confirmation_that_was_tampered_with_confirms_its_own_alert_at_most(client, post, vu):
    post("/recherche/alerte/", **LUTHIER)
    Alert.objects.create(email="autre@exemple.fr", what="x", made_at=timezone.now(), searched_at=timezone.now())

    assert post(f"{link()}confirmer/", vu=vu).status_code == 200

    assert set(Alert.objects.confirmed().values_list("email", flat=True)) <= {"maud@exemple.fr"}


def test_saying_no_forgets_all_that_waits_for_the_address_and_nothing_else(post):
    post("/recherche/alerte/", **LUTHIER)
    first = link()
    post(f"{first}confirmer/")
    for trade in ("apiculteur", "cordonnier"):
        post("/recherche/alerte/", **LUTHIER | {"q": trade})

    waiting = Alert.objects.waiting().first()
    post(f"{waiting.link}arreter/")

    assert Alert.objects.get().confirmed_at is not None


def test_one_visitor_asks_so_often_an_hour_and_loses_nothing(client, post):
    for number in range(BY_VISITOR.most):
        assert post("/recherche/alerte/", **LUTHIER | {"email": f"p{number}@exemple.fr"}).status_code == 200

    answer = post("/recherche/alerte/", **LUTHIER)

    page = answer.content.decode()
    assert answer.status_code == 429
    assert "Réessayez après" in page
    assert 'value="Maud@exemple.fr"' in page
    assert 'value="luthier"' in page
    assert not Alert.objects.filter(email="maud@exemple.fr").exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert post("/recherche/alerte/", **LUTHIER).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_at_once_an_address_has_no_more_alerts_and_e_mails_than_one_after_the_other(region):
    trades = ["luthier", "apiculteur", "cordonnier", "coutelier", "fleuriste", "boucher", "libraire", "tapissier"]
    gate = Barrier(len(trades))

    def run(number):
        try:
            gate.wait()
            visitor = Client(REMOTE_ADDR=f"192.0.2.{number}")
            fields = LUTHIER | {"q": trades[number]}
            return visitor.post("/recherche/alerte/", fields, headers=SAME_ORIGIN).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(trades)) as pool:
        statuses = list(pool.map(run, range(len(trades))))

    assert sorted(statuses) == [200] * MOST_WAITING + [429] * (len(trades) - MOST_WAITING)
    assert Alert.objects.count() == MOST_WAITING
    assert len(mail.outbox) == 1


def test_a_mail_program_ends_it_with_one_press(client, post):
    post("/recherche/alerte/", **LUTHIER)
    headers = mail.outbox[-1].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<http://127\.0\.0\.1:8000(\S+)>", headers["List-Unsubscribe"])[1]

    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert not Alert.objects.exists()
    assert client.get(link()).status_code == 410


def test_asking_twice_writes_once_and_looks_the_same(post):
    first, second = post("/recherche/alerte/", **LUTHIER), post("/recherche/alerte/", **LUTHIER)

    assert first.content == second.content
    assert len(mail.outbox) == 1


def test_nobody_s_mailbox_can_be_flooded(post):
    for trade in ("luthier", "apiculteur", "cordonnier", "coutelier")[: MOST_WAITING + 1]:
        answer = post("/recherche/alerte/", **LUTHIER | {"q": trade})

    assert len(mail.outbox) == 1
    assert answer.status_code == 429
    assert "attendent déjà votre accord" in answer.content.decode()


def test_tags_and_case_do_not_make_another_mailbox(post):
    addresses = [
        "maud@exemple.fr",
        "Maud+un@exemple.fr",
        "maud+deux@exemple.fr",
        "maud+@exemple.fr",
        "maud+a+b@exemple.fr",
    ]
    statuses = [post("/recherche/alerte/", **LUTHIER | {"email": address}).status_code for address in addresses]

    assert statuses == [200] * MOST_WAITING + [429] * (len(addresses) - MOST_WAITING)
    assert post("/recherche/alerte/", **LUTHIER | {"email": "maude+un@exemple.fr"}).status_code == 200
    assert post("/recherche/alerte/", **LUTHIER | {"email": "maud+un@exemple.org"}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": ""}, "Écrivez votre adresse e-mail"),
        ({"email": "maud"}, "n’est pas complète"),
        ({"q": ""}, "Cherchez d’abord"),
        ({"ou": "Trifouilly"}, "Nous ne connaissons pas « Trifouilly »"),
        ({"ou": "Paris"}, "Paris (75) n’est pas en Auvergne-Rhône-Alpes"),
        ({"ou": "ici"}, "Refaites la recherche avec une commune de la région"),
    ],
)
def test_a_bad_request_says_how_to_mend_it_and_loses_nothing(post, fields, message):
    page = post("/recherche/alerte/", **LUTHIER | fields).content.decode()

    assert no_break(message) in page
    assert f'value="{(LUTHIER | fields)["ou"]}"' in page
    assert not Alert.objects.exists()


@pytest.mark.parametrize("where", ["26150 Die", "près de Die", "Die, France", "rue de Lyon, Die", "Die Cedex"])
def test_a_place_is_read_as_the_search_reads_it(post, where):
    post("/recherche/alerte/", **LUTHIER | {"ou": where})

    assert Alert.objects.get().place == "26113"


def test_another_site_cannot_ask_or_confirm(client, post):
    assert client.post("/recherche/alerte/", LUTHIER).status_code == 403
    post("/recherche/alerte/", **LUTHIER)
    assert client.post(f"{link()}confirmer/").status_code == 403

    assert Alert.objects.get().confirmed_at is None


def test_a_forged_link_shows_nobody_s_address(client, post):
    post("/recherche/alerte/", **LUTHIER)

    for forged in ("1", "1:abc", "perdue"):
        answer = client.get(f"/recherche/alerte/{forged}/")
        assert answer.status_code == 410
        assert "exemple.fr" not in answer.content.decode()
        client.post(f"/recherche/alerte/{forged}/arreter/")
    assert Alert.objects.exists()
