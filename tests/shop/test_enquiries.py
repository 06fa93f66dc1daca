"""« Réserver sans acheter » and « Appelez-moi »: nobody is told before the address is proved, everybody gets an end."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from threading import Barrier

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import MerchantManager
from directory.people.models import Role
from home.purges import PURGES
from portal.privacy.erasure import erase
from portal.privacy.models import ErasureRecord
from portal.privacy.person import of_address
from shop.enquiries import answers, asking
from shop.enquiries.models import Enquiry, EnquirySetting, Kind
from tests.factories import SAME_ORIGIN, make_merchant, make_user
from tests.shop.factories import make_enquiry, make_product

pytestmark = pytest.mark.django_db
STRICT = pytest.mark.usefixtures("strict_templates")

State = Enquiry.State
TUESDAY = "2027-03-02T10:00:00+01:00"
ASKED = {
    "name": "Camille Moulin",
    "email": "Camille@voisins.example",
    "phone": "06 39 98 21 40",
    "wanted": "Deux pains de campagne",
    "when": "Samedi vers 10 h",
}


def path(merchant, kind="reserver"):
    return f"{merchant.public_path}{kind}/"


def ask(merchant, kind="reserver", client=None, **changes):
    return (client or Client()).post(path(merchant, kind), ASKED | changes, headers=SAME_ORIGIN)


def link():
    """Return the path in the last e-mail that its reader follows."""
    return re.search(r"http://127\.0\.0\.1:8000(/boutique/demande/\S+)", mail.outbox[-1].body)[1]


def press(act):
    return Client().post(f"{link()}{act}/", headers=SAME_ORIGIN, follow=True)


def sent(merchant, **changes):
    ask(merchant, **changes)
    press("confirmer")
    return Enquiry.objects.latest("pk")


def plain(response):
    return unescape(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def answer(enquiry, user, **data):
    client = Client()
    client.force_login(user)
    return client.post(f"/espace/{enquiry.merchant_id}/demandes/{enquiry.pk}/", data, follow=True)


@pytest.fixture
def orphan(places):
    """A shop that nobody keeps."""
    return make_merchant(title="Mercerie du Pont", town=places.die, category="boulangerie-patisserie")


@STRICT
def test_from_the_page_to_the_answer(bakery, baker):
    with time_machine.travel(TUESDAY, tick=False):
        page = Client().get(bakery.public_path)
        assert path(bakery) in page.content.decode()
        form = Client().get(path(bakery))
        assert "cette demande n’est pas une commande" in plain(form)
        assert not form.cookies

        assert "Plus qu’un e-mail à ouvrir" in plain(ask(bakery))
        assert [message.to for message in mail.outbox] == [["camille@voisins.example"]]
        assert "Oui, envoyer ma demande" in plain(Client().get(link()))
        assert Enquiry.objects.get().state == State.WAITING, "a program that follows links must not confirm"

        shown = plain(press("confirmer"))
        assert "a jusqu’au mercredi 3 mars à 19 h" in shown, "2 h 30 and 4 h on Tuesday, 9 h 30 on Wednesday make 16"
        enquiry = Enquiry.objects.get()
        told = mail.outbox[-1]
        assert told.to == ["maud@fournil.example"]
        assert "Deux pains de campagne" in told.body
        assert len(mail.outbox) == 2

        today = Client()
        today.force_login(baker)
        assert "1 demande sans achat attend votre réponse" in plain(today.get(f"/espace/{bakery.pk}/"))
        assert "Deux pains de campagne" in plain(today.get(f"/espace/{bakery.pk}/demandes/"))

        response = answer(enquiry, baker, reponse="oui", kept_until="2027-03-06", reply="Demandez Maud.")
        assert "Votre réponse part vers Camille Moulin" in plain(response)
        assert mail.outbox[-1].to == ["camille@voisins.example"]
        assert "mis de côté jusqu’au samedi 6 mars" in mail.outbox[-1].body.replace("\u00a0", " ")
        assert "Demandez Maud." in plain(Client().get(link()))

        answer(enquiry, baker, reponse="non")
        assert Enquiry.objects.get().state == State.YES
        assert len(mail.outbox) == 3


@STRICT
def test_who_is_to_be_called_leaves_a_number_and_hours(bakery, baker):
    refused = plain(ask(bakery, "appelez-moi", phone="", when=""))
    assert "Écrivez le numéro à appeler" in refused
    assert "Écrivez quand on peut vous joindre" in refused
    assert "Deux pains de campagne" in refused, "nothing typed is lost"

    enquiry = sent(bakery, kind="appelez-moi")
    assert "06 39 98 21 40" in mail.outbox[-1].body
    answer(enquiry, baker, reponse="oui")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.kept_until) == (State.YES, None)


def test_the_first_e_mail_carries_nothing_that_was_typed(bakery):
    ask(bakery, name="Gagnez mille euros", wanted="sur arnaque.example", when="https://arnaque.example")

    (message,) = mail.outbox
    for text in (message.subject, message.body, *(body for body, _ in message.alternatives)):
        assert not any(typed in text for typed in ("Gagnez", "arnaque", "mille"))


def test_a_proved_address_is_not_asked_twice(bakery, shopper):
    assert shopper.emailaddress_set.get().verified
    client = Client()
    client.force_login(shopper)

    ask(bakery, client=client, email=shopper.email)

    assert Enquiry.objects.get().state == State.SENT
    assert [message.to for message in mail.outbox] == [["maud@fournil.example"]]


@STRICT
def test_only_who_is_kept_and_sells_nothing_online_is_asked(bakery, baker, orphan):
    assert asking.kinds_taken(orphan) == ()
    assert path(orphan) not in Client().get(orphan.public_path).content.decode()
    assert ask(orphan).status_code == 410

    mandate = {"role": Role.MANDATE, "agency": "Mairie de Privas"}
    yesterday = timezone.localdate() - timedelta(days=1)
    MerchantManager.objects.filter(user=baker).update(until=yesterday, **mandate)
    assert asking.kinds_taken(bakery) == ()
    MerchantManager.objects.filter(user=baker).update(until=timezone.localdate())
    assert asking.kinds_taken(bakery) == (Kind.RESERVE, Kind.CALL)
    baker.is_active = False
    baker.save()
    assert asking.kinds_taken(bakery) == ()
    baker.is_active = True
    baker.save()
    make_product(bakery)
    assert asking.kinds_taken(bakery) == ()
    assert not Enquiry.objects.exists()


def test_the_database_takes_no_request_that_nobody_would_answer(bakery, baker, orphan):
    with pytest.raises(IntegrityError, match="Nobody would answer"), transaction.atomic():
        Enquiry.objects.create(merchant=orphan, kind=Kind.RESERVE, made_at=timezone.now(), **ASKED)

    ask(bakery)
    MerchantManager.objects.filter(user=baker).delete()
    now = timezone.now()
    with pytest.raises(IntegrityError, match="Nobody would answer"), transaction.atomic():
        Enquiry.objects.update(state=State.SENT, confirmed_at=now, answer_by=now)
    assert press("confirmer").status_code == 410
    assert Enquiry.objects.get().state == State.WAITING
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"state": State.YES},
        {"state": State.WORD, "answered_at": timezone.now()},
        {"kept_until": "2027-03-06"},
        {"state": State.WAITING},
        {"kind": Kind.CALL, "phone": ""},
    ],
)
def test_the_database_refuses_states_that_say_nothing(bakery, change):
    sent(bakery)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.update(**change)


def test_a_merchant_turns_a_kind_off_and_the_page_shows_it_at_once(bakery, baker):
    client = Client()
    client.force_login(baker)
    assert path(bakery, "appelez-moi") in Client().get(bakery.public_path).content.decode()

    client.post(f"/espace/{bakery.pk}/demandes/reglage/", {"takes_reservations": "on"})

    page = Client().get(bakery.public_path).content.decode()
    assert path(bakery) in page
    assert path(bakery, "appelez-moi") not in page
    assert ask(bakery, "appelez-moi").status_code == 410
    client.post(f"/espace/{bakery.pk}/demandes/reglage/", {"takes_reservations": "on", "takes_calls": "on"})
    assert EnquirySetting.objects.get().takes_calls


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Appuyez sur une des réponses."),
        ({"reponse": "retiree"}, "Appuyez sur une des réponses."),
        ({"reponse": "mot"}, "Écrivez votre réponse"),
        ({"reponse": "oui"}, "Choisissez jusqu’à quel jour"),
        ({"reponse": "oui", "kept_until": "2027-03-01"}, "Ce jour est passé"),
        ({"reponse": "oui", "kept_until": "2027-04-02"}, "Choisissez un jour des 30 prochains."),
        ({"reponse": "oui", "kept_until": "demain"}, "Choisissez un jour, par exemple"),
        ({"reponse": "non", "reply": "x" * 501}, "Ce texte est trop long"),
    ],
)
def test_an_answer_that_says_too_little_is_sent_to_nobody(bakery, baker, data, told):
    with time_machine.travel(TUESDAY, tick=False):
        enquiry = sent(bakery)
        count = len(mail.outbox)

        assert told in plain(answer(enquiry, baker, **data))

    assert len(mail.outbox) == count
    assert Enquiry.objects.get().state == State.SENT


def test_a_no_needs_no_day(bakery, baker):
    with time_machine.travel(TUESDAY, tick=False):
        answer(sent(bakery), baker, reponse="non", kept_until="demain")

    assert Enquiry.objects.get().state == State.NO


@STRICT
def test_nobody_answers(bakery, baker):
    with time_machine.travel(TUESDAY, tick=False) as clock:
        enquiry = sent(bakery)
        mail.outbox.clear()
        answers.remind()
        answers.end_unanswered()
        assert mail.outbox == []

        clock.move_to(enquiry.remind_from)
        answers.remind()
        answers.remind()
        assert [message.to for message in mail.outbox] == [["maud@fournil.example"]]

        clock.move_to(enquiry.answer_by)
        answers.end_unanswered()
        answers.end_unanswered()
        assert [message.to for message in mail.outbox[1:]] == [["camille@voisins.example"]]
        assert mail.outbox[-1].subject.startswith("Sans réponse")
        assert "Sans réponse." in plain(Client().get(link()))

        answer(enquiry, baker, reponse="mot", reply="Pardon, passez demain.")
        assert "Pardon, passez demain." in mail.outbox[-1].body, "better late"


def test_where_hours_are_not_known_seven_days_are_left(bakery):
    bakery.opening_hours = ""
    bakery.save()
    with time_machine.travel(TUESDAY, tick=False):
        enquiry = sent(bakery)
        assert enquiry.answer_by - enquiry.confirmed_at == timedelta(days=7)
        assert enquiry.remind_from - enquiry.confirmed_at == timedelta(days=2)


@STRICT
def test_what_is_taken_back(bakery, baker):
    ask(bakery)
    press("retirer")
    assert not Enquiry.objects.exists()

    enquiry = sent(bakery)
    Client().post(f"{enquiry.link}retirer/", headers=SAME_ORIGIN)
    Client().post(f"{enquiry.link}retirer/", headers=SAME_ORIGIN)
    assert [message.subject for message in mail.outbox[-2:]][1].startswith("Demande de Camille Moulin retirée")
    assert Enquiry.objects.get().state == State.GIVEN_UP
    count = len(mail.outbox)
    answer(enquiry, baker, reponse="non")
    assert len(mail.outbox) == count


def test_the_same_form_sent_twice_is_one_request(bakery):
    ask(bakery)
    ask(bakery)
    assert len(mail.outbox) == 1
    press("confirmer")
    press_again = Client().post(f"{Enquiry.objects.get().link}confirmer/", headers=SAME_ORIGIN, follow=True)
    assert "Envoyée." in plain(press_again)
    assert len(mail.outbox) == 2


def test_limits_of_a_mailbox(bakery):
    for wanted in ("un", "deux", "trois"):
        assert ask(bakery, wanted=wanted).status_code == 200
    refused = ask(bakery, wanted="quatre", email="camille+autre@voisins.example")
    assert refused.status_code == 429
    assert "quatre" in plain(refused)

    first, second, _ = Enquiry.objects.order_by("pk")
    Client().post(f"{first.link}confirmer/", headers=SAME_ORIGIN)
    answered = Client().post(f"{second.link}confirmer/", headers=SAME_ORIGIN)
    assert answered.status_code == 429
    assert "a déjà une demande de votre part" in plain(answered)
    assert Enquiry.objects.open().count() == 1


def test_limits_of_a_connection(bakery):
    statuses = [ask(bakery, email=f"p{number}@voisins.example").status_code for number in range(6)]
    assert statuses == [200] * 5 + [429]


def test_a_telephone_number_is_not_rung_by_everybody(bakery, cheesemonger, places, baker):
    third = make_merchant(title="La Pelote", town=places.die, category="boulangerie-patisserie", managers=[baker])
    for number, merchant in enumerate((bakery, cheesemonger)):
        sent(merchant, kind="appelez-moi", email=f"p{number}@voisins.example")
    assert ask(third, "appelez-moi", email="p3@voisins.example").status_code == 200
    assert press("confirmer").status_code == 429
    assert Enquiry.objects.get(merchant=third).state == State.WAITING


def test_who_has_proved_no_address_learns_nothing_of_its_requests(bakery):
    sent(bakery)

    of_another = ask(bakery, email="autre@voisins.example", phone="", wanted="Un pain")
    of_the_same = ask(bakery, phone="", wanted="Un pain")

    assert of_another.status_code == of_the_same.status_code == 200
    assert plain(of_the_same) == plain(of_another).replace("autre@", "camille@")
    refused = press("confirmer")
    assert refused.status_code == 429
    assert "a déjà une demande de votre part" in plain(refused)


def test_a_form_of_another_site_is_refused(bakery):
    assert Client().post(path(bakery), ASKED, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not Enquiry.objects.exists()


@STRICT
def test_terms_erasure_and_copy(bakery):
    purges = {purge.name: purge for purge in PURGES}
    with time_machine.travel(TUESDAY, tick=False) as clock:
        ask(bakery)
        clock.shift(timedelta(days=7, minutes=1))
        purges["unconfirmed enquiries"].run(timezone.now())
        assert not Enquiry.objects.exists()
        sent(bakery)
        clock.shift(timedelta(days=59))
        purges["enquiries"].run(timezone.now())
        assert Enquiry.objects.count() == 1
        clock.shift(timedelta(days=1, minutes=1))
        purges["enquiries"].run(timezone.now())
        assert not Enquiry.objects.exists()

        sent(bakery)
        erase(of_address("camille@voisins.example"), ErasureRecord.Way.LINK)
        assert not Enquiry.objects.exists()


def test_staff_reads_how_many_and_nothing_else(bakery):
    sent(bakery)
    manager = make_user("sam@region.example")
    manager.groups.add(Group.objects.get(name="Responsables de boutiques"))
    client = Client()
    client.force_login(manager)

    told = plain(client.get("/gestion/reports/demandes-sans-achat/"))

    assert "Le Fournil des Mines" in told
    assert "Camille" not in told
    assert "pains" not in told


def test_the_list_makes_as_many_queries_for_ten_as_for_one(bakery, baker):
    client = Client()
    client.force_login(baker)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/espace/{bakery.pk}/demandes/").status_code == 200
        return len(found)

    sent(bakery)
    queries()
    one = queries()
    for number in range(9):
        make_enquiry(bakery, email=f"p{number}@voisins.example")
    assert queries() == one


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_is_told(bakery):
    ask(bakery)
    enquiry, start = Enquiry.objects.get(), Barrier(2)

    def confirm(_):
        start.wait()
        try:
            return asking.confirm(enquiry)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, range(2))) == [False, True]
    assert len(mail.outbox) == 2
