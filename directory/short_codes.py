"""The short code of a merchant in addresses that are printed or copied: it stays when the page is renamed."""

from django.utils.http import base36_to_int, int_to_base36

from directory.models import MerchantPage


def code_of(merchant: MerchantPage) -> str:
    """Return the code, "4k"."""
    return int_to_base36(merchant.pk)


def number_of(code: str) -> int:
    """Return the id that a code stands for, 0 where it is none; whether somebody has it is not asked."""
    try:
        return min(base36_to_int(code.lower()), 2**63 - 1)
    except ValueError:
        return 0
