"""What the register of establishments says, asked over HTTP: each scenario of the protocol, and how often."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

from deploy.local.fake_register import establishment, scenarios, siret_of, unit
from directory.places import town_changes
from directory.vetting import public_service
from directory.vetting.located import town_of
from directory.vetting.register import FOUND, NOT_FOUND, UNAVAILABLE, Nonsense, look_up, read
from portal import database_clock

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
BY_KEY = {scenario.key: scenario for scenario in scenarios()}


def looked_up(key, **how):
    return look_up(BY_KEY[key].siret, **how)


def test_an_open_shop_of_the_region_is_told_whole(register, places):
    found = looked_up("F1")

    shop = found.establishment
    assert found.status == FOUND
    assert (shop.siret, shop.siren) == (BY_KEY["F1"].siret, BY_KEY["F1"].siret[:9])
    assert (shop.name, shop.trade_name) == ("BOULANGERIE DU PALAIS", "LE FOURNIL DES MINES")
    assert (shop.address, shop.postal_code, shop.insee_code) == ("12 COURS DU PALAIS", "07000", "07186")
    assert (shop.latitude, shop.longitude) == (44.7354, 4.599)
    assert (shop.naf, shop.naf_version) == ("10.71C", "NAFRev2")
    assert shop.is_active
    assert shop.unit_is_active
    assert shop.is_head_office
    assert shop.is_diffusible
    assert shop.registered is True
    assert town_of(shop.insee_code) == places.privas


def test_a_closed_unit_is_found_and_closed(register):
    shop = looked_up("F2").establishment

    assert (shop.is_active, shop.unit_is_active) == (False, False)
    assert shop.closed_on.isoformat() == "2025-06-30"
    assert shop.open_head_office == ""


def test_a_shop_that_moved_is_closed_and_the_new_one_is_told_not_taken(register):
    shop = looked_up("F3").establishment

    assert (shop.siret, shop.is_active, shop.unit_is_active) == (siret_of(3), False, True)
    assert shop.open_head_office == siret_of(3, 2)
    assert shop.insee_code == "07186"


def test_an_unknown_siret_is_not_found(register):
    assert looked_up("F4").status == NOT_FOUND


@pytest.mark.parametrize(
    ("key", "insee_code"),
    [
        ("F5", "26113"),  # its head office is in Paris
        ("F6", "75108"),  # its head office is in Privas
        ("F10", "69383"),
        ("F10b", "13201"),
        ("F11", "42218"),
        ("F12", "01018"),
    ],
)
def test_the_establishment_s_own_commune_is_told_never_its_head_office_s(register, key, insee_code):
    shop = looked_up(key).establishment

    assert (shop.siret, shop.insee_code) == (BY_KEY[key].siret, insee_code)


@pytest.mark.parametrize(
    ("code", "town"),
    [
        ("69383", "lyon_3"),
        ("69123", "lyon"),
        ("26281", "romans"),
        ("75108", None),
        ("13201", None),
        ("2A004", None),
        ("", None),
    ],
)
def test_a_code_means_one_of_our_towns_or_none(places, code, town):
    assert town_of(code) == (getattr(places, town) if town else None)


def test_a_former_commune_is_read_as_what_it_became(places):
    town_changes(only=["01033", "42084", "69123"]).write()

    assert town_of("01018").insee_code == "01033"
    assert town_of("42252").insee_code == "42084"


@pytest.mark.parametrize("key", ["F7", "F8", "F9"])
def test_nothing_masked_is_told_and_nothing_is_guessed(register, key):
    shop = looked_up(key).establishment

    told = json.dumps(asdict(shop), default=str)
    assert not shop.is_diffusible
    assert "DIFFUSIBLE" not in told
    assert "[ND]" not in told
    assert (shop.address, shop.postal_code, shop.latitude, shop.longitude, shop.trade_name) == ("", "", None, None, "")
    assert shop.insee_code == "07186"
    assert shop.naf == "10.71C"
    assert shop.name == ("" if key == "F7" else "BOULANGERIE DU PALAIS")


@pytest.mark.parametrize(
    "leak",
    [
        {"adresse": "3 RUE SECRÈTE 07000 PRIVAS"},
        {"latitude": "44.1", "longitude": "4.2"},
        {"nom_commercial": "CHEZ ELLE"},
        {"liste_enseignes": ["CHEZ ELLE"]},
        {"code_postal": "07000"},
    ],
)
def test_what_the_register_forgot_to_mask_is_masked_here(leak):
    own = {**establishment(siret_of(7), statut_diffusion_etablissement="P"), **leak}

    shop = read(siret_of(7), {"results": [unit(own)]}, NOW).establishment

    assert (shop.address, shop.latitude, shop.trade_name, shop.postal_code) == ("", None, "", "")


@pytest.mark.parametrize("mask", ["[NON-DIFFUSIBLE]", "[ND]", "JEAN [ND]", "[Non-diffusible] 07000", "[nd]"])
def test_a_mask_is_no_value_wherever_it_stands(mask):
    own = establishment(siret_of(1), nom_commercial=mask, liste_enseignes=[mask], adresse=mask, libelle_commune=mask)
    payload = {"results": [unit(own, nom_raison_sociale=mask, nom_complet=mask)]}

    shop = read(siret_of(1), payload, NOW).establishment

    assert (shop.name, shop.trade_name, shop.address, shop.town_name) == ("", "", "", "")


def test_a_sole_trader_who_is_masked_has_no_name_even_if_it_leaks():
    own = establishment(siret_of(7))
    payload = {"results": [unit(own, nature_juridique="1000", statut_diffusion="P", nom_complet="JEANNE MARTIN")]}

    assert read(siret_of(7), payload, NOW).establishment.name == ""


def test_a_head_office_abroad_is_told(register):
    assert looked_up("F13").establishment.head_office_is_abroad


def test_both_versions_of_naf_are_read(register):
    assert looked_up("F14").establishment.naf == "47.91B"
    shop = looked_up("F15").establishment
    assert (shop.naf, shop.naf_version) == ("47.27G", "NAF2025")


@pytest.mark.parametrize("key", ["F16", "F17"])
def test_another_establishment_is_never_taken_for_the_one_asked_for(register, key):
    found = looked_up(key)

    assert (found.status, found.establishment) == (UNAVAILABLE, None)


def test_a_limit_is_waited_for_as_long_as_it_says(register):
    began = time.monotonic()

    assert looked_up("F18").status == FOUND
    assert time.monotonic() - began >= 2


@pytest.mark.parametrize("key", ["F19", "F20a", "F20b", "F20d", "F20e"])
def test_a_register_that_is_unwell_is_unavailable_and_says_why(register, key):
    found = looked_up(key, patience=3)

    assert (found.status, found.establishment) == (UNAVAILABLE, None)
    assert found.reason


def test_a_register_that_never_answers_is_given_up(register):
    began = time.monotonic()

    found = looked_up("F20c", patience=1)

    assert found.status == UNAVAILABLE
    assert time.monotonic() - began < 3


def test_a_register_that_is_not_there_is_unavailable(register):
    register.close()

    assert looked_up("F1", patience=1).status == UNAVAILABLE


def test_without_an_address_nobody_is_asked(db):
    assert looked_up("F1") == looked_up("F1")
    assert looked_up("F1").reason == "not configured"


@pytest.mark.parametrize("key", ["F21", "F22a", "F22b", "F25"])
def test_what_is_new_or_odd_in_an_answer_is_no_fault(register, key):
    found = looked_up(key)

    assert (found.status, found.establishment.siret) == (FOUND, BY_KEY[key].siret)


def test_a_name_comes_as_it_is_written(register):
    shop = looked_up("F23").establishment

    assert shop.trade_name == "L'ÉPI D'OR <script>alert(1)</script>"
    assert shop.name == "=SOMME(A1) & FILS"


@pytest.mark.parametrize(
    "changed",
    [
        {"siren": "000000000"},
        {"etat_administratif": None},
        {"matching_etablissements": None},
        {"matching_etablissements": "aucun"},
        {"matching_etablissements": [{"siret": siret_of(1), "etat_administratif": "X"}]},
        {"matching_etablissements": [{"siret": siret_of(1), "etat_administratif": "A", "commune": "Privas"}]},
    ],
)
def test_an_answer_of_another_shape_is_nonsense(changed):
    payload = {"results": [unit(establishment(siret_of(1))) | changed]}

    with pytest.raises(Nonsense):
        read(siret_of(1), payload, NOW)


@pytest.mark.parametrize("payload", [{}, {"results": None}, {"results": "x"}, {"results": ["x"]}, {"results": [7]}])
def test_an_answer_without_results_is_nonsense(payload):
    with pytest.raises(Nonsense):
        read(siret_of(1), payload, NOW)


@pytest.mark.parametrize("degrees", ["", "nord", "NaN", "inf", "123", None, [1], {}])
def test_half_a_position_is_none(degrees):
    own = establishment(siret_of(1), latitude=degrees)

    shop = read(siret_of(1), {"results": [unit(own)]}, NOW).establishment

    assert (shop.latitude, shop.longitude) == (None, None)


@pytest.mark.parametrize("siret", ["", "123", "00000001800010 ", "0000000180001a", "000000018000101"])
def test_only_fourteen_digits_are_asked_for(siret):
    with pytest.raises(ValueError, match="14 digits"):
        look_up(siret)


def test_the_register_is_asked_for_little_and_told_who_asks(register):
    looked_up("F1")

    _, path, headers = register.asked[0]
    assert "minimal=true" in path
    assert "dirigeants" not in path
    assert "finances" not in path
    assert "jachete-dans-ma-region" in headers["User-Agent"]


def test_an_answer_is_kept_for_a_day(register):
    looked_up("F1")
    looked_up("F1")
    assert len(register.asked) == 1

    looked_up("F1", max_age=timedelta(0))
    assert len(register.asked) == 2

    with time_machine.travel(database_clock.now() + timedelta(hours=25)):
        looked_up("F1")
    assert len(register.asked) == 3


def test_a_failure_is_not_kept(register):
    register.is_away = True
    assert looked_up("F1", patience=1).status == UNAVAILABLE

    register.is_away = False
    assert looked_up("F1").status == FOUND


def test_a_register_that_fails_again_and_again_is_left_alone(register):
    register.is_away = True
    for _ in range(public_service.FAILURES):
        looked_up("F1", patience=0.5)
    before = len(register.asked)

    assert looked_up("F1").reason == "resting"
    assert len(register.asked) == before

    register.is_away = False
    cache.delete("register:rests")  # a minute later
    assert looked_up("F1").status == FOUND


@pytest.mark.django_db(transaction=True)
def test_all_processes_together_ask_five_times_a_second_at_most(register):
    def ask(number):
        try:
            return look_up(siret_of(number), patience=20).status
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as crowd:
        answers = list(crowd.map(ask, range(1000, 1018)))

    moments = sorted(moment for moment, _, _ in register.asked)
    assert answers == [NOT_FOUND] * 18
    # Turns are a fifth of a second apart; between its turn and its arrival, a request may lose time on a busy machine.
    assert moments[-1] - moments[0] > 17 / 5 - 0.5
    assert all(later - earlier > 10 / 5 - 0.6 for earlier, later in zip(moments, moments[10:], strict=False))
