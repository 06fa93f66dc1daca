"""Opening hours as written in France, against right values that do not come from our own reading.

data/hours-values.jsonl: a text and its state ("o" open, "c" closed, "u" by appointment or not known, "-" not asked) at
each of data/hours-instants.txt, local times around the changes of clocks, public and school holidays. The states are
those of opening_hours.js 3.15.0 (npm), the reader that OpenStreetMap's tools share; "means" is what it was asked where
it refuses a text, or reads a night otherwise than a shopkeeper means it, and "why" says so.
data/hours-cases.jsonl: what was wrong on the portal, with the right answer.
data/hours-as-shopkeepers-mean.jsonl: a text, a local time and what whoever wrote it means, noted before it was read
here; "refused" where nobody can know. department: where the shop is, Lyon's without.
"""

import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from directory.hours import (
    PARIS,
    ZONE_OF,
    Place,
    exceptions,
    school_holidays_known_until,
    state,
    validate_opening_hours,
    week,
)
from directory.jsonld import hours
from directory.space import week as form
from search import open_hours
from tests.directory.test_jsonld import is_open as is_open_for_machines

DATA = Path(__file__).parent / "data"
CASES = [json.loads(line) for line in (DATA / "hours-cases.jsonl").read_text().splitlines()]
MEANT = [json.loads(line) for line in (DATA / "hours-as-shopkeepers-mean.jsonl").read_text().splitlines()]
VALUES = [json.loads(line) for line in (DATA / "hours-values.jsonl").read_text().splitlines()]
INSTANTS = [
    datetime.fromisoformat(line).replace(tzinfo=PARIS) for line in (DATA / "hours-instants.txt").read_text().split()
]
LETTERS = {"open": "o", "soon": "o", "closed": "c", "unknown": "u"}
CHRISTMAS = date(2026, 12, 23)
AROUND_CHRISTMAS = [
    datetime.combine(CHRISTMAS, time(), PARIS) + timedelta(minutes=30 * number) for number in range(7 * 48)
]
RANGE = re.compile(r"(\d+)\sh(?:\s(\d\d))?\s–\s(?:(\d+)\sh(?:\s(\d\d))?|minuit)( au moins)?$")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['opening_hours']} {case['at']}")
def test_what_was_wrong_is_right(case):
    found = LETTERS[state(case["opening_hours"], datetime.fromisoformat(case["at"]).replace(tzinfo=PARIS)).kind]

    if case["expected"] == "not open":
        assert found != "o", case["why"]
    else:
        assert found == LETTERS[case["expected"]], case.get("why")


@pytest.mark.parametrize("case", MEANT, ids=lambda case: f"{case['opening_hours']} {case['at']}")
def test_all_outputs_say_what_a_shopkeeper_means(case):
    text, now = case["opening_hours"], datetime.fromisoformat(case["at"]).replace(tzinfo=PARIS)
    place = Place(case["department"], *settings.REGION.centre) if "department" in case else None
    if case["expected"] == "refused":
        with pytest.raises(ValidationError):
            validate_opening_hours(text)
        return

    assert LETTERS[state(text, now, place).kind] == LETTERS[case["expected"]]
    is_open = case["expected"] == "open"
    index = open_hours.intervals(text, now.date(), place)
    assert any(opens <= open_hours.minute(now) < closes for opens, closes in index) == is_open
    node = hours(text, now.date() - timedelta(days=1), place)
    assert is_open_for_machines(node, now.replace(tzinfo=None)) == is_open
    if shown := form.read(text):
        assert LETTERS[state(form.write(shown), now).kind] == LETTERS[case["expected"]]


