"""Returns the typed text when a post cannot be stored, and its key when it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.json_input import wants_json

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_KEY = re.compile(r"[\w-]{8,64}", re.ASCII)
TEXTS = ("text", "note", "reason")
"""The fields of forms in the conversation that hold what somebody wrote."""


def stored_key(request: HttpRequest) -> str:
    """The key under which the reader's browser keeps the text that was just stored, or "".

    A page that shows it lets static/js/site.js forget that text. The key is random and known to
    that browser alone, so that nobody's link forgets what somebody else types.
    """
    key = request.POST.get("key", "")
    return key if _KEY.fullmatch(key) else ""


def stored_query(request: HttpRequest, before: str) -> str:
    """The key as part of an address: `before` is the query so far, "" or with its `?`."""
    key = stored_key(request)
    return f"{before}{'&' if before else '?'}stored={key}" if key else before


def kept_page(request: HttpRequest, message: str, status: int, *, login: str = "") -> HttpResponse:
    """The typed text on a page of its own, made without a database; JSON for a script.

    With `login`, the address to log in at, and without a database it can be sent again from there.
    """
    if wants_json(request):
        return JsonResponse({"message": message, "login": login}, status=status)
    context = {
        "message": message,
        "fields": request.POST.items(),
        "texts": TEXTS,
        "path": request.path,
        "login": login,
        "again": status == 503 or bool(login),
    }
    response = HttpResponse(render_to_string("comments/kept.html", context), status=status)
    if status == 503:
        response["Retry-After"] = "10"
    return response


def text_kept(view: _View[P]) -> _View[P]:
    """Let `view` answer a post with the typed text where there is no database (503), or nothing
    any more to which it belongs (404)."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            if request.method != "POST":
                raise
            message = _(
                "The site cannot store your text right now. It is below: keep the page open and "
                "send it again in a minute."
            )
            return kept_page(request, message, 503)
        except Http404:
            if request.method != "POST":
                raise
            if not wants_json(request) and not any(request.POST.get(name) for name in TEXTS):
                raise
            message = _(
                "This page, or the comment that it is about, is not there any more. Your text is "
                "below, so that you can keep it."
            )
            return kept_page(request, message, 404)

    return wrapper
