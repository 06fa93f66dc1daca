"""Crawls our own pages as a search engine does and lists what would cost us readers.

Pages are asked from Django itself, without a network; links are followed from the front page, then the sitemap tells
which pages no link leads to. The region has four thousand towns, most of which nobody may index: of what the sitemap
does not list, each audit reads a sample of its own.
"""

import re
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.utils import timezone

from home.seo import jsonld_check
from home.seo.models import SiteAudit
from home.seo.parsed_page import ParsedPage, read
from home.seo.sitemaps import listed_paths
from home.seo.views import PRIVATE_PATHS
from portal.addresses import own_address

DEEPEST = 4  # clicks from the front page
THIN = 40  # words in <main> under which a page says too little to be found
LOSS = 0.1  # share of a kind's indexable pages whose loss between two audits is a fault
KEPT = 2_000  # findings stored
SAMPLE = 150  # pages of a kind that are read though the sitemap does not list them
MINUTES = 30  # after which an audit ends with what it has read

KINDS = {  # pattern of a path: what kind of page it is
    r"/": "accueil",
    r"/commercants/[\w-]+/": "commerçants",
    r"/boutique/produits/[\w-]+_\d+/": "produits",
    r"/commerces/[\w-]+/[\w-]+/": "métiers",
    r"/metiers/[\w-]+/": "catégories",
    r"/commerces/[\w-]+-\d{2}/": "communes",
    r"/histoires/[\w-]+/": "histoires",
}
LABELS = {
    "status": "Page en erreur",
    "broken-link": "Lien mort",
    "redirect-link": "Lien vers une adresse déplacée",
    "canonical": "Adresse canonique absente ou fausse",
    "title": "Titre absent",
    "description": "Description absente",
    "heading": "Pas exactement un titre de niveau 1",
    "duplicate-title": "Titre en double",
    "duplicate-description": "Description en double",
    "orphan": "Page qu’aucun lien n’atteint",
    "deep": f"Page à plus de {DEEPEST} clics de l’accueil",
    "thin": "Page presque vide",
    "data": "Données structurées absentes ou illisibles",
    "data-differs": "Données structurées différentes de la base",
    "unlisted": "Page indexable absente du plan du site",
    "listed-noindex": "Page non indexable dans le plan du site",
    "unread": "Pages non lues, faute de temps",
    "loss": "Chute du nombre de pages indexables",
}


@dataclass(frozen=True)
class Finding:
    """One fault. code: a key of LABELS."""

    code: str
    path: str
    detail: str = ""


@dataclass
class Page:
    """One address of ours. depth: clicks from the front page, None when no link leads there; linked_from: a page."""

    path: str
    depth: int | None
    linked_from: str
    status: int = 0
    location: str = ""
    reading: ParsedPage | None = None


@dataclass
class Crawl:
    """Every page of ours that a link or the sitemap leads to, but for those beyond the sample or the time.

    beside: pages that the sitemap does not list, by kind, which wait to be drawn. unread: how many time has left out.
    """

    pages: dict[str, Page] = field(default_factory=dict)
    sitemap: set[str] = field(default_factory=set)
    beside: dict[str, list[Page]] = field(default_factory=lambda: defaultdict(list))
    unread: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + MINUTES * 60)

    def run(self, progress: Callable[[int], object]) -> None:
        """Read the front page, all that links lead to, what only the sitemap knows, and a sample of what it omits."""
        site = urlsplit(settings.SITE_URL)
        client = Client(raise_request_exception=False, headers={"host": site.netloc})
        self.sitemap = set(listed_paths())
        self._follow(client, [Page("/", 0, "")], progress)
        alone = [Page(path, None, "plan du site") for path in sorted(self.sitemap - self.pages.keys())]
        self._follow(client, alone, progress)
        draw = Random(timezone.localdate().toordinal())
        for pages in list(self.beside.values()):
            self._follow(client, draw.sample(pages, min(SAMPLE, len(pages))), progress)

    def _follow(self, client: Client, start: list[Page], progress: Callable[[int], object]) -> None:
        self.pages |= {page.path: page for page in start}
        queue = deque(start)
        while queue:
            if time.monotonic() > self.until:
                self.unread += len(queue)
                return
            page = queue.popleft()
            response = client.get(page.path, secure=settings.HTTPS)
            page.status, page.location = response.status_code, response.headers.get("Location", "")
            if page.status == 200 and response.headers.get("Content-Type", "").startswith("text/html"):
                page.reading = read(response.content.decode(response.charset))
            progress(1)
            for path in self._leading_to(page):
                if path not in self.pages:
                    depth = None if page.depth is None else page.depth + (not page.location)
                    self.pages[path] = Page(path, depth, page.path)
                    kind = kind_of(path)
                    is_beside = kind != "autres" and path not in self.sitemap
                    (self.beside[kind] if is_beside else queue).append(self.pages[path])

    def _leading_to(self, page: Page) -> Iterator[str]:
        for href in [page.location] if page.location else page.reading.links if page.reading else []:
            if path := _followed(page.path, href):
                yield path


