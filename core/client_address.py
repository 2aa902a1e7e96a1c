"""The client's network address, taken from X-Forwarded-For as far as our own proxies set it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def address(request: HttpRequest) -> str:
    """The address of the client, an IPv6 one cut to its /64 (one household, one address).

    With `TRUSTED_PROXIES = n`, the n-th address from the right of X-Forwarded-For is taken: what
    stands left of it was written by the client and is not believed (CVE-2024-34451's class).
    """
    found = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= settings.TRUSTED_PROXIES:
            found = hops[-settings.TRUSTED_PROXIES]
    try:
        parsed = ipaddress.ip_address(found)
    except ValueError:
        # A Unix socket has no address; a forged hop is no address either.
        return "0.0.0.0"  # noqa: S104
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def mark(request: HttpRequest) -> str:
    """A keyed hash of the address in the shape of an address, for django-axes to store."""
    digest = salted_hmac("core.client_address.mark", address(request), algorithm="sha256").digest()
    return str(ipaddress.IPv6Address(digest[:16]))
