"""Search vectors, shared by the indexes of the models and the queries.

Dutch words are indexed as they stand, without accents and capitals: which of them are forms of one
word the query says (`core.dutch.forms`), so that no stemmer of a server has to know it. English
words are stemmed by PostgreSQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.search import SearchVector
from django.db.models import Case, When

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

# The text-search configurations that migrations make; NL leaves out the words that Dutch uses
# too often, SIMPLE none.
NL: Final = "weerwoord_nl"
EN: Final = "weerwoord_en"
SIMPLE: Final = "weerwoord_simple"


def by_language(dutch: Any, english: Any) -> Case:
    """One of two expressions, by a row's `language`."""
    return Case(When(language="en", then=english), default=dutch)


def article_vector(config: str) -> Combinable:
    """Title, lead and body, weighted, in one language and in plain words beside it.

    The plain words keep phrases with common words in them findable, and English words whose
    beginning is looked for.
    """
    return (
        SearchVector("title", weight="A", config=config)
        + SearchVector("lead", weight="B", config=config)
        + SearchVector("body_text", weight="C", config=config)
        + SearchVector("title", weight="A", config=SIMPLE)
        + SearchVector("body_text", weight="D", config=SIMPLE)
    )


def page_vector(config: str) -> Combinable:
    """Title and text of a page, weighted, in one language and in plain words beside it."""
    return (
        SearchVector("title", weight="A", config=config)
        + SearchVector("body_text", weight="C", config=config)
        + SearchVector("title", weight="A", config=SIMPLE)
        + SearchVector("body_text", weight="D", config=SIMPLE)
    )


def title_vector() -> Combinable:
    """A title's words in both languages and as they are."""
    return (
        SearchVector("title", config=NL)
        + SearchVector("title", config=EN)
        + SearchVector("title", config=SIMPLE)
    )


def name_vector() -> Combinable:
    """The words of an author's or a tag's name."""
    return SearchVector("name", config=NL) + SearchVector("name", config=SIMPLE)


def remark_vector() -> Combinable:
    """Text of a comment, stemmed and plain, and its writer's name."""

    def words(config: str) -> Combinable:
        return SearchVector("source", config=config) + SearchVector("source", "name", config=SIMPLE)

    return by_language(words(NL), words(EN))
