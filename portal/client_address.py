"""Whose request it is, as far as the network tells: the address that limits on attempts are counted by."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # one for all whose address is not told, as through a Unix socket without a front server
HOUSEHOLD = 64  # leading bits of an IPv6 address: whoever has one has all that begin so


def client_address(request: HttpRequest) -> str:
    """Return the visitor's address: IPv4, or the network of a household in IPv6; UNKNOWN when nobody tells it.

    With settings.TRUSTED_PROXIES front servers of ours, each adds to X-Forwarded-For the address that it was asked
    from: the visitor's is that many places from the end, and what stands before it is what the visitor claims.
    """
    asked_from = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(told) >= settings.TRUSTED_PROXIES:
            asked_from = told[-settings.TRUSTED_PROXIES]
    try:
        address = ip_address(asked_from.strip("[]"))
    except ValueError:
        return UNKNOWN
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, HOUSEHOLD), strict=False).network_address)
