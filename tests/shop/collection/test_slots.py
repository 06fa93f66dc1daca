"""The reckoning of slots: the worked numbers of docs/collection.md, and a count minute by minute that it must equal."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.hours import PARIS, daily_openings, openings
from shop.collection.slots import SOONEST, Opening, Rules, Taken, slots

BAKERY = "Tu-Sa 07:00-12:30,15:00-19:00; Su 07:00-12:30; PH off"
USUAL = Rules(lead=120, day_before=None, length=30, places=6, ahead=14)
DAY = timedelta(days=1)
OSM = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def at(text):
    """Return the moment written "2026-12-05 10:00", in France."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def found(text, now, rules=USUAL, taken=(), days=130):
    spans = (Opening(*span) for span in daily_openings(text, (now - DAY).astimezone(PARIS).date(), days))
    return slots(spans, now, rules, taken)


def starts(text, now, rules=USUAL, taken=(), most=None):
    return [f"{slot.start:%Y-%m-%d %H:%M}" for slot in found(text, at(now), rules, taken)[:most]]


def changed(**fields):
    return Rules(**{**USUAL.__dict__, **fields})


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-12-01 09:00", "2026-12-01 11:00"),
        ("2026-12-01 11:30", "2026-12-01 16:00"),
        ("2026-12-06 11:00", "2026-12-08 07:30"),
        ("2026-12-05 17:00", "2026-12-06 07:00"),
        ("2026-12-05 16:59", "2026-12-06 07:00"),
        ("2026-12-05 16:30", "2026-12-05 18:30"),
        ("2026-12-24 17:30", "2026-12-26 07:30"),  # 25 December is closed
        ("2026-12-31 16:31", "2027-01-02 07:00"),
        ("2026-11-10 18:00", "2026-11-12 08:00"),  # 11 November is closed
    ],
)
def test_the_lead_counts_opening_time(now, first):
    assert starts(BAKERY, now, most=1) == [first]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-12-04 16:59", "2026-12-05"),
        ("2026-12-04 17:00", "2026-12-06"),
        ("2026-12-03 09:00", "2026-12-04"),
        ("2026-12-05 17:00", "2026-12-08"),  # Sunday is too soon, Monday closed
        ("2026-12-07 16:00", "2026-12-08"),
        ("2026-12-31 17:30", "2027-01-02"),
    ],
)
def test_the_cut_off_is_on_the_day_before(now, first):
    rules = changed(lead=0, day_before=time(17))
    assert starts(BAKERY, now, rules, most=1)[0].startswith(first)


def test_what_is_made_to_order_takes_hours_as_they_pass():
    assert starts(BAKERY, "2026-12-04 10:00", changed(hours=48), most=1) == ["2026-12-06 10:00"]
    assert starts(BAKERY, "2026-12-04 11:00", changed(hours=48), most=1) == ["2026-12-06 11:00"]
    assert starts(BAKERY, "2026-12-04 12:10", changed(hours=48), most=1) == ["2026-12-08 07:00"]


def test_articles_of_one_order_share_a_slot():
    rules = USUAL.of_articles([(0, frozenset({4, 5})), (24, frozenset({5, 6}))])
    assert (rules.hours, rules.weekdays) == (24, {5})
    assert starts(BAKERY, "2026-12-04 10:00", rules, most=1) == ["2026-12-05 10:00"]
    assert starts(BAKERY, "2026-12-04 10:00", USUAL.of_articles([(0, frozenset({4})), (0, frozenset({5}))])) == []


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("Fr 08:10-12:00", 30, ["08:10", "08:40", "09:10", "09:40", "10:10", "10:40", "11:10"]),
        ("Fr 08:10-12:00", 120, ["08:10"]),
        ("Fr 08:10-08:25", 30, ["08:10"]),
        ("Fr 08:00-08:30", 30, ["08:00"]),
        ("Fr 22:00-02:00", 60, ["22:00", "23:00", "00:00", "01:00"]),
        ("Fr 23:30-00:30", 60, ["23:30"]),
        ("Fr 08:00-09:00,09:00-10:00", 60, ["08:00", "09:00"]),
        ('Fr "sur rendez-vous"', 60, []),
        ("Fr 18:00+", 60, []),
        ("Fr off", 60, []),
        ("garbage", 60, []),
        ("", 60, []),
    ],
)
def test_slots_lie_whole_in_an_opening(text, length, expected):
    rules = changed(lead=0, length=length, ahead=1)
    assert [start[-5:] for start in starts(text, "2026-12-03 12:00", rules)] == expected


