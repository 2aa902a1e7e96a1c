"""Who sends, as far as limits need to know: a keyed hash, never the address itself."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


def digest(request: HttpRequest) -> bytes:
    """16 bytes that stay the same for one network address as long as the secret key does."""
    address: str = import_string(settings.CLIENT_ADDRESS)(request)
    key = f"comments.client:{settings.SECRET_KEY}".encode()
    return hmac.digest(key, address.encode(), "sha256")[:16]
