"""The site's own pages, asked for as a reader asks, without a server in between."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse


@dataclass(frozen=True)
class SiteResponse:
    """What the site says to a GET: `location` for a redirect, `text` of a page in HTML."""

    status: int
    location: str
    text: str | None


class RunningSite:
    """The site as it answers readers."""

    def __init__(self) -> None:
        # Not the handler of a server: between requests that one closes the connection, and with
        # it the transaction in which all pages show one moment.
        self._handler = BaseHandler()
        self._handler.load_middleware()

    def get(self, path: str, query: str = "") -> SiteResponse:
        """The answer to a GET of a path."""
        place = urlsplit(settings.SITE_URL)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": place.hostname or "",
            "SERVER_PORT": str(place.port or (443 if place.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": place.netloc,
            # Otherwise the page behind a proxy would lead to https for ever.
            "HTTP_X_FORWARDED_PROTO": place.scheme,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": place.scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        response = self._handler.get_response(WSGIRequest(environ))
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return SiteResponse(
            response.status_code,
            response.headers.get("Location", ""),
            response.content.decode() if is_page and isinstance(response, HttpResponse) else None,
        )
