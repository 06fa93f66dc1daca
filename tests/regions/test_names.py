"""No module, template, script or style sheet outside regions/ names a region, a department or a town of ours."""

import ast
import csv
import re

import pytest
from django.conf import settings

from portal import region

ROOT = settings.BASE_DIR
BIG = 8_000  # inhabitants; the names of smaller towns are words of every day more often than not
WALKED = ("portal", "directory", "shop", "search", "home", "deploy", "templates")
KINDS = (".py", ".html", ".txt", ".xml", ".svg", ".css", ".js", ".json", ".webmanifest", ".conf", ".service")
# Lists of words and codes for all of France, but those of the demo; migrations, which are history.
NOT_WALKED = re.compile(r"/(data|migrations|fonts)/")
# Names that mean something else where they stand.
ALLOWED = {
    ("directory/vetting/bodacc.py", "Vienne"),
}
COMMENT = {
    ".html": re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL),
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".toml": re.compile(r"^#.*$|(?<=\])\s+#.*$", re.MULTILINE),
    ".js": re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL),
}


def names_of(slug, big=BIG):
    """Return the names of a region, its departments and its bigger towns, and those that its demo leads to."""
    told = region.read(slug)
    with (told.folder / "towns.csv").open(encoding="utf-8", newline="") as file:
        towns = {row["name"] for row in csv.DictReader(file) if int(row["population"]) >= big}
    departments = {department.name for department in told.departments}
    return {told.name, told.institution, told.example.town, told.example.other} | departments | towns


def texts_of(path):
    """Return what a file says that a reader, a browser or a database may be told: no comment, no docstring."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [COMMENT[path.suffix].sub("", source) if path.suffix in COMMENT else source]
    tree = ast.parse(source)
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return [node.value for node in constants if isinstance(node.value, str)]


def walked():
    for package in WALKED:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in KINDS and not NOT_WALKED.search(f"{path.relative_to(ROOT)}"):
                yield path
    yield from sorted(path for path in (ROOT / "home/demo/data").rglob("*") if path.suffix in (".toml", ".csv"))


@pytest.fixture(scope="module")
def texts():
    return [(f"{path.relative_to(ROOT)}", text) for path in walked() for text in texts_of(path)]


@pytest.mark.parametrize("slug", region.known_regions())
def test_nobody_names_a_region_outside_its_folder(slug, texts):
    spellings = {form for name in names_of(slug) for form in (name, name.replace("'", "’"))}
    names = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(spellings, key=len, reverse=True)))})(?![\w-])")

    found = {(file, match) for file, text in texts for match in names.findall(text)}

    assert sorted(found - ALLOWED) == []


def test_what_is_walked_is_all_of_the_product(texts):
    files = {file for file, _ in texts}
    assert len(files) > 700
    assert {
        "templates/base.html",
        "home/demo/desk.py",
        "search/heading.py",
        "portal/static/portal/css/tokens.css",
    } <= files


def test_a_name_is_found_wherever_a_reader_is_told_it(tmp_path):
    module, template = tmp_path / "module.py", tmp_path / "page.html"
    module.write_text('"""Of Lyon."""\n# Lyon\nWHERE = f"à {1} Lyon"\n')
    template.write_text("{# Lyon #}<p>à Lyon</p>")

    assert [text for text in texts_of(module) if "Lyon" in text] == [" Lyon"]
    assert texts_of(template) == ["<p>à Lyon</p>"]
