"""Headers of pages that are the same for every visitor and may be stored by any cache."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def public(*, seconds: int = 30) -> Callable[[View[P]], View[P]]:
    """Decorator: let shared caches store a view's successful responses for `seconds`.

    Browsers ask every time (and mostly get 304), so that a writer sees their own comment; a cache
    between may serve `seconds` old pages, and older ones while it fetches a new one. Such a view
    must not look at the session: what it says is the same for everybody (no Vary on cookies).
    """

    def decorate(view: View[P]) -> View[P]:
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code in (200, 304) and "Cache-Control" not in response:
                share(response, seconds=seconds)
            return response

        functools.update_wrapper(wrapper, view)
        return wrapper

    return decorate


def share(response: HttpResponse, *, seconds: int) -> None:
    """Set the headers of a public page on `response`."""
    patch_cache_control(
        response, public=True, max_age=0, s_maxage=seconds, stale_while_revalidate=10 * seconds
    )


def etag(*parts: object) -> str:
    """A quoted tag over the versions of everything that the page shows, and the release."""
    text = "|".join(str(part) for part in (settings.RELEASE, *parts))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def framing(response: HttpResponse, hosts: Sequence[str]) -> HttpResponse:
    """Allow the page to frame content from `hosts` only."""
    if hosts:
        response._csp_update = {"frame-src": hosts}  # type: ignore[attr-defined]
    return response
