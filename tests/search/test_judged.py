"""The judge of whole pages, and the floors that the questions we know must hold, on each engine.

The region of these tests holds a right merchant for each question; figures on regions that were not made for the
questions are in docs/search.md.
"""

from pathlib import Path

import pytest
from django.core.management import call_command

from directory.geography import distance
from directory.models import Town
from directory.places import town_changes
from search import judged
from search.understanding import gazetteer
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.shop.factories import make_product

DATA = Path(__file__).parent / "data"
FILE = DATA / "judged-own.csv"
SHOWN = DATA / "judged-seen.csv"
_asked: dict[str, judged.Verdict] = {}  # verdicts on SHOWN, by id
NOWHERE = ("outside", "unknown", "out")
# Of a region that holds, of several right categories, whichever comes first in the alphabet, and few towns.
FLOORS = {"p_at_1": 0.85, "success_at_3": 0.87, "ndcg_at_5": 0.80, "wishes": 0.88, "products": 0.85, "said": 0.88}
OF_EACH_CLASS = {"p_at_1": 0.30, "wishes": 0.50, "said": 0.50}
CEILINGS = {"false_place": 0.03}


def town_of(place, towns):
    """Return the INSEE code of a town where a question's place is."""
    kind, _, code = place.rpartition(":")
    if kind == "near":
        return code
    if kind == "dep":
        return next(town.insee_code for town in towns if town.department_code == code)
    if "," in place:
        latitude, longitude, _ = map(float, place.split(","))
        return min(towns, key=lambda town: distance((latitude, longitude), town.point)).insee_code
    return {"region": "07186", "lyon": "69123"}.get(place) or place.split()[0]


def lay_out(file, categories=1):
    """Make merchants who are right for each question, open at all hours, with an article where one is asked for.

    categories: of how many of the right ones, in the alphabet's order.
    """
    questions = [each for each in judged.read(file) if each.good and each.place not in NOWHERE]
    towns = [town for town in town_changes().created if town.parent is None] or list(Town.objects.all())
    towns.sort(key=lambda town: -town.population)
    codes = {question.id: town_of(question.place, towns) for question in questions}
    town_changes(only=set(codes.values()) | {"69123", "69384"}).write()
    known = {town.insee_code: town for town in Town.objects.all()}
    for question in questions:
        for category in sorted(question.good)[:categories]:
            merchant = make_merchant(
                title=f"Maison {question.id}",
                town=known[codes[question.id]],
                category=category,
                opening_hours="Mo-Su 06:00-24:00",
                delivers=True,
                step_free=True,
                labels=["bio", "aop"],
            )
        if question.products:
            make_product(merchant, title=f"{question.products.split('|')[0]} {question.what}", price="25.00")
    up_to_date()
    return judged.Region(gazetteer.current())


def test_the_questions_we_know_hold_their_floors(engine, places):
    check_floors(FILE)


@pytest.mark.parametrize("name", ["judged-2026-11-30-mended.csv", "judged-2026-11-30-held-out.csv"])
def test_many_more_questions_hold_them_too(places, without_elasticsearch, name):
    check_floors(DATA / name)


def check_floors(file):
    region = lay_out(file)
    verdicts = [judged.judge(region, *asked) for asked in judged.in_turn(judged.read(file))]
    measured, classes = judged.summary(verdicts), judged.by_class(verdicts)
    missed = "\n".join(f"{each.question.id} {each.question.what}: {each.shown}" for each in verdicts if each.is_missed)

    low = {name: measured[name] for name, floor in FLOORS.items() if measured[name] < floor}
    high = {name: measured[name] for name, ceiling in CEILINGS.items() if measured[name] > ceiling}
    assert not low, missed
    assert not high, missed
    for kind, figures in classes.items():
        below = [name for name, floor in OF_EACH_CLASS.items() if figures[name] is not None and figures[name] < floor]
        assert not below, (kind, missed)


@pytest.fixture
def verdicts(places, without_elasticsearch, tuesday):
    """What a region that has every right trade answers to each of the outside judge's questions, asked once."""
    if not _asked:
        region = lay_out(SHOWN, categories=4)
        _asked.update({asked[0].id: judged.judge(region, *asked) for asked in judged.in_turn(judged.read(SHOWN))})
    return _asked


@pytest.mark.parametrize("question", judged.read(SHOWN), ids=lambda question: f"{question.what}@{question.where}")
def test_each_question_that_an_outside_judge_showed_is_answered(verdicts, question):
    assert not verdicts[question.id].is_missed, verdicts[question.id].shown


@pytest.mark.parametrize(
    ("place", "is_there"),
    [
        ("region", True),
        ("07186", True),
        ("dep:07", True),
        ("dep:26", False),
        ("44.73,4.60,3", True),
        ("45.76,4.85,20", False),
        ("near:26113", False),
        ("lyon", False),
    ],
)
def test_a_place_is_told_as_the_file_writes_it(places, without_elasticsearch, place, is_there):
    make_merchant(title="Le Fournil")
    up_to_date()
    region = judged.Region(gazetteer.current())

    assert region.stands(place, region.merchants[0]) == is_there


def test_the_command_tells_each_class_and_what_was_missed(places, without_elasticsearch, capsys):
    make_merchant(title="Le Fournil")
    up_to_date()

    call_command("relevance", FILE, "--misses")

    told = capsys.readouterr().out
    for word in ("p_at_1", "wishes", "unrecorded", "asked next", "1 commerçants"):
        assert word in told
