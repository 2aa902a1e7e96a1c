"""Series, translations and related articles of an article."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from blog.models import Article, RelatedArticle, SearchWord, Series
from blog.models.search_vectors import SIMPLE
from core.text import fold

_WORD = re.compile(r"[^\W\d_]{4,40}")


# Words of an article that others are compared by; and in how many articles one may stand at most
# to say anything, which also bounds what a query looks at.
_TOPICS = 10
_COMMON = 500
# Candidates of each kind, the newest: a subject may have ten thousand.
_CANDIDATES = 200
# A text that is alike counts for as much as a shared subject or two (ts_rank is below 1).
_BY_TEXT = 3.0
# What is shown of each, and the version that tells when it is other.
_CARD = (
    *("id", "title", "slug", "published_at", "language", "comment_count", "conversation"),
    "thread_version",
)


@dataclass(frozen=True)
class SeriesPart:
    """An article's place in its series, and all that readers see of it, in order."""

    series: Series
    place: int
    parts: list[Article]


def series_of(article: Article) -> SeriesPart | None:
    """The series that the article is a part of. One query, none without a series."""
    if article.series_id is None:
        return None
    parts = list(
        Article.objects.published()
        .filter(series=article.series_id)
        .select_related("series")
        .only("title", "slug", "published_at", "series_place", "language", "series")
        .order_by(F("series_place").asc(nulls_last=True), "published_at", "pk")
    )
    places = [part.pk for part in parts]
    if article.pk not in places or parts[0].series is None:
        return None
    return SeriesPart(parts[0].series, places.index(article.pk) + 1, parts)


def in_family() -> Exists:
    """For a query of articles: whether others are of the same translation set, as `in_family`."""
    same = Article.objects.filter(translation_set=OuterRef("translation_set"))
    return Exists(same.exclude(pk=OuterRef("pk")))


def translations_of(article: Article) -> list[Article]:
    """Its versions in other languages that readers see, whether or not they share a conversation.

    One query; none where `in_family` came with the article and says that there are no others.
    """
    if not getattr(article, "in_family", True):
        return []
    return list(
        Article.objects.published()
        .filter(translation_set=article.translation_set)
        .exclude(pk=article.pk)
        .only("title", "slug", "published_at", "language")
        .order_by("language", "pk")
    )


def topics_of(article: Article) -> str:
    """The words that tell this article from others: often here, seldom elsewhere. One query."""
    counted = Counter(_WORD.findall(fold(article.body_text)))
    for word in _WORD.findall(fold(f"{article.title} {article.lead}")):
        counted[word] += 3
    often = [word for word, times in counted.most_common(200) if times > 1]
    uses = dict(SearchWord.objects.filter(word__in=often).values_list("word", "uses"))
    # What nobody else has written yet may be the word that joins two articles tomorrow.
    seldom = [word for word in often if uses.get(word, 0) <= _COMMON]
    seldom.sort(key=lambda word: (-counted[word] / sqrt(uses.get(word, 0) + 1), word))
    return " ".join(seldom[:_TOPICS])


def chosen_next() -> ArraySubquery:
    """For a query of articles: the numbers of those chosen to be read next, as `chosen_next`."""
    rows = RelatedArticle.objects.filter(article=OuterRef("pk"))
    return ArraySubquery(rows.order_by("position", "pk").values("other"))


def chosen_of(article: Article) -> list[int]:
    """The numbers of the articles chosen to be read next; a query only where none came along."""
    known: list[int] | None = getattr(article, "chosen_next", None)
    if known is None and article.pk is None:
        return []
    if known is None:
        known = list(article.related_articles.values_list("other", flat=True))
    return known


def related(article: Article, count: int = 3) -> list[Article]:
    """Articles to read next: those that were chosen, then those most alike. One query.

    Alike are those on the same subjects and in the same words. What was chosen and readers do
    not see any more gives its place to another.
    """
    tags = [tag.pk for tag in article.tag_list]
    words = article.topics.split()
    chosen = chosen_of(article)
    if not tags and not words and not chosen:
        return []
    through = Article.tags.through.objects.filter(tag__in=tags)
    alike = SearchQuery(" | ".join(words) or "''", config=SIMPLE, search_type="raw")
    newest = Article.objects.order_by("-pk")
    sets: list[Any] = [through.order_by("-article_id").values("article_id")[:_CANDIDATES]]
    if words:
        sets.append(newest.filter(search=alike).values("pk")[:_CANDIDATES])
    if chosen:
        sets.append(newest.filter(pk__in=chosen).values("pk"))
    rank = SearchRank(F("search"), alike) if words else Value(0.0, output_field=FloatField())
    counted: Any = through.filter(article=OuterRef("pk")).order_by().values("article")
    shared = counted.annotate(n=Count("pk")).values("n")
    order = ["-score", "-published_at", "-pk"]
    # The other parts of a series, and the same in another language, stand there already.
    there = Q(translation_set=article.translation_set) & ~Q(pk__in=chosen)
    rows = (
        Article.objects.published()
        .exclude(pk=article.pk)
        .exclude(there)
        .filter(pk__in=sets[0].union(*sets[1:]))
        .only(*_CARD)
        .alias(score=Coalesce(Subquery(shared), 0) + rank * _BY_TEXT)
    )
    if chosen:
        places = [When(pk=number, then=place) for place, number in enumerate(chosen)]
        rows = rows.alias(place=Case(*places, default=len(chosen), output_field=IntegerField()))
        order = ["place", *order]
    found = list(rows.order_by(*order)[: count + len(chosen)])
    kept = sum(one.pk in chosen for one in found)
    return found[: max(count, kept)]


def topics_fill(count: int = 200) -> int:
    """Find the words of articles that have none yet, as after a restore; gives their number."""
    rows = Article.objects.published().filter(topics="").exclude(body_text="")
    found = list(rows.only("title", "lead", "body_text").order_by("-pk")[:count])
    for article in found:
        # A text without a telling word is not looked at again.
        Article.objects.filter(pk=article.pk).update(topics=topics_of(article) or "-")
    return len(found)


def series_next(series: Series, article_id: int | None) -> int:
    """The place behind the last other part."""
    others = series.articles.exclude(pk=article_id or 0)
    last: int | None = others.aggregate(last=Max("series_place"))["last"]
    return (last or 0) + 1
