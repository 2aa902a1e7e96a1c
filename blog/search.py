"""Finding articles: PostgreSQL's full text search, in two languages and in plain words."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
)
from django.db import connection, transaction
from django.db.models import Case, F, FloatField, Q, Value, When
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from authors.models import Author
from blog.models import Article, ArticleAuthor, Tag
from blog.querysets import ArticleQuerySet
from blog.search_terms import Term, closest, fold, parse, tame, variants

PAGE_SIZE: Final = 10

NL: Final = "weerwoord_nl"
EN: Final = "weerwoord_en"
SIMPLE: Final = "weerwoord_simple"

# ts_headline puts these around what was found. The text itself is escaped afterwards, and as
# controls they stand in no cleaned text; if one did, it could only shift a <mark>.
_START: Final = "\x02"
_STOP: Final = "\x03"
# Trigrams of a short word with two letters swapped are about this much alike ("hiuzen").
_LIKENESS: Final = 0.25

# Names of authors and tags are few and short, so they need no column of their own.
_NAME: Final = SearchVector("name", config=NL) + SearchVector("name", config=SIMPLE)

_TextQuery = SearchQuery | CombinedSearchQuery


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of what was found.

    `query` is what was understood of the typed text; `results` are articles with a `headline`
    of safe HTML; `suggestion` is a better spelt query that does find something, only when
    this one finds nothing.
    """

    query: str
    page: int = 1
    count: int = 0
    results: list[Article] = field(default_factory=list)
    suggestion: str = ""

    @property
    def pages(self) -> int:
        """The number of pages, one at the least."""
        return max(1, -(-self.count // PAGE_SIZE))


def search(query: str, *, page: int = 1) -> SearchPage:
    """Find published articles by words of their text, and by names of authors and tags.

    Every word must occur somewhere: in the text (in Dutch or English inflection, or as the
    beginning of a longer word), in an author's name or in a tag. Words that Dutch or English
    uses too often to index are not demanded. Takes any text; never raises for what it holds.
    The number of queries depends neither on the articles nor on the words.
    """
    query = tame(query)
    terms = _with_stems(parse(query))
    if not any(not term.excluded for term in terms):
        return SearchPage(query, page)
    found = _matching(terms)
    count = found.count()
    if count == 0:
        return SearchPage(query, page, suggestion=_suggestion(query, terms))
    first = (page - 1) * PAGE_SIZE
    results: list[Article] = []
    if first < count:
        results = list(_ranked(found, terms, query).for_list()[first : first + PAGE_SIZE])
        _add_headlines(results, terms)
    return SearchPage(query, page, count, results)


@dataclass(frozen=True, slots=True)
class _StemmedTerm(Term):
    """A term and what PostgreSQL makes of it."""

    dutch: tuple[str, ...] = ()
    english: tuple[str, ...] = ()

    @property
    def common(self) -> bool:
        """Whether one of the languages holds it too common to index, or no word at all."""
        return not self.dutch or not self.english

    @property
    def plain(self) -> bool:
        """Whether it is one word of letters only, which may be looked for in other forms."""
        return not self.phrase and self.text.isalpha()

    @property
    def words(self) -> _TextQuery:
        """The term as it is: in Dutch, in English, and unchanged."""
        kind = "phrase" if self.phrase else "plain"
        queries = [SearchQuery(self.text, config=name, search_type=kind) for name in (NL, EN)]
        return _any_of([*queries, SearchQuery(self.text, config=SIMPLE, search_type=kind)])

    @property
    def wide(self) -> _TextQuery:
        """The term in other Dutch endings too, and as the beginning of longer words."""
        if not self.plain or self.excluded:
            return self.words
        # Letters only, so that nothing in it is an operator of to_tsquery.
        forms = {form for stem in self.dutch if stem.isalpha() for form in variants(stem)}
        if len(self.text) >= 4:
            forms.add(f"{self.text}:*")
        if not forms:
            return self.words
        raw = SearchQuery(" | ".join(sorted(forms)), config=SIMPLE, search_type="raw")
        return self.words | raw


def _with_stems(terms: list[Term]) -> list[_StemmedTerm]:
    """Ask PostgreSQL for the stems of all terms at once."""
    if not terms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(to_tsvector('weerwoord_nl', word)),"
            "       tsvector_to_array(to_tsvector('weerwoord_en', word))"
            "  FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, place) ORDER BY place",
            [[term.text for term in terms]],
        )
        return [
            _StemmedTerm(term.text, term.phrase, term.excluded, tuple(dutch), tuple(english))
            for term, (dutch, english) in zip(terms, cursor.fetchall(), strict=True)
        ]


def _any_of(queries: Iterable[_TextQuery]) -> _TextQuery:
    """A query that holds where one of `queries` holds."""
    return functools.reduce(operator.or_, queries)


def _demanded(terms: list[_StemmedTerm]) -> list[_StemmedTerm]:
    """The terms that must occur: all but the common ones, or these if there is nothing else."""
    wanted = [term for term in terms if not term.excluded]
    return [term for term in wanted if not term.common] or wanted


def _matching(terms: list[_StemmedTerm]) -> ArticleQuerySet:
    """The published articles in which every demanded term occurs and no excluded one."""
    found = Article.objects.published()
    for term in _demanded(terms):
        # A union of three small sets, because OR would keep PostgreSQL from its indexes.
        in_text = Article.objects.order_by().filter(search=term.wide).values("pk")
        in_names = ArticleAuthor.objects.order_by().filter(
            author__in=Author.objects.alias(words=_NAME).filter(words=term.wide)
        )
        in_tags = Article.tags.through.objects.filter(
            tag__in=Tag.objects.alias(words=_NAME).filter(words=term.wide)
        )
        found = found.filter(
            pk__in=in_text.union(in_names.values("article"), in_tags.values("article"))
        )
    for term in terms:
        if term.excluded:
            found = found.exclude(search=term.words)
    return found


def _ranked(found: ArticleQuerySet, terms: list[_StemmedTerm], query: str) -> ArticleQuerySet:
    """The best first: words close together, in title before lead before text; then the newest.

    Occurrences in another form count for a tenth; an author or tag of that name as much as one
    word in the title.
    """
    close = _any_of(
        SearchQuery(query, config=name, search_type="websearch") for name in (NL, EN, SIMPLE)
    )
    wide = _any_of(term.wide for term in _demanded(terms))
    authors = ArticleAuthor.objects.order_by().filter(
        author__in=Author.objects.alias(words=_NAME).filter(words=wide)
    )
    tags = Article.tags.through.objects.filter(
        tag__in=Tag.objects.alias(words=_NAME).filter(words=wide)
    )
    named = Q(pk__in=authors.values("article").union(tags.values("article")))
    rank = (
        SearchRank(F("search"), close, normalization=1, cover_density=True)
        + SearchRank(F("search"), wide, normalization=1, cover_density=True) * 0.1
        + Case(When(named, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    )
    ranked: ArticleQuerySet = found.alias(rank=rank).order_by("-rank", "-published_at", "-pk")
    return ranked


def _add_headlines(articles: list[Article], terms: list[_StemmedTerm]) -> None:
    """Give each article a `headline`: up to two pieces of its text with the words marked.

    Only for the rows of a page: each text is parsed anew (ts_headline).
    """
    query = _any_of(term.wide for term in terms if not term.excluded)
    headline = SearchHeadline(
        "body_text",
        query,
        config=Case(When(language="en", then=Value(EN)), default=Value(NL)),
        start_sel=_START,
        stop_sel=_STOP,
        min_words=12,
        max_words=28,
        max_fragments=2,
        fragment_delimiter=" … ",
    )
    rows = Article.objects.order_by().filter(pk__in=[article.pk for article in articles])
    texts = dict(rows.values_list("pk", headline))
    for article in articles:
        text = texts.get(article.pk, "")
        article.headline = _marked(text) if _START in text else ""  # type: ignore[attr-defined]


def _marked(text: str) -> SafeString:
    """Escaped text in which what stood between the marks is a <mark>."""
    pieces = re.split(f"{_START}([^{_START}{_STOP}]*){_STOP}", text)
    # Odd pieces are the found words.
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", piece) if place % 2 else piece,)
            for place, piece in enumerate(pieces)
        ),
    )


def _suggestion(query: str, terms: list[_StemmedTerm]) -> str:
    """The query with unknown words replaced by the nearest known ones, if that finds anything."""
    typed = {
        term.text: fold(term.text)
        for term in terms
        if term.plain and not term.excluded and not term.common and 3 <= len(term.text) <= 40
    }
    if not typed:
        return ""
    near: dict[str, list[tuple[str, int]]] = {}
    # The threshold holds for this transaction only; it is what lets `%` use the index.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(_LIKENESS)]
        )
        cursor.execute(
            "SELECT typed.word, near.word, near.uses"
            "  FROM unnest(%s::text[]) AS typed(word) CROSS JOIN LATERAL ("
            "    SELECT word, uses FROM blog_searchword WHERE blog_searchword.word %% typed.word"
            # A word too common to index would be no better question.
            "    AND numnode(plainto_tsquery('weerwoord_nl', blog_searchword.word)) > 0"
            "    AND numnode(plainto_tsquery('weerwoord_en', blog_searchword.word)) > 0"
            "    ORDER BY similarity(blog_searchword.word, typed.word) DESC, uses DESC, word"
            "    LIMIT 20) AS near",
            [list(set(typed.values()))],
        )
        for word, candidate, uses in cursor.fetchall():
            near.setdefault(word, []).append((candidate, uses))
    better = {
        text: best
        for text, word in typed.items()
        if (best := closest(word, near.get(word, ()))) is not None and best != word
    }
    if not better:
        return ""
    suggestion = re.sub(r"[^\s\"]+", lambda found: better.get(found[0], found[0]), query)
    if not _matching(_with_stems(parse(suggestion))).exists():
        return ""
    return suggestion