def test_there_are_enough_values():
    assert len({value["hours"] for value in VALUES}) > 290
    assert len(INSTANTS) > 120


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value["hours"])
def test_two_independent_readers_agree(value):
    found = [(f"{now:%Y-%m-%d %H:%M}", LETTERS[state(value["hours"], now).kind]) for now in INSTANTS]

    asked = zip(found, value["states"], strict=True)
    assert [pair for pair, right in asked if right not in ("-", pair[1])] == []


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value["hours"])
def test_all_outputs_say_the_same_at_every_half_hour(value):
    text = value["hours"]
    node = hours(text, CHRISTMAS)
    index = open_hours.intervals(text, CHRISTMAS)
    table = {day.date: day.ranges for day in week(text, CHRISTMAS)}
    before = {day.date: day.ranges for day in week(text, CHRISTMAS - timedelta(days=1))}
    table[CHRISTMAS - timedelta(days=1)] = before[CHRISTMAS - timedelta(days=1)]
    begun_before = {now for now in AROUND_CHRISTMAS if now.date() == CHRISTMAS and now.hour < 8}
    for now in AROUND_CHRISTMAS:
        is_open = LETTERS[state(text, now).kind] == "o"
        assert any(opens <= open_hours.minute(now) < closes for opens, closes in index) == is_open, now
        assert _in_table(table, now) == is_open, now
        if now not in begun_before:  # machines are told nothing of the night before the first day
            assert is_open_for_machines(node, now.replace(tzinfo=None)) == is_open, now


def _in_table(table, now):
    """Tell what a reader of the table alone finds; what bears a remark is no promise."""
    minute = now.hour * 60 + now.minute
    yesterday = now.date() - timedelta(days=1)
    return any(opens <= minute < closes for opens, closes in map(_minutes, table[now.date()])) or any(
        minute + 24 * 60 < closes for _, closes in map(_minutes, table[yesterday])
    )


def _minutes(text):
    if text == "24\u00a0h sur 24":
        return 0, 24 * 60
    match = RANGE.match(text.removesuffix(", entrée par la cour"))
    if not match:
        return 0, 0
    opens = int(match[1]) * 60 + int(match[2] or 0)
    closes = int(match[3] or 24) * 60 + int(match[4] or 0)
    return opens, closes if closes > opens else closes + 24 * 60


SHOWN = [(value["hours"], shown) for value in VALUES if (shown := form.read(value["hours"]))]


@pytest.mark.parametrize(("text", "shown"), SHOWN, ids=[text for text, _ in SHOWN])
def test_the_merchants_form_keeps_what_it_shows(text, shown):
    written = form.write(shown)

    assert form.read(written) == shown
    for now in (*INSTANTS, *AROUND_CHRISTMAS):
        assert LETTERS[state(written, now).kind] == LETTERS[state(text, now).kind], (written, now)


def test_most_hours_fit_the_form():
    assert len(SHOWN) > 150


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("du mardi au samedi", "Il manque les heures"),
        ("Tu-Sa 08:00", "Il manque une heure de fermeture"),
        ("Tu-Sa 8h à", "Il manque une heure de fermeture"),
        ("mar 8h-12h", "peut être mardi ou mars"),
        ("mar-sa 8h-12h", "peut être mardi ou mars"),
        ("Mo-Fr 9-5", "le matin ou le soir"),
        ("Mo-Fr 2-6", "le matin ou le soir"),
        ("Tu-Sa 25:00-26:00", "avant minuit"),
        ("Tu-Sa 08:70-12:00", "n’est pas une heure"),
        ("Jul-Aug, Mo-Fr 09:00-12:00", "séparés par une virgule"),
        ("tous les jours 9h-18h sauf mercredi 9h-12h", "est-ce ouvert ou fermé"),
        ("Mo-Fr 09:00-12:00 off Sa 10:00-12:00", "Il manque un « ; »"),
        ("Mo-Fr 09:00-12:00; Feb 30 off", "n’existe pas"),
        ("Mo-Fr 09:00-12:00; 2027 Aug 15-2027 Aug 1 off", "finit avant de commencer"),
        ("bientôt", "« bientôt »"),
        ("Mo-Fr 09:00-12:00 | Sa", "« | »"),
        ("", "ne se lisent pas"),
    ],
)
def test_what_cannot_be_known_is_asked_in_french(text, advice):
    with pytest.raises(ValidationError) as refused:
        validate_opening_hours(text)

    [message] = refused.value.messages
    assert advice in message.replace("\u00a0", " ")
    assert "Écrivez par exemple" in message
    assert state(text, INSTANTS[0]).kind == "unknown"
    assert week(text, CHRISTMAS) == []
    assert hours(text, CHRISTMAS) == {}
    assert form.read(text) is None


