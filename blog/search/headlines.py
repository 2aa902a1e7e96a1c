"""What is shown of what was found, and what is offered where nothing was."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.contrib.postgres.search import SearchHeadline
from django.db import connection, transaction
from django.db.models import Model, QuerySet, Value
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from blog.models import Article, Page
from blog.models.search_vectors import EN, NL, by_language
from blog.search.matching import SoughtTerm, any_of, terms_of
from blog.search.terms import closest
from core.text import fold

_TYPED = re.compile(r"[^\s\"]+")


# ts_headline puts these around what was found. The text itself is escaped afterwards, and as
# controls they stand in no cleaned text; if one did, it could only shift a <mark>.
_START: Final = "\x02"
_STOP: Final = "\x03"
_FOUND = re.compile(f"{_START}([^{_START}{_STOP}]*){_STOP}")
# Trigrams of a short word with two letters swapped are about this much alike ("hiuzen").
_LIKENESS: Final = 0.25


def headlines(rows: QuerySet[Any], text: Any, terms: Sequence[SoughtTerm]) -> dict[int, SafeString]:
    """By key of each row up to two pieces of its `text` (an expression) with the words marked.

    Only for the rows of a page: each text is parsed anew (ts_headline). Texts in which the words
    do not occur are left out. Of a piece that goes over several lines (paragraphs, captions, who
    made a picture) only those with a word in them are shown, apart.
    """
    headline = SearchHeadline(
        text,
        any_of(term.wide for term in terms if not term.excluded),
        config=by_language(Value(NL), Value(EN)),
        start_sel=_START,
        stop_sel=_STOP,
        min_words=12,
        max_words=28,
        max_fragments=2,
        # Nothing is taken off the ends: "Fietsen mag." keeps its verb.
        short_word=0,  # type: ignore[arg-type]  # the stubs say text, PostgreSQL a number
        fragment_delimiter="\n",
    )
    found = rows.order_by().values_list("pk", headline)
    return {pk: _marked(piece) for pk, piece in found if _START in piece}


def add_headlines(texts: Sequence[Article] | Sequence[Page], terms: Sequence[SoughtTerm]) -> None:
    """Give each text a `headline`: pieces of it, or nothing."""
    if not texts:
        return
    kind: type[Model] = type(texts[0])
    rows = kind._default_manager.filter(pk__in=[text.pk for text in texts])
    found = headlines(rows, "body_text", terms)
    for text in texts:
        text.headline = found.get(text.pk, "")  # type: ignore[union-attr]


def _marked(text: str) -> SafeString:
    """The lines with words that were found, escaped, each such word a <mark>."""
    lines = [line.strip() for line in text.split("\n") if _FOUND.search(line)]
    pieces = _FOUND.split(" … ".join(lines))
    # Odd pieces are the found words.
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", piece) if place % 2 else piece,)
            for place, piece in enumerate(pieces)
        ),
    )


_THRESHOLD: Final = "SELECT set_config('pg_trgm.similarity_threshold', %s, true)"
# All words of a query at once, twenty of the index for each (bench/search.py); the ORM has no
# LATERAL. A word too common to index would be no better question.
_NEAR: Final = """
SELECT typed.word, near.word, near.uses
FROM unnest(%s::text[]) AS typed(word) CROSS JOIN LATERAL (
    SELECT word, uses FROM blog_searchword
    WHERE blog_searchword.word %% typed.word
      AND numnode(plainto_tsquery('weerwoord_nl', blog_searchword.word)) > 0
      AND numnode(plainto_tsquery('weerwoord_en', blog_searchword.word)) > 0
    ORDER BY similarity(blog_searchword.word, typed.word) DESC, uses DESC, word
    LIMIT 20
) AS near
"""


def suggest(
    query: str, terms: Sequence[SoughtTerm], finds: Callable[[list[SoughtTerm]], bool]
) -> str:
    """The query with unknown words replaced by the nearest words of articles, if that `finds`
    anything."""
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
        cursor.execute(_THRESHOLD, [str(_LIKENESS)])
        cursor.execute(_NEAR, [list(set(typed.values()))])
        for word, candidate, uses in cursor.fetchall():
            near.setdefault(word, []).append((candidate, uses))
    better = {
        text: best
        for text, word in typed.items()
        if (best := closest(word, near.get(word, ()))) is not None and best != word
    }
    if not better:
        return ""
    suggestion = _TYPED.sub(lambda found: better.get(found[0], found[0]), query)
    return suggestion if finds(terms_of(suggestion)) else ""