def test_nothing_is_offered_sooner_than_a_guest_can_confirm():
    rules = changed(lead=0)
    assert starts(BAKERY, "2026-12-05 08:00", rules, most=1) == ["2026-12-05 09:30"]
    assert starts(BAKERY, "2026-12-05 08:01", rules, most=1) == ["2026-12-05 10:00"]


def test_a_shop_that_never_closes_has_the_same_slots_each_day():
    rules = changed(lead=0, length=120, ahead=1)
    found = starts("24/7", "2026-12-03 22:31", rules)
    assert found[0] == "2026-12-04 02:00"
    assert found[-1] == "2026-12-05 22:00"
    assert len(found) == 11 + 12


@pytest.mark.parametrize(
    ("night", "hours"),
    [
        ("2027-03-28", ["00:00", "03:00", "04:00", "05:00"]),
        ("2026-10-25", ["00:00", "03:00", "04:00", "05:00"]),
        ("2026-10-24", ["00:00", "01:00", "02:00", "03:00", "04:00", "05:00"]),
    ],
)
def test_no_slot_begins_or_ends_at_a_time_that_a_clock_skips_or_repeats(night, hours):
    day = date.fromisoformat(night)
    rules = changed(lead=0, length=60, ahead=1)
    found = starts("00:00-06:00", f"{day - DAY} 12:00", rules)
    assert [start[-5:] for start in found if start.startswith(night)] == hours


def test_days_ahead_count_from_the_first_day_that_can_be_had():
    closed = "Mo-Sa 09:00-12:00; 2026 Dec 01-2027 Jan 03 off"
    days = {start[:10] for start in starts(closed, "2026-12-01 08:00", changed(ahead=2))}
    assert sorted(days) == ["2027-01-04", "2027-01-05", "2027-01-06"]


def test_two_orders_of_one_slot_are_two():
    slot = found(BAKERY, at("2026-12-01 09:00"))[0]
    one = Taken(slot.start, slot.end, 1)
    assert slot not in found(BAKERY, at("2026-12-01 09:00"), changed(places=2), [one, Taken(*one)])


def test_a_full_slot_is_left_out_and_one_of_another_length_counts_where_it_overlaps():
    def order(start, end, count):
        return Taken(at(f"2026-12-05 {start}"), at(f"2026-12-05 {end}"), count)

    now, rules = "2026-12-05 07:00", changed(lead=0, places=2, ahead=1)
    first = starts(BAKERY, now, rules, most=3)
    assert [start[-5:] for start in first] == ["08:30", "09:00", "09:30"]
    assert starts(BAKERY, now, rules, [order("08:30", "09:00", 1)], most=1)[0][-5:] == "08:30"
    assert starts(BAKERY, now, rules, [order("08:30", "09:00", 2)], most=1)[0][-5:] == "09:00"
    assert starts(BAKERY, now, rules, [order("08:00", "10:00", 2)], most=1)[0][-5:] == "10:00"
    assert (
        starts(BAKERY, now, rules, [order("08:30", "08:45", 1), order("08:45", "09:00", 1)], most=1)[0][-5:] == "09:00"
    )
    assert starts(BAKERY, now, rules, [order("08:00", "08:30", 9)], most=1)[0][-5:] == "08:30"


# --- Minute by minute ---

DAYS = 9  # from the day before

MOMENTS = [
    "2027-03-27 10:00", "2027-03-28 00:40", "2026-10-24 23:10", "2026-10-25 01:55", "2026-12-23 18:00",
    "2026-12-24 09:07", "2026-12-31 23:59", "2027-01-01 00:00", "2026-12-04 16:00", "2026-12-05 11:45",
]  # fmt: skip


