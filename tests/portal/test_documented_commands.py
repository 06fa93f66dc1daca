"""What pages at the root and in docs/ tell people to type exists, and works as typed where there is no `python`."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from deploy.local.places import PROJECT
from tests.fresh.__main__ import FOR_THE_DEMO, FOR_THE_TESTS

PAGES = [*sorted(PROJECT.glob("*.md")), *sorted(PROJECT.glob("docs/*.md")), *sorted(PROJECT.glob("*/*/README.md"))]
NAMES = [str(page.relative_to(PROJECT)) for page in PAGES]
PYTHON = ".venv/bin/python "


def code(page: Path) -> list[str]:
    """Return the pieces of code of a page, inline and in blocks, each on one line; comments of shell lines left out."""
    text = page.read_text()
    blocks = re.findall(r"^(?: {4}|\t)(\S.*)$", text, re.MULTILINE)
    blocks += [line for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    inline = [" ".join(piece.split()) for piece in re.findall(r"(?<!`)`([^`]+)`(?!`)", text)]
    return [re.sub(r"\s+#.*", "", piece) for piece in [*blocks, *inline]]


def manage_lines(page: Path) -> list[tuple[str, list[str]]]:
    """Return (command, options) of each manage.py of a page."""
    found = [re.search(r"manage\.py\s+([a-z_]+)(.*)", piece) for piece in code(page)]
    return [(match[1], re.findall(r"--[a-z-]+", match[2])) for match in found if match]


def test_the_pages_name_commands():
    assert sum(len(manage_lines(page)) for page in PAGES) > 10


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_each_command_of_manage_py_exists_with_its_options(page):
    apps = get_commands()
    for name, options in manage_lines(page):
        if name == "services":
            continue
        assert name in apps, f"{page.name} names manage.py {name}"
        app = apps[name]
        command = load_command_class(app, name) if isinstance(app, str) else app
        known = {
            option for action in command.create_parser("manage.py", name)._actions for option in action.option_strings
        }
        assert set(options) <= known, f"{page.name}: manage.py {name} {options}"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_each_target_of_make_exists(page):
    targets = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    named = [name for piece in code(page) for name in re.findall(r"^make ([a-z-]+)", piece)]

    assert set(named) <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_python_is_named_as_debian_and_the_environment_have_it(page):
    for piece in code(page):
        for found in re.finditer(r"(?:\S+ )?manage\.py (?=[a-z_])|(?<![\w./-])python (?=-m)", piece):
            assert found[0].endswith(f"{PYTHON}manage.py "), f"{page.name}: « {piece} » lacks {PYTHON}"


def test_what_a_bare_machine_needs_is_what_make_fresh_installs():
    told = " ".join((PROJECT / "README.md").read_text().split())

    assert f"`apt-get install {' '.join(FOR_THE_DEMO)}`" in told
    assert f"`apt-get install {' '.join(FOR_THE_TESTS)}`" in told