def audit(progress: Callable[[int], object] = lambda count: None) -> SiteAudit:
    """Read the whole site, store what was found, and return it."""
    crawl = Crawl()
    crawl.run(progress)
    indexable = Counter(kind_of(page.path) for page in _indexable(crawl))
    previous = SiteAudit.objects.first()
    findings = list(_findings(crawl))
    if crawl.unread:
        findings.append(Finding("unread", "", f"{crawl.unread} pages"))
    else:
        findings += _losses(indexable, previous.indexable if previous else {})
    return SiteAudit.objects.create(
        pages=sum(bool(page.status) for page in crawl.pages.values()),
        indexable=indexable,
        totals=Counter(finding.code for finding in findings),
        findings=[[finding.code, finding.path, finding.detail] for finding in findings[:KEPT]],
    )


def kind_of(path: str) -> str:
    """Return the kind of page at a path: "communes", "produits"… or "autres"."""
    return next((kind for pattern, kind in KINDS.items() if re.fullmatch(pattern, path)), "autres")


def _followed(base: str, href: str) -> str:
    """Return the path to follow, or "" for another site, a private page, a file or a question asked to the search."""
    address = own_address(base, href)
    if address is None:
        return ""
    path, _, query = address.partition("?")
    private = any(re.match(re.escape(kept).replace(r"\*", "[^/]+"), path) for kept in PRIVATE_PATHS)
    if private or not path.endswith("/") or not re.fullmatch(r"(page=\d+)?", query):
        return ""
    return address


def _indexable(crawl: Crawl) -> list[Page]:
    return [
        page
        for page in crawl.pages.values()
        if page.reading and page.reading.is_indexable and not _defers(page, page.reading, crawl)
    ]


def _defers(page: Page, reading: ParsedPage, crawl: Crawl) -> bool:
    """Return whether a page leaves it to another, which the sitemap lists, to be found: it has too few merchants."""
    above = reading.canonical.removeprefix(settings.SITE_URL)
    return page.path not in crawl.sitemap and above != page.path and above in crawl.sitemap


def _findings(crawl: Crawl) -> Iterator[Finding]:
    for page in crawl.pages.values():
        yield from _of_answer(page)
        if page.reading and page.reading.is_indexable:
            if not _defers(page, page.reading, crawl):
                yield from _of_page(page, page.reading, crawl)
        elif page.reading and page.path in crawl.sitemap:
            yield Finding("listed-noindex", page.path)
    yield from _duplicates(crawl)


def _of_answer(page: Page) -> Iterator[Finding]:
    if page.status >= 500 or (page.status >= 400 and not page.linked_from.startswith("/")):
        yield Finding("status", page.path, str(page.status))
    elif page.status >= 400:
        yield Finding("broken-link", page.linked_from, f"{page.path} ({page.status})")
    elif page.location and page.linked_from:
        yield Finding("redirect-link", page.linked_from, f"{page.path} → {page.location}")


def _of_page(page: Page, reading: ParsedPage, crawl: Crawl) -> Iterator[Finding]:
    if reading.canonical != settings.SITE_URL + page.path:
        yield Finding("canonical", page.path, reading.canonical)
    if not reading.title:
        yield Finding("title", page.path)
    if not reading.description:
        yield Finding("description", page.path)
    if reading.headings != 1:
        yield Finding("heading", page.path, str(reading.headings))
    if reading.words < THIN and kind_of(page.path) != "autres":
        yield Finding("thin", page.path, f"{reading.words} mots")
    if page.depth is None and page.path in crawl.sitemap:
        yield Finding("orphan", page.path)
    elif page.depth is not None and page.depth > DEEPEST and "?" not in page.path:
        yield Finding("deep", page.path, f"{page.depth} clics")
    if page.path not in crawl.sitemap and kind_of(page.path) != "autres":
        yield Finding("unlisted", page.path)
    if missing := jsonld_check.missing(kind_of(page.path), reading):
        yield Finding("data", page.path, missing)
    for difference in jsonld_check.differences(kind_of(page.path), page.path, reading):
        yield Finding("data-differs", page.path, difference)


def _duplicates(crawl: Crawl) -> Iterator[Finding]:
    for name in ("title", "description"):
        same = defaultdict(list)
        for page in _indexable(crawl):
            same[getattr(page.reading, name)].append(page.path)
        for text, paths in same.items():
            if text and len(paths) > 1:
                for path in paths:
                    yield Finding(f"duplicate-{name}", path, text)


def _losses(indexable: dict[str, int], before: dict[str, int]) -> Iterator[Finding]:
    for kind, count in before.items():
        if indexable.get(kind, 0) < count * (1 - LOSS):
            yield Finding("loss", kind, f"{count} → {indexable.get(kind, 0)}")
