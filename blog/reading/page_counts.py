"""Counts page views of articles by day, without cookies, addresses or a script.

The server counts the pages that it sends or confirms (304), leaving out programs, pages fetched
ahead of a click, and who is logged in. A reader whom a cache answers is not seen: with a shared
cache before the site the numbers say what the cache asked for. They compare articles and days,
they are no census.

A request adds one in memory (`note`). `_SECONDS` later a thread writes what came together, and the
server writes the rest when it stops (config.server); a killed process loses those seconds.
"""

from __future__ import annotations

import datetime
import functools
import logging
import re
import threading
from collections import Counter
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from blog.models import Reads
from blog.models.article import ArticleQuerySet

logger = logging.getLogger("weerwoord.reads")
_SECONDS = 15.0
_PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|http|curl|wget|python|java/|ruby|perl|go-|scan|monitor|preview"
    r"|fetch|feed|reader|archive|lighthouse|headless|phantom|validator|check|facebook|whatsapp",
    re.IGNORECASE,
)

# The ORM cannot add to a row that it inserts unless it is there. Articles that are gone are left
# out; in one order, so that two processes never wait for each other in a ring.
_ADD: Final = """
INSERT INTO blog_reads (article_id, day, count)
SELECT article.id, %s, given.count
FROM unnest(%s::bigint[], %s::int[]) AS given (id, count)
JOIN blog_article article ON article.id = given.id
ORDER BY article.id
ON CONFLICT (article_id, day) DO UPDATE SET count = blog_reads.count + EXCLUDED.count
"""
_counts: Counter[int] = Counter()
_lock = threading.Lock()
_timer: threading.Timer | None = None


@functools.lru_cache(maxsize=4096)
def is_program(agent: str) -> bool:
    """Whether a user agent is that of a program, or missing."""
    return not agent or _PROGRAMS.search(agent) is not None


def is_read(request: HttpRequest) -> bool:
    """Whether a person who is not logged in asks for the first page of an article."""
    meta = request.META
    if request.method != "GET" or is_program(meta.get("HTTP_USER_AGENT", "")[:300]):
        return False
    if "HTTP_SEC_PURPOSE" in meta or "HTTP_PURPOSE" in meta:
        return False
    if settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", ""):
        return False
    # Turning pages within a conversation, or its order, is no second read.
    return not ({"after", "before", "sort", "lang"} & request.GET.keys())


def note(request: HttpRequest, article_id: int) -> None:
    """Count the request in memory when it is a page view; no query."""
    if not is_read(request):
        return
    with _lock:
        _counts[article_id] += 1
        first = _timer is None
    if first:
        _schedule()


def _schedule() -> None:
    """Write in a while; one timer at a time."""
    global _timer
    with _lock:
        if _timer is not None:
            return
        _timer = threading.Timer(_SECONDS, _flush_and_close)
        _timer.daemon = True
        _timer.start()


def _flush_and_close() -> None:
    try:
        flush()
    finally:
        # The thread ends, and its connection with it.
        connection.close()


def flush() -> int:
    """Write the counted views to today; gives how many. Keeps them when writing fails."""
    global _timer
    with _lock:
        _timer = None
        taken = dict(_counts)
        _counts.clear()
    if not taken:
        return 0
    numbers = sorted(taken)
    try:
        with connection.cursor() as cursor:
            counts = [taken[number] for number in numbers]
            cursor.execute(_ADD, [timezone.localdate(), numbers, counts])
    except Exception as fault:
        logger.warning("Reads are kept for later: %s", str(fault).partition("\n")[0])
        with _lock:
            _counts.update(taken)
        _schedule()
        return 0
    return sum(taken.values())


def with_reads(articles: ArticleQuerySet, days: int = 30) -> ArticleQuerySet:
    """`articles` with `read_count`: how often each was read in the last `days` days."""
    first = timezone.localdate() - datetime.timedelta(days=days - 1)
    recent = Reads.objects.filter(article=OuterRef("pk"), day__gte=first).order_by()
    total = recent.values("article").annotate(sum=Sum("count")).values("sum")
    return articles.annotate(read_count=Coalesce(Subquery(total), 0))
