"""The accessibility statement says what the recorded audit shows, and nothing better."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from home import accessibility
from home.accessibility import BROKEN, CRITERIA, MET, NONE, OUTSIDE, PARTIAL, TOTAL, UNSEEN, Audit, judged, state

TODAY = date(2026, 11, 24)
TOOLS = ["axe", "layout", "keyboard", "markup"]
EMPTY = {"frames": 0, "media": 0, "tables": 1, "forms": 2}


def audit(verdicts, on=TODAY):
    return Audit(on, "Une personne", ("accueil",), dict.fromkeys(CRITERIA, UNSEEN) | verdicts)


def report(findings=(), tools=TOOLS, contents=EMPTY):
    return {"date": "2026-11-24", "tools": tools, "pages": {"accueil": contents}, "findings": list(findings)}


def finding(*criteria):
    return {"tool": "axe", "page": "accueil", "message": "contraste", "criteria": list(criteria)}


def test_the_reference_counts_one_hundred_and_six_criteria():
    assert len(set(CRITERIA)) == 106


@pytest.mark.parametrize(
    ("met", "outside", "said"),
    [
        (106, 0, TOTAL),
        (105, 0, PARTIAL),
        (53, 0, PARTIAL),
        (52, 0, NONE),
        (44, 18, PARTIAL),
        (43, 18, NONE),
        (0, 0, NONE),
    ],
)
def test_the_share_of_applicable_criteria_that_are_met_decides_the_state(met, outside, said):
    verdicts = dict.fromkeys(CRITERIA[:met], MET) | dict.fromkeys(CRITERIA[106 - outside :] if outside else [], OUTSIDE)

    assert state(audit(verdicts), TODAY) == said


@pytest.mark.parametrize(
    ("today", "said"), [(date(2029, 11, 24), TOTAL), (date(2029, 11, 25), NONE), (date(2030, 1, 1), NONE)]
)
def test_an_audit_is_worth_three_years(today, said):
    assert state(audit(dict.fromkeys(CRITERIA, MET)), today) == said


def test_without_an_audit_nothing_is_claimed():
    assert state(None, TODAY) == NONE


def test_a_machine_judges_only_what_it_examined():
    made = judged(report(tools=["axe"]), {}, "machine")

    assert made.verdicts["3.2"] == MET
    assert made.verdicts["8.2"] == UNSEEN
    assert made.verdicts["1.3"] == UNSEEN


def test_a_theme_without_its_subject_does_not_apply():
    with_video = judged(report(contents=EMPTY | {"media": 1}), {}, "machine")

    assert judged(report(), {}, "machine").verdicts["4.1"] == OUTSIDE
    assert with_video.verdicts["4.1"] == UNSEEN


def test_a_person_completes_the_machine_and_cannot_excuse_a_fault_it_found():
    made = judged(report([finding("3.2")]), {"3.2": MET, "1.3": MET}, "Une personne")

    assert made.verdicts["3.2"] == BROKEN
    assert made.verdicts["1.3"] == MET


def test_a_record_is_read_as_it_was_written(tmp_path):
    made = judged(report([finding("3.2", "1.1")]), {"1.3": OUTSIDE}, "Une personne")

    accessibility.write(made, tmp_path / "audit.json")

    assert accessibility.read(tmp_path / "audit.json") == made


def test_recording_is_dry_until_asked_to_write(tmp_path, monkeypatch, capsys):
    record, source = tmp_path / "audit.json", tmp_path / "report.json"
    monkeypatch.setattr(accessibility, "FILE", record)
    source.write_text(json.dumps(report([finding("3.2")])))

    call_command("record_audit", source)
    assert not record.exists()
    assert "3.2 : accueil : contraste" in capsys.readouterr().out

    call_command("record_audit", source, write=True)
    assert accessibility.read(record).verdicts["3.2"] == BROKEN


def test_a_grid_that_cannot_be_read_names_its_line(tmp_path):
    source, grid = tmp_path / "report.json", tmp_path / "grille.csv"
    source.write_text(json.dumps(report()))
    grid.write_text("critere,verdict\n1.3,C\n14.1,C\n")

    with pytest.raises(CommandError, match="ligne 3"):
        call_command("record_audit", source, grid=grid)


@pytest.mark.django_db
def test_every_page_says_the_state_that_the_statement_explains(client, monkeypatch):
    monkeypatch.setattr(accessibility, "recorded", lambda: audit(dict.fromkeys(CRITERIA[:80], MET) | {"9.1": BROKEN}))

    home, statement = client.get("/histoires/").content.decode(), client.get("/accessibilite/").content.decode()

    assert f'<a href="/accessibilite/">Accessibilité\u00a0: {PARTIAL}</a>' in home
    assert f"Accessibilité\u00a0: {PARTIAL}</h1>" in statement
    assert "74\u00a0%" in statement
    assert "Défenseur des droits" in statement
    assert "mailto:bonjour@jachete.example" in statement


@pytest.mark.django_db
def test_the_statement_stands_without_an_audit(client, monkeypatch):
    monkeypatch.setattr(accessibility, "recorded", lambda: None)

    assert f"Accessibilité\u00a0: {NONE}</h1>" in client.get("/accessibilite/").content.decode()
