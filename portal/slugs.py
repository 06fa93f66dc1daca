"""Names in addresses: « Au Bœuf qui rit » is « au-boeuf-qui-rit ». Oscar asks here too (OSCAR_SLUG_FUNCTION)."""

import re
import unicodedata

from anyascii import anyascii
from django.utils.text import slugify

_APOSTROPHES = re.compile("['’‘ʼ`´]")


def slug_of(text: str, allow_unicode: bool = False) -> str:
    """Return a text as a part of an address: ASCII letters, digits and hyphens; an apostrophe parts words.

    Letters that are no accented ones are written out: œ is oe, ß is ss. allow_unicode: for Oscar, which passes it;
    addresses stay ASCII.
    """
    composed = unicodedata.normalize("NFC", _APOSTROPHES.sub(" ", text))
    return slugify("".join(anyascii(sign) if sign.isalpha() else sign for sign in composed))


def is_automatic(slug: str, title: str) -> bool:
    """Return whether nobody chose the slug: it is missing, or what Django or the admin's script makes of the title."""
    made = {slug_of(title).replace("-", ""), slugify(title).replace("-", "")}
    return slug.replace("-", "") in made | {""}
