"""The stylesheet reaches production as one file, its fonts still found."""

import json
import re

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import call_command

from portal.staticfiles import join

CSS = settings.BASE_DIR / "portal/static/portal/css"
JS = settings.BASE_DIR / "portal/static/portal/js"
ON_THEIR_OWN_PAGES = ("order-desk", "passkeys")
BUNDLED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.staticfiles.BundledStaticFilesStorage"},
}


@pytest.fixture
def collected(settings, tmp_path):
    """The folder that collectstatic fills from the portal's own static files."""
    settings.STORAGES = BUNDLED
    settings.STATIC_ROOT = str(tmp_path)
    settings.INSTALLED_APPS = ["portal", "django.contrib.staticfiles"]
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def hashed(folder, name):
    return folder / json.loads((folder / "staticfiles.json").read_text())["paths"][name]


def stored(files):
    storage = InMemoryStorage()
    for name, text in files.items():
        storage.save(name, ContentFile(text))
    return {name: (storage, name) for name in files}


def test_collected_styles_are_one_compressed_file_whose_fonts_exist(collected):
    sheet = hashed(collected, "portal/css/portal.css")
    css = sheet.read_text()

    assert "@import" not in css
    assert css.lstrip().startswith("@layer reset, tokens, base, layout, components, pages, utilities;")
    assert ".merchant-card__name" in css
    fonts = re.findall(r'url\("([^"]+\.woff2)"\)', css)
    assert len(fonts) == 2
    assert all((sheet.parent / font).is_file() and font.count(".") >= 4 for font in fonts)
    assert sheet.with_name(sheet.name + ".gz").is_file()


def test_collected_scripts_are_one_file_that_defines_every_element(collected):
    script = hashed(collected, "portal/js/portal.js").read_text()

    assert "import " not in script
    assert not re.search(r"^\s*(/\*|//)", script, re.MULTILINE)
    joined = {path.stem for path in JS.glob("*.js")} - {"portal", "service-worker", *ON_THEIR_OWN_PAGES}
    assert set(re.findall(r'customElements\.define\("([\w-]+)"', script)) == joined
    assert len(script.encode()) < 10_000


def test_the_name_of_the_sheet_changes_when_a_component_does():
    sheet = '@import "components/chip.css" layer(components);'

    before = join("portal.css", stored({"portal.css": sheet, "components/chip.css": ".chip { color: red; }"}))
    after = join("portal.css", stored({"portal.css": sheet, "components/chip.css": ".chip { color: blue; }"}))

    assert before != after


def test_an_address_in_a_nested_file_is_rewritten_from_the_sheet():
    files = {
        "a/css/portal.css": '@import "components/hero.css" layer(components);',
        "a/css/components/hero.css": '.hero { background: url("../../img/hill.svg"); }',
    }

    assert 'url("../img/hill.svg")' in join("a/css/portal.css", stored(files))


def test_each_part_stays_in_its_layer():
    files = {"portal.css": '@import "base.css" layer(base);', "base.css": "/* why */ p { margin: 0; }"}

    assert join("portal.css", stored(files)) == "@layer base {\np { margin: 0; }}"


def test_a_missing_import_stops_the_collection():
    with pytest.raises(KeyError, match="gone"):
        join("portal.css", stored({"portal.css": '@import "gone.css" layer(base);'}))


def test_every_component_sheet_is_imported():
    imported = set(re.findall(r'@import "components/([^"]+)" layer\(components\);', (CSS / "portal.css").read_text()))

    assert imported == {path.name for path in (CSS / "components").glob("*.css")}


def test_colours_are_written_in_tokens_only():
    pattern = re.compile(r"#[0-9a-f]{3,8}\b", re.IGNORECASE)
    allowed = {"#fff", "#000"}  # white and black: map labels, print, button text
    own = {"tokens.css", "embedded-card.css"}  # the card on other sites loads its few kilobytes alone

    strays = {
        f"{path.name}: {colour}"
        for path in CSS.rglob("*.css")
        if path.name not in own
        for colour in pattern.findall(path.read_text())
        if colour not in allowed
    }

    assert strays == set()
