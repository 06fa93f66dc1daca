"""The 26 scenarios of the vetting protocol, each from the SIRET on the first screen to the editor's desk.

F1 to F26 are those that the fake register plays (deploy/local/fake_register.py). Whatever a register says, no machine
decides: each application that goes on waits for a person, and says what makes them look twice.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from deploy.local.fake_register import establishment, scenarios, unit
from directory.models import MerchantPage
from directory.places import town_changes
from directory.vetting import acts
from directory.vetting.kinds import Kind, Result, State, Step
from directory.vetting.models import Application, Check, JournalEntry, Vetting
from directory.vetting.register import look_up
from directory.vetting.rules import latest_checks
from directory.vetting.signals import Signal
from tests.directory.joining.forms import SHOP, send_siret
from tests.directory.vetting.applications import check_by_hand
from tests.directory.vetting.evidence import verify, yesterday
from tests.factories import make_merchant, make_user
from tests.jobs import bring_forward, do_jobs

BY_KEY = {scenario.key: scenario for scenario in scenarios()}
PASSED = {Kind.REGISTER: Result.PASSED, Kind.REGION: Result.PASSED}
LYON_3 = {"town": "Lyon", "postal_code": "69003"}
DIE = {"town": "Die", "postal_code": "26150"}


@dataclass(frozen=True)
class Expected:
    """told: what is said on the first screen. checks: what the register's answer proves. signals: why to look twice.

    blocked: no application begins. shop: what differs from SHOP in what the applicant types.
    """

    signals: tuple = ()
    checks: dict = field(default_factory=lambda: PASSED)
    told: str = ""
    blocked: bool = False
    shop: dict = field(default_factory=dict)


SILENT = Expected((Signal.SILENT,), {})
TABLE = {
    "F1": Expected(),
    "F2": Expected(blocked=True, told="a cessé son activité"),
    "F3": Expected(blocked=True, told="Votre siège actuel a le SIRET"),
    "F4": Expected((Signal.UNKNOWN,), {}, told="ne connaît pas"),
    "F5": Expected(shop=DIE),  # the head office is in Paris: the establishment counts
    "F6": Expected(blocked=True, told="hors de la région"),
    "F7": Expected((Signal.MASKED,)),
    "F8": Expected((Signal.MASKED,)),
    "F9": Expected((Signal.MASKED,)),
    "F10": Expected(shop=LYON_3),
    "F10b": Expected(blocked=True, told="hors de la région"),
    "F11": Expected(shop={"town": "Saint-Étienne", "postal_code": "42000"}),
    "F12": Expected(shop={"town": "Valserhône", "postal_code": "01200"}),
    "F13": Expected((Signal.ABROAD,)),
    "F14": Expected((Signal.DISTANCE,)),
    "F15": Expected(),
    "F16": SILENT,
    "F17": SILENT,
    "F18": Expected(),
    "F19": SILENT,
    "F20a": SILENT,
    "F20b": SILENT,
    "F20c": SILENT,
    "F20d": SILENT,
    "F20e": SILENT,
    "F21": Expected(),
    "F22a": Expected(),
    "F22b": Expected(),
    "F23": Expected(shop={"title": "L’Épi d’Or"}),
    "F25": Expected((Signal.NEW,)),
}
NAMES = {"F1": "Le Fournil des Mines", "F22a": "La Poste"}
AT_RECHECK = {  # of a merchant who is online: which checks fail, F24 apart
    "F26-30": {Kind.PROCEEDINGS: Result.FAILED},  # liquidation
    "F26-31": {Kind.PROCEEDINGS: Result.FAILED},  # closed for want of assets
    "F26-32": {Kind.PROCEEDINGS: Result.FAILED},  # struck off
    "F26-33": {},  # recovery: trade goes on
    "F26-34": {},  # announced by mistake, and annulled
    "F26-35": {},  # announced by mistake, and put right
}


@pytest.fixture
def phone(client, places, register, monkeypatch):
    """Solène's telephone; she waits three seconds at most."""
    town_changes(only=["01033", "42218"]).write()
    monkeypatch.setattr("directory.joining.views.look_up", lambda siret: look_up(siret, patience=3))
    client.force_login(make_user("solene@fournil.example", first_name="Solène", last_name="Giraud"))
    client.defaults |= {"HTTP_SEC_FETCH_SITE": "same-origin"}
    return client


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def applied(phone, key):
    """Go through the screens as an applicant would; return the application, None where none begins."""
    expected, siret = TABLE[key], BY_KEY[key].siret
    first = send_siret(phone, siret)
    if first.status_code == 200:
        assert expected.told in text(first)
        assert not Application.objects.exists()
        first = send_siret(phone, siret, confirmed="on")
        if first.status_code == 200:
            return None
    name = NAMES.get(key, "Boulangerie du Palais")
    assert phone.post(first.url, {**SHOP, "title": name, **expected.shop}).status_code == 302
    application = Application.objects.get(siret=siret)
    sent = phone.post(
        reverse("joining:opening", args=[application.number]), {"later": "on", "certified": "on", "send": "1"}
    )
    assert sent.status_code == 302
    return Application.objects.get(siret=siret)


