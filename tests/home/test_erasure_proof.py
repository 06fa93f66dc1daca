"""Somebody who is everywhere is erased; then the whole database is read for what names them."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.users.models import UserProfile

from directory.answers import Answer
from directory.people.models import AccessRequest, Invitation
from directory.vetting.kinds import Kind, Means
from directory.vetting.models import Application, Check
from home.reports.models import Notice
from portal import rate_limits
from portal.models import Consultation, KeptUpload, PersonalDataCopy, User
from portal.privacy import copies
from portal.privacy.erasure import erase
from portal.privacy.person import of_account, of_address
from search.alerts.models import Alert
from shop import pseudonyms
from shop.models import Purchase
from shop.orders import mark_collected
from shop.withdrawal import acts
from tests.factories import SAME_ORIGIN, make_picture, make_user
from tests.shop.factories import make_enquiry, make_product, order_and_confirm, put_in_basket, refuse

pytestmark = pytest.mark.django_db

LINES = Path(__file__).parent.joinpath("data/people.jsonl").read_text().splitlines()
PEOPLE = [json.loads(line) for line in LINES]
GUARANTEE = pseudonyms.GUARANTEE
SIRET = "73282932000074"


def dump():
    """Return the text of every table, with sessions decoded, as whoever stole the database could read it."""
    texts = {}
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in connection.introspection.table_names(cursor):
            with cursor.cursor.copy(f'copy "{table}" to stdout') as rows:
                texts[table] = b"".join(bytes(piece) for piece in rows).decode()
    decoded = [session.get_decoded() for session in Session.objects.all()]
    texts["django_session"] += json.dumps(decoded, ensure_ascii=False, default=str)
    return texts


def found(who, what=("email", "name", "phone")):
    """Return the tables in which somebody's address, name or telephone stands, however it is written there."""
    texts, tables = dump(), set()
    for table, text in texts.items():
        folded, digits = re.sub(r"\\n|\s+", " ", text).casefold(), re.sub(r"[\s.\-]", "", text)
        signs = {
            "email": any(email.casefold() in folded for email in (who["email"], who["other_email"])),
            "name": f"{who['first_name']} {who['last_name']}".casefold() in folded,
            "phone": re.sub(r"\D", "", who["phone"])[-9:] in digits,
        }
        if any(signs[kind] for kind in what):
            tables.add(table)
    return tables


def buy(client, product, who, end, years_ago=0, **changes):
    """Have somebody order, and the order end, so many years ago."""
    with time_machine.travel(timezone.now() - timedelta(days=365 * years_ago)):
        put_in_basket(client, product)
        contact = {"name": f"{who['first_name']} {who['last_name']}", "email": who["email"], "phone": who["phone"]}
        before = set(Purchase.objects.values_list("pk", flat=True))
        order_and_confirm(client, **contact, note=f"Appelez-moi au {who['phone']}", **changes)
        purchase = Purchase.objects.exclude(pk__in=before).get()
        end(purchase.merchant_orders.get())
        if years_ago:
            Purchase.objects.filter(pk=purchase.pk).update(placed_at=timezone.now())
    get_model("order", "OrderNote").objects.create(order=purchase.merchant_orders.get().order, message=contact["email"])
    return purchase


def collected(merchant_order):
    mark_collected(merchant_order, by=None)


