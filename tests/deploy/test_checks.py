"""What is checked before a commit is what CI checks, and the checks find what they are for."""

import re
import subprocess

import pytest

from deploy.local import virtualenv
from deploy.local.places import PROJECT
from deploy.local.run_tests import CHECKS

HOOKS = re.findall(
    r"^ +name: (.+)\n +entry: \.venv/bin/(.+)$", (PROJECT / ".pre-commit-config.yaml").read_text(), re.MULTILINE
)
OF_FILES = {"--force-exclude", "--no-errors-on-unmatched"}  # options that only make sense for some files


@pytest.mark.parametrize(("name", "command"), HOOKS)
def test_a_hook_is_one_of_the_checks(name, command):
    program, *arguments = command.split()

    assert [program, *(option for option in arguments if option not in OF_FILES)] == [
        argument for argument in CHECKS[name] if argument != "." or argument in arguments
    ]


def test_every_check_of_files_is_a_hook():
    assert {name for name, _ in HOOKS} == CHECKS.keys() - {"Migrations", "Django checks"}  # these start Django: seconds


@pytest.mark.process
@pytest.mark.parametrize(
    ("check", "file", "text", "told"),
    [
        ("Templates", "page.html", '<p>{% if shop %}<img src="a.png"></p>\n', "T038"),
        ("Templates", "page.html", '<section><p style="color: red">Ouvert</section>\n', "H021"),
        ("Style sheets and scripts", "page.css", ".card { colour: red; }\n", "noUnknownProperty"),
        ("Style sheets and scripts", "page.css", ".card { color: red;\n", "parse"),
        ("Style sheets and scripts", "page.js", "export const open = (;\n", "parse"),
    ],
)
def test_a_fault_is_found(tmp_path, check, file, text, told):
    (tmp_path / file).write_text(text)
    (tmp_path / "biome.json").write_text((PROJECT / "biome.json").read_text())
    (tmp_path / "pyproject.toml").write_text((PROJECT / "pyproject.toml").read_text())
    program, *arguments = CHECKS[check]

    done = subprocess.run(
        [virtualenv.ENVIRONMENT / "bin" / program, *arguments], cwd=tmp_path, capture_output=True, text=True
    )

    assert done.returncode != 0
    assert told in done.stdout + done.stderr
