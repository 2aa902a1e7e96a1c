"""A mail in a frame of the admin, as mail programs show it.

Mail programs know no stylesheets, so its style stands in the mail; here, and nowhere else in the
admin, it is let in, on a page that may do nothing.
"""

from __future__ import annotations

from csp.constants import NONE, SELF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from newsletter.letters import NewsLetter

# A link opens a window of its own, which is no longer bound by this.
SANDBOX = ["allow-popups", "allow-popups-to-escape-sandbox"]
_POLICY = {
    # None of what the site's own pages may load.
    **dict.fromkeys(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]),
    "default-src": [NONE],
    "style-src-attr": ["'unsafe-inline'"],
    "style-src-elem": ["'unsafe-inline'"],
    "img-src": [SELF],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "sandbox": SANDBOX,
}


_DARK = {"dark": "all", "light": "not all"}
"""When a mail is dark, in a frame of that scheme: a frame that may do nothing is not told which."""


def address(request: HttpRequest, url: str) -> str:
    """The frame's address `url`, with the scheme that `frame_context` shows as chosen."""
    scheme = request.GET.get("scheme", "")
    return f"{url}?scheme={scheme}" if scheme in _DARK else url


def framed(request: HttpRequest, letter: NewsLetter) -> HttpResponse:
    """The mail's HTML alone, in the active language; `?scheme=` light or dark, or as the device."""
    scheme = request.GET.get("scheme", "")
    scheme = scheme if scheme in _DARK else ""
    context = {"letter": letter, "in_frame": True, "scheme": scheme, "dark": _DARK.get(scheme)}
    answer = HttpResponse(render_to_string("mail/newsletter.html", context))
    answer._csp_replace = _POLICY  # type: ignore[attr-defined]
    return answer
