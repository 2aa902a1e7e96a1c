"""Queries of the public pages: a bounded number of rows, without OFFSET."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, Value
from django.db.models.functions import ExtractMonth
from django.http import Http404
from django.utils import timezone

from authors.models import Author
from blog.models import Article
from blog.models.article import ArticleQuerySet

PAGE = 10


@dataclass(frozen=True)
class ListPage:
    """A page of articles, newest first, and the keys of its neighbours."""

    articles: list[Article]
    older: str | None
    newer: str | None


class BadKey(ValueError):
    """A malformed page key."""


def _key(article: Article) -> str:
    assert article.published_at is not None  # noqa: S101 - published() has dates
    micros = int(article.published_at.timestamp() * 1_000_000)
    return f"{micros}-{article.pk}"


def _parse(key: str) -> tuple[datetime.datetime, int]:
    try:
        micros, number = (int(part) for part in key.split("-"))
        seconds, rest = divmod(micros, 1_000_000)
        moment = datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)
        return moment + datetime.timedelta(microseconds=rest), number
    except (ValueError, OverflowError, OSError) as error:
        raise BadKey(key) from error


def page_of(articles: ArticleQuerySet, *, before: str = "", after: str = "") -> ListPage:
    """One page of `articles`: the newest, those before the key `before`, or after `after`.

    A page costs the same wherever it lies (keyset on publication date and id). Raises `BadKey`.
    """
    rows = articles.for_list()
    if after:
        moment, number = _parse(after)
        newer_than = Q(published_at__gt=moment) | Q(published_at=moment, pk__gt=number)
        found = list(rows.filter(newer_than).order_by("published_at", "pk")[: PAGE + 1])
        more_newer, found = len(found) > PAGE, found[:PAGE][::-1]
        more_older = True
    else:
        if before:
            moment, number = _parse(before)
            rows = rows.filter(Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=number))
        found = list(rows.order_by("-published_at", "-pk")[: PAGE + 1])
        more_older, found = len(found) > PAGE, found[:PAGE]
        more_newer = bool(before)
    return ListPage(
        articles=found,
        older=_key(found[-1]) if found and more_older else None,
        newer=_key(found[0]) if found and more_newer else None,
    )


def latest(count: int = 5) -> list[Article]:
    """The newest articles, for error pages."""
    return list(Article.objects.published().for_list()[:count])


def add_other_articles(authors: Sequence[Author], article: Article, count: int = 3) -> None:
    """Give each author `other_articles`: their newest ones beside `article`. One query for all."""
    if not authors:
        return
    published = Article.objects.published().exclude(pk=article.pk)
    columns = ("pk", "title", "slug", "published_at", "language")
    newest = [
        published.filter(authors=author)
        .annotate(of=Value(author.pk))
        .values_list("of", *columns)[:count]
        for author in authors
    ]
    found: dict[int, list[Article]] = {author.pk: [] for author in authors}
    for of, *values in newest[0].union(*newest[1:], all=True):
        found[of].append(Article(**dict(zip(columns, values, strict=True))))
    for author in authors:
        author.other_articles = sorted(  # type: ignore[attr-defined]
            found[author.pk], key=lambda item: (item.published_at, item.pk), reverse=True
        )


def in_period(articles: ArticleQuerySet, year: int, month: int | None) -> ArticleQuerySet:
    """The articles of a year, or of one month of it, in the site's time zone.

    Raises ValueError for a month or year that no calendar has.
    """
    first = datetime.datetime(year, month or 1, 1)
    if month is None:
        last = first.replace(year=year + 1)
    else:
        last = (first + datetime.timedelta(days=32)).replace(day=1)
    return articles.filter(
        published_at__gte=timezone.make_aware(first), published_at__lt=timezone.make_aware(last)
    )


def months(year: int) -> list[tuple[int, int]]:
    """The months of a year that hold articles, newest first, each with its number of them."""
    articles = in_period(Article.objects.published(), year, None).order_by()
    part = ExtractMonth("published_at", tzinfo=timezone.get_current_timezone())
    rows = articles.annotate(part=part).values_list("part").annotate(count=Count("pk"))
    return list(rows.order_by("-part"))


def neighbours(article: Article) -> tuple[Article | None, Article | None]:
    """The published articles just before and just after `article`."""
    light = Article.objects.published().only("id", "title", "slug", "published_at", "language")
    moment = article.published_at
    before = light.filter(
        Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=article.pk)
    ).order_by("-published_at", "-pk")
    after = light.filter(
        Q(published_at__gt=moment) | Q(published_at=moment, pk__gt=article.pk)
    ).order_by("published_at", "pk")
    return before.first(), after.first()


def find_article(year: int, month: int, slug: str, articles: ArticleQuerySet) -> Article:
    """The article at an address, among `articles`. Raises Http404."""
    article: Article | None = articles.filter(slug=slug).first()
    if article is None or article.published_at is None:
        raise Http404
    day = timezone.localtime(article.published_at)
    if (day.year, day.month) != (year, month):
        raise Http404
    return article


_NEEDED = {
    *("id", "title", "slug", "language", "status", "published_at", "version", "comment_policy"),
    *("close_after_days", "conversation_id", "comment_count", "thread_version"),
    *("trashed_at", "videos"),
}
# In the order of the model, as `from_db` takes them.
_HEAD_FIELDS = tuple(
    field.attname for field in Article._meta.concrete_fields if field.attname in _NEEDED
)
_HEAD = (
    f"SELECT {', '.join(f'a.{name}' for name in _HEAD_FIELDS)},"  # noqa: S608 - our own names
    " (SELECT home.language FROM blog_article home WHERE home.id = a.conversation_id)"
    " FROM blog_article a WHERE a.slug = %s"
)


def article_head(slug: str) -> Article | None:
    """The article at `slug`, without what its page keeps, if readers may see it.

    It bears `home_language`, that of the article that holds its conversation. One statement of
    fixed text, past the ORM: composing it costs more than running it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [slug])
        row = cursor.fetchone()
    if row is None:
        return None
    *values, home_language = row
    article = Article.from_db(connection.alias, _HEAD_FIELDS, values)
    article.home_language = home_language  # type: ignore[attr-defined]
    return article if article.is_public else None
