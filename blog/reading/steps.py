"""Where the archive has articles: its months and years, and its numbers by the thousand.

Each is found by steps along an index, from one that holds an article to the next, and never by
reading every article (a loose index scan, which PostgreSQL does not plan by itself:
https://wiki.postgresql.org/wiki/Loose_indexscan). An archive of eleven years takes 133 steps.
"""

from __future__ import annotations

import datetime
from typing import Any, Final, Literal

from django.db import connection
from django.db.models import DateTimeField, F, IntegerField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from blog.models import Article
from blog.models.article import ArticleQuerySet

THOUSAND: Final = 1_000
"""Numbers of articles that make a page of the sitemap."""
Period = Literal["month", "year"]


def periods(period: Period) -> list[datetime.date]:
    """The first days of the months or years that hold published articles, newest first."""
    zone = str(timezone.get_current_timezone())
    begun = RawSQL("date_trunc(%s, step.at, %s)", [period, zone], output_field=DateTimeField())
    rows = Article.objects.published().order_by("-published_at", "-pk")
    found = _walk(rows, rows.filter(published_at__lt=begun), "published_at")
    days = [timezone.localtime(at).date().replace(day=1) for at in found]
    return days if period == "month" else [day.replace(month=1) for day in days]


def thousands() -> list[int]:
    """Which thousands hold numbers of published articles, the newest first: 1 for 1 to 1000."""
    last = RawSQL("(step.at - 1) / %s * %s + 1", [THOUSAND] * 2, output_field=IntegerField())
    rows = Article.objects.published().order_by("-pk")
    return [-(-number // THOUSAND) for number in _walk(rows, rows.filter(pk__lt=last), "pk")]


def of_thousand(number: int) -> ArticleQuerySet:
    """The published articles of a thousand, as `thousands` counts them."""
    last = number * THOUSAND
    return Article.objects.published().filter(pk__gt=last - THOUSAND, pk__lte=last)


def _walk(rows: ArticleQuerySet, behind: ArticleQuerySet, column: str) -> list[Any]:
    """The column in the first of `rows`, then in the first of those `behind` it, which call it
    `step.at`, and so on to the last."""
    begin, first = rows.values(at=F(column))[:1].query.sql_with_params()
    following, others = behind.values(at=F(column))[:1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE step AS (({begin}) UNION ALL"  # noqa: S608 - the ORM's own words
            f" SELECT ({following}) FROM step WHERE step.at IS NOT NULL)"
            " SELECT at FROM step WHERE at IS NOT NULL",
            [*first, *others],
        )
        return [at for (at,) in cursor.fetchall()]
