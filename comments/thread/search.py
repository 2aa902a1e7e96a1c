"""Finding comments: the newest that hold the words, among what any reader may see."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db.models import Case, F, Max, TextField, Value, When
from django.utils.text import Truncator

from authors.models import Author
from blog.models import Article, Tag
from blog.models.search_vectors import remark_vector
from blog.search.articles import CANDIDATES, PAGE_SIZE, Filters, people_and_tags
from blog.search.headlines import headlines, suggest
from blog.search.matching import SoughtTerm, demanded, terms_of
from blog.search.terms import tame_query
from comments.models import Comment, State
from comments.models.comment import CommentQuerySet
from comments.thread.access import home_id
from comments.thread.plain_text import line_of

# How far back the words are looked for: so many comments, then eight times as many.
_WINDOWS: Final = (2_000, 16_000, 128_000)


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Comments, each with a `headline` of safe HTML; `before` is the key of the next page.

    `authors` and `tags` are those of the articles under which they were found. `suggestion` is a
    better spelt query that does find something, only when this one finds nothing.
    """

    query: str
    results: list[Comment] = field(default_factory=list)
    before: int | None = None
    authors: list[Author] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    suggestion: str = ""


def search(query: str, *, filters: Filters, before: int | None = None) -> CommentPage:
    """The newest public comments with every word of `query`, before the key `before`.

    They are not ranked: a comment is short, and what was said last leads to where one talks.
    Takes any text.
    """
    query = tame_query(query)
    terms = terms_of(query)
    if not terms:
        return CommentPage(query)
    among = _narrowed(filters)
    page, articles = _page(query, terms, among, Comment.objects.all(), before)
    authors, tags = people_and_tags(articles)
    return replace(page, authors=authors, tags=tags)


def search_within(article: Article, query: str, *, before: int | None = None) -> CommentPage:
    """As `search`, among the comments under `article` alone; a reader sees the article.

    Each is given as one of `article`, also when a translation of it holds the conversation.
    """
    query = tame_query(query)
    terms = terms_of(query)
    if not terms:
        return CommentPage(query)
    among = Comment.objects.filter(article=home_id(article), state=State.APPROVED, shown=True)
    page, _articles = _page(query, terms, among, among, before)
    for comment in page.results:
        comment.article = article
    return page


def _page(
    query: str,
    terms: list[SoughtTerm],
    among: CommentQuerySet,
    walked: CommentQuerySet,
    before: int | None,
) -> tuple[CommentPage, set[int]]:
    """A page of `among`, and the articles of what was found; the last of `walked` is the newest."""
    end = before or (walked.aggregate(last=Max("pk"))["last"] or 0) + 1
    rows = _newest(terms, among, end)
    if not rows and not before:
        better = suggest(query, terms, lambda meant: bool(_newest(meant, among, end)))
        return CommentPage(query, suggestion=better), set()
    keys = [key for key, _article in rows[:PAGE_SIZE]]
    page = list(Comment.objects.filter(pk__in=keys).select_related("article").order_by("-pk"))
    _add_headlines(page, terms)
    more = keys[-1] if len(rows) > PAGE_SIZE else None
    return CommentPage(query, page, more), {article for _key, article in rows}


def _newest(terms: list[SoughtTerm], among: CommentQuerySet, end: int) -> list[tuple[int, int]]:
    """Keys of the newest comments before `end` that hold the terms, and of their articles."""
    found = _matching(terms, among)
    rows: list[tuple[int, int]] = []
    for start in (*(end - size for size in _WINDOWS), 0):
        # The sum keeps PostgreSQL from walking the primary key and reading every text on its way.
        window = found.filter(pk__gte=start, pk__lt=end).order_by((F("pk") + Value(0)).desc())
        rows = list(window.values_list("pk", "article")[:CANDIDATES])
        if len(rows) > PAGE_SIZE or start <= 0:
            break
    return rows


def _narrowed(filters: Filters) -> CommentQuerySet:
    found = Comment.objects.public()
    if filters.author or filters.tag:
        found = found.filter(article__in=filters.narrowed(Article.objects.published()))
    if filters.year is not None:
        found = found.filter(created_at__year=filters.year)
    return found


def _matching(terms: list[SoughtTerm], among: CommentQuerySet) -> CommentQuerySet:
    found: Any = among.alias(words=remark_vector())
    for term in demanded(terms):
        found = found.filter(words=term.wide)
    for term in terms:
        if term.excluded:
            found = found.exclude(words=term.words)
    matching: CommentQuerySet = found
    return matching


def _add_headlines(comments: list[Comment], terms: list[SoughtTerm]) -> None:
    """Pieces of what is read on the page, not of the Markdown it was written in."""
    if not comments:
        return
    texts = {comment.pk: line_of(comment) for comment in comments}
    whole = Case(
        *(When(pk=pk, then=Value(text)) for pk, text in texts.items()), output_field=TextField()
    )
    found = headlines(Comment.objects.filter(pk__in=texts), whole, terms)
    for comment in comments:
        short = Truncator(texts[comment.pk]).words(28)
        comment.headline = found.get(comment.pk, short)  # type: ignore[attr-defined]