def is_everywhere(who, bakery, cheesemonger, editor, settings):
    """Make an account whose person did all that can be done here, and of whom others wrote."""
    settings.EMAIL_BACKEND = "portal.mail.QueueBackend"
    name, email = f"{who['first_name']} {who['last_name']}", who["email"]
    user = make_user(email, first_name=who["first_name"], last_name=who["last_name"])
    EmailAddress.objects.create(user=user, email=who["other_email"], verified=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    UserProfile.objects.create(user=user, avatar=make_picture().file.name)
    KeptUpload.objects.create(sender=user, name=f"{name}.jpg", content_type="image/jpeg", content=b"x")
    PersonalDataCopy.objects.create(user=user, email=email, content=b"x")
    Consultation.objects.create(by=user, path="/gestion/", holdings="commandes")
    browser = Client()
    browser.force_login(user)
    make_enquiry(bakery, name=name, email=email, phone=who["phone"], wanted=f"Pour {name}")
    put_in_basket(browser, make_product(bakery))
    guest = SessionStore()
    guest["checkout_contact"] = {"name": name, "email": email, "phone": who["phone"]}
    guest.save()

    bakery.accesses.create(user=user, role="helper")
    declared = {"title": "Chez moi", "phone": who["phone"], "email": email}
    decided = {"state": "withdrawn", "declared": declared, "found": {"dirigeant": name}, "reasons": f"De {name}"}
    Application.objects.create(applicant=user, siret=SIRET, **decided)
    Application.objects.create(applicant=user, siret="54210765113030", declared=declared)
    AccessRequest.objects.create(merchant=cheesemonger, requester=user, text=f"Je suis {name}, {who['phone']}")
    answered = {"state": "given", "answered_at": timezone.now(), "answerer": name}
    AccessRequest.objects.create(merchant=bakery, requester=editor, text="Bonjour", **answered)
    Invitation.objects.create(merchant=cheesemonger, email=email.upper(), inviter=editor, expires_at=timezone.now())
    Invitation.objects.create(merchant=bakery, email="ami@exemple.fr", inviter=user, expires_at=timezone.now())
    Answer.objects.create(merchant=bakery, kind="refused", comment=f"Bonjour {name}, écrivez-nous.")
    day = timezone.localdate()
    Check.objects.create(
        merchant=bakery, kind=Kind.values[0], result="passed", source=Means.values[0], day=day, note=f"Vu avec {name}"
    )
    bakery.save_revision(user=user)
    log(bakery, "wagtail.edit", user=user, data={"said": f"{name} <{email}>"})
    log(user, "wagtail.edit", user=editor)

    Alert.objects.create(email=email.lower(), what="luthier", made_at=timezone.now(), searched_at=timezone.now())
    Notice.objects.create(page="/", details=f"Moi, {name}, {who['phone']}", name=name, email=email)
    Notice.objects.create(page="/", details=f"Demandez à {email}", email="voisin@exemple.fr")
    for to, body in ((email, "Bonjour"), (who["other_email"], f"Bonjour {name}")):
        EmailMessage("Bonjour", body, to=[to]).send()
    Client().post("/compte/connexion/", {"login": email, "password": "faux"}, headers=SAME_ORIGIN)
    rate_limits.take(rate_limits.Limit("essais", 1, timedelta(days=1)), email)
    return user


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who["email"])
def test_after_an_erasure_nothing_in_the_database_names_the_person(
    who, client, bakery, cheesemonger, editor, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    user = is_everywhere(who, bakery, cheesemonger, editor, settings)
    avatar = Path(settings.MEDIA_ROOT, UserProfile.objects.get(user=user).avatar.name)
    buy(client, make_product(bakery), who, refuse)
    buy(Client(), make_product(bakery), {**who, "email": who["email"].upper()}, collected, years_ago=3)
    Purchase.objects.filter(pk=Purchase.objects.earliest("pk").pk).update(user=user)
    everywhere = found(who)
    assert len(everywhere) > 15, everywhere

    number = user.pk

    record = erase(of_account(user), "compte")

    assert found(who) == set()
    assert not avatar.exists()
    assert record.outcome["commandes"] == 2
    assert not User.objects.filter(pk=number).exists()
    assert not PageLogEntry.objects.filter(user_id=number).exists()
    assert not ModelLogEntry.objects.filter(user_id=number).exists()
    assert get_model("order", "Order").objects.count() == Purchase.objects.count() == 2
    assert all(placed.lines.exists() for placed in get_model("order", "Order").objects.all())


@pytest.mark.parametrize("who", PEOPLE[:2], ids=lambda who: who["email"])
def test_what_the_guarantee_keeps_is_a_name_and_an_address_until_it_ends(who, client, bakery):
    user = make_user(who["email"])
    buy(client, make_product(bakery), who, collected)
    Purchase.objects.update(user=user)

    erase(of_account(user), "compte")

    assert found(who) == {"shop_purchase"}
    assert found(who, ("phone",)) == set()
    with time_machine.travel(timezone.now() + GUARANTEE - timedelta(days=1)):
        call_command("purge", write=True, verbosity=0)
    assert found(who) == {"shop_purchase"}
    with time_machine.travel(timezone.now() + GUARANTEE + timedelta(days=1)):
        call_command("purge", write=True, verbosity=0)
    assert found(who) == set()


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who["email"])
def test_somebody_without_an_account_is_erased_by_their_address(who, client, bakery):
    buy(client, make_product(bakery), who, refuse)
    buy(Client(), make_product(bakery), {**who, "email": who["email"].upper()}, refuse)
    Alert.objects.create(email=who["email"], what="luthier", made_at=timezone.now(), searched_at=timezone.now())
    Notice.objects.create(page="/", details=f"De {who['email']}", email=who["email"])
    stranger = buy(Client(), make_product(bakery), {**PEOPLE[0], "email": "x" + who["email"]}, refuse)

    erase(of_address(who["email"]), "lien")

    stranger.refresh_from_db()
    assert stranger.email == "x" + who["email"], "another address that ends alike is somebody else's"
    Purchase.objects.filter(pk=stranger.pk).delete()
    get_model("order", "Order").objects.filter(guest_email=stranger.email).delete()
    assert found(who, ("email", "phone")) == set()


