"""Public pages, kept finished by each process, and given again for as long as they hold.

`KINDS` is the list of what each kind of page depends on. Every page depends on what is not said in
conversations: one number for articles, authors, subjects, pictures, pages, menus and settings
(`blog.models.ShownVersion`), which triggers raise in the transaction of the change; on the moment
at which the next scheduled article appears; and on what its view notes while it makes the page
(`blog.reading.shown`). One statement says what holds now.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

from blog.reading import page_counts, shown
from blog.reading.shown import Showing
from config.middleware import CompressionMiddleware
from core import compression
from core.kept import Finished, Memory, unless_known

_NUMBER: Final = re.compile("[1-9][0-9]{0,17}")
_PLACE: Final = re.compile("[1-9][0-9]{0,16}-[1-9][0-9]{0,17}")
_LIST: Final = {"before": _PLACE, "after": _PLACE}
_BRANCH: Final = {"before": _NUMBER, "after": _NUMBER, "n": _NUMBER}
_THREAD: Final = {
    **_BRANCH,
    "at": _NUMBER,
    "sort": re.compile("newest|discussed|valued"),
    "lang": re.compile("nl|en"),
}
_LONGEST: Final = 120


@dataclass(frozen=True)
class Kind:
    """What pages of a kind depend on beside what every page does, and which queries they are kept
    for: as the site's own links write them."""

    # The conversations of the articles that the view notes; without a note the page is not kept.
    threads: bool = False
    # All conversations of the site.
    said: bool = False
    query: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def takes(self, query: str) -> bool:
        """Whether each part of the query is one of ours, and stands there once."""
        if not query:
            return True
        parts = [part.partition("=") for part in query.split("&")] if len(query) < _LONGEST else []
        names = {name for name, _equals, _value in parts}
        return 0 < len(parts) == len(names) and all(
            name in self.query and self.query[name].fullmatch(value) is not None
            for name, _equals, value in parts
        )


_CARDS: Final = Kind(threads=True, query=_LIST)
_FEED: Final = Kind(threads=True)

KINDS: Final[dict[str, Kind]] = {
    # The cards tell how much was said; the front page quotes the newest comments besides.
    "blog:home": Kind(threads=True, said=True, query=_LIST),
    "blog:tag": _CARDS,
    "blog:series": _FEED,
    "blog:year": _CARDS,
    "blog:month": _CARDS,
    "authors:author": _CARDS,
    # Its own conversation, and how much was said under those to read next; its view notes when it
    # closes.
    "blog:article": Kind(threads=True, query=_THREAD),
    "comments:comment": Kind(threads=True, query=_BRANCH),
    "comments:by_author": Kind(threads=True, query=_BRANCH),
    "blog:page": Kind(),
    # Items tell how much was said.
    "blog:feed": _FEED,
    "blog:atom": _FEED,
    "blog:tag_feed": _FEED,
    "blog:tag_atom": _FEED,
    "authors:feed": _FEED,
    "authors:atom": _FEED,
    "comments:feed": Kind(said=True),
    "comments:atom": Kind(said=True),
    "comments:article_feed": _FEED,
    "comments:article_atom": _FEED,
    # The news leaves it after two days, as its view notes.
    "blog:sitemap": Kind(),
    "blog:sitemap_section": Kind(query={"p": _NUMBER}),
}


@dataclass(frozen=True, slots=True)
class Depends:
    """Under what a kept page holds."""

    content: str
    # None: whatever is said elsewhere.
    said: str | None
    # The versions of the threads of articles, by their numbers.
    threads: dict[int, int]
    since: datetime.datetime
    until: datetime.datetime | None
    # To be given the page is to read this article.
    article: int | None


memory: Final[Memory[Depends]] = Memory(settings.KEPT_PAGES_MB * 1_000_000)

# What would make the answer one of a single reader: a kept page is everybody's.
_CONDITIONS: Final = (
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
)


class KeptPagesMiddleware:
    """Answers with the kept page where one holds; keeps what is made.

    It stands before all that a kept page has passed already: policy, compression, sessions, limits
    of what strangers do. Whoever may be logged in gets every page made.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.compress = CompressionMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        meta = request.META
        if (
            request.method not in ("GET", "HEAD")
            or not memory
            or settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", "")
            or "HTTP_AUTHORIZATION" in meta
        ):
            return self.get_response(request)
        query = meta.get("QUERY_STRING", "")
        key = f"{request.path_info}?{query}" if query else request.path_info
        page = memory.get(key)
        try:
            if page is not None and _holds(page.depends):
                # Refuses a Host that is none of ours, as CommonMiddleware does.
                request.get_host()
                if page.depends.article is not None:
                    page_counts.note(request, page.depends.article)
                return page.answer(request)
            kind = _kind(request.path_info) if request.method == "GET" else None
            if kind is None or not kind.takes(query):
                return self.get_response(request)
            begun = shown.begin()
        except (OperationalError, InterfaceError):
            if not connection.in_atomic_block:
                connection.close()
            return self.get_response(request)
        return self._made(request, key, kind, begun)

    def _made(self, request: HttpRequest, key: str, kind: Kind, begun: Showing) -> HttpResponse:
        """The page made anew as for somebody who has nothing of it, and kept if it can be."""
        conditions: dict[str, str] = {
            name: request.META.pop(name) for name in _CONDITIONS if name in request.META
        }
        request.shown = begun  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            request.META.update(conditions)
            request.__dict__.pop("headers", None)
        depends = _depends(kind, begun) if _is_everybodys(response) else None
        if depends is None:
            response = unless_known(request, response, response.get("ETag", ""))
            compressed: HttpResponse = self.compress.process_response(request, response)
            return compressed
        page = _finished(response, depends)
        memory.put(key, page)
        return page.answer(request)


def _kind(path: str) -> Kind | None:
    try:
        return KINDS.get(resolve(path).view_name)
    except Resolver404:
        return None


def _holds(depends: Depends) -> bool:
    now = timezone.now()
    if now < depends.since or (depends.until is not None and now >= depends.until):
        return False
    versions, threads = shown.holding(list(depends.threads))
    return (
        versions.content == depends.content
        and depends.said in (None, versions.said)
        and threads == depends.threads
    )


def _depends(kind: Kind, begun: Showing) -> Depends | None:
    """Under what the page that was made since `begun` holds; None where that is not known."""
    content, said = begun.versions
    noted = begun.threads
    if content is None or (kind.said and said is None) or (kind.threads and noted is None):
        return None
    threads = {key: version for key, version in (noted or {}).items() if version is not None}
    if len(threads) < len(noted or {}):
        return None
    return Depends(
        content=content,
        said=said if kind.said else None,
        threads=threads,
        since=begun.began,
        until=begun.until,
        article=begun.article,
    )


def _is_everybodys(response: HttpResponse) -> bool:
    """Whether the answer is a page that any cache may give to anybody."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "public" in response.get("Cache-Control", "")
        and response.get("Vary", "Accept-Encoding") == "Accept-Encoding"
        and not response.has_header("Content-Encoding")
        and response.has_header("ETag")
        and "'nonce-" not in response.get("Content-Security-Policy", "")
    )


def _finished(response: HttpResponse, depends: Depends) -> Finished[Depends]:
    headers = dict(response.items())
    headers.pop("Content-Length", None)
    small = len(response.content) < compression.SMALLEST
    if not small:
        headers["Vary"] = "Accept-Encoding"
    packed = response.content if small else compression.gzipped(response.content)
    return Finished(headers, packed, small, depends)
