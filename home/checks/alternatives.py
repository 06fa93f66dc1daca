"""Finds alternative texts that describe nothing: empty, a file name, or a word that fits any picture."""

import re
from pathlib import PurePath
from typing import Any

from portal.slugs import slug_of

FILE_NAME = re.compile(
    r"\.(avif|gif|heic|heif|jfif|jpe?g|png|svg|tiff?|webp)$"
    r"|^(IMG|DSC|DSCN|DSCF|PXL|MVIMG|P|Capture|Screenshot|image|photo)[ _-]?\d+",
    re.IGNORECASE,
)
SHORTEST = 6  # characters, and two words: « Du pain » is the least that says something
EMPTY = frozenset(
    {"image", "images", "photo", "photos", "photographie", "illustration", "picture", "visuel", "logo", "sans titre",
     "untitled", "capture d ecran", "description", "texte alternatif", "alt", "vignette", "banniere", "une image",
     "une photo", "image d illustration", "photo d illustration"}
)  # fmt: skip


def fault_of(text: str, picture: Any = None) -> str:
    """Return what is wrong with a picture's description, in French, or "". picture: whose file's name it may repeat."""
    words = text.strip()
    if not words:
        return "L’image n’est pas décrite. Dites ce qu’elle montre, ou déclarez-la décorative."
    named = {_folded(PurePath(picture.file.name).stem)} if picture and picture.file else set()
    if FILE_NAME.search(words) or _folded(words) in named:
        return f"« {words} » est un nom de fichier. Dites ce que l’image montre, ou déclarez-la décorative."
    if _folded(words) in EMPTY or len(words) < SHORTEST or len(words.split()) < 2:
        return (
            f"« {words} » ne décrit pas l’image. Dites en quelques mots ce qu’elle montre, ou déclarez-la décorative."
        )
    return ""


def _folded(text: str) -> str:
    return slug_of(text).replace("-", " ")
