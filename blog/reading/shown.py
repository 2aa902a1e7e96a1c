"""Which version of readers' pages holds now, and what a page in the making depends on.

`config.kept_pages` keeps finished pages for as long as this says that they hold.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from blog.models import Article, SiteSettings

# The number of a transaction with each: a restored backup brings numbers back, but never those.
# Rows, as PostgreSQL takes longer to plan a statement that puts them together than to run this.
_HOLDING: Final = """
SELECT -1 - v.said::int, v.number, v.xmin FROM blog_shownversion v
UNION ALL SELECT a.id, a.thread_version, '0'::xid FROM blog_article a WHERE a.id = ANY(%s)
"""
_FOLLOWING: Final = """
SELECT min(a.published_at) FROM blog_article a
WHERE a.status IN ('published', 'scheduled') AND a.trashed_at IS NULL AND a.published_at > %s
"""
_BEGINNING: Final = f"""
SELECT -1 - v.said::int, v.number, v.xmin, ({_FOLLOWING}) FROM blog_shownversion v
"""  # noqa: S608 - our own words


class Versions(NamedTuple):
    """What tells of a change: in anything that pages show but conversations, and in those."""

    content: str | None
    said: str | None


@dataclass
class Showing:
    """What a page in the making shows, as its view says (`shows`, `holds_until`).

    `threads` gives, by the number of an article of which the page tells how much was said, or
    what, the version of its thread that was read with it, before anything else. None: it was
    not read.
    """

    versions: Versions
    began: datetime.datetime
    # From then on the page is another, without anybody writing.
    until: datetime.datetime | None
    threads: dict[int, int | None] | None = None
    # To be given the page is to read this article (`page_counts`).
    article: int | None = None


def begin() -> Showing:
    """What holds before a page is made; one statement."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING, [now])
        rows = cursor.fetchall()
    return Showing(_versions([row[:3] for row in rows]), now, rows[0][3] if rows else None)


def holding(articles: list[int]) -> tuple[Versions, dict[int, int]]:
    """What holds now, and the versions of the threads of `articles` by their numbers."""
    # The statement itself proves the connection; Django would ask for it by another.
    setattr(connection, "health_check_done", True)  # noqa: B010 - unknown to its types
    with connection.cursor() as cursor:
        cursor.execute(_HOLDING, [articles])
        rows = cursor.fetchall()
    return _versions(rows), {key: number for key, number, _xmin in rows if key > 0}


def _versions(rows: Sequence[tuple[int, int, str]]) -> Versions:
    told: dict[int, list[str]] = {-1: [], -2: []}
    for key, number, transaction in rows:
        if key < 0:
            told[key].append(f"{number}.{transaction}")
    content, said = (" ".join(sorted(parts)) or None for parts in told.values())
    return Versions(content, said)


def threads(articles: Collection[int]) -> dict[int, int]:
    """The versions of the threads of `articles`, by number; one query, none for none."""
    rows = Article.objects.filter(pk__in=articles).order_by()
    return dict(rows.values_list("pk", "thread_version")) if articles else {}


def of(request: HttpRequest) -> Showing:
    """The notes of the page in the making; begins them for one that is not to be kept."""
    shown = _of(request)
    if shown is None:
        shown = begin()
        setattr(request, "shown", shown)  # noqa: B010 - a note, no attribute of its class
    return shown


def _of(request: HttpRequest) -> Showing | None:
    return getattr(request, "shown", None)


def shows(request: HttpRequest, articles: Iterable[Article]) -> None:
    """Note the articles of whose conversations the page tells; none is an answer too."""
    # Not by the attribute, which would read the column later than the rest of the row.
    versions = {article.pk: article.__dict__.get("thread_version") for article in articles}
    shows_threads(request, versions)


def shows_threads(request: HttpRequest, versions: Mapping[int, int | None]) -> None:
    """As `shows`, for what is known of the articles: the versions of their threads by number."""
    if (shown := _of(request)) is not None:
        # What was read first counts.
        shown.threads = {**versions, **(shown.threads or {})}


def holds_until(request: HttpRequest, moment: datetime.datetime | None) -> None:
    """Note that the page is another from `moment` on; one that has gone by changes nothing."""
    shown = _of(request)
    if shown is None or moment is None or moment < shown.began:
        return
    shown.until = min(moment, shown.until or moment)


def closes_at(article: Article, site: SiteSettings) -> datetime.datetime | None:
    """When the conversation closes by its age; None: never."""
    own = article.close_after_days
    days = site.close_after_days if own is None else own
    if not days or article.published_at is None:
        return None
    return article.published_at + datetime.timedelta(days=days)
