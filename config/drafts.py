"""Tells the admin's scripts which typed text was saved.

A browser keeps what is typed in a form of the admin until the answer to a save names it
(static/admin-desk/drafts.js). The name travels in a cookie of the admin, so that it reaches the
browser with whichever page follows the save.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.messages import ERROR, SUCCESS, WARNING
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

COOKIE = "desk-saved"
_KEY = re.compile(r"[0-9a-f-]{36}")
_MOST = 8
_SECONDS = 24 * 3600


def mark_saved(request: HttpRequest, response: HttpResponse) -> None:
    """Name the text of a form that was taken, in a cookie on the answer to its post.

    Taken is what ends in a redirect to another page than the login, with no word that something
    went wrong. Everything else leaves the browser's copy where it is.
    """
    if request.method != "POST" or response.status_code not in (302, 303):
        return
    key = request.POST.get("draft_key", "")
    if not _KEY.fullmatch(key) or response["Location"].startswith(reverse("admin:login")):
        return
    said = {message.level for message in request._messages._queued_messages}  # type: ignore[attr-defined]
    if ERROR in said or (WARNING in said and SUCCESS not in said):
        return
    before = [one for one in request.COOKIES.get(COOKIE, "").split(".") if _KEY.fullmatch(one)]
    response.set_cookie(
        COOKIE,
        ".".join([*before[1 - _MOST :], key]),
        max_age=_SECONDS,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
