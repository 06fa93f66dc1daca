"""What an applicant certifies when an application is sent: kept with its version and its fingerprint.

Source: règlement (UE) 2022/2065, article 30 (1) (e). Whoever changes a word changes VERSION too.
"""

import hashlib

VERSION = "2026-11-30"
TERMS = (
    "Je suis le ou la responsable de ce commerce, ou cette personne m’a chargé de l’inscrire.",
    "Ce commerce exerce une activité réelle dans la région, à l’adresse indiquée.",
    "Je m’engage à ne proposer que des produits et des services conformes au droit de l’Union européenne.",
    "Ce que j’ai écrit est exact, et je le corrigerai si cela change.",
)


def sha256() -> str:
    """Return the fingerprint of what is certified, in hexadecimal."""
    return hashlib.sha256("\n".join((VERSION, *TERMS)).encode()).hexdigest()
