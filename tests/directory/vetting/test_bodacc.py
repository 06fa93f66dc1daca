"""What BODACC says of a legal unit: its announcements in their order, later ones over earlier ones."""

import pytest

from deploy.local.fake_register import announcement, scenarios, siret_of
from directory.vetting.bodacc import Standing, proceedings, read

SIREN = siret_of(1)[:9]
LIQUIDATION = "Jugement de liquidation judiciaire"
RECOVERY = "Jugement d'ouverture d'une procédure de redressement judiciaire"

STANDINGS = {
    "F1": Standing.CLEAR,
    "F26-30": Standing.LIQUIDATED,
    "F26-31": Standing.LIQUIDATED,
    "F26-32": Standing.STRUCK_OFF,
    "F26-33": Standing.MONITORED,
    "F26-34": Standing.CLEAR,
    "F26-35": Standing.MONITORED,
}


@pytest.mark.parametrize("key", STANDINGS)
def test_each_scenario_has_its_standing(register, key):
    siret = next(scenario.siret for scenario in scenarios() if scenario.key == key)

    found = proceedings(siret[:9])

    assert found.standing == STANDINGS[key]
    assert found.stops_sales == (found.standing in (Standing.LIQUIDATED, Standing.STRUCK_OFF))


def told(*announcements):
    return read(
        SIREN,
        [
            announcement(SIREN, day, family, nature, number, **(more[0] if more else {}))
            for number, (day, family, nature, *more) in enumerate(announcements, start=1)
        ],
    ).standing


@pytest.mark.parametrize(
    ("announcements", "standing"),
    [
        ([], Standing.CLEAR),
        ([("2026-01-01", "dpc", "")], Standing.CLEAR),
        ([("2026-01-01", "collective", "Jugement d'ouverture d'une procédure de sauvegarde")], Standing.MONITORED),
        ([("2026-01-01", "collective", RECOVERY), ("2026-03-01", "collective", LIQUIDATION)], Standing.LIQUIDATED),
        # As BODACC sorts them: the last first.
        ([("2026-03-01", "collective", LIQUIDATION), ("2026-01-01", "collective", RECOVERY)], Standing.LIQUIDATED),
        ([("2026-01-01", "collective", RECOVERY),
          ("2026-03-01", "collective", "Jugement de conversion en liquidation judiciaire")], Standing.LIQUIDATED),
        ([("2026-01-01", "collective", RECOVERY),
          ("2026-06-01", "collective", "Jugement arrêtant le plan de redressement")], Standing.MONITORED),
        ([("2026-01-01", "collective", RECOVERY),
          ("2026-06-01", "collective", "Jugement de clôture de la procédure de redressement")], Standing.CLEAR),
        ([("2026-01-01", "collective", LIQUIDATION),
          ("2026-06-01", "collective", "Jugement de clôture pour extinction du passif")], Standing.CLEAR),
        ([("2026-06-01", "collective", "Jugement de clôture pour insuffisance d'actif")], Standing.LIQUIDATED),
        ([("2026-01-01", "collective", LIQUIDATION),
          ("2026-02-01", "collective", "Arrêt de la cour d'appel infirmant le jugement de liquidation judiciaire")],
         Standing.CLEAR),
        ([("2026-01-01", "radiation", ""), ("2026-02-01", "collective", RECOVERY)], Standing.MONITORED),
        ([("2026-01-01", "radiation", ""), ("2026-02-01", "immatriculation", "")], Standing.CLEAR),
        ([("2026-01-01", "radiation", ""), ("2026-02-01", "radiation", "", {"kind": "Avis d'annulation"})],
         Standing.CLEAR),
    ],
)  # fmt: skip
def test_later_announcements_weigh_on_earlier_ones(announcements, standing):
    assert told(*announcements) == standing


def test_the_announcement_that_is_named_is_the_one_taken_back():
    first = announcement(SIREN, "2026-01-01", "collective", LIQUIDATION, 1)
    second = announcement(SIREN, "2026-01-02", "collective", RECOVERY, 2)
    undone = {"nomPublication": "BODACC A", "numeroParution": "20260001", "numeroAnnonce": "7"}
    third = announcement(SIREN, "2026-02-01", "collective", "", 3, "Avis d'annulation", parutionavisprecedent=undone)

    assert read(SIREN, [first, second, third]).by.number == second["id"]


def test_another_unit_s_announcements_say_nothing_of_this_one():
    other = announcement(siret_of(2)[:9], "2026-01-01", "collective", LIQUIDATION, 1)

    assert read(SIREN, [other]).standing == Standing.CLEAR


@pytest.mark.parametrize("judgement", ["", "{", "[]", "7", None])
def test_a_judgement_that_cannot_be_read_decides_nothing(judgement):
    broken = announcement(SIREN, "2026-01-01", "collective", LIQUIDATION, 1, jugement=judgement)

    assert read(SIREN, [broken]).standing == Standing.CLEAR


def test_a_bulletin_that_is_away_is_no_clean_record(register):
    register.is_away = True

    assert proceedings(SIREN, patience=0.5).standing == Standing.UNAVAILABLE
