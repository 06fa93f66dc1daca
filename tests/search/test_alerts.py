"""« Prévenez-moi » : nobody is written to without asking, and nothing is kept longer than said."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from search import index
from search.alerts.lookout import SETTLED, look_out
from search.alerts.models import KEPT, MOST_WAITING, UNCONFIRMED, Alert
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
    assert mail.outbox[-1].subject == "Confirmez votre alerte : « luthier » à Die"

    assert "Oui, prévenez-moi" in client.get(link()).content.decode()
    assert Alert.objects.get().confirmed_at is None, "a program that follows links must not confirm"
    assert "nous guettons" in post(f"{link()}confirmer/").content.decode()

    look_out(timezone.now())
    assert len(mail.outbox) == 1

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        luthier = publish(places, category="luthier-instruments")
        look_out(timezone.now() + SETTLED)

    assert mail.outbox[-1].subject == "Il y a du nouveau : « luthier » à Die"
    assert f"http://127.0.0.1:8000{luthier.public_path}" in mail.outbox[-1].body
    assert not Alert.objects.exists()


def test_nobody_is_told_of_who_was_there_before_or_of_another_trade(post, places):
    post("/recherche/alerte/", **LUTHIER)
    post(f"{link()}confirmer/")

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        publish(places, category="pizzeria")
        look_out(timezone.now() + SETTLED)
    Alert.objects.update(made_at=timezone.now() + timedelta(days=2))
    publish(places, category="luthier-instruments")
    look_out(timezone.now() + timedelta(days=3))

    assert len(mail.outbox) == 1
    assert Alert.objects.exists()


def test_an_alert_that_nobody_confirms_tells_nothing_and_is_deleted(post, places):
    post("/recherche/alerte/", **LUTHIER)
    publish(places, category="luthier-instruments")

    look_out(timezone.now() + UNCONFIRMED - timedelta(hours=1))
    assert Alert.objects.exists()
    look_out(timezone.now() + UNCONFIRMED + timedelta(hours=1))

    assert not Alert.objects.exists()
    assert len(mail.outbox) == 1


def test_a_confirmed_alert_is_deleted_after_six_months(post):
    post("/recherche/alerte/", **LUTHIER)
    post(f"{link()}confirmer/")

    look_out(timezone.now() + KEPT - timedelta(hours=1))
    assert Alert.objects.exists()
    look_out(timezone.now() + KEPT + timedelta(hours=1))

    assert not Alert.objects.exists()


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

    assert len(mail.outbox) == MOST_WAITING
    assert "attendent déjà votre accord" in answer.content.decode()


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

    assert message in page
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
