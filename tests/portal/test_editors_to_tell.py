"""Whoever can act on what waits is told: the editors, or, while there are none, superusers."""

import pytest
from django.contrib.auth.models import Group

from portal.editors import addresses_to_notify
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_editors_are_told_and_superusers_are_not(editor):
    make_user("admin@region.example", is_superuser=True)

    assert addresses_to_notify("reports") == [editor.email]


@pytest.mark.parametrize("editors", ["none", "left", "writers"])
def test_without_an_active_editor_superusers_are(editor, editors):
    make_user("admin@region.example", is_superuser=True)
    make_user("parti@region.example", is_superuser=True, is_active=False)
    if editors == "left":
        editor.is_active = False
        editor.save()
    else:
        editor.groups.set(Group.objects.filter(name="Plumes") if editors == "writers" else [])

    assert addresses_to_notify("reports") == ["admin@region.example"]


def test_without_anybody_nobody_is():
    assert addresses_to_notify("reports") == []