def test_school_holidays_are_those_of_the_merchants_zone():
    places = {"A": Place("26", 44.75, 5.37), "B": Place("13", 43.3, 5.4), "C": Place("75", 48.86, 2.35)}
    winter = {"2027-02-10": "C", "2027-02-16": "AC", "2027-02-25": "AB", "2027-03-02": "B", "2027-03-10": ""}

    for day, zones in winter.items():
        noon = datetime.fromisoformat(f"{day}T11:00").replace(tzinfo=PARIS)
        found = [zone for zone, place in places.items() if state("SH 10:00-12:00", noon, place).kind == "open"]
        assert "".join(found) == zones, day


def test_nobody_guesses_school_holidays_that_are_not_decided():
    last = school_holidays_known_until()
    known = datetime.combine(last, time(11), PARIS)

    assert last > date(2027, 8, 1)
    assert state("SH 10:00-12:00", known).kind == "open"
    assert state("SH 10:00-12:00", known + timedelta(days=1)).kind == "unknown"
    assert state("SH 10:00-12:00", known, Place("2A", 41.9, 8.7)).kind == "unknown"
    assert week("SH 10:00-12:00", last + timedelta(days=1))[0].ranges == (
        "10\u00a0h\u00a0–\u00a012\u00a0h, à confirmer",
    )


def test_every_department_of_the_mainland_has_its_zone():
    mainland = {f"{number:02}" for number in range(1, 96)} - {"20"}

    assert set(ZONE_OF) == mainland
    assert {ZONE_OF[code] for code in ("01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74")} == {"A"}


def test_the_sun_sets_where_the_merchant_is():
    evening = datetime(2026, 12, 21, 16, 50, tzinfo=PARIS)

    assert state("sunrise-sunset", evening, Place("74", 46.4, 6.6)).kind == "closed"
    assert state("sunrise-sunset", evening, Place("15", 44.9, 2.4)).kind == "soon"


@pytest.mark.parametrize(
    ("text", "today", "told"),
    [
        (
            "Mo-Sa 09:00-18:00; 2026 Dec 28-2027 Jan 03 off",
            "2026-12-15",
            ["Du 28 décembre au 3 janvier : fermé"],
        ),
        (
            "Mo-Sa 09:00-18:00; PH off; 2026 Dec 28-2027 Jan 03 off",
            "2026-12-24",
            ["Vendredi 25 décembre (Noël) : fermé", "Du 28 décembre au 3 janvier : fermé"],
        ),
        ("Mo-Sa 09:00-18:00; 2026 Dec 28-2027 Jan 03 off", "2026-12-30", ["Jusqu’au 3 janvier : fermé"]),
        (
            "Mo-Sa 09:00-18:00; PH off; 2026 Dec 28-2026 Dec 31 off",
            "2026-12-26",
            ["Du 28 décembre au 1er janvier : fermé"],
        ),
        ("Mo-Su 09:00-18:00; 2027 Jul 20-2027 Aug 31 off", "2027-07-01", ["Du 20 juillet au 31 août : fermé"]),
        ("Mo-Sa 09:00-18:00; Aug 10 off; Aug 12 off", "2027-08-09", ["Mardi 10 août : fermé", "Jeudi 12 août : fermé"]),
        ("Mo-Sa 09:00-18:00; Dec 24,31 09:00-16:00", "2026-12-20",
         ["Jeudi 24 décembre : 9 h – 16 h", "Jeudi 31 décembre : 9 h – 16 h"]),
        ("Mo-Sa 09:00-18:00; Dec 27 off", "2026-12-20", []),  # a Sunday
        ("Mo-Fr 09:00-12:00; SH Mo-Fr 14:00-18:00", "2026-12-15",
         ["Du 21 décembre au 1er janvier : 14 h – 18 h"]),
        ("Mo-Sa 09:00-18:00", "2026-12-15", []),
        ("bientôt", "2026-12-15", []),
        ("Th-Sa 18:00-02:00; PH off", "2026-12-20",
         ["Vendredi 25 décembre (Noël) : fermé", "Vendredi 1er janvier (Jour de l’an) : fermé"]),
    ],
)  # fmt: skip
def test_exceptional_days_are_told_as_whole_periods(text, today, told):
    found = exceptions(text, date.fromisoformat(today))

    assert [f"{period.days} : {period.hours}".replace("\u00a0", " ") for period in found] == told
