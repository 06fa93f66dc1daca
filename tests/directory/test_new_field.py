"""CONTRIBUTING.md's recipe « Add a field to merchants », followed in a copy of the project: nothing may be lost."""

import shutil
import subprocess
import sys

import pytest
from django.urls import reverse

from deploy.local.places import PROJECT
from directory.space.forms import ProfileForm
from tests.browser_forms import filled_in

# What the recipe has one write: (file, before this text, these words).
RECIPE = [
    (
        "directory/models.py",
        '    source = models.CharField("origine de la fiche",',
        '    has_terrace = models.BooleanField("terrasse", default=False)\n',
    ),
    ("directory/models.py", '"labels"], heading="Services")', '"has_terrace", '),
    ("directory/space/forms.py", '"labels")  # shown under', '"has_terrace", '),
    (
        "directory/profile.py",
        "    return tuple(offered)\n",
        '    if merchant.has_terrace:\n        offered.append(Service("access", "Terrasse"))\n',
    ),
    ("search/indexing/entries.py", '"story", "opening_hours", "labels")', '"has_terrace", '),
    ("search/indexing/entries.py", "town.name),\n            text=text,", '"terrasse" if page.has_terrace else "", '),
]
# What must then hold, told by the copy's own tests.
THEN = """
import pytest
from django.urls import reverse

from directory.models import MerchantPage
from search.indexing import index
from search.engines.database import Database
from search.understanding.parse import parse
from search.understanding.gazetteer import current
from tests.browser_forms import filled_in
from tests.factories import make_user


def found(words):
    index.drain()
    (results,) = Database().search([parse(current(), words, "", "").query])
    return [hit.entry.title for hit in results.hits]


@pytest.mark.usefixtures("places")
def test_terrace(client, baker, bakery, editor, settings):
    settings.ELASTICSEARCH_URL = []
    assert found("terrasse") == []

    form = reverse("wagtailadmin_pages:edit", args=[bakery.pk])
    client.force_login(make_user(is_superuser=True, is_staff=True))
    sent = filled_in(client.get(form), having="street")
    client.post(form, sent | {"has_terrace": "on", "action-publish": "action-publish"})
    assert MerchantPage.objects.get().has_terrace
    assert found("terrasse") == ["Le Fournil des Mines"]
    assert "Terrasse" in client.get(bakery.public_path).content.decode()

    client.force_login(baker)
    profile = reverse("space:profile", args=[bakery.pk])
    sent = filled_in(client.get(profile), having="story")
    client.post(profile, sent | {"delivery_note": "À vélo dans Privas."})
    draft = MerchantPage.objects.get().get_latest_revision_as_object()
    assert (draft.delivery_note, draft.has_terrace) == ("À vélo dans Privas.", True)

    sent = filled_in(client.get(profile), having="story")
    sent.pop("has_terrace")
    client.post(profile, sent)
    assert not MerchantPage.objects.get().get_latest_revision_as_object().has_terrace

    MerchantPage.objects.filter(pk=bakery.pk).update(has_terrace=False)
    assert found("terrasse") == []
"""


@pytest.fixture
def copy(tmp_path):
    """A copy of what the project consists of, without what was installed or made in it."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (PROJECT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, tmp_path / name)
    return tmp_path


@pytest.mark.process
def test_the_recipe_loses_nothing_of_a_new_field(copy):
    for name, before, words in RECIPE:
        text = (copy / name).read_text()
        assert text.count(before) == 1, f"{name} has changed: write the recipe of CONTRIBUTING.md again, and this test"
        (copy / name).write_text(text.replace(before, words + before))
    (copy / "tests/directory/test_terrace.py").write_text(THEN)

    # Without its header, which holds the time, so that the database it makes is made once.
    run(copy, "manage.py", "makemigrations", "directory", "--no-header", "--name=terrace")
    run(copy, "-m", "pytest", "-q", "--show-capture=no", "-p", "no:cacheprovider", "tests/directory/test_terrace.py")


def run(copy, *arguments):
    done = subprocess.run([sys.executable, *arguments], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_that_a_merchant_s_form_names_is_shown(client, baker, bakery):
    """A box that is named and not shown would come back unticked, and erase what is stored."""
    client.force_login(baker)

    shown = filled_in(client.get(reverse("space:profile", args=[bakery.pk])), having="story")
    boxes = {"delivers", "step_free", "labels"}  # a browser sends them ticked only

    assert set(ProfileForm.Meta.fields) - boxes <= shown.keys()
    page = client.get(reverse("space:profile", args=[bakery.pk])).content.decode()
    assert all(f'name="{name}"' in page for name in ProfileForm.Meta.fields)
