"""Comments on the search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog.views.search import filters_of, respond
from comments.thread.search import search
from core.caching import public
from core.text import number_of


@public(seconds=30)
@require_safe
def search_comments(request: HttpRequest) -> HttpResponse:
    """The search page with comments in place of articles."""
    filters = filters_of(request.GET)
    before = number_of(request.GET.get("before", ""))
    found = search(request.GET.get("q", ""), filters=filters, before=before)
    path = reverse("comments:search")
    context = {
        "results": found.results,
        "first_url": filters.url(path, found.query) if before else "",
        "suggestion": found.suggestion,
        "suggestion_url": filters.url(path, found.suggestion) if found.suggestion else "",
        "older_url": filters.url(path, found.query, before=found.before) if found.before else "",
    }
    return respond(
        request,
        found.query,
        filters,
        context,
        comments=True,
        authors=found.authors,
        tags=found.tags,
    )
