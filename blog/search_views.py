"""The search page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog import reading
from blog import search as finding
from blog.metadata import for_page
from blog.services import site_settings
from blog.serving import public


@public(seconds=30)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found for `?q=`, ten articles a page; without a query, the form and the archive.

    404 for a page that is not there, so that made-up addresses do not fill caches.
    """
    number = _page_number(request.GET.get("page", "1"))
    found = finding.search(request.GET.get("q", ""), page=number)
    if number > found.pages:
        raise Http404
    site = site_settings()
    request.site_settings = site  # type: ignore[attr-defined]
    title = _("Search: %(query)s") % {"query": found.query} if found.query else _("Search")
    context: dict[str, Any] = {
        "page": for_page(title, site, robots="noindex, follow"),
        "query": found.query,
        "count": found.count,
        "results": found.results,
        "suggestion": found.suggestion,
        "suggestion_url": _url(found.suggestion) if found.suggestion else "",
        "newer_url": _url(found.query, number - 1) if number > 1 else "",
        "older_url": _url(found.query, number + 1) if number < found.pages else "",
        "page_number": number if found.pages > 1 else None,
    }
    if not found.results:
        context |= {
            "latest": reading.latest(3),
            "years": [{"year": item["part"], "count": item["count"]} for item in reading.months()],
        }
    return render(request, "blog/search.html", context)


def _page_number(text: str) -> int:
    # At most six digits: int() of a long text is slow, and no site has that many pages.
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0):
        raise Http404
    return int(text)


def _url(query: str, page: int = 1) -> str:
    values = {"q": query} if page == 1 else {"q": query, "page": str(page)}
    return f"{reverse('blog:search')}?{urlencode(values)}"
