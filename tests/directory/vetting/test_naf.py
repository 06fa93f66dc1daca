"""NAF codes of both versions, and the categories they may stand for."""

import csv
import json

import pytest

from directory.vetting import naf
from directory.vetting.naf import DATA, NAF2025, REV2, known, proposed_categories, sells_at_a_distance, version, written


@pytest.mark.parametrize(
    ("code", "which"),
    [
        ("10.71C", REV2),
        ("10.71H", NAF2025),
        ("47.29Z", REV2),
        ("47.27G", NAF2025),
        ("1071c", REV2),
        ("01.48G", NAF2025),
        ("56.10A", REV2),
        ("56.11G", NAF2025),
        ("", ""),
        ("10.71", ""),
        ("boulanger", ""),
    ],
)
def test_the_letter_tells_the_version(code, which):
    assert version(code) == which


@pytest.mark.parametrize(
    ("code", "categories"),
    [
        ("10.71C", ("boulangerie-patisserie",)),
        ("10.71H", ("boulangerie-patisserie",)),
        ("47.22Z", ("boucherie-charcuterie",)),
        ("47.22Y", ("boucherie-charcuterie",)),
        ("47.27G", ("fromagerie-cremerie",)),
        ("01.48G", ("apiculteur",)),
        ("96.21G", ("coiffeur", "barbier")),
        ("96.02A", ("coiffeur", "barbier")),
        ("47.76Y", ("fleuriste", "jardinerie-pepiniere", "animalerie-toilettage")),
        ("95.29G", ("cycles",)),
        ("47.61Z", ("librairie",)),
        ("62.01Z", ()),
        ("99.99Z", ()),
        ("", ()),
    ],
)
def test_a_code_proposes_categories_likeliest_first(code, categories):
    assert proposed_categories(code) == categories


def test_no_code_is_in_both_versions_and_all_letters_are_told():
    codes = {}
    for name, file in naf.FILES.items():
        with (DATA / file).open(newline="", encoding="utf-8") as lines:
            codes[name] = {row["code"] for row in csv.DictReader(lines)}

    assert (len(codes[REV2]), len(codes[NAF2025])) == (732, 747)
    assert not codes[REV2] & codes[NAF2025]
    assert all(version(code) == name for name, some in codes.items() for code in some)


def test_categories_name_the_codes_that_propose_them():
    tree = json.loads((DATA / "categories.json").read_text(encoding="utf-8"))
    of_the_tree = {child["slug"]: set(child.get("naf", [])) for top in tree for child in top["children"]}

    proposed = {slug: set() for slug in of_the_tree}
    for naf_code in naf._codes().values():
        for slug in naf_code.categories:
            proposed[slug].add(naf_code.code)

    assert of_the_tree == proposed


def test_every_category_is_reached_by_both_versions():
    reached = {
        name: {slug for code in naf._codes().values() if code.version == name for slug in code.categories}
        for name in (REV2, NAF2025)
    }

    assert reached[REV2] == reached[NAF2025]


@pytest.mark.parametrize("code", ["47.91A", "47.91B", "47.91Y", "47.92J", "56.40Y"])
def test_who_sells_at_a_distance_is_told(code):
    assert sells_at_a_distance(code)


@pytest.mark.parametrize("code", ["47.11L", "47.81Z", "10.71C", "47.29Z", ""])
def test_who_has_a_stall_or_a_shop_is_not(code):
    assert not sells_at_a_distance(code)


def test_labels_are_told():
    assert known("10.71C").label == "Boulangerie et boulangerie-pâtisserie"
    assert known("01.48G").label == "Apiculture"
    assert written("1071C") == "10.71C"
