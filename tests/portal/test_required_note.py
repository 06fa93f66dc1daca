"""Which fields must be filled in is said before they are (RGAA 11.10), by one component."""

from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

TEMPLATES = Path(settings.BASE_DIR) / "templates"
ADMIN = ("directory/vetting/", "shop/backoffice/")  # Wagtail marks its own fields
WITHOUT = {
    "directory/joining/opening.html": "nothing in it must be filled in before it is sent",
    "directory/joining/shop.html": "says it in the sentence on keeping what is typed",
    "directory/joining/start.html": "one field, named in the sentence",
    "directory/space/profile.html": "all may be left empty",
    "directory/space/timetable.html": "all may be left empty",
    "shop/enquiries/space.html": "which of its fields an answer needs depends on the button",
}


def with_fields():
    for file in sorted(TEMPLATES.rglob("*.html")):
        name = str(file.relative_to(TEMPLATES))
        if not name.startswith(("components/", *ADMIN)) and "components/field.html" in file.read_text():
            yield name


@pytest.mark.parametrize("template", list(with_fields()))
def test_a_form_tells_what_it_requires(template):
    assert ("components/required_note.html" in (TEMPLATES / template).read_text()) != (template in WITHOUT)


def form(**required):
    fields = {name: forms.CharField(required=needed) for name, needed in required.items()}
    return type("AnyForm", (forms.Form,), fields)()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (form(a=True), "Ce champ est obligatoire."),
        (form(a=True, b=True), "Tous les champs sont obligatoires."),
        (form(a=True, b=False), "Tous les champs sont obligatoires, sauf mention contraire."),
        (form(a=False, b=False), ""),
        (form(), ""),
        (None, ""),
    ],
)
def test_the_sentence_fits_the_form(asked, said):
    told = render_to_string("components/required_note.html", {"form": asked})

    assert (said in told) if said else not told.strip()
