"""The search page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from authors.models import Author
from blog.discovery.metadata import for_page
from blog.models import Tag
from blog.reading import selectors, steps
from blog.search import articles as finding
from blog.search.articles import Filters
from blog.site.settings import settings_of
from core.caching import public
from core.text import number_of


@public(seconds=30)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found for `?q=`, ten articles a page; without a query, the form and the archive.

    `?author=`, `?tag=` (slugs) and `?year=` narrow it. 404 for a page, an author, a tag or a year
    that is not there, so that made-up addresses do not fill caches.
    """
    number = _page_number(request.GET.get("page", "1"))
    filters = filters_of(request.GET)
    found = finding.search(request.GET.get("q", ""), page=number, filters=filters)
    if number > found.pages:
        raise Http404
    path = reverse("blog:search")

    def page_url(page: int) -> str:
        return filters.url(path, found.query, **({"page": page} if page > 1 else {}))

    context: dict[str, Any] = {
        "count": found.count,
        "more": found.more,
        "results": found.results,
        "beside": found.beside,
        "suggestion": found.suggestion,
        "suggestion_url": filters.url(path, found.suggestion) if found.suggestion else "",
        "newer_url": page_url(number - 1) if number > 1 else "",
        "older_url": page_url(number + 1) if number < found.pages else "",
        "page_number": number if found.pages > 1 else None,
    }
    if not found.results:
        context |= {
            "latest": selectors.latest(3),
            "years": [day.year for day in steps.periods("year")],
        }
    return respond(request, found.query, filters, context, authors=found.authors, tags=found.tags)


def filters_of(values: QueryDict) -> Filters:
    """What an address narrows a search to. Raises Http404 for what is not there."""
    author, tag, year = (values.get(name, "")[:120] for name in ("author", "tag", "year"))
    if year and (len(year) != 4 or number_of(year) <= 1000):
        raise Http404
    return Filters(
        author=get_object_or_404(Author, slug=author) if author else None,
        tag=get_object_or_404(Tag, slug=tag) if tag else None,
        year=int(year) if year else None,
    )


def respond(
    request: HttpRequest,
    query: str,
    filters: Filters,
    context: dict[str, Any],
    *,
    comments: bool = False,
    authors: list[Author] | None = None,
    tags: list[Tag] | None = None,
) -> HttpResponse:
    """The search page around what was found in articles, or in comments.

    `authors` and `tags` are offered to narrow it to, beside those that it is narrowed to.
    """
    site = settings_of(request)
    title = _("Search: %(query)s") % {"query": query} if query else _("Search")
    narrow = [
        ("author", _("Author"), _choices(authors, filters.author)),
        ("tag", _("Subject"), _choices(tags, filters.tag)),
        ("year", _("Year"), _years() if query else []),
    ]
    chosen = filters.values
    context |= {
        "page": for_page(title, site, robots="noindex, follow"),
        "query": query,
        "comments": comments,
        "tabs": [
            (_("Articles"), filters.url(reverse("blog:search"), query), not comments),
            (_("Comments"), filters.url(reverse("comments:search"), query), comments),
        ],
        "narrow": [
            (name, label, options, chosen.get(name, ""))
            for name, label, options in narrow
            if len(options) > (name == "year") or name in chosen
        ],
        "narrowed": bool(filters),
        "all_url": Filters().url(request.path, query),
    }
    return render(request, "blog/search.html", context)


def _years() -> list[tuple[str, str]]:
    return [(str(day.year),) * 2 for day in steps.periods("year")]


def _choices(offered: list[Any] | None, chosen: Any) -> list[tuple[str, str]]:
    """Slugs and names in the order they are offered in; the chosen one first if it is not."""
    rows = {row.slug: row.name for row in offered or ()}
    if chosen is not None and chosen.slug not in rows:
        rows = {chosen.slug: chosen.name, **rows}
    return list(rows.items())


def _page_number(text: str) -> int:
    # No site has a million pages of results: nothing is computed for such an address.
    number = number_of(text)
    if not 0 < number < 1_000_000:
        raise Http404
    return number
