"""Encrypts documents before they reach the database, with keys that stand in the settings alone.

DOCUMENT_KEYS: the first encrypts, all decrypt. Put a new one first, run `manage.py reseal_documents --write`, then take
the old one away. Without any, no document is taken in.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """No key of the settings opens it."""


def is_open() -> bool:
    return bool(settings.DOCUMENT_KEYS)


def seal(content: bytes) -> bytes:
    return _keys().encrypt(content)


def unseal(sealed: bytes | memoryview) -> bytes:
    """Return what was sealed. Raises Unreadable."""
    try:
        return _keys().decrypt(bytes(sealed))
    except InvalidToken as error:
        raise Unreadable from error


def resealed(sealed: bytes | memoryview) -> bytes:
    """Return the same, sealed by the first key. Raises Unreadable."""
    try:
        return _keys().rotate(bytes(sealed))
    except InvalidToken as error:
        raise Unreadable from error


def _keys() -> MultiFernet:
    if not settings.DOCUMENT_KEYS:
        raise Unreadable
    return MultiFernet([Fernet(key) for key in settings.DOCUMENT_KEYS])
