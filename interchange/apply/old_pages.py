"""The article of this site at an address that another system names its conversation by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from django.db.models import QuerySet

from blog.models import Article, Redirect

_ENDING: Final = re.compile(r"\.(?:html?|php|aspx?)$")
_INDEX: Final = re.compile(r"/(?:amp|index\.(?:html?|php))/?\Z")
# Pages that show another page, named in their query.
_FRAMES: Final = re.compile(
    r"(?:translate|webcache)\.googleusercontent\.com|translate\.google\.\w+"
)
_NUMBERS: Final = ("p", "page_id")
_MOST_FIELDS: Final = 50


def article_at(address: str, articles: QuerySet[Article]) -> Article | None:
    """The one of `articles` that stands at `address`, or stood there; by its slug at last."""
    paths = list(dict.fromkeys(path[:300] for path in _paths(address.strip())))
    if not paths:
        return None
    moved = Redirect.objects.filter(old_path__in=paths, article__isnull=False)
    numbers = dict(moved.values_list("old_path", "article_id"))
    for path in paths:
        if path in numbers:
            return articles.filter(pk=numbers[path]).first()
    parts = [part for part in paths[-1].split("/") if part]
    return articles.filter(slug=_ENDING.sub("", parts[-1])).first() if parts else None


def _paths(address: str, *, framed: bool = False) -> Iterator[str]:
    """Paths to look for, the surest first; the last one is the plain path."""
    try:
        parts = urlsplit(address)
        fields = parse_qsl(parts.query, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return
    if not framed and _FRAMES.fullmatch((parts.hostname or "").lower()):
        inner = parse_qs(parts.query, max_num_fields=_MOST_FIELDS).get("u", [""])[0]
        yield from _paths(inner, framed=True)
        return
    path = unquote(parts.path) or "/"
    if parts.fragment.startswith("!"):
        path = "/" + unquote(parts.fragment[1:]).lstrip("/")
    for name, value in fields:
        if name in _NUMBERS and value.isdecimal():
            yield f"{path}?{name}={value}"
    for plain in (path, _INDEX.sub("/", path)):
        yield from (plain, plain.rstrip("/") + "/", plain.rstrip("/") or "/")
