"""The archive of all public pages: it opens from a folder, every link of it leads somewhere, nothing in it is alive."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.utils import timezone

from home.closing import acts
from home.closing.archive import Archive, file_of, is_kept
from home.closing.models import ClosingPlan
from home.site_settings import _read
from portal.addresses import own_address
from tests.factories import make_user
from tests.shop.factories import make_product

TOLD = "Archive du 1er mars 2027 : ces pages se lisent, rien ne s’y commande plus."


@pytest.fixture
def archive(bakery, settings, tmp_path):
    make_product(bakery, title="Pain de seigle")
    archive = Archive(tmp_path / "archive", TOLD)
    archive.make()
    return archive


def pages(archive):
    return {file: BeautifulSoup((archive.folder / file).read_text(), "html.parser") for file in archive.files.values()}


@pytest.mark.django_db
def test_every_link_and_picture_of_the_archive_is_a_file_of_it(archive):
    assert {"index.html", "commercants/index.html", "commercants/le-fournil-des-mines-privas/index.html"} <= set(
        archive.files.values()
    )
    assert any(file.startswith("boutique/produits/pain-de-seigle_") for file in archive.files.values())
    lost = []
    for file, page in pages(archive).items():
        for tag in page.select("a[href], link[href], img[src], source[srcset]"):
            for address in (tag.get("href") or tag.get("src") or tag.get("srcset")).split(", "):
                url = urlsplit(address.split(" ")[0])
                if url.scheme in ("mailto", "tel", "data", "geo") or (url.scheme and url.netloc != "127.0.0.1:8000"):
                    continue
                target = (archive.folder / file).parent / unquote(url.path) if url.path else archive.folder / file
                if url.scheme or url.path.startswith("/") or not target.exists():
                    lost.append((file, address))
    assert lost == []


@pytest.mark.django_db
def test_nothing_in_it_is_alive_and_each_page_says_so(archive):
    for file, page in pages(archive).items():
        assert page.select("form, input, script:not([type='application/ld+json'])") == [], file
        assert TOLD in page.body.get_text(), file
        assert len(page.select("h1")) == 1, file


@pytest.mark.django_db
def test_an_interrupted_archive_goes_on_where_it_was(archive, monkeypatch):
    gone = archive.folder / "commercants/le-fournil-des-mines-privas/index.html"
    before = gone.read_text()
    gone.unlink()
    again = Archive(archive.folder, TOLD)
    asked = []
    get = again.client.get
    monkeypatch.setattr(again.client, "get", lambda path, **kwargs: asked.append(path) or get(path, **kwargs))

    again.make()

    assert asked == ["/commercants/le-fournil-des-mines-privas/", *sorted(archive.missing)]
    assert gone.read_text() == before
    assert again.files == archive.files
    assert not list(Path(archive.folder).rglob("*.part"))


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/commerces/die-26113/", "commerces/die-26113/index.html"),
        ("/commercants/?page=12", "commercants/page-12.html"),
        ("/commercants/l%C3%A9on/", "commercants/léon/index.html"),
    ],
)
def test_where_a_page_is_found(address, file):
    assert is_kept(address)
    assert file_of(address) == file


@pytest.mark.parametrize(
    "address",
    ["/recherche/", "/recherche/?q=pain", "/boutique/panier/", "/boutique/commande/", "/compte/connexion/", "/espace/",
     "/commercants/?tri=nom", "/gestion/", "/histoires/atom.xml", "/signaler/"],
)  # fmt: skip
def test_what_only_a_living_portal_answers_stays_out(address):
    assert not is_kept(address)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("../die-26113/", "/commerces/die-26113/"),
        ("?page=2", "/commerces/lyon-69123/?page=2"),
        ("#contenu", "/commerces/lyon-69123/"),
        ("https://ailleurs.example/", None),
        ("mailto:bonjour@exemple.fr", None),
        ("tel:+33475640101", None),
    ],
)
def test_whose_link_it_is(href, address):
    assert own_address("/commerces/lyon-69123/", href) == address


@pytest.mark.django_db
def test_a_dry_run_writes_nothing_and_a_closed_portal_is_refused(bakery, tmp_path, capsys):
    call_command("archive", tmp_path / "archive")
    assert "--write" in capsys.readouterr().out
    assert not (tmp_path / "archive").exists()

    exception = {"ground": "danger", "proof": "Constat.", "reason": "Fin."}
    plan = acts.propose(ClosingPlan(day=timezone.localdate(), **exception), make_user())
    ClosingPlan.objects.filter(pk=plan.pk).update(day=timezone.localdate() - timezone.timedelta(days=31))
    acts_day = ClosingPlan.objects.get(pk=plan.pk)
    acts_day.announced_on, acts_day.signer = timezone.localdate(), "Samir"
    acts_day.save()
    with pytest.raises(CommandError, match="déjà retirées"):
        call_command("archive", tmp_path / "archive", write=True)
    _read.cache_clear()
