"""What a merchant's page says of them, beside their own words."""

from datetime import date

from directory.hours import exceptions
from directory.maps import town_map
from tests.factories import make_merchant

TODAY = date(2026, 11, 24)


def test_hours_that_are_no_longer_confirmed_say_since_when(client, bakery):
    bakery.confirmed_on = date(2026, 3, 1)
    bakery.save()

    assert "Horaires non confirmés depuis mars" in client.get(bakery.public_path).content.decode()


def test_services_and_labels_are_shown_in_words(client, places):
    merchant = make_merchant(delivers=True, delivery_note="À vélo dans Privas.", step_free=True, labels=["bio"])

    page = client.get(merchant.public_path).content.decode()

    assert "À vélo dans Privas. Organisée par le commerce, à convenir avec lui." in page
    assert "Accès de plain-pied" in page
    assert "Agriculture biologique" in page


def test_leave_and_holidays_are_told_and_usual_days_are_not():
    found = exceptions("Mo-Sa 08:00-12:00; Dec 8 off; PH off", TODAY)

    assert [(period.first, period.days.replace("\u00a0", " "), period.hours) for period in found] == [
        (date(2026, 12, 8), "Mardi 8 décembre", "fermé"),
        (date(2026, 12, 25), "Vendredi 25 décembre (Noël)", "fermé"),
    ]


def test_the_map_shows_the_commune_whole_and_the_shop_in_it():
    die = town_map("26113", [(44.7528, 5.3688)])

    assert die is not None
    assert die.outline.startswith("M")
    assert die.outline.endswith("Z")
    [(x, y)] = die.pins
    assert 150 < x < 450
    assert 100 < y < 300


def test_a_district_of_lyon_is_shown_on_lyon_and_an_unknown_commune_not_at_all():
    assert town_map("69383", []).outline == town_map("69123", []).outline
    assert town_map("99999", []) is None


def test_a_map_names_its_commune_and_its_neighbours_clear_of_one_another_and_of_its_marks():
    die = town_map("26113", [(44.7528, 5.3688), (44.76, 5.39)])

    assert die is not None
    assert [name.text for name in die.names if name.is_own] == ["Die"]
    assert "Romeyer" in {name.text for name in die.names}
    words = [(name.x, name.y, len(name.text) * 5) for name in die.names]
    for number, (x, y, half) in enumerate(words):
        assert half < x < 600 - half
        assert all(abs(x - left) > half or abs(y - top) > 20 for left, top in die.pins)
        assert all(abs(x - left) > half + other or abs(y - top) > 20 for left, top, other in words[:number])


def test_a_mark_outside_the_map_is_left_out():
    assert town_map("26113", [(48.85, 2.35)]).pins == ()
