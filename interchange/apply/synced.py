"""Comments that two systems hold, such as WordPress and the Disqus that was kept in step with it.

A reader gives such a comment a second name (`records.Comment.alias`). The first that comes is
stored under it; the other is known by it, and comes no second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from interchange import records
from interchange.apply.base import Context, digest_of
from interchange.models import Imported, ImportedKind

_SYSTEMS: Final = "another system"
"""The source under which second names are kept: they are nobody's own."""
_HOLDERS: Final = ("disqus", "wordpress")
"""Kinds of sources that hold each other's comments; two of one kind may use the same numbers."""


def adopt(
    context: Context, lot: Sequence[tuple[str, records.Comment]], known: dict[str, Imported]
) -> None:
    """Add to `known` those of `lot` that came from another system before, and remember them."""
    others = [kind for kind in _HOLDERS if kind != _kind(context)]
    by_alias = {
        f"{other} {alias}": record
        for _loose, record in lot
        if record.key[:300] not in known and (alias := _alias(record))
        for other in others
    }
    if not by_alias:
        return
    rows = Imported.objects.filter(source=_SYSTEMS, kind=ImportedKind.COMMENT, key__in=by_alias)
    for row in rows:
        record = by_alias[row.key]
        same = Imported(
            source=context.source,
            kind=ImportedKind.COMMENT,
            key=record.key[:300],
            number=row.number,
            digest=digest_of(record),
            stored=row.stored,
        )
        if not context.dry:
            same.save()
        known[same.key] = same


def second_names(
    context: Context, stored: Iterable[tuple[records.Comment, dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Rows that keep the second names of comments, from (record, row under its own name)."""
    kind = _kind(context)
    named = {f"{kind} {alias}": row for record, row in stored if (alias := _alias(record))}
    rows = Imported.objects.filter(source=_SYSTEMS, kind=ImportedKind.COMMENT, key__in=named)
    there = set(rows.values_list("key", flat=True)) if named else set()
    return [
        {**row, "source": _SYSTEMS, "key": name} for name, row in named.items() if name not in there
    ]


def _kind(context: Context) -> str:
    return context.source.partition(":")[0]


def _alias(record: records.Comment) -> str:
    # A move that an earlier release began has records without it.
    return getattr(record, "alias", "")[:250]
