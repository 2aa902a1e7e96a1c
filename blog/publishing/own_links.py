"""Links to articles of this site: stored by id, rendered as URLs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from blog.content import sanitiser
from blog.models import Article, Redirect

_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]{1,600})"|'([^']{1,600})')""", re.IGNORECASE)
_PATH = re.compile(r"/(\d{4})/(\d{1,2})/([a-z0-9-]{1,120})/?")
_FRAGMENT = re.compile(r"[A-Za-z0-9_-]{1,100}")
_MOST = 500


def addresses(numbers: Iterable[int]) -> dict[int, str]:
    """The addresses of those articles that readers may see now. One query."""
    wanted = list(numbers)
    if not wanted:
        return {}
    found = Article.objects.published().filter(pk__in=wanted)
    return {row.pk: row.get_absolute_url() for row in found.only("pk", "slug", "published_at")}


def own_addresses(source: str) -> dict[str, str]:
    """Addresses in `source` that are articles of this site, each as `article:12`.

    Takes HTML of any kind. Addresses that moved count too. Two queries, none without such links.
    """
    if len(source) > sanitiser.MAX_BYTES:
        return {}
    paths: dict[str, tuple[str, str]] = {}
    for match in _HREF.finditer(source):
        href = unescape(match[1] or match[2])
        path, anchor = _own_path(href)
        if path and len(paths) < _MOST:
            paths[href] = (path, anchor)
    if not paths:
        return {}
    numbers = _numbers({path for path, _anchor in paths.values()})
    return {
        href: f"article:{numbers[path]}" + (f"#{anchor}" if anchor else "")
        for href, (path, anchor) in paths.items()
        if path in numbers
    }


def _own_path(href: str) -> tuple[str, str]:
    """Path and anchor of an address of this site that may be an article's; else empty texts."""
    if href.startswith(f"{settings.SITE_URL}/"):
        href = href.removeprefix(settings.SITE_URL)
    if not href.startswith("/") or href.startswith("//"):
        return "", ""
    try:
        parts = urlsplit(href)
    except ValueError:
        return "", ""
    path = unquote(parts.path)
    if "\0" in path or parts.query:
        return "", ""
    anchor = parts.fragment if _FRAGMENT.fullmatch(parts.fragment) else ""
    return (path if path.endswith("/") else f"{path}/"), anchor


def _numbers(paths: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    moved = Redirect.objects.filter(old_path__in=paths, article__isnull=False)
    for path, number in moved.values_list("old_path", "article"):
        if number is not None:
            found[path] = number
    slugs = {path: match for path in paths if (match := _PATH.fullmatch(path))}
    dated = Article.objects.filter(
        slug__in={match[3] for match in slugs.values()},
        published_at__isnull=False,
        trashed_at__isnull=True,
    )
    rows = {row.slug: row for row in dated.only("pk", "slug", "published_at")}
    for path, match in slugs.items():
        row = rows.get(match[3])
        if row is None or row.published_at is None:
            continue
        day = timezone.localtime(row.published_at)
        if (day.year, day.month) == (int(match[1]), int(match[2])):
            found[path] = row.pk
    return found
