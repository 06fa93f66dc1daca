import json

import pytest
from django.core.management import CommandError, call_command

from search.relevance import Stock, by_tag, judge, read, summary
from search.understanding.gazetteer import current
from tests.factories import make_merchant
from tests.search.conftest import up_to_date

COLUMNS = "id,query,expected_categories,expected_town_insee,accept_parent_insee,dept_code,near_me,tags"


@pytest.fixture
def asked(tmp_path):
    """``asked(line)``: the path of a file of questions in the format of the bench."""

    def asked(*lines):
        path = tmp_path / "questions.csv"
        path.write_text("\n".join([COLUMNS, *lines, ""]), encoding="utf-8")
        return path

    return asked


@pytest.fixture
def judged(asked, places, without_elasticsearch):
    """``judged(line)``: the verdict on one question, asked of what merchants the test has made."""

    def judged(line):
        up_to_date()
        (question,) = read(asked(line))
        return judge(current(), Stock.of_index(), question)

    return judged


def test_a_baker_in_the_town_is_a_success(judged):
    make_merchant(title="Fournil du Mézayon")

    verdict = judged("Q1,boulangerie privas,boulangerie-patisserie,07186,,07,0,plain")

    assert verdict.both
    assert (verdict.success_at_3, verdict.ndcg_at_10) == (True, 1.0)
    assert (verdict.wrong_place, verdict.zero_results) == (False, False)


def test_the_wrong_category_is_told(judged):
    make_merchant(title="Aux fleurs de Privas", category="fleuriste")

    verdict = judged("Q1,boulangerie privas,fleuriste,07186,,07,0,plain")

    assert not verdict.category
    assert verdict.place
    assert verdict.success_at_3 is False


def test_a_place_that_nobody_asked_for_is_wrong(judged):
    verdict = judged("Q1,boulangerie privas,boulangerie-patisserie,26113,,26,0,plain")

    assert not verdict.place
    assert verdict.wrong_place


def test_without_stock_nothing_is_held_against_the_answer(judged):
    verdict = judged("Q1,boulangerie privas,boulangerie-patisserie,07186,,07,0,plain")

    assert verdict.both
    assert (verdict.success_at_3, verdict.ndcg_at_10, verdict.zero_results) == (None, None, False)


def test_measures_are_fractions_by_tag(judged):
    make_merchant()
    right = judged("Q1,boulangerie privas,boulangerie-patisserie,07186,,07,0,plain|town")
    wrong = judged("Q2,boulangerie privas,fleuriste,07186,,07,0,town")

    assert summary([right, wrong])["category"] == 0.5
    assert summary([right, wrong])["success_at_3"] == 1.0
    assert by_tag([right, wrong])["plain"]["category"] == 1.0


def test_the_command_gives_one_object(asked, places, without_elasticsearch, capsys):
    path = asked("Q1,boulangerie privas,boulangerie-patisserie,07186,,07,0,plain")

    call_command("relevance", path, json=True)

    measured = json.loads(capsys.readouterr().out)
    assert measured["both"] == 1.0
    assert measured["by_tag"].keys() == {"plain"}


def test_a_file_that_holds_no_questions_is_refused(tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text("insee,name\n07186,Privas\n", encoding="utf-8")

    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("relevance", path)
