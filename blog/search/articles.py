"""Finding articles: PostgreSQL's full text search, in two languages and in plain words.

Ranking reads the words of every row that it looks at, which for a word of thousands of articles
would take as many times as long. So it looks at a bounded number: the newest of all that match, and
the newest of those whose title matches. Both are taken from indexes, through a window of dates that
widens until it holds enough.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchRank
from django.core.cache import cache
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    Value,
    When,
)

from authors.models import Author
from blog.models import Article, ArticleAuthor, Page, Tag
from blog.models.article import ArticleQuerySet
from blog.reading.selectors import in_period
from blog.search.headlines import add_headlines, suggest
from blog.search.matching import Matcher, SoughtTerm, all_of, any_of, demanded, terms_of
from blog.search.terms import tame_query

PAGE_SIZE: Final = 10
PAGES: Final = 3
"""Pages of the site that are shown above the articles."""
CANDIDATES: Final = 200
"""So many of the newest matches are ranked, and as many of the newest that match by title."""

# The first window holds so many of the newest articles, each next one eight times as many.
_FIRST_WINDOW: Final = 1_000
_WIDER: Final = 8
_WINDOWS_KEPT: Final = 600  # seconds
_CHOICES: Final = 40


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrowed their search to."""

    author: Author | None = None
    tag: Tag | None = None
    year: int | None = None

    def __bool__(self) -> bool:
        return bool(self.author or self.tag or self.year)

    @property
    def values(self) -> dict[str, str]:
        """As the parameters of an address."""
        return {
            **({"author": self.author.slug} if self.author else {}),
            **({"tag": self.tag.slug} if self.tag else {}),
            **({"year": str(self.year)} if self.year else {}),
        }

    def url(self, path: str, query: str, **values: object) -> str:
        """The address of this search at `path`, with other values of its parameters."""
        told = {"q": query, **self.values, **{name: str(value) for name, value in values.items()}}
        return f"{path}?{urlencode(told)}"

    def narrowed(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        """Those of `articles` that are by the author and on the subject; the year is not looked
        at."""
        if self.author is not None:
            links = ArticleAuthor.objects.order_by().filter(author=self.author)
            articles = articles.filter(pk__in=links.values("article"))
        if self.tag is not None:
            tagged = Article.tags.through.objects.filter(tag=self.tag)
            articles = articles.filter(pk__in=tagged.values("article"))
        return articles

    @property
    def articles(self) -> ArticleQuerySet:
        """The published articles that are meant."""
        found = self.narrowed(Article.objects.published())
        return found if self.year is None else in_period(found, self.year, None)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of what was found.

    `query` is what was understood of the typed text; `results` are articles with a `headline`
    of safe HTML. With `more`, only `count` of the newest were looked at. `authors` and `tags`
    are those of what was found. `beside` are pages of the site that hold the words, with a
    headline too; they have no author, subject or year. `suggestion` is a better spelt query that
    does find something, only when this one finds nothing.
    """

    query: str
    page: int = 1
    count: int = 0
    more: bool = False
    results: list[Article] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    beside: list[Page] = field(default_factory=list)
    suggestion: str = ""

    @property
    def pages(self) -> int:
        """The number of pages, one at the least."""
        return max(1, -(-self.count // PAGE_SIZE))


def search(query: str, *, page: int = 1, filters: Filters = Filters()) -> SearchPage:
    """Find published articles by words of their text, and by names of authors and tags.

    Every word must occur somewhere: in the text (in Dutch or English inflection, or as the
    beginning of a longer word), in an author's name or in a tag. Words that Dutch or English
    uses too often to index are not demanded. Takes any text; never raises for what it holds.
    The number of queries does not depend on the words, and on the articles by a logarithm.
    """
    query = tame_query(query)
    terms = terms_of(query)
    if not terms:
        return SearchPage(query, page)
    matcher = Matcher(terms)
    beside = _pages(terms) if page == 1 and not filters else []
    numbers, more = _candidates(matcher, filters.articles)
    if not numbers:
        better = "" if beside else suggest(query, terms, _finds)
        return SearchPage(query, page, beside=beside, suggestion=better)
    first = (page - 1) * PAGE_SIZE
    results: list[Article] = []
    if first < len(numbers):
        ranked = _ranked(Article.objects.filter(pk__in=numbers), matcher)
        results = list(ranked.for_list()[first : first + PAGE_SIZE])
        add_headlines(results, terms)
    authors, tags = people_and_tags(numbers)
    return SearchPage(
        query,
        page,
        count=len(numbers),
        more=more,
        results=results,
        beside=beside,
        authors=authors,
        tags=tags,
    )


def people_and_tags(articles: Collection[int]) -> tuple[list[Author], list[Tag]]:
    """Whose those articles are and what they are about, by name: what a search narrows to."""
    authors = Author.objects.filter(articles__in=articles).distinct()
    tags = Tag.objects.filter(articles__in=articles).distinct()
    return list(authors[:_CHOICES]), list(tags[:_CHOICES])


def newest_with(query: str, articles: ArticleQuerySet) -> tuple[list[int], bool]:
    """The keys of those of `articles` that hold the query, and whether there are more.

    For the admin, where articles need no date: bounded as the search of readers is, to the newest
    of those with a date and of those without one. Takes any text.
    """
    terms = terms_of(tame_query(query))
    if not terms:
        return [], False
    matcher = Matcher(terms)
    drafts = matcher.anywhere(articles.filter(published_at=None)).order_by("-pk")
    undated = list(drafts.values_list("pk", flat=True)[: CANDIDATES + 1])
    dated, more = _candidates(matcher, articles.exclude(published_at=None))
    return undated[:CANDIDATES] + dated, more or len(undated) > CANDIDATES


def _finds(terms: list[SoughtTerm]) -> bool:
    """Whether any article holds the terms."""
    return Matcher(terms).anywhere(Article.objects.published()).exists()


def _pages(terms: list[SoughtTerm]) -> list[Page]:
    """The best of the site's own pages with every word of the query."""
    found = Page.objects.published().order_by()
    for term in terms:
        if term.excluded:
            found = found.exclude(search=term.words)
    for term in demanded(terms):
        found = found.filter(search=term.wide)
    rank = SearchRank(F("search"), any_of(term.wide for term in demanded(terms)))
    best = list(found.only("title", "slug").annotate(rank=rank).order_by("-rank", "pk")[:PAGES])
    add_headlines(best, terms)
    return best


def _candidates(matcher: Matcher, articles: ArticleQuerySet) -> tuple[list[int], bool]:
    """The keys of what is to be ranked, and whether more than these match."""
    found, more = _newest(matcher.anywhere, articles)
    if more:
        titled, _more = _newest(matcher.in_title, articles)
        found = list(dict.fromkeys([*found, *titled]))
    return found, more


def _newest(
    matching: Callable[[ArticleQuerySet], ArticleQuerySet], articles: ArticleQuerySet
) -> tuple[list[int], bool]:
    """The newest `CANDIDATES` of the articles that match, and whether there are more."""
    # The sum keeps PostgreSQL from walking the index of dates and reading every text on its way.
    moment = ExpressionWrapper(
        F("published_at") + Value(datetime.timedelta()), output_field=DateTimeField()
    )
    for since in [*_windows(), None]:
        window = articles if since is None else articles.filter(published_at__gte=since)
        rows = matching(window).order_by(moment.desc(), "-pk").values_list("pk", flat=True)
        found = list(rows[: CANDIDATES + 1])
        if len(found) > CANDIDATES:
            return found[:CANDIDATES], True
    return found, False


def _windows() -> list[datetime.datetime]:
    """The date of the thousandth newest article, the eight thousandth, and so on.

    They may be minutes old: a window that is a little wider or narrower finds the same.
    """
    kept: list[datetime.datetime] | None = cache.get("search:windows")
    if kept is None:
        kept, size = [], _FIRST_WINDOW
        published = Article.objects.published().order_by("-published_at", "-pk")
        dates = published.values_list("published_at", flat=True)
        while last := list(dates[size : size + 1]):
            kept += [date for date in last if date is not None]
            size *= _WIDER
        cache.set("search:windows", kept, _WINDOWS_KEPT)
    return kept


def _ranked(found: ArticleQuerySet, matcher: Matcher) -> ArticleQuerySet:
    """The best first: words close together, in title before lead before text; then the newest.

    What a word is the beginning of counts for a tenth; an author or tag of that name as much as one
    word in the title.
    """
    close = all_of(term.words for term in matcher.demanded)
    wide = any_of(term.wide for term in matcher.demanded)
    rank = (
        SearchRank(F("search"), close, normalization=1, cover_density=True)
        + SearchRank(F("search"), wide, normalization=1, cover_density=True) * 0.1
    )
    if named := matcher.all_named:
        links = ArticleAuthor.objects.order_by().filter(article=OuterRef("pk"))
        tags = Article.tags.through.objects.filter(article=OuterRef("pk"))
        meant = Q(Exists(links.filter(author__in=named.authors))) | Q(
            Exists(tags.filter(tag__in=named.tags))
        )
        rank += Case(When(meant, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    ranked: ArticleQuerySet = found.alias(rank=rank).order_by("-rank", "-published_at", "-pk")
    return ranked
