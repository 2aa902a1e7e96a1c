"""How a table is written to an archive and read back: columns, checks and files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

Row = dict[str, Any]
"""The values of one row by the names of its columns ("author_id")."""


class Unsound(ValueError):
    """Rows of an archive that the site cannot take; the message says which and why."""


def _nothing(row: Row) -> None:
    """The default hook: rows are stored unchanged."""


def _no_files(row: Row) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Table:
    """How the rows of `model` are written and read back."""

    model: type[Model]
    # Fields that are worked out from others, or must not leave; `settle` fills those that need it.
    without: frozenset[str] = frozenset()
    # Fields that leave only when they are asked for.
    secret: frozenset[str] = frozenset()
    # Called with a row before it is stored: cleans it and works out what was left out.
    settle: Callable[[Row], None] = _nothing
    # Names in the media storage that a row speaks of.
    files: Callable[[Row], Iterable[str]] = _no_files
    # Fields that come first: the order in an archive stays when the model's own changes.
    order: tuple[str, ...] = ()
    # The names of columns in archives of earlier versions, and what they are called today.
    former: Mapping[str, str] = field(default_factory=dict)
    # Whether a new site has rows of its own, which then make way.
    replaces: bool = False

    @property
    def has_files(self) -> bool:
        """Whether rows of the table can name files."""
        return self.files is not _no_files
