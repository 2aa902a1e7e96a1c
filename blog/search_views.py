"""The search page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog import search as finding
from blog.metadata import for_page
from blog.reading import months
from blog.serving import public


def _address(query: str, page: int = 1) -> str:
    parts = {"q": query} | ({"page": page} if page > 1 else {})
    return f"{reverse('blog:search')}?{urlencode(parts)}"


@public()
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What a reader looks for; without a query, the form and the archive."""
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    found = finding.search(request.GET.get("q", ""), page=max(page, 1))
    title = _("Search for “%s”") % found.query if found.query else _("Search")
    more = found.count > found.page * finding.PAGE_SIZE
    context = {
        "query": found.query,
        "results": found.results,
        "count": found.count,
        "suggestion": found.suggestion,
        "suggestion_url": _address(found.suggestion) if found.suggestion else "",
        "newer_url": _address(found.query, found.page - 1) if found.page > 1 else "",
        "older_url": _address(found.query, found.page + 1) if more else "",
        "years": [{"year": row["part"], "count": row["count"]} for row in months()],
        "page": for_page(title),
    }
    return render(request, "blog/search.html", context)