def test_every_scenario_of_the_protocol_has_its_line():
    known = [re.fullmatch(r"F(\d+)([a-z]?|-\d+)", key) for key in BY_KEY]
    keys = {match[0] for match in known if match}

    assert keys == TABLE.keys() | AT_RECHECK.keys()
    assert {int(match[1]) for match in known if match} | {24} == set(range(1, 27))


@pytest.mark.parametrize("key", TABLE)
def test_from_the_siret_to_the_desk(phone, editor, key):
    expected = TABLE[key]

    application = applied(phone, key)

    assert (application is None) is expected.blocked
    if application is None:
        return
    assert application.state == Step.SUBMITTED
    assert application.signals == [signal.value for signal in expected.signals]
    page = application.merchant
    told = latest_checks([page.pk]).get((page.pk, page.siret), {})
    assert {kind: told[kind].result for kind in told if kind != Kind.TERMS} == expected.checks
    assert not page.live
    with pytest.raises(acts.ValidationError, match="Il manque"):
        acts.accept(application, editor)  # no register suffices: a person looks

    phone.force_login(editor)
    desk = text(phone.get(reverse("vetting:application", args=[application.number])))
    listed = text(phone.get(reverse("vetting:index")))
    for signal in expected.signals:
        assert signal.label.capitalize()[:12] in desk
        assert signal.label in listed
    for shown in (desk, listed, json.dumps([application.found, application.declared])):
        assert "NON-DIFFUSIBLE" not in shown.upper()
        assert "[ND]" not in shown
        assert "<script>alert(1)" not in shown or shown.startswith("[")


@pytest.mark.parametrize("key", [key for key, expected in TABLE.items() if expected is SILENT and key != "F20c"])
def test_what_the_register_did_not_say_it_is_asked_again(phone, register, key):
    application = applied(phone, key)
    well = BY_KEY["F1"].results[0]
    own = {**well["matching_etablissements"][0], "siret": application.siret}
    known = type(BY_KEY[key])(key, "", application.siret, [unit(own)])
    register.known[application.siret] = known
    register.asked.clear()

    bring_forward()
    do_jobs("clock")

    application.refresh_from_db()
    assert (application.register_status, application.signals) == ("found", [])
    assert {check.kind: check.result for check in Check.objects.exclude(kind=Kind.TERMS)} == PASSED


@pytest.mark.parametrize("key", ["F1", "F5", "F7", "F8", "F9", "F10", "F11", "F13", "F14", "F15", "F22b", "F25"])
def test_no_signal_keeps_a_person_from_accepting(phone, editor, key):
    """No activity code, head office, age or mask refuses anybody; once a person has looked, the page is online."""
    application = applied(phone, key)
    check_by_hand(application, editor)

    acts.accept(application, editor)

    assert MerchantPage.objects.get(pk=application.merchant_id).live
    entry = JournalEntry.objects.get(act="accepted")
    assert (entry.actor, entry.application_number) == (editor, application.number)


def online(key):
    return verify(make_merchant(title=key, siret=BY_KEY[key].siret), day=yesterday())


@pytest.mark.parametrize("key", AT_RECHECK)
def test_what_is_announced_of_a_merchant_online(register, places, editor, key):
    page = online(key)

    call_command("recheck_merchants", write=True)

    machine = Check.objects.filter(merchant=page, by=None, day=timezone.localdate())
    assert {check.kind: check.result for check in machine if check.result != Result.PASSED} == AT_RECHECK[key]
    assert MerchantPage.objects.get(pk=page.pk).live
    assert Vetting.objects.get(merchant=page).state == State.VERIFIED
    assert JournalEntry.objects.filter(act="case_opened").count() == bool(AT_RECHECK[key])


def test_f24_a_merchant_online_who_closes_is_a_case_for_people(register, places, editor):
    page = online("F1")
    call_command("recheck_merchants", write=True)
    closed = unit(establishment(page.siret, etat_administratif="F", date_fermeture="2026-11-30"))
    register.known[page.siret].results[:] = [closed]

    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        call_command("recheck_merchants", write=True)

    assert JournalEntry.objects.get(act="case_opened").facts["kinds"] == [Kind.REGISTER]
    assert MerchantPage.objects.get(pk=page.pk).live
