"""Old addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from blog.discovery.metadata import for_page
from blog.reading.selectors import latest
from blog.site import redirects
from blog.site.settings import settings_of

if TYPE_CHECKING:
    from django.http import HttpRequest


class RedirectMiddleware:
    """Answers 404s of moved URLs with a redirect (301, 308) or 410."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and where that is 404 look for the address among those that moved."""
        path = request.path_info
        reading = request.method in ("GET", "HEAD")
        query = request.META.get("QUERY_STRING", "")
        asks = bool(reading and query)
        # WordPress's other way to its pages: its front page with a query.
        folder = f"{path.removesuffix('index.php').rstrip('/')}/"
        front = path in ("/", "/index.php")
        if asks and front and (asked := redirects.find_query(query, folder)) is not None:
            return _sent_on(request, *asked)
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        # One that stood in a folder is no page here.
        if asks and not front and (asked := redirects.find_query(query, folder)) is not None:
            return _sent_on(request, *asked)
        found = redirects.find(path)
        if found and redirects.is_elsewhere(found):
            # What somebody typed here, and what stands in the query, is not sent to another site.
            return redirects.leads_to(request, found, query="") if reading else response
        if found is None and not reading and not path.endswith("/"):
            # Django would add the slash in a way that loses what was sent.
            found = f"{path}/" if redirects.resolves(f"{path}/") else None
        if found:
            return redirects.leads_to(request, found, query=query)
        # What was sent to a page that is gone comes back with the answer that there is.
        return response if found is None or not reading else _gone(request)


def _sent_on(request: HttpRequest, where: str, query: str) -> HttpResponse:
    """The answer for a reader of an old front page: on to `where`, or that it is gone."""
    return redirects.leads_to(request, where, query=query) if where else _gone(request)


def _gone(request: HttpRequest) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        page = for_page(_("This page is gone"), settings_of(request), robots="noindex")
        return render(request, "410.html", {"latest": latest(), "page": page}, status=410)
