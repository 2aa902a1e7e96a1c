"""Whether an address of this site leads to something that readers see, without asking for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from authors.models import Author
from blog.models import Article, Page, Series, Tag


def is_answered(path: str) -> bool:
    """Whether a page or file answers at `path` itself; what moved away from there does not count.

    A few queries along indexes. The pages of the conversation count when their article does.
    """
    if path.startswith(settings.MEDIA_URL):
        return default_storage.exists(path.removeprefix(settings.MEDIA_URL))
    if path.startswith(settings.STATIC_URL):
        return True
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return _is_there(match)


def _is_there(match: ResolverMatch) -> bool:
    """Whether what the address names is there, for the routes that take names from it."""
    named: dict[str, Any] = match.kwargs
    slug = named.get("slug")
    year, month = int(named.get("year") or 0), int(named.get("month") or 0)
    published = Article.objects.published()
    if year and slug is not None:
        row = published.filter(slug=slug).only("slug", "published_at").first()
        day = timezone.localtime(row.published_at) if row else None
        return day is not None and (day.year, day.month) == (year, month)
    if year:
        return _in_period(year, month)
    if slug is None:
        return True
    if match.app_name == "authors":
        return Author.objects.filter(slug=slug).exists()
    if match.url_name == "series":
        return published.filter(series__in=Series.objects.filter(slug=slug)).exists()
    if match.url_name == "page":
        return Page.objects.published().filter(slug=slug).exists()
    if str(match.url_name).startswith("tag"):
        return Tag.objects.filter(slug=slug).exists()
    return True


def _in_period(year: int, month: int) -> bool:
    """Whether there are articles of that year or month."""
    found = Article.objects.published().filter(published_at__year=year)
    return (found.filter(published_at__month=month) if month else found).exists()
