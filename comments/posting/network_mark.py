"""Keyed hash of the network address of a sender; the address itself is not stored."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


def digest(request: HttpRequest) -> bytes:
    """16 bytes that stay the same for one network address as long as the secret key does.

    The first 8 are those of its network (/24, or /64 for IPv6), so that a network can be banned.
    """
    return digest_of(address(request))


def digest_of(whole: str) -> bytes:
    """The same for an address that is known otherwise."""
    return _short(_network(whole)) + _short(whole)


def mark_of(typed: str) -> bytes:
    """What a ban keeps of an address ("203.0.113.7") or its network ("203.0.113.0/24", /64).

    An IPv6 address stands for its network: who has one has them all. Raises ValueError for what is
    neither.
    """
    found = ipaddress.ip_network(typed.strip(), strict=False)
    size = 24 if found.version == 4 else 64
    if found.version == 4 and found.prefixlen == found.max_prefixlen:
        return digest_of(str(found.network_address))
    if found.prefixlen not in (size, found.max_prefixlen):
        raise ValueError(f"a network of /{size}, not /{found.prefixlen}")
    return _short(_network(str(found.network_address)))


def address(request: HttpRequest) -> str:
    """The network address that the request came from; kept nowhere."""
    found: str = import_string(settings.CLIENT_ADDRESS)(request)
    return found


def _short(what: str) -> bytes:
    key = f"comments.posting.network_mark:{settings.SECRET_KEY}".encode()
    return hmac.digest(key, what.encode(), "sha256")[:8]


def _network(whole: str) -> str:
    try:
        parsed = ipaddress.ip_address(whole)
    except ValueError:
        return whole
    size = 24 if parsed.version == 4 else 64
    return str(ipaddress.ip_network((parsed, size), strict=False))
