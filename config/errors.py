"""Pages for what went wrong: they say what happened and what to do."""

from __future__ import annotations

import logging
import re
import sys
from contextlib import suppress

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from authors.limits import TooMany
from core.json_input import wants_json

logger = logging.getLogger("weerwoord.errors")

_SECRET = re.compile("password|code|csrf")
_BLOCK = 64 * 1024
_MOST_READ = 64 * 1024 * 1024


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        return HttpResponse(render_to_string(template), status=status)


def _logged(response: HttpResponse) -> HttpResponse:
    """Keep Django from logging once more what has its line in the log."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for more than a request may bring: one line in the log, no traceback."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    logger.warning("400 %s: %s", request.path, exception)
    return _logged(_page(request, "400.html", 400))


def too_large(request: HttpRequest) -> HttpResponse:
    """413: a page that says to go back to what was typed; JSON for a script.

    The rest of the body is read and forgotten: a browser that is cut short while it sends shows
    an error of its own instead of the page.
    """
    with suppress(OSError):
        for _block in range(_MOST_READ // _BLOCK):
            if not request.read(_BLOCK):
                break
    if not wants_json(request):
        return _page(request, "413.html", 413)
    with translation.override(settings.LANGUAGE_CODE):
        message = _("This is larger than the site takes. Make it shorter and send it again.")
        return JsonResponse({"message": message}, status=413)


def too_many(request: HttpRequest, refusal: TooMany) -> HttpResponse:
    """429 with what was typed, to be sent again after a while; JSON for a script, whose page still
    has it. Passwords and codes are not given back."""
    with translation.override(settings.LANGUAGE_CODE):
        told = refusal.told
        kinds = (request.headers.get("Accept", ""), request.headers.get("Content-Type", ""))
        if any(kind.startswith("application/json") for kind in kinds):
            response: HttpResponse = JsonResponse({"message": told, "detail": told}, status=429)
        else:
            typed = [pair for pair in request.POST.items() if not _SECRET.search(pair[0])]
            context = {
                "message": told,
                "fields": typed,
                "path": request.get_full_path(),
                "again": len(typed) == len(request.POST),
            }
            response = HttpResponse(render_to_string("429.html", context), status=429)
    response["Retry-After"] = str(refusal.wait)
    return response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was sent from another site, or whose token is too old.

    At the admin with the text that was sent: nothing keeps it for who goes back.
    """
    from config import kept

    if request.method == "POST" and request.path_info.startswith(reverse("admin:index")):
        return kept.page(request, lost=not admin.site.has_permission(request))
    return _page(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 with a search box and the latest articles."""
    from blog.discovery.metadata import for_page
    from blog.reading.selectors import latest
    from blog.site.settings import settings_of

    with translation.override(settings.LANGUAGE_CODE):
        try:
            page = for_page(_("This page is not here"), settings_of(request), robots="noindex")
            return render(request, "404.html", {"latest": latest(), "page": page}, status=404)
        except DatabaseError:
            return unavailable(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away; the page asks for a second try in ten seconds."""
    response = _page(request, "503.html", 503)
    response["Retry-After"] = "10"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the fault is a database that cannot be reached."""
    fault = sys.exc_info()[1]
    if isinstance(fault, OperationalError | InterfaceError):
        return unavailable(request)
    return _page(request, "500.html", 500)