@st.composite
def weeks(draw):
    """Return the spans of each weekday, in minutes since its midnight; the last may end the day after."""
    week = []
    for _ in OSM:
        edges = sorted(draw(st.sets(st.integers(0, 288), max_size=6)))
        week.append([[a * 5, b * 5] for a, b in zip(edges[::2], edges[1::2], strict=False)])
    for day, spans in enumerate(week):
        following = week[(day + 1) % 7]
        room = following[0][0] if following else 240
        if spans and room and draw(st.booleans()):
            spans[-1][1] = 1440 + draw(st.integers(1, min(room, 240)))
    return week


def written(week):
    def clock(minute):
        return f"{minute // 60:02}:{minute % 60:02}"

    return "; ".join(
        f"{name} " + (",".join(f"{clock(a)}-{clock(b)}" for a, b in spans) or "off")
        for name, spans in zip(OSM, week, strict=True)
    )


instants = st.builds(
    lambda base, minutes, seconds: at(base).astimezone(UTC) + timedelta(minutes=minutes, seconds=seconds),
    st.sampled_from(MOMENTS), st.integers(-600, 600), st.sampled_from([0, 0, 1, 59]),
)  # fmt: skip
all_rules = st.builds(
    Rules,
    lead=st.sampled_from([0, 1, 30, 120, 600]),
    day_before=st.sampled_from([None, time(12), time(17)]),
    length=st.sampled_from([15, 20, 30, 60, 120]),
    places=st.integers(1, 2),
    ahead=st.integers(1, 4),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    hours=st.sampled_from([0, 0, 5, 48]),
)


@settings(max_examples=30, deadline=None)
@given(week=weeks(), now=instants, rules=all_rules, orders=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 8))))
def test_what_is_offered_equals_a_count_minute_by_minute(week, now, rules, orders):
    taken = [
        Taken(now + timedelta(minutes=15 * start), now + timedelta(minutes=15 * (start + length)), 1)
        for start, length in orders
    ]
    text = written(week)
    assert found(text, now, rules, taken, DAYS) == counted(week, text, now, rules, taken)


def counted(week, text, now, rules, taken):
    """Return the slots as a patient person would find them: try each beginning, and look at each minute in it."""
    here = now.astimezone(PARIS).replace(tzinfo=None)
    begins = datetime.combine(here.date() - DAY, time())
    is_open = set()
    for start, end in openings(text, begins, begins + (DAYS + 1) * DAY):
        is_open.update(start + timedelta(minutes=n) for n in range(int((end - start).total_seconds()) // 60))
    expected, last = [], None
    for number in range(DAYS):
        midnight = begins + number * DAY
        for first, end in week[midnight.weekday()]:
            steps = range(first, end, rules.length)
            for step in steps:
                until = min(step + rules.length, end)
                if until - step < rules.length and step != first:
                    continue
                slot = tried(midnight + timedelta(minutes=step), until - step, here, now, rules, is_open)
                if slot is None:
                    continue
                last = last or slot[0].date() + rules.ahead * DAY
                busy = sum(1 for one in taken if one.start < slot[1] and one.end > slot[0])
                if slot[0].date() <= last and busy < rules.places:
                    expected.append(slot)
    return expected


def tried(start, length, here, now, rules, is_open):
    """Return (start, end), aware, if every minute of it passes in France, once, and is open; and the rules let it."""
    ends = start + timedelta(minutes=length)
    moments = []
    for local in (start, ends):
        both = {local.replace(tzinfo=PARIS, fold=fold).astimezone(UTC) for fold in (0, 1)}
        if len(both) == 2:
            return None
        moments.append(both.pop().astimezone(PARIS))
    if moments[1].astimezone(UTC) - moments[0].astimezone(UTC) != ends - start:
        return None
    assert all(start + timedelta(minutes=n) in is_open for n in range(length))
    before, minute = timedelta(0), timedelta(minutes=1)
    for passed in sorted(one for one in is_open if here - minute < one < start)[: rules.lead + 1]:
        before += passed + minute - max(passed, here)
    day = start.date()
    days = (day - here.date()).days
    in_time = rules.day_before is None or days > 1 or (days == 1 and here.time() < rules.day_before)
    allowed = (
        before >= timedelta(minutes=rules.lead)
        and moments[0] >= now + max(SOONEST, timedelta(hours=rules.hours))
        and in_time
        and start.weekday() in rules.weekdays
        and start >= here
    )
    return tuple(moments) if allowed else None
