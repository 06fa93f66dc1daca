"""The portal's own addresses: where a link of a page leads, and which addresses something else than a page answers."""

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

NOBODYS = "adresse-que-rien-ne-prend"


TAKEN = "Cette adresse est déjà celle d’une page du portail : choisissez-en une autre, dans l’onglet Promouvoir."


def path_of(url_path: str) -> str:
    """Return a page's address on the site, from "/", given Wagtail's ``url_path``: it without the root's own slug."""
    return "/" + "".join(url_path.split("/", 2)[2:])  # the root above all sites has none: "/"


def own_address(base: str, href: str) -> str | None:
    """Return the address on this portal that a link of a page leads to, without its fragment; None for elsewhere."""
    url = urlsplit(urljoin(base, href))
    if url.scheme not in ("", "http", "https") or (url.netloc and url.netloc != urlsplit(settings.SITE_URL).netloc):
        return None
    return f"{url.path}?{url.query}" if url.query else url.path


def is_reserved(parent_path: str, slug: str) -> bool:
    """Return whether a page of this slug would never be shown, since another view answers its address.

    parent_path: Wagtail's ``url_path`` of the page above, which ends with "/". Any other slug below the same page is
    answered as pages there are: what is answered otherwise is taken.
    """
    if not slug:
        return False
    above = path_of(parent_path)
    address = f"{above}{slug}/"
    if address.startswith(tuple(f"/{part.strip('/')}/" for part in (settings.STATIC_URL, settings.MEDIA_URL))):
        return True
    return _answer(address) != _answer(f"{above}{NOBODYS}/") or _below(address) != _below(f"{above}{NOBODYS}/")


def _answer(address: str) -> object:
    try:
        return resolve(address).func
    except Resolver404:
        return None


def _below(address: str) -> object:
    """Return what answers below an address: « /gestion/ » takes all of it."""
    try:
        return resolve(f"{address}{NOBODYS}/").route
    except Resolver404:
        return None
