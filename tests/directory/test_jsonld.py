"""What machines read of a merchant is what their page says."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.hours import PARIS, Place, state
from directory.jsonld import DAYS, HORIZON, TYPES, hours, local_business
from directory.models import Category
from tests.schemaorg import faults

TODAY = date(2026, 11, 24)  # a Tuesday


def is_open(node, at):
    """Return whether a reader of the structured data alone finds the shop open at a local time."""
    return any(
        _covers(specification, at, day)
        for day in (at.date(), at.date() - timedelta(days=1))
        for specification in _that_day(node, day)
    )


def _that_day(node, day):
    special = [
        specification
        for specification in node.get("specialOpeningHoursSpecification", ())
        if specification["validFrom"] <= day.isoformat() <= specification["validThrough"]
    ]
    name = f"https://schema.org/{DAYS[day.weekday()]}"
    return special or [rule for rule in node.get("openingHoursSpecification", ()) if name in rule["dayOfWeek"]]


def _covers(specification, at, day):
    opens, closes = specification["opens"], specification["closes"]
    if opens == closes == "00:00":
        return False  # closed all day
    start = datetime.combine(day, time.fromisoformat(opens))
    if (opens, closes) == ("00:00", "23:59"):
        return at.date() == day  # open around the clock
    end = datetime.combine(day, time.fromisoformat(closes))
    return start <= at < (end if end > start else end + timedelta(days=1))


clock = st.integers(0, 23).map(lambda hour: f"{hour:02}:00")
period = st.tuples(clock, st.integers(1, 30)).map(lambda p: f"{p[0]}-{int(p[0][:2]) + min(p[1], 23):02}:00")
weekday = st.sampled_from(["Mo-Fr", "Tu-Sa", "Su", "We", "Sa,Su", "Mo-Su"])
rule = st.tuples(weekday, period).map(" ".join)
closing = st.sampled_from(["PH off", "2026 Dec 24-31 off", "Dec 24 08:00-12:00", "Mo[1] off", "Nov 24-28 off"])
schedule = st.tuples(st.lists(rule, min_size=1, max_size=3), st.lists(closing, max_size=2)).map(
    lambda parts: "; ".join([*parts[0], *parts[1]])
)


@settings(max_examples=60, deadline=None)
@given(schedule, st.integers(0, HORIZON * 24 * 2 - 1))
@example("24/7", 5)
@example('Mo-Fr 09:00-17:00 || "sur rendez-vous"', 3 * 48 + 24)
@example("Tu, Th 14:00-18:00", 1 * 48)
@example("Mo-Fr 10:00-18:00+", 2 * 48 + 38)
@example("Th-Sa 18:00-02:00; PH off", 32 * 48 + 1)
@example("sunrise-sunset", 36)
@example("SH Mo-Fr 10:00-12:00", 27 * 48 + 21)
@example("24/7; PH off", 31 * 48 + 20)
@example("Fr,Sa 22:00-26:00", 3 * 48 + 49)
@example("Tu-Sa 08:00-12:30,15:00-19:00; PH off", 31 * 48 + 18)
def test_structured_hours_open_and_close_the_shop_exactly_when_the_database_does(opening_hours, half_hours):
    at = datetime.combine(TODAY, time()) + timedelta(minutes=30 * half_hours)

    node = hours(opening_hours, TODAY)

    midnight = datetime.combine(TODAY, time())
    begun_yesterday = at.date() == TODAY and shows_open(opening_hours, midnight - timedelta(minutes=1))
    if not begun_yesterday:  # what began before the first day is not told
        assert is_open(node, at) == shows_open(opening_hours, at)


def shows_open(opening_hours, at):
    return state(opening_hours, at.replace(tzinfo=PARIS)).kind in ("open", "soon")


def test_a_shop_closed_on_public_holidays_says_so_for_christmas_and_new_year():
    node = hours("Tu-Sa 08:00-12:30,15:00-19:00; PH off", TODAY)

    assert [rule["opens"] for rule in node["openingHoursSpecification"]] == ["08:00", "15:00"]
    assert node["openingHoursSpecification"][0]["dayOfWeek"][0] == "https://schema.org/Tuesday"
    assert node["specialOpeningHoursSpecification"] == [
        {
            "@type": "OpeningHoursSpecification",
            "opens": "00:00",
            "closes": "00:00",
            "validFrom": day,
            "validThrough": day,
        }
        for day in ("2026-12-25", "2027-01-01")
    ]


def test_a_leave_this_week_does_not_become_the_rule():
    node = hours("Mo-Fr 09:00-18:00; 2026 Nov 23-27 off", TODAY)

    assert len(node["openingHoursSpecification"][0]["dayOfWeek"]) == 5
    assert [day["validFrom"] for day in node["specialOpeningHoursSpecification"]] == [
        "2026-11-24",
        "2026-11-25",
        "2026-11-26",
        "2026-11-27",
    ]


@pytest.mark.parametrize("text", ["", "sur rendez-vous", "off", '"sur rendez-vous"'])
def test_hours_that_tell_nothing_are_not_made_up(text):
    assert hours(text, TODAY) == {}


def test_every_category_has_a_type_of_its_own(places):
    slugs = set(Category.objects.values_list("slug", flat=True))

    assert set(TYPES) == slugs


@pytest.mark.parametrize("slug", sorted(TYPES))
def test_every_type_is_a_local_business_of_schema_org(slug):
    merchant = made_up(category=SimpleNamespace(slug=slug))

    assert faults(local_business(merchant, TODAY), root="LocalBusiness") == []


def test_a_merchant_without_phone_site_or_position_says_only_what_is_known():
    merchant = made_up(phone="", website="", email="", siret=None, opening_hours="")

    node = local_business(merchant, TODAY)

    assert set(node) == {"@type", "@id", "name", "url", "address", "geo"}


def test_the_bakery_is_described_as_its_row_stands(bakery):
    node = local_business(bakery, TODAY, pictures=("/partage/commercant/x.png",))

    assert node["@type"] == "Bakery"
    assert node["name"] == "Le Fournil des Mines"
    assert node["address"]["streetAddress"] == "12 cours du Palais"
    assert node["address"]["addressLocality"] == "Privas"
    assert node["identifier"]["value"] == "73282932000074"
    assert (node["geo"]["latitude"], node["geo"]["longitude"]) == bakery.town.point
    assert node["url"].endswith("/commercants/le-fournil-des-mines-privas/")
    assert node["image"][0].startswith("http")


def made_up(**fields):
    """Return what local_business reads of a merchant, without a database."""
    return SimpleNamespace(
        **{
            "title": "Le Fournil",
            "category": SimpleNamespace(slug="boulangerie-patisserie"),
            "town": SimpleNamespace(name="Die"),
            "point": (44.75, 5.37),
            "place": Place("26", 44.75, 5.37),
            "public_path": "/commercants/le-fournil-die/",
            "street": "1 rue du Four",
            "postal_code": "26150",
            "phone": "04 75 21 00 00",
            "email": "bonjour@fournil.example",
            "website": "https://fournil.example/",
            "siret": "73282932000074",
            "search_description": "",
            "opening_hours": "Tu-Sa 08:00-12:30",
            **fields,
        }
    )