@pytest.mark.parametrize("who", PEOPLE[:2], ids=lambda who: who["email"])
def test_who_gave_something_back_is_named_until_it_is_refunded_and_the_guarantee_ends(who, client, bakery):
    purchase = buy(client, make_product(bakery, title="Couteau à pain", is_food=False), who, collected)
    line = purchase.merchant_orders.get().order.lines.get().pk
    name = f"{who['first_name']} {who['last_name']}"
    (withdrawal,) = acts.declare(purchase, acts.Declaration({line: 1}, name, who["other_email"]), {line: 1})

    for address in (who["email"], who["other_email"]):
        erase(of_address(address), "lien")
    with time_machine.travel(timezone.now() + GUARANTEE + timedelta(days=1)):
        call_command("purge", write=True, verbosity=0)
    assert found(who) == {"shop_purchase", "shop_withdrawal"}, "the refund is still due"

    acts.mark_refunded(withdrawal, withdrawal.state, None)
    with time_machine.travel(timezone.now() + GUARANTEE + timedelta(days=1)):
        call_command("purge", write=True, verbosity=0)
    assert found(who) == set()


def test_an_order_that_waits_keeps_what_its_merchant_needs(client, bakery):
    who = PEOPLE[0]
    user = make_user(who["email"])
    purchase = buy(client, make_product(bakery), who, lambda part: None)
    Purchase.objects.update(user=user)

    erase(of_account(user), "compte")

    purchase.refresh_from_db()
    assert (purchase.email, purchase.phone, purchase.user) == (who["email"], who["phone"], None)


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who["email"])
def test_a_copy_holds_what_the_register_knows(who, client, bakery, cheesemonger, editor, settings):
    user = is_everywhere(who, bakery, cheesemonger, editor, settings)
    buy(client, make_product(bakery, title="Tourte de seigle"), who, collected)
    Purchase.objects.update(user=user)

    parts = {part["nom"]: part["lignes"] for part in copies.collected(of_account(user))["parties"]}

    wanted = {
        "comptes", "double-authentification", "e-mails", "photos à renvoyer", "consultations", "copies", "fiches",
        "accès aux fiches", "candidatures", "demandes d’accès", "invitations", "commandes", "paniers", "alertes",
        "signalements", "historique de l’administration", "réglages de l’administration",
    }  # fmt: skip
    assert wanted <= set(parts)
    (bought,) = parts["commandes"]
    assert bought["téléphone"] == who["phone"]
    assert bought["commandes"][0]["articles"][0]["article"] == "Tourte de seigle"
    text = json.dumps(parts, default=str, ensure_ascii=False)
    assert user.password not in text
    assert "voisin@exemple.fr" not in text, "another person's report"
    assert editor.email not in text
