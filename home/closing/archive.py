"""A copy of all public pages that needs no portal any more: files that a plain file server, or a folder, shows.

Pages are asked from Django itself as anybody would, without an account. Links between them become relative; what only
a living portal can do (search, baskets, accounts, forms, scripts) is taken out, and each page says so on top. A page
that is there already is not asked again, so that an archive that was interrupted goes on.
"""

import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from django.test import Client

from home.seo.sitemaps import listed_paths
from portal.addresses import own_address
from portal.spreadsheets import table

ADDRESSES = "adresses.csv"  # which file holds which page
ASSETS = ("/static/", "/media/")
# What only a living portal answers.
LIVING = re.compile(
    r"/(recherche|compte|espace|gestion|signaler|m|agenda|sante|fermeture|composants|api)(/|$)"
    r"|/boutique/(?!produits/[\w-]+_\d+/)|/composants"
)
PAGE = re.compile(r"(page=(\d+))?")
CSS_URL = re.compile(r"url\(\s*['\"]?(?!data:|#)([^'\")]+)['\"]?\s*\)")
NO_USE = "script:not([type='application/ld+json']), form, link[rel~=search], link[rel~=alternate], link[rel~=canonical]"
DRAWN = {"img": ("src", "srcset"), "source": ("src", "srcset"), "link": ("href",), "image": ("href",), "use": ("href",)}


class Archive:
    """The archive in a folder. told: the sentence on top of each page."""

    def __init__(self, folder: Path, told: str) -> None:
        self.folder, self.told = folder, told
        self.client = Client(headers={"host": urlsplit(settings.SITE_URL).netloc})
        self.files: dict[str, str] = {}  # {address of a page: its file, below the folder}
        self.missing: dict[str, int] = {}  # {address that a page or the sitemap names: the status it has}

    def make(self, progress: Callable[[int], object] = lambda count: None) -> None:
        """Store all pages that the sitemap or a link names, what they are drawn with, and the list of addresses."""
        queue = deque(dict.fromkeys(["/", *filter(is_kept, listed_paths())]))
        known = set(queue)
        while queue:
            address = queue.popleft()
            for found in self._page(address):
                if found not in known:
                    known.add(found)
                    queue.append(found)
            progress(1)
        self._list()

    def _page(self, address: str) -> Iterator[str]:
        """Store a page unless it is there; yield the pages that it leads to."""
        file = file_of(address)
        stored = self.folder / file
        if stored.exists():
            self.files[address] = file
            yield from _led_to(file, stored.read_text(encoding="utf-8"))
            return
        response = self.client.get(address, secure=settings.HTTPS)
        if response.status_code != 200 or not response.headers.get("Content-Type", "").startswith("text/html"):
            self.missing[address] = response.status_code
            return
        self.files[address] = file
        source = self._rewritten(address, file, response.content.decode(response.charset))
        yield from _led_to(file, source)
        _store(stored, source.encode())

    def _rewritten(self, address: str, file: str, source: str) -> str:
        page = BeautifulSoup(source, "html.parser")
        for useless in page.select(NO_USE):
            useless.decompose()
        for link in page.find_all("a", href=True):
            target, fragment = own_address(address, str(link["href"])), urlsplit(str(link["href"])).fragment
            if target is None:
                continue
            if target == address and fragment:
                link["href"] = f"#{fragment}"
            elif is_kept(target):
                link["href"] = _relative(file, file_of(target)) + (f"#{fragment}" if fragment else "")
            elif target.startswith(ASSETS):
                link["href"] = self._asset(file, target)
            else:
                link.name, link.attrs = "span", {}
        for name, attributes in DRAWN.items():
            for tag in page.find_all(name):
                for attribute in attributes:
                    if tag.get(attribute):
                        tag[attribute] = self._drawn(address, file, str(tag[attribute]), attribute == "srcset")
        if body := page.body:
            told = page.new_tag("p", attrs={"class": "announcement"})
            span = page.new_tag("span", attrs={"class": "wrap"})
            span.string = self.told
            told.append(span)
            body.insert(0, told)
        return str(page)

    def _drawn(self, address: str, file: str, value: str, is_set: bool) -> str:
        """Return what an image, style sheet or font is drawn from, relative, each one stored. is_set: a srcset."""
        if not is_set:
            target = own_address(address, value)
            return self._asset(file, target) if target and target.startswith(ASSETS) else value
        choices = (choice.strip().partition(" ") for choice in value.split(","))
        return ", ".join(f"{self._drawn(address, file, url, False)}{space}{size}" for url, space, size in choices)

    def _asset(self, file: str, target: str) -> str:
        """Store a file of /static/ or /media/, and those that a style sheet names; return its address from a page."""
        path = unquote(urlsplit(target).path)
        name, fragment = path.lstrip("/"), urlsplit(target).fragment
        if not (self.folder / name).exists():
            content = _file_at(path)
            if content is None:
                self.missing[path] = 404
                return target
            if name.endswith(".css"):
                content = CSS_URL.sub(lambda found: self._in_style(path, name, found), content.decode()).encode()
            _store(self.folder / name, content)
        return _relative(file, name) + (f"#{fragment}" if fragment else "")

    def _in_style(self, path: str, name: str, found: re.Match[str]) -> str:
        target = urljoin(path, found[1])
        return f'url("{self._asset(name, target)}")' if target.startswith(ASSETS) else found[0]

    def _list(self) -> None:
        with (self.folder / ADDRESSES).open("w", newline="", encoding="utf-8") as stream:
            writer = table(stream)
            writer.writerow(("adresse", "fichier"))
            writer.writerows(sorted(self.files.items()))


def is_kept(address: str) -> bool:
    """Return whether an address of the portal is a page that the archive holds; of lists, all pages."""
    path, _, query = address.partition("?")
    return path.endswith("/") and not LIVING.match(path) and PAGE.fullmatch(query) is not None


def file_of(address: str) -> str:
    """Return the file of a page: "/commerces/?page=2" -> "commerces/page-2.html"."""
    path, _, query = address.partition("?")
    found = PAGE.fullmatch(query)
    name = f"page-{found[2]}.html" if found and found[2] else "index.html"
    return posixpath.join(unquote(path).lstrip("/"), name)


def _address_of(file: str) -> str:
    folder, name = posixpath.split(file)
    path = f"/{folder}/" if folder else "/"
    return path if name == "index.html" else f"{path}?page={name.removeprefix('page-').removesuffix('.html')}"


def _led_to(file: str, source: str) -> Iterator[str]:
    """Yield the addresses of the archive's pages that one of them leads to."""
    for link in BeautifulSoup(source, "html.parser").find_all("a", href=True):
        url = urlsplit(str(link["href"]))
        if url.path.endswith(".html") and not url.scheme and not url.netloc:
            yield _address_of(posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(url.path))))


def _relative(file: str, target: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(file) or ".")


def _file_at(path: str) -> bytes | None:
    """Return a file of /static/ or /media/, which front servers answer, as it is stored; None if there is none."""
    prefix, storage = ("/static/", staticfiles_storage) if path.startswith("/static/") else ("/media/", default_storage)
    name = path.removeprefix(prefix)
    if storage.exists(name):
        with storage.open(name) as stream:
            return stream.read()
    found = finders.find(name) if storage is staticfiles_storage else None
    return Path(found).read_bytes() if found else None


def _store(file: Path, content: bytes) -> None:
    """Write a file wholly or not at all: the archive goes on by what is there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
