"""« Vos données »: a copy, an erasure, with an account and by a link."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.models import ErasureRecord, PersonalDataCopy, User
from portal.tasks import make_data_copy
from search.alerts.models import Alert
from shop.models import Purchase
from tests import jobs
from tests.factories import PASSWORD, SAME_ORIGIN, make_user
from tests.shop.factories import make_product, order, order_and_confirm, put_in_basket, refuse

pytestmark = pytest.mark.django_db

OWN, DELETE, ASK = "/compte/donnees/", "/compte/donnees/supprimer/", "/compte/donnees/sans-compte/"


def link_of(message, start):
    return re.search(rf"http://127\.0\.0\.1:8000({start}\S+)", message.body)[1]


def enter(client, user):
    """Log in, having shown the password just now."""
    client.force_login(user)
    client.post("/compte/confirmation/", {"password": PASSWORD})


def ask_for_link(email):
    answer = Client().post(ASK, {"email": email}, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    return link_of(mail.outbox[-1], "/compte/donnees/adresse/") if mail.outbox else None


def make_alert(email, **fields):
    now = timezone.now()
    return Alert.objects.create(email=email, what="luthier", made_at=now, searched_at=now, confirmed_at=now, **fields)


def files(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_copy_arrives_by_e_mail_and_opens_for_its_account_alone(client, shopper):
    shopper.first_name = "<b>Zoé</b>"
    shopper.save()
    client.force_login(shopper)
    client.post(OWN)
    jobs.do_jobs()

    (message,) = mail.outbox
    link = link_of(message, "/compte/donnees/copie/")
    copy = client.get(link)
    content = files(copy)
    assert set(content) == {"donnees.json", "donnees.html"}
    account = next(part for part in json.loads(content["donnees.json"])["parties"] if part["nom"] == "comptes")
    assert account["lignes"][0]["adresse e-mail"] == shopper.email
    assert "&lt;b&gt;Zoé" in content["donnees.html"]
    assert "mot de passe" not in account["lignes"][0]
    assert "no-store" in copy["Cache-Control"]

    stranger = Client()
    assert stranger.get(link).url.startswith("/compte/connexion/")
    stranger.force_login(make_user())
    assert stranger.get(link).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        client.force_login(shopper)
        assert client.get(link).status_code == 410


def test_a_copy_is_made_once_whatever_becomes_of_its_job(client, shopper):
    client.force_login(shopper)
    client.post(OWN)
    jobs.do_jobs()
    make_data_copy(PersonalDataCopy.objects.get().pk)
    make_data_copy(PersonalDataCopy.objects.get().pk + 1)

    assert len(mail.outbox) == 1


def test_only_so_many_copies_a_day(client, shopper):
    client.force_login(shopper)
    for _ in range(5):
        client.post(OWN)

    assert PersonalDataCopy.objects.count() == 3


def test_an_account_is_deleted_by_who_shows_the_password_again(client, shopper):
    client.force_login(shopper)
    assert client.post(DELETE).url.startswith("/compte/confirmation/")
    assert User.objects.filter(pk=shopper.pk).exists()

    enter(client, shopper)
    page = client.get(DELETE).content.decode()
    assert "pour toujours" in page
    answer = client.post(DELETE, follow=True)

    assert answer.redirect_chain[-1][0] == "/compte/donnees/effacees/"
    assert not User.objects.filter(email=shopper.email).exists()
    assert ErasureRecord.objects.get().way == "compte"
    assert client.get(OWN).status_code == 302, "logged out"
    assert mail.outbox[-1].to == [shopper.email]


def test_the_page_tells_what_stays_and_until_when(client, bakery, shopper):
    enter(client, shopper)
    put_in_basket(client, make_product(bakery))
    order(client, email=shopper.email)
    purchase = Purchase.objects.get()

    page = client.get(DELETE).content.decode()

    assert f"Commande {purchase.number}" in page
    assert "jusqu’à ce qu’elle soit finie" in page


def test_who_alone_answers_for_a_page_online_hands_it_over_first(client, bakery, baker):
    enter(client, baker)

    page = client.get(DELETE).content.decode()
    assert "Le Fournil des Mines" in page
    assert f"/espace/{bakery.pk}/personnes/" in page
    client.post(DELETE)
    assert User.objects.filter(pk=baker.pk).exists()

    bakery.accesses.create(user=make_user(), role="owner")
    client.post(DELETE)
    assert not User.objects.filter(email=baker.email).exists()


@pytest.mark.parametrize("hand_over", ["a helper", "offline"])
def test_a_helper_is_not_enough_and_a_page_offline_holds_nobody(client, bakery, baker, hand_over):
    enter(client, baker)
    if hand_over == "a helper":
        bakery.accesses.create(user=make_user(), role="helper")
    else:
        bakery.unpublish()

    client.post(DELETE)

    assert User.objects.filter(pk=baker.pk).exists() == (hand_over == "a helper")


def test_staff_ask_an_administrator(client, editor):
    enter(client, editor)

    assert "administratrice" in client.post(DELETE).content.decode()
    assert User.objects.filter(pk=editor.pk).exists()


@pytest.mark.parametrize("email", ["camille@voisins.example", "Camille@Voisins.Example", "zoe+1@exemple.fr"])
def test_without_an_account_a_link_shows_and_erases(client, bakery, email):
    make_alert(email.lower())
    other = make_alert("x" + email.lower())
    put_in_basket(client, make_product(bakery))
    order_and_confirm(client, email=email)
    refuse(Purchase.objects.get().merchant_orders.get())
    link = ask_for_link(email)

    page = Client().get(link)
    assert "Vos alertes" in page.content.decode()
    assert not page.cookies
    Client().post(f"{link}faire/", {"effacer": ""}, headers=SAME_ORIGIN)

    assert list(Alert.objects.all()) == [other]
    assert Purchase.objects.get().email == ""
    assert ErasureRecord.objects.get().way == "lien"
    assert "Nous ne gardons rien" in Client().get(link).content.decode()


def test_without_an_account_a_copy_comes_by_e_mail(db):
    make_alert("maud@exemple.fr")
    link = ask_for_link("maud@exemple.fr")
    Client().post(f"{link}faire/", {"copier": ""}, headers=SAME_ORIGIN)
    jobs.do_jobs()

    content = files(Client().get(link_of(mail.outbox[-1], "/compte/donnees/copie/")))
    assert "luthier" in content["donnees.json"]
    assert "luthier" in content["donnees.html"]


def test_the_link_of_an_address_does_not_touch_its_account(shopper):
    link = ask_for_link(shopper.email)
    assert "connectez-vous" in Client().get(link).content.decode()
    assert "Cette adresse a aussi un compte" in mail.outbox[-1].body

    Client().post(f"{link}faire/", {"effacer": ""}, headers=SAME_ORIGIN)

    assert User.objects.filter(pk=shopper.pk).exists()


def test_nobody_learns_who_is_known_here(shopper):
    known = Client().post(ASK, {"email": shopper.email}, headers=SAME_ORIGIN).content.decode()
    unknown = Client().post(ASK, {"email": "nobody@exemple.fr"}, headers=SAME_ORIGIN).content.decode()

    assert known.replace(shopper.email, "") == unknown.replace("nobody@exemple.fr", "")


@pytest.mark.parametrize("email", ["", "camille", "camille@", "a b@exemple.fr", "x" * 260 + "@exemple.fr"])
def test_an_address_that_cannot_be_is_kept_and_told(db, email):
    answer = Client().post(ASK, {"email": email}, headers=SAME_ORIGIN)

    assert answer.context["form"].errors
    assert mail.outbox == []


def test_an_address_is_written_to_three_times_a_day_at_most(db):
    for _ in range(5):
        ask_for_link("maud@exemple.fr")

    assert len(mail.outbox) == 3


def test_a_link_lasts_a_day_and_cannot_be_made_up(db):
    link = ask_for_link("maud@exemple.fr")
    for forged in ("/compte/donnees/adresse/perdu/", link[:-3] + "x/", link.replace("adresse", "copie")):
        assert Client().get(forged).status_code == 410, forged

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert Client().get(link).status_code == 410
        assert Client().post(f"{link}faire/", {"effacer": ""}, headers=SAME_ORIGIN).status_code == 410


def test_no_other_site_can_press_the_button(db):
    make_alert("maud@exemple.fr")
    link = ask_for_link("maud@exemple.fr")

    assert Client().post(f"{link}faire/", {"effacer": ""}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert Alert.objects.exists()
