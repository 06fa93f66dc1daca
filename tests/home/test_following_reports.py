"""After a report: its status by a signed link, its day, trusted flaggers first, complaints, figures of the year."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from directory.vetting.sanctions.kinds import Measure
from home.reports import complaints, decisions, terms, tracking
from home.reports.models import Complaint, Notice, TrustedFlagger
from home.reports.tracking import Follower, Side
from tests.directory.vetting.evidence import verify
from tests.directory.vetting.procedures import impose_at_once, warn
from tests.factories import SAME_ORIGIN, make_user
from tests.home.test_blocks import make_story

pytestmark = pytest.mark.django_db
State, Outcome = Notice.State, Complaint.Outcome
SENDER = "camille.rey@exemple.fr"


@pytest.fixture
def told(bakery):
    return {
        "page": bakery.public_path,
        "where": "La deuxième photo",
        "reason": "faux",
        "details": "Ce pain vient d’une usine.",
        "name": "Camille Rey",
        "email": SENDER,
        "good_faith": "on",
    }


@pytest.fixture
def notice(client, told):
    client.post("/signaler/envoyer/", told, headers=SAME_ORIGIN)
    return Notice.objects.get()


@pytest.fixture
def colleague(editor):
    user = make_user("samir@region.example", first_name="Samir", last_name="Bel")
    user.groups.set(editor.groups.all())
    return user


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


def link_in(message):
    return re.search(r"/signaler/suivi/[\w:.-]+/", message.body)[0]


def upheld(notice, by, state=State.UPHELD):
    decisions.decide([notice], state, "La photo montre bien une usine.", by)
    return Notice.objects.get(pk=notice.pk)


def contest(address, said="Je ne suis pas d’accord."):
    return Client().post(address, {"text": said}, headers=SAME_ORIGIN, follow=True)


def test_the_exact_place_is_kept_and_may_be_left_out(client, told, notice):
    assert notice.where == "La deuxième photo"
    client.post("/signaler/envoyer/", told | {"where": ""}, headers=SAME_ORIGIN)
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-11-30", "2026-12-03"),  # a Monday
        ("2026-12-03", "2026-12-08"),  # over a week-end
        ("2026-12-05", "2026-12-09"),  # a Saturday
        ("2026-12-23", "2026-12-29"),  # over Christmas
        ("2026-12-31", "2027-01-06"),
        ("2027-05-07", "2027-05-12"),  # 8 May is a Saturday
    ],
)
def test_a_report_is_to_be_decided_within_three_working_days(day, due):
    assert terms.due_on(date.fromisoformat(day)) == date.fromisoformat(due)


def test_who_reports_follows_by_a_link_that_says_nothing_of_what_was_typed(notice):
    address = link_in(mail.outbox[0])

    page = Client().get(address)

    assert page.cookies == {}
    assert "à traiter" in text(page).lower()
    assert notice.number in text(page)
    for typed in ("usine", "Camille", "deuxième photo"):
        assert typed not in text(page)


def test_a_forged_or_deleted_link_says_so(notice):
    address = link_in(mail.outbox[0])

    assert Client().get(address[:-3] + "xx/").status_code == 404
    assert Client().get(f"/signaler/suivi/{notice.pk}/").status_code == 404
    Notice.objects.all().delete()
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("state", [State.UPHELD, State.DISMISSED, State.SET_ASIDE])
def test_both_read_the_reasons_and_their_remedies(notice, editor, state):
    upheld(notice, editor, state)

    told = {message.to[0]: message for message in mail.outbox}
    for whom in [SENDER, *(["maud@fournil.example"] if state == State.UPHELD else [])]:
        page = text(Client().get(link_in(told[whom])))
        assert "La photo montre bien une usine." in page
        assert "Contester" in page
        assert "organe de règlement" in told[whom].body
    assert ("maud@fournil.example" in told) == (state == State.UPHELD)


@pytest.mark.parametrize("side", Side)
def test_each_side_contests_once_and_another_person_answers(notice, editor, colleague, side):
    notice = upheld(notice, editor)
    address = tracking.path_of(notice, side)

    assert "Écrivez pourquoi" in text(contest(address, " "))
    assert "Reçue" in text(contest(address))
    contest(address)

    complaint = Complaint.objects.get()
    assert complaint.side == side
    assert editor.email in mail.outbox[-1].to
    office = Client()
    office.force_login(editor)
    where = f"/gestion/complaints/edit/{complaint.pk}/"
    sent = {"outcome": "upheld", "answer": "Nous maintenons."}
    assert "une autre personne" in text(office.post(where, sent))
    told = {"outcome": "upheld", "answer": "Non.", "decided_at": timezone.now()}
    for by in (editor, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.filter(pk=complaint.pk).update(**told, decided_by=by)
    office.force_login(colleague)
    assert "Nous maintenons" not in text(Client().get(address))
    office.post(where, sent)

    assert "Nous maintenons." in text(Client().get(address))
    assert "Nous maintenons." in mail.outbox[-1].body
    assert mail.outbox[-1].to == [SENDER if side == Side.SENDER else "maud@fournil.example"]
    assert Notice.objects.get().state == State.UPHELD


def test_a_decision_that_is_overturned_is_made_anew(notice, editor, colleague):
    notice = upheld(notice, editor)
    complaint = complaints.file(Follower(notice, Side.MERCHANT), "La photo est d’ici.")

    complaints.answer(complaint, Outcome.OVERTURNED, "Elle a raison.", colleague)

    assert Notice.objects.get().state == State.NEW
    assert "décidé de nouveau" in mail.outbox[-1].body


@pytest.mark.parametrize(("days", "is_taken"), [(0, True), (180, True), (186, False)])
def test_a_decision_is_contested_for_six_months(notice, editor, days, is_taken):
    notice = upheld(notice, editor)
    address = tracking.path_of(notice, Side.SENDER)

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        contest(address)

    assert Complaint.objects.exists() == is_taken


def test_nothing_is_contested_before_a_decision_nor_from_another_site(notice, editor):
    address = tracking.path_of(notice, Side.SENDER)
    contest(address)
    notice = upheld(notice, editor)
    assert Client().post(address, {"text": "Non."}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not Complaint.objects.exists()
    dismissed = upheld(notice, editor, State.DISMISSED)
    contest(tracking.path_of(dismissed, Side.MERCHANT))  # nothing was held against them
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("email", "until", "is_verified", "is_first"),
    [
        ("veille@conso.example", None, True, True),
        ("VEILLE@conso.example", timezone.localdate() + timedelta(days=1), True, True),
        ("veille@conso.example", timezone.localdate() - timedelta(days=1), True, False),
        ("veille@conso.example", None, False, False),
        ("autre@conso.example", None, True, False),
    ],
)
def test_trusted_flaggers_are_read_first_from_their_own_account_alone(
    told, notice, editor, email, until, is_verified, is_first
):
    TrustedFlagger.objects.create(name="Association de consommateurs", email="veille@conso.example", until=until)
    sender = Client()
    if is_verified:
        sender.force_login(make_user(email.lower()))
    sender.post("/signaler/envoyer/", told | {"email": email}, headers=SAME_ORIGIN)

    later = Notice.objects.exclude(pk=notice.pk).get()
    assert later.is_trusted == is_first
    office = Client()
    office.force_login(editor)
    listed = text(office.get("/gestion/notices/"))
    assert (listed.index(later.number) < listed.index(notice.number)) or not is_first


def test_a_report_leads_to_a_procedure_that_names_it(notice, editor, bakery):
    office = Client()
    office.force_login(editor)
    way = f"/gestion/verifications/fiche/{bakery.pk}/procedure/?signalement={notice.number}"

    assert way in text(office.get(f"/gestion/notices/edit/{notice.pk}/"))
    assert f'value="{notice.number}"' in text(office.get(way))


@pytest.mark.parametrize("kind", ["merchant", "story"])
def test_every_page_leads_to_the_form(client, bakery, kind):
    page = bakery if kind == "merchant" else make_story()
    assert f"/signaler/?page={page.public_path}" in text(client.get(page.public_path))


def test_the_figures_of_a_year_count_everything_and_name_nobody(notice, editor, colleague, bakery):
    warn(verify(bakery), editor)
    impose_at_once(bakery, editor, Measure.SUSPENSION)
    notice = upheld(notice, editor)
    complaints.answer(complaints.file(Follower(notice, Side.SENDER), "Non."), Outcome.UPHELD, "Si.", colleague)
    year = timezone.localdate().year

    written = io.StringIO()
    call_command("moderation_figures", str(year), stdout=written)
    counted = {tuple(row[:3]): row[3] for row in csv.reader(io.StringIO(written.getvalue()), delimiter=";")}

    assert counted["signalements", "reçus", "tous"] == "1"
    assert counted["signalements", "décidés", "retenu"] == "1"
    assert counted["signalements", "décidés", "écarté"] == "0"
    assert counted["procédures et sanctions", "prononcées", "suspension du commerce"] == "1"
    assert counted["procédures et sanctions", "prononcées", "avertissement"] == "1"
    assert counted["procédures et sanctions", "prononcées sans audience ni préavis", "fraude manifeste"] == "1"
    assert counted["réclamations sur des signalements", "répondues", "décision maintenue"] == "1"
    for name in ("Camille", SENDER, "Jeanne", bakery.title, "usine"):
        assert name not in written.getvalue()
    other = io.StringIO()
    call_command("moderation_figures", str(year - 5), stdout=other)
    values = [row[3] for row in csv.reader(io.StringIO(other.getvalue()), delimiter=";")][1:]
    assert set(values) <= {"0", "0.0"}
