"""Reads each package's `personal_data.py`, which says what it keeps, and what it calls whom."""

from django.utils.module_loading import autodiscover_modules


def discover() -> None:
    """Have all of them read; ask before whatever they declare is used. Once they are, this costs nothing."""
    autodiscover_modules("personal_data")
