"""A baker keeps their hours: read back in words, then online at once, whatever else waits for a reviewer."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.hours import PARIS, days_ahead, validate_opening_hours
from directory.models import MerchantManager, MerchantPage
from directory.space import closures, week
from directory.space.at_once import put_online
from tests.browser_forms import filled_in
from tests.factories import make_user

CASES = [json.loads(line) for line in (Path(__file__).parents[1] / "data/timetables.jsonl").read_text().splitlines()]
SPECIAL = 'Apr-Sep: Mo-Sa 08:00-12:30; Oct-Mar: "sur rendez-vous"'


@pytest.fixture(autouse=True)
def before_all_these_days():
    """The form drops what is over: the dates below are to come whenever the tests run."""
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=PARIS)):
        yield


class Timetable:
    """The form of opening hours as one person has it on their screen."""

    def __init__(self, user, merchant):
        self.client, self.pk = Client(), merchant.pk
        self.client.force_login(user)
        self.address = reverse("space:hours", args=[merchant.pk])
        self.sent = filled_in(self.client.get(self.address), "lundi_1_de")

    def press(self, button, **changes):
        """Fill in these fields (None unticks a box), press a button, and show what comes back."""
        self.sent |= {name: value or (None if name.endswith("_ferme") else "") for name, value in changes.items()}
        sent = {name: value for name, value in self.sent.items() if value is not None}
        response = self.client.post(self.address, sent | {"faire": button})
        if response.status_code == 200:
            self.sent = filled_in(response, "lundi_1_de")
        return response

    def publish(self, **changes):
        return self.press("publier", **changes)


@pytest.fixture
def hours(baker, bakery):
    return Timetable(baker, bakery)


@pytest.fixture
def online(bakery):
    return lambda: MerchantPage.objects.get(pk=bakery.pk).opening_hours


@pytest.mark.parametrize("case", CASES, ids=lambda case: ",".join(case["sent"])[:40])
def test_what_is_filled_in_is_read_back_in_words_then_online(hours, online, case):
    before = online()

    read_back = hours.press("relire", **case["sent"])
    assert read_back.context["is_read_back"], read_back.context["form"].errors
    assert case["words"] in [line.replace("\u00a0", " ") for line in read_back.context["form"].words]
    assert online() == before

    assert hours.publish().status_code == 302
    assert online() == case["text"]
    validate_opening_hours(online())


@pytest.mark.parametrize("case", CASES, ids=lambda case: ",".join(case["sent"])[:40])
def test_what_is_online_is_shown_again_and_saving_it_changes_nothing(hours, baker, bakery, online, case):
    hours.publish(**case["sent"])
    again = Timetable(baker, bakery)

    assert (
        "Rien n’a changé"
        in again.client.post(again.address, {**again.sent, "faire": "publier"}, follow=True).content.decode()
    )
    assert online() == case["text"]
    taken_apart = closures.split(case["text"])
    assert week.read(taken_apart.usual) is not None


@pytest.mark.parametrize(
    ("sent", "advice", "field"),
    [
        ({"lundi_ferme": None, "lundi_1_de": "huit heures"}, "Écrivez une heure, par exemple 08:30.", "lundi_1_de"),
        ({"mardi_2_a": "14:00"}, "Ces heures ne se suivent pas", "mardi_2_a"),
        ({"mardi_2_a": ""}, "Il manque l’heure de fermeture", "mardi_2_a"),
        ({"lundi_ferme": None}, "Indiquez les heures de lundi, ou cochez", "lundi_1_de"),
        ({"fermeture_1_du": "en août"}, "Écrivez une date, par exemple 24/12/2026.", "fermeture_1_du"),
        ({"fermeture_1_du": "2027-08-15", "fermeture_1_au": "2027-08-01"}, "Le dernier jour vient avant",
         "fermeture_1_au"),
        ({"fermeture_1_au": "2027-08-01"}, "Il manque le premier jour", "fermeture_1_du"),
        ({"ouverture_1_du": "2026-12-24"}, "Dites de quelle heure à quelle heure", "ouverture_1_1_de"),
        ({"ouverture_1_1_de": "8h", "ouverture_1_1_a": "12h"}, "Dites quel jour vous ouvrez ainsi", "ouverture_1_du"),
        ({"ouverture_1_du": "2026-12-24", "ouverture_1_1_de": "8h"}, "Il manque l’heure de fermeture",
         "ouverture_1_1_a"),
        ({"ouverture_1_du": "2026-12-24", "ouverture_1_1_de": "18h", "ouverture_1_1_a": "17h"}, "ne se suivent pas",
         "ouverture_1_1_a"),
    ],
)  # fmt: skip
def test_bad_input_says_how_to_mend_it_and_loses_nothing(hours, online, sent, advice, field):
    before = online()

    response = hours.publish(**sent)

    page = response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    assert response.status_code == 200
    assert advice in page
    assert f'href="#id_{field}"' in page
    assert all(value in page for value in sent.values() if value)
    assert online() == before


@pytest.mark.parametrize(
    ("sent", "advice"),
    [
        ({"saison_1_du_jour": "31", "saison_1_du_mois": "6"}, "Juin n’a pas de 31."),
        ({"saison_1_du_jour": "40", "saison_1_du_mois": "6"}, "Écrivez un jour, de 1 à 31."),
        ({"saison_1_du_jour": "1", "saison_1_du_mois": "6"}, "Dites de quel jour à quel jour dure cette saison."),
        ({"saison_1_du_jour": "1", "saison_1_du_mois": "6", "saison_1_au_jour": "3", "saison_1_au_mois": "6",
          **{f"saison_1_{day}_ferme": "on" for day in
             ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")}}, "moins d’une semaine"),
    ],
)  # fmt: skip
def test_a_season_that_cannot_be_is_said(hours, sent, advice):
    hours.press("saison")

    response = hours.publish(**sent)

    assert advice in str(response.context["form"].errors).replace("&#x27;", "’")


@pytest.mark.parametrize(
    ("button", "row"),
    [("fermeture", "fermeture_{}_du"), ("ouverture", "ouverture_{}_du"), ("saison", "saison_{}_du_jour")],
)
def test_a_row_is_added_without_a_script_and_nothing_typed_is_lost(hours, online, button, row):
    before, rows = online(), sum(name.endswith(row.partition("{}")[2]) and name[:5] == row[:5] for name in hours.sent)

    response = hours.press(button, lundi_ferme=None, lundi_1_de="huit heures")

    assert row.format(rows + 1) in hours.sent
    assert hours.sent["lundi_1_de"] == "huit heures"
    assert not response.context["form"].errors
    assert online() == before


def test_a_day_is_copied_on_others(hours, online):
    response = hours.press("copier", copier_de="mardi", copier_sur=["lundi", "dimanche"])

    assert (hours.sent["lundi_1_de"], hours.sent["dimanche_2_a"]) == ("07:00", "19:00")
    assert "lundi_ferme" not in hours.sent
    assert response.status_code == 200
    hours.publish()
    assert online() == "Mo-Su 07:00-12:30,15:00-19:00; PH off"


def test_a_closed_day_is_copied_too(hours, online):
    hours.press("copier", copier_de="lundi", copier_sur=["mardi"])

    assert "mardi_1_de" not in {name for name, value in hours.sent.items() if value}
    hours.publish()
    assert online() == "We-Sa 07:00-12:30,15:00-19:00; Su 07:00-12:30; PH off"


def test_the_eve_of_a_holiday_that_is_a_sunday_is_told_apart(hours, online, bakery):
    """25 December 2026 is a Friday; 1 November 2027 a Monday, so its eve is a Sunday."""
    eve = {"veilles_1_de": "07:00", "veilles_1_a": "18:00"}

    hours.publish(**eve)
    (christmas_eve,) = days_ahead(online(), date(2026, 12, 24), 1)
    (sunday,) = days_ahead(online(), date(2027, 10, 31), 1)
    assert [day.ranges[-1].replace("\u00a0", " ") for day in (christmas_eve, sunday)] == ["7 h – 18 h", "7 h – 12 h 30"]

    hours = Timetable(bakery.managers.get(), bakery)
    hours.publish(veilles_dimanche="on")
    (sunday,) = days_ahead(online(), date(2027, 10, 31), 1)
    assert sunday.ranges[0].replace("\u00a0", " ") == "7 h – 18 h"


def test_hours_a_table_cannot_say_stay_until_it_is_filled(baker, bakery, online):
    MerchantPage.objects.filter(pk=bakery.pk).update(opening_hours=SPECIAL)
    hours = Timetable(baker, bakery)

    assert "Vos horaires sont particuliers" in hours.client.get(hours.address).content.decode()
    hours.publish(fermeture_1_du="2027-08-01")
    assert online() == f"{SPECIAL}; 2027 Aug 01 off"

    hours = Timetable(baker, bakery)
    days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    hours.publish(**{f"{day}_ferme": "on" for day in days})
    assert online() == "Mo-Su off; 2027 Aug 01 off"


def test_hours_too_long_to_keep_are_refused_with_how_to_mend_them(hours, online):
    rows = {f"fermeture_{number}_du": f"2027-{number:02}-01" for number in range(1, 13)}
    rows |= {f"fermeture_{number}_au": f"2027-{number:02}-09" for number in range(1, 13)}
    rows |= {f"fermeture_{12 + number}_du": f"2028-{number:02}-01" for number in range(1, 13)}
    rows |= {f"fermeture_{12 + number}_au": f"2028-{number:02}-09" for number in range(1, 13)}

    response = hours.publish(**rows)

    assert "C’est trop pour un seul horaire" in str(response.context["form"].errors)
    assert "off" in online()


def test_publishing_confirms_the_hours(hours, bakery):
    hours.publish(fermeture_1_du="2027-08-01")

    assert MerchantPage.objects.get(pk=bakery.pk).confirmed_on == timezone.localdate()


# --- What waits for a reviewer, and other people ---


@pytest.fixture
def paul(bakery):
    paul = make_user(first_name="Paul", last_name="Serre")
    MerchantManager.objects.create(merchant=bakery, user=paul)
    return paul


def test_a_review_under_way_neither_locks_the_hours_nor_takes_them_back(space, desk, hours, online):
    space.send(story="Du seigle, à présent.")
    assert space.live().workflow_in_progress

    assert hours.publish(lundi_ferme=None, lundi_1_de="08:00", lundi_1_a="12:00").status_code == 302
    assert online().startswith("Mo 08:00-12:00")
    assert space.live().workflow_in_progress
    assert "seigle" not in space.live().story

    desk.approve()
    assert "seigle" in space.live().story
    assert online().startswith("Mo 08:00-12:00")


def test_a_draft_sent_later_keeps_the_hours_that_came_after_it(space, desk, hours, online):
    space.save(story="Du seigle, à présent.")
    hours.publish(fermeture_1_du="2027-08-01")

    space.send()
    desk.approve()

    assert "seigle" in space.live().story
    assert online().endswith("2027 Aug 01 off")


def test_what_an_editor_publishes_from_the_page_keeps_them_too(space, desk, hours, online):
    hours.publish(fermeture_1_du="2027-08-01")

    desk.edit(**{"title": "Le Fournil", "action-publish": "action-publish"})

    assert space.live().title == "Le Fournil"
    assert online().endswith("2027 Aug 01 off")


@pytest.mark.parametrize(
    ("his", "hers"),
    [
        ({"fermeture_1_du": "2027-08-01"}, {"lundi_ferme": None, "lundi_1_de": "09:00", "lundi_1_a": "12:00"}),
        ({"lundi_ferme": None, "lundi_1_de": "09:00", "lundi_1_a": "12:00"}, {"fermeture_1_du": "2027-08-01"}),
        ({"ouverture_1_du": "2026-12-24", "ouverture_1_1_de": "08:00", "ouverture_1_1_a": "12:00"},
         {"fermeture_1_du": "2027-08-01"}),
        ({"veilles_1_de": "08:00", "veilles_1_a": "12:00"}, {"fermeture_1_du": "2027-08-01"}),
    ],
)  # fmt: skip
def test_two_people_change_different_things_and_both_stand(paul, baker, bakery, online, his, hers):
    first, second = Timetable(paul, bakery), Timetable(baker, bakery)

    assert first.publish(**his).status_code == 302
    text = online()
    assert second.publish(**hers).status_code == 302

    alone = closures.split(text)
    both = closures.split(online())
    assert "fermeture" not in str(his) or alone.closures == both.closures
    assert "lundi" not in str(his) or both.usual == alone.usual
    assert "veilles" not in str(his) or "PH -1 day" in both.usual
    assert "ouverture" not in str(his) or both.openings == alone.openings
    assert online() != text


@pytest.mark.parametrize(
    ("his", "hers", "part", "told"),
    [
        ({"samedi_ferme": "on"}, {"lundi_ferme": None, "lundi_1_de": "9h", "lundi_1_a": "12h"}, "week",
         "Samedi : fermé"),
        ({"fermeture_1_du": "2027-08-01"}, {"fermeture_1_du": "2027-08-09"}, "closures", "le 1er août 2027"),
        ({"ouverture_1_du": "2026-12-24", "ouverture_1_1_de": "08:00", "ouverture_1_1_a": "12:00"},
         {"ouverture_1_du": "2026-12-31", "ouverture_1_1_de": "08:00", "ouverture_1_1_a": "12:00"}, "openings",
         "le 24 décembre 2026, 8 h – 12 h"),
    ],
)  # fmt: skip
def test_two_people_change_the_same_and_the_second_sees_both(paul, baker, bakery, online, his, hers, part, told):
    first, second = Timetable(paul, bakery), Timetable(baker, bakery)
    first.publish(**his)
    text = online()

    response = second.publish(**hers)

    page = response.content.decode().replace("\u00a0", " ")
    assert response.context["form"].conflicts.keys() == {part}
    assert told in page
    assert "par Paul Serre" in page
    assert online() == text

    assert second.publish().status_code == 302
    assert online() != text


def test_a_stranger_keeps_nobodys_hours(client, neighbour, bakery, online):
    client.force_login(neighbour)
    before = online()

    assert client.get(reverse("space:hours", args=[bakery.pk])).status_code == 404
    assert client.post(reverse("space:hours", args=[bakery.pk]), {"faire": "publier"}).status_code == 404
    assert online() == before


def test_every_field_that_is_shown_belongs_to_one_part(hours):
    hours.press("saison")
    form = hours.client.get(hours.address).context["form"]

    merged = [name for part in form.parts().values() for name in part.fields]

    assert sorted(merged) == sorted(field.name for field in form.visible_fields())


def test_what_is_put_online_stands_in_all_that_may_still_go_online(space, baker):
    space.save(story="Du seigle.")

    put_online(space.live(), baker, opening_hours="Mo 08:00-12:00", confirmed_on=date(2026, 11, 24))

    contents = [revision.content for revision in space.live().revisions.all()]
    assert {content["opening_hours"] for content in contents} == {"Mo 08:00-12:00"}
    assert {content["confirmed_on"] for content in contents} == {"2026-11-24"}
