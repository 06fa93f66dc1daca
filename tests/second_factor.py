"""An app of codes as people have it on their telephone: RFC 6238, written from the standard, not allauth's code."""

import base64
import hashlib
import hmac
import re
import time

PERIOD = 30  # seconds


def code_of(secret, later=0):
    """Return the six digits that an app shows for a secret in base32, ``later`` periods from now."""
    counter = int(time.time()) // PERIOD + later
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def secret_on(page):
    """Return the secret that the page of setting up shows."""
    return re.search(r'second-factor__secret">([A-Z2-7]+)<', page)[1]
