"""What strangers may have the site do: by the table of `authors.limits`, in bounded bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from authors import limits
from comments.views.oversized import MOST
from config import errors

_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


def _is_stranger(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is None or not (user.is_authenticated and user.is_active)


class LimitMiddleware:
    """Counts what strangers want done, and does not let it happen too often.

    405: the page stands in no row of the table, so that it does nothing for strangers; 413: a body
    larger than the largest form, before it is read; 429 with Retry-After and what was typed: more
    often than the row says. Accounts are not counted. One statement for a request; without a
    database the page itself says how things are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what is counted when it is refused is counted here."""
        response = self.get_response(request)
        name: str | None = getattr(request, "limit_of_refusals", None)
        if name is not None and response.status_code == 403:
            return _counted(request, name) or response
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The refusal, or None when the page may answer."""
        if request.method in _SAFE or not _is_stranger(request):
            return None
        found = request.resolver_match
        name = limits.door(found.view_name) if found else None
        if name is None:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST:
            return errors.too_large(request)
        if limits.LIMITS[name].refused:
            request.limit_of_refusals = name  # type: ignore[attr-defined]
            return None
        return _counted(request, name)


def _counted(request: HttpRequest, name: str) -> HttpResponse | None:
    try:
        limits.take(limits.Use(name, limits.network(request)))
    except limits.TooMany as refusal:
        return errors.too_many(request, refusal)
    except (OperationalError, InterfaceError):
        return None
    return None


class FilesOfStaff(FileUploadHandler):
    """Leaves the files of who is not logged in aside: neither memory nor disk holds them."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Raises SkipFile for strangers."""
        super().new_file(*args, **kwargs)
        if self.request is None or _is_stranger(self.request):
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """On to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """It is with another handler."""
