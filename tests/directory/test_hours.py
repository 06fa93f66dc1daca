from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from directory.hours import PARIS, holiday, state, validate_opening_hours, week

BAKERY = "Tu-Sa 07:00-12:30,15:00-19:00; Su 07:00-12:30; PH off"
BAR = "Mo-Th 17:00-24:00; Fr-Sa 17:00-02:00"


def at(text):
    """Return the aware time "2026-11-24 12:10" of the region's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def told(opening_hours, now):
    """Return kind and text of the state, its non-breaking spaces made plain."""
    found = state(opening_hours, at(now))
    return found.kind, found.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("opening_hours", "now", "kind", "text"),
    [
        (BAKERY, "2026-11-24 08:00", "open", "Ouvert jusqu’à 12 h 30"),
        (BAKERY, "2026-11-24 12:00", "soon", "Ferme dans 30 min"),
        (BAKERY, "2026-11-24 12:29", "soon", "Ferme dans 1 min"),
        (BAKERY, "2026-11-24 12:30", "closed", "Fermé, ouvre à 15 h"),
        (BAKERY, "2026-11-24 19:00", "closed", "Fermé, ouvre demain à 7 h"),
        (BAKERY, "2026-11-22 13:00", "closed", "Fermé, ouvre mardi à 7 h"),
        (BAKERY, "2026-12-25 10:00", "closed", "Fermé, ouvre demain à 7 h"),
        (BAR, "2026-11-24 20:00", "open", "Ouvert jusqu’à minuit"),
        (BAR, "2026-11-27 23:00", "open", "Ouvert jusqu’à 2 h"),
        (BAR, "2026-11-28 01:45", "soon", "Ferme dans 15 min"),
        (BAR, "2026-11-28 02:00", "closed", "Fermé, ouvre à 17 h"),
        ("24/7", "2026-11-24 03:00", "open", "Ouvert 24 h sur 24"),
        ("Fr 20:00-24:00, Sa, Su 00:00-04:00", "2026-11-27 21:00", "open", "Ouvert jusqu’à 4 h"),
        ("Jan 09:00-12:00", "2026-11-24 10:00", "closed", "Fermé, ouvre le 1er janvier à 9 h"),
        ("2020 09:00-12:00", "2026-11-24 10:00", "closed", "Fermé"),
        ('"sur rendez-vous"', "2026-11-24 10:00", "unknown", "Sur rendez-vous"),
        ("Fr 20:00-24:00; Sa 00:00-24:00; Su 00:00-04:00", "2026-11-27 21:00", "open", "Ouvert jusqu’à dimanche 4 h"),
        ('Tu 09:00-12:00 "sur rendez-vous"', "2026-11-24 10:00", "unknown", "Sur rendez-vous"),
        ('Tu 09:00-12:00 "sur rendez-vous"', "2026-11-25 13:00", "closed", "Fermé, sur rendez-vous mardi à 9 h"),
        (
            'Tu 09:00-12:00 open "entrée par la cour"',
            "2026-11-24 10:00",
            "open",
            "Ouvert jusqu’à 12 h, entrée par la cour",
        ),
        ("Tu 18:00+", "2026-11-24 17:00", "closed", "Fermé, ouvre à 18 h"),
        ("Tu 18:00+", "2026-11-24 18:30", "unknown", "Heure de fermeture à confirmer"),
        ("Tu 10:00-18:00+", "2026-11-24 17:50", "open", "Ouvert jusqu’à 18 h au moins"),
        ('Tu 10:00-18:00 || "sur rendez-vous"', "2026-11-24 17:50", "soon", "Ferme dans 10 min"),
        ("Tu 09:00-12:00 unknown", "2026-11-24 10:00", "unknown", "Horaires à confirmer"),
        ("", "2026-11-24 10:00", "unknown", "Horaires à confirmer"),
        ("du mardi au samedi", "2026-11-24 10:00", "unknown", "Horaires à confirmer"),
    ],
)
def test_the_state_says_what_comes_next(opening_hours, now, kind, text):
    assert told(opening_hours, now) == (kind, text)


def test_hours_never_break_across_lines():
    assert state(BAKERY, at("2026-11-24 08:00")).text == "Ouvert jusqu’à 12\u00a0h\u00a030"
    assert week(BAKERY, date(2026, 11, 24))[1].ranges[0] == "7\u00a0h\u00a0–\u00a012\u00a0h\u00a030"


def test_a_time_from_another_zone_is_read_on_local_clocks():
    assert state(BAKERY, datetime.fromisoformat("2026-11-24T11:10:00+00:00")).kind == "soon"


@pytest.mark.parametrize(
    ("before", "left"),
    [
        # The night of 25 October 2026 has two hours named 2 h; the night of 28 March 2027 has none.
        ("2026-10-25T02:45:00+02:00", "Ouvert jusqu’à 3 h"),
        ("2026-10-25T02:45:00+01:00", "Ferme dans 15 min"),
        ("2027-03-28T01:45:00+01:00", "Ferme dans 15 min"),
    ],
)
def test_minutes_left_are_true_on_the_nights_when_clocks_change(before, left):
    found = state("Sa 20:00-03:00", datetime.fromisoformat(before))

    assert found.text.replace("\u00a0", " ") == left


def test_the_week_starts_on_monday_and_looks_ahead():
    days = week(BAKERY, date(2026, 12, 24))

    assert [(day.day, day.date.day) for day in days] == [
        ("Lundi", 28),
        ("Mardi", 29),
        ("Mercredi", 30),
        ("Jeudi", 24),
        ("Vendredi", 25),
        ("Samedi", 26),
        ("Dimanche", 27),
    ]
    assert [day.day for day in days if day.today] == ["Jeudi"]
    assert [(day.note, day.ranges) for day in days if day.note] == [("Noël", ())]
    assert days[0].ranges == ()
    assert len(days[1].ranges) == 2


def test_hours_past_midnight_belong_to_the_day_they_began():
    friday, saturday, sunday = week(BAR, date(2026, 11, 23))[4:]

    assert friday.ranges == saturday.ranges == ("17\u00a0h\u00a0–\u00a02\u00a0h",)
    assert sunday.ranges == ()


def test_a_rule_says_what_begins_on_its_days():
    night = datetime(2026, 12, 25, 1, 0, tzinfo=PARIS)  # after Christmas Eve, a Thursday
    until_two = "Th 18:00-26:00"

    assert state(until_two, night).kind == "open"
    assert state(f"{until_two}; PH off", night).kind == "open"
    assert state(f"{until_two}; Dec 25 00:00-02:00 off", night).kind == "closed"
    assert state(f"{until_two}; Dec 24 08:00-17:00", night).kind == "closed"
    assert state("We 18:00-26:00; Dec 24 08:00-17:00", night.replace(day=24)).kind == "open"


def test_a_day_and_night_reads_as_one():
    assert {day.ranges for day in week("24/7", date(2026, 11, 23))} == {("24\u00a0h sur 24",)}


def test_unreadable_hours_give_no_week():
    assert week("du mardi au samedi", date(2026, 11, 23)) == week("", date(2026, 11, 23)) == []


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-01", "Jour de l’an"),
        ("2026-04-06", "Lundi de Pâques"),
        ("2026-05-01", "Fête du Travail"),
        ("2026-05-08", "Victoire de 1945"),
        ("2026-05-14", "Ascension"),
        ("2026-05-25", "Lundi de Pentecôte"),
        ("2026-07-14", "Fête nationale"),
        ("2026-08-15", "Assomption"),
        ("2026-11-01", "Toussaint"),
        ("2026-11-11", "Armistice"),
        ("2026-12-25", "Noël"),
        ("2027-03-29", "Lundi de Pâques"),
        ("2027-05-06", "Ascension"),
        ("2027-05-17", "Lundi de Pentecôte"),
        ("2030-06-10", "Lundi de Pentecôte"),
        ("2026-12-26", ""),
        ("2026-04-05", ""),
    ],
)
def test_public_holidays_have_their_names(day, name):
    assert holiday(date.fromisoformat(day)) == name


@pytest.mark.parametrize("year", range(2025, 2036))
def test_a_year_has_eleven_public_holidays(year):
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))

    assert len([day for day in days if holiday(day)]) == 11


@pytest.mark.parametrize("text", ["du mardi au samedi", "Tu-Sa 25:00-26:00", "Lu-Ve bientôt", ""])
def test_bad_hours_are_refused_with_an_example(text):
    with pytest.raises(ValidationError, match="Tu-Sa 08:00-12:30"):
        validate_opening_hours(text)


clock = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])).map("{:%H:%M}".format)
day_names = st.sampled_from(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Mo-Fr", "Tu-Sa", "Sa-Su", "Mo-Su", "PH"])
# No nights and no day named twice alike: there the library reads the letter, see data/hours.jsonl.
times = st.lists(clock, min_size=2, max_size=4, unique=True).map(sorted)
spans = times.map(lambda each: ",".join(map("-".join, zip(each[::2], each[1::2], strict=False))))
rules = st.tuples(day_names, st.one_of(spans, st.just("off")))
schedules = st.lists(rules, min_size=1, max_size=4, unique_by=lambda rule: rule[0]).map(
    lambda each: "; ".join(map(" ".join, each))
)
# Around both changes of clocks, Christmas, Easter and the first of May.
moments = st.builds(
    lambda start, minutes: (at(start).astimezone(UTC) + timedelta(minutes=minutes)).astimezone(PARIS),
    st.sampled_from(["2026-10-24", "2027-03-27", "2026-12-24", "2027-03-28", "2027-04-30"]),
    st.integers(0, 3 * 24 * 60),
)


@settings(max_examples=500, deadline=None)
@given(schedules, moments)
def test_the_state_agrees_with_the_library(opening_hours, now):
    is_open = OpeningHours(opening_hours, country="FR").is_open(now.replace(tzinfo=None))

    assert (state(opening_hours, now).kind in ("open", "soon")) == is_open


@settings(max_examples=200, deadline=None)
@given(schedules, st.dates(date(2026, 10, 1), date(2027, 6, 1)))
def test_the_week_shows_each_opening_on_its_day(opening_hours, today):
    is_open = OpeningHours(opening_hours, country="FR").is_open
    minute = timedelta(minutes=1)

    for day in week(opening_hours, today):
        midnight, *quarters = [datetime.combine(day.date, time(number // 4, number % 4 * 15)) for number in range(96)]
        openings = {clock_text(moment) for moment in quarters if is_open(moment) and not is_open(moment - minute)}
        assert openings <= {text.split("\u00a0–")[0] for text in day.ranges}
        if not any(map(is_open, [midnight, *quarters])):
            assert day.ranges == ()
        if "24\u00a0h sur 24" in day.ranges:
            assert all(map(is_open, [midnight, *quarters]))


def clock_text(moment):
    return f"{moment.hour}\u00a0h" + (f"\u00a0{moment:%M}" if moment.minute else "")


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("Mo-Fr open", "2026-12-01 03:00", "Ouvert jusqu’à vendredi minuit"),  # closed on Saturday
        ("Mo-Tu open", "2026-11-30 22:00", "Ouvert jusqu’à mardi minuit"),
        ("Jan-Jul 24/7", "2027-06-01 10:00", "Ouvert jusqu’au 31 juillet"),
        ("Mo-Fr 00:00-24:00; Sa 00:00-02:00", "2026-12-01 10:00", "Ouvert jusqu’à samedi 2 h"),
        ("24/7; PH off", "2026-12-24 10:00", "Ouvert jusqu’à minuit"),
        ('Mo-Fr 09:00-12:00 "entrée par la cour"', "2026-12-01 10:00", "Horaires à confirmer, entrée par la cour"),
        ('Mo-Fr 09:00-12:00 "entrée par la cour"', "2026-12-01 13:00",
         "Fermé, à confirmer demain à 9 h, entrée par la cour"),
        ('Sa 09:00-12:00 "fermé si pluie"', "2026-12-05 10:00", "Horaires à confirmer, fermé si pluie"),
        ('Tu "sur rendez-vous"', "2026-12-02 10:00", "Fermé, sur rendez-vous mardi"),
        ('Tu 09:00-12:00 "sur réservation"', "2026-12-07 10:00", "Fermé, sur réservation demain à 9 h"),
        ('unknown "téléphonez-nous"', "2026-12-02 10:00", "Téléphonez-nous"),
    ],
)  # fmt: skip
def test_what_a_passer_by_is_told_misleads_nobody(text, at, told):
    now = datetime.fromisoformat(at).replace(tzinfo=PARIS)

    assert state(text, now).text.replace("\u00a0", " ") == told


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ('Mo-Fr 09:00-12:00 || Mo-Fr 14:00-18:00 "sur rendez-vous"', ("9 h – 12 h", "14 h – 18 h, sur rendez-vous")),
        (
            'Mo-Fr 09:00-12:00 || 10:00-13:00 || "sur rendez-vous"',
            ("9 h – 12 h", "12 h – 13 h", "sinon sur rendez-vous"),
        ),
        ("Mo-Fr 09:00-12:00 || off", ("9 h – 12 h",)),
    ],
)
def test_a_week_tells_the_hours_of_what_fills_the_rest(text, ranges):
    [today] = [day for day in week(text, date(2026, 12, 1)) if day.today]

    assert tuple(told.replace("\u00a0", " ") for told in today.ranges) == ranges
