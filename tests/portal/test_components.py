"""Each component renders from the gallery's samples, and from nothing else."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from portal.gallery import SampleForm, samples
from portal.views import gallery

TEMPLATES = settings.BASE_DIR / "templates"
COMPONENTS = {path.stem: path for path in (TEMPLATES / "components").glob("*.html")}

HEADER = re.compile(r"\{# .+ #\}(\{% load [\w ]+ %\})?")
DOCUMENTED = re.compile(r"(?:^|[.;:] )((?:\w+, )*\w+): ")
INLINE_CODE = re.compile(r"<script(?![^>]* src=)|\s(?:style|on[a-z]+)=", re.IGNORECASE)
INCLUDE = re.compile(r'\{% include "components/[^%]*%\}')


def render(name, context):
    return render_to_string(f"components/{name}.html", context)


def documented_names(path):
    header = path.read_text().splitlines()[0]
    return {name for group in DOCUMENTED.findall(header) for name in group.split(", ")}


def test_every_component_has_samples_and_every_sample_a_component():
    assert {name for name, contexts in samples().items() if contexts} == set(COMPONENTS)


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_a_component_needs_no_name_but_those_passed(name, strict_templates):
    for context in samples()[name]:
        assert "<" in render(name, context)


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_the_first_line_of_a_component_says_what_to_pass(name):
    path = COMPONENTS[name]

    assert HEADER.fullmatch(path.read_text().splitlines()[0])
    for context in samples()[name]:
        assert documented_names(path) == set(context)


def test_components_are_included_with_their_own_names_only():
    careless = [
        f"{path.relative_to(TEMPLATES)}: {include}"
        for path in TEMPLATES.rglob("*.html")
        for include in INCLUDE.findall(path.read_text())
        if not include.endswith(" only %}")
    ]

    assert careless == []


def test_no_public_page_carries_inline_code():
    pages = [path for path in TEMPLATES.rglob("*.html") if not {"emails", "dashboard"} & set(path.parts)]

    assert [path.name for path in pages if INLINE_CODE.search(path.read_text())] == []


def test_every_icon_named_in_a_template_is_in_the_sprite():
    sprite = (settings.BASE_DIR / "portal/icons.svg").read_text()
    named = {
        icon for path in TEMPLATES.rglob("*.html") for icon in re.findall(r'\{% icon "([\w-]+)"', path.read_text())
    }

    assert {icon for icon in named if f'id="{icon}"' not in sprite} == set()


def test_the_gallery_shows_every_component(rf, db, strict_templates):
    page = gallery(rf.get("/composants/")).content.decode()

    assert [name for name in COMPONENTS if f">{name}</h2>" not in page] == []


def test_a_refused_field_keeps_what_was_typed_and_points_to_its_error():
    form = SampleForm({"courriel": "camille.rey@exemple"})

    field = render("field", {"field": form["courriel"]})

    assert 'value="camille.rey@exemple"' in field
    assert 'aria-describedby="id_courriel_helptext id_courriel_error"' in field
    assert 'id="id_courriel_error"' in field
    assert 'aria-invalid="true"' in field


def test_an_error_summary_leads_to_each_field():
    form = SampleForm({"nom": "Camille Rey", "courriel": "camille.rey@exemple", "departement": "26", "accord": "on"})

    summary = render("error_summary", {"form": form})

    assert re.findall(r'href="#(\w+)"', summary) == ["id_courriel", "id_paiement"]


def test_a_form_without_fault_has_no_summary():
    form = SampleForm({"nom": "C", "courriel": "c@c.example", "departement": "26", "paiement": "ligne", "accord": "on"})

    assert render("error_summary", {"form": form}).strip() == ""


def test_a_merchant_without_hours_claims_no_state():
    card = samples()["merchant_card"][2]["card"]

    assert card["state"] is None
    assert "open-state" not in render("merchant_card", {"card": card, "level": 3})


def test_a_list_of_one_page_has_no_pagination():
    assert render("pagination", {"number": 1, "total": 1, "link": "?page="}).strip() == ""
