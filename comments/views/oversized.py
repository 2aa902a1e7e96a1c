"""A text that is larger than the site takes comes back in its form, like every other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict

from core.json_input import wants_json

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# Twice what any request may bring (DATA_UPLOAD_MAX_MEMORY_SIZE), and several novels. Escaped, a
# text of nothing but quotes is six times as long, and takes thirty times its size for a moment.
MOST = 4 * 1024 * 1024
_FORM = "application/x-www-form-urlencoded"
# One at a time in a process: what such forms take of its memory does not grow with its threads.
_turn = threading.BoundedSemaphore()


def given_back(view: _View[P]) -> _View[P]:
    """Let `view` show a form that is larger than the site takes, with 413 where it gave 422.

    Raises RequestDataTooBig, which ends in a page that says to go back (`config.errors`), for
    more than MOST bytes, for another such form at the same moment, and for a script, whose page
    still has the text.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            request.POST  # noqa: B018 - reads the body
        except RequestDataTooBig:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
            if wants_json(request) or size > MOST or request.content_type != _FORM:
                raise
            if not _turn.acquire(blocking=False):
                raise
        else:
            return view(request, *args, **kwargs)
        try:
            request.POST = QueryDict(request.read(MOST), encoding="utf-8")
            response = view(request, *args, **kwargs)
        finally:
            _turn.release()
        if response.status_code == 422:
            response.status_code = 413
        return response

    return wrapper
