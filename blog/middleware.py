"""Old addresses."""

from __future__ import annotations

import re
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


_NUMBER = re.compile(r"(?:p|page_id)=[0-9]{1,18}")


class RedirectMiddleware:
    """Answers 404s of moved URLs with a redirect (301, 308) or 410."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and where that is 404 look for the address among those that moved."""
        path = request.path_info
        reading = request.method in ("GET", "HEAD")
        # WordPress's short addresses: the front page with a number.
        number = _NUMBER.fullmatch(request.META.get("QUERY_STRING", "")) if path == "/" else None
        response = self.get_response(request)
        if number and reading:
            where, query = redirects.find(f"/?{number[0]}"), ""
        elif response.status_code == 404:
            where, query = redirects.find(path), request.META.get("QUERY_STRING", "")
        else:
            return response
        if where is None and not reading and not path.endswith("/"):
            # Django would add the slash in a way that loses what was sent.
            where = f"{path}/" if redirects.resolves(f"{path}/") else None
        if where:
            return redirects.leads_to(request, where, query=query)
        if where is None or not reading:
            # What was sent to a page that is gone comes back with the answer that there is.
            return response
        with translation.override(settings.LANGUAGE_CODE):
            page = for_page(_("This page is gone"), settings_of(request), robots="noindex")
            return render(request, "410.html", {"latest": latest(), "page": page}, status=410)
