"""Templates that may not rely on a name nobody passed."""

import pytest
from django.template import engines


class UndefinedName(Exception):
    """A template printed a variable that its context lacks."""


class Refusal(str):
    """What Django prints for an undefined variable: instead of printing, it refuses."""

    def __contains__(self, text):
        return True  # so that Django fills the variable's name in

    def __mod__(self, name):
        raise UndefinedName(str(name))


@pytest.fixture
def strict_templates(monkeypatch):
    """Make an undefined variable an error. Not for the back offices: their packages rely on blanks."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Refusal("undefined"))
