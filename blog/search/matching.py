"""What PostgreSQL is asked for: typed terms as text queries, and the articles they lead to."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet

from authors.models import Author
from blog.models import Tag
from blog.models.article import ArticleQuerySet
from blog.models.search_vectors import EN, SIMPLE, name_vector, title_vector
from blog.search.terms import Term, parse_query
from core.dutch.forms import forms_of
from core.text import fold

TextQuery = SearchQuery | CombinedSearchQuery

# Three letters begin too many words; a phrase of more words is looked for as it was typed.
_SHORTEST_BEGINNING: Final = 4
_LONGEST_PHRASE: Final = 5


@dataclass(frozen=True, slots=True)
class SoughtTerm(Term):
    """A term as it is looked for; `common`: one of the languages holds it too common to index, or
    no word at all."""

    common: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is one word of letters only, which may be looked for in other forms."""
        return not self.phrase and self.text.isalpha()

    @property
    def words(self) -> TextQuery:
        """The term in its Dutch and in its English forms, and unchanged."""
        kind = "phrase" if self.phrase else "plain"
        english = SearchQuery(self.text, config=EN, search_type=kind)
        if forms := self._forms():
            return english | SearchQuery(forms, config=SIMPLE, search_type="raw")
        return english | SearchQuery(self.text, config=SIMPLE, search_type=kind)

    @property
    def wide(self) -> TextQuery:
        """The same, and as the beginning of longer words."""
        if not self.plain or self.excluded or len(self.text) < _SHORTEST_BEGINNING:
            return self.words
        # Letters only, so that nothing in it is an operator of to_tsquery.
        return self.words | SearchQuery(f"{self.text}:*", config=SIMPLE, search_type="raw")

    def _forms(self) -> str:
        """The forms of its words for to_tsquery: "(rode | rood) <-> (loper | lopers)".

        Empty for what is no word, and for long phrases, whose forms would be hundreds.
        """
        words = [fold(word) for word in self.text.split()]
        if len(words) > (_LONGEST_PHRASE if self.phrase else 1):
            return ""
        if not all(word.isascii() and word.isalpha() for word in words):
            return ""
        return " <-> ".join(f"({' | '.join(sorted(forms_of(word)))})" for word in words)


def all_of(queries: Iterable[TextQuery]) -> TextQuery:
    """A query that holds where each of `queries` holds."""
    return functools.reduce(operator.and_, queries)


def any_of(queries: Iterable[TextQuery]) -> TextQuery:
    """A query that holds where one of `queries` holds."""
    return functools.reduce(operator.or_, queries)


# No model has these rows: PostgreSQL's dictionaries say of which words nothing is left.
_COMMON: Final = """
SELECT to_tsvector('weerwoord_nl', word) = '' OR to_tsvector('weerwoord_en', word) = ''
FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, place) ORDER BY place
"""


def terms_of(query: str) -> list[SoughtTerm]:
    """The terms of a tamed query; PostgreSQL is asked which of them are common, all at once.

    Empty when nothing in it may be looked for.
    """
    terms = parse_query(query)
    if all(term.excluded for term in terms):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COMMON, [[term.text for term in terms]])
        return [
            SoughtTerm(term.text, term.phrase, term.excluded, common)
            for term, (common,) in zip(terms, cursor.fetchall(), strict=True)
        ]


def demanded(terms: Sequence[SoughtTerm]) -> list[SoughtTerm]:
    """The terms that must occur: all but the common ones, or these if there is nothing else."""
    wanted = [term for term in terms if not term.excluded]
    return [term for term in wanted if not term.common] or wanted


@dataclass(frozen=True, slots=True)
class Named:
    """The authors and tags whose name holds a term."""

    authors: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.authors or self.tags)


class Matcher:
    """Finds the articles in which every demanded term occurs, and no excluded one."""

    def __init__(self, terms: Sequence[SoughtTerm]) -> None:
        """Two queries: which authors and tags are called so."""
        self.terms = terms
        self.demanded = demanded(terms)
        authors = self._named(Author.objects.all())
        tags = self._named(Tag.objects.all())
        self.named = [Named(*pair) for pair in zip(authors, tags, strict=True)]

    def _named(self, rows: QuerySet[Any]) -> list[frozenset[int]]:
        """For each demanded term the keys of the rows of that name."""
        found: QuerySet[Model] = rows.order_by().alias(words=name_vector())
        found = found.filter(words=any_of(term.wide for term in self.demanded))
        marks = {
            f"term_{place}": ExpressionWrapper(Q(words=term.wide), output_field=BooleanField())
            for place, term in enumerate(self.demanded)
        }
        hits = list(found.annotate(**marks).values_list("pk", *marks))
        return [
            frozenset(hit[0] for hit in hits if hit[place])
            for place in range(1, len(self.demanded) + 1)
        ]

    @property
    def all_named(self) -> Named:
        """The authors and tags that any of the terms names."""
        return Named(
            frozenset().union(*(named.authors for named in self.named)),
            frozenset().union(*(named.tags for named in self.named)),
        )

    def anywhere(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        """Those of `articles` that hold the terms in their text, or by the name of an author or
        a tag."""
        articles = articles.order_by()
        found = articles
        for term, named in zip(self.demanded, self.named, strict=True):
            if not named:
                found = found.filter(search=term.wide)
                continue
            # A union of small sets, because OR would keep PostgreSQL from its indexes.
            arms = articles.filter(search=term.wide).values("pk")
            by_name = articles.filter(article_authors__author__in=named.authors).values("pk")
            by_tag = articles.filter(tags__in=named.tags).values("pk")
            found = found.filter(pk__in=arms.union(by_name, by_tag))
        return self._without(found)

    def in_title(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        """Those of `articles` whose title alone holds the terms."""
        found = articles.order_by().alias(title_words=title_vector())
        for term in self.demanded:
            found = found.filter(title_words=term.wide)
        return self._without(found)

    def _without(self, found: ArticleQuerySet) -> ArticleQuerySet:
        for term in self.terms:
            if term.excluded:
                found = found.exclude(search=term.words)
        return found
