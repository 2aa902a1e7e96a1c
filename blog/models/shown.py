"""What tells that something on readers' pages changed (`blog.reading.shown`)."""

from __future__ import annotations

from typing import Final

from django.db import models

from blog.models.article import Article

UNSEEN: Final = frozenset(
    {"comment_count", "thread_version", "card_version", "linked_version", "figures"}
)
"""Columns of an article that no page shows, or of which `thread_version` tells."""


class ShownVersion(models.Model):
    """A number that goes up in the transaction of a change that readers can see.

    Triggers (migration 0030) write it, so that no way of writing is forgotten. A writer takes a
    row that nobody holds, or adds one: none waits for another. All rows together say which version
    holds; where one goes up, an answer made before is old.
    """

    # Whether conversations changed, or anything else.
    said = models.BooleanField()
    number = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = "version of what is shown"
        verbose_name_plural = "versions of what is shown"

    def __str__(self) -> str:
        return f"{self.said} {self.number}"


def shown_columns() -> list[str]:
    """The columns of an article of which a change is one of `ShownVersion`."""
    fields = Article._meta.concrete_fields
    return sorted(
        str(field.column) for field in fields if field.name not in UNSEEN and not field.generated
    )
