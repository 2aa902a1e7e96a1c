"""Which rows are the demo's, and which of them were changed since.

When the demo was loaded, everything in these tables was its own: the site was empty. A digest of
what people write in a row tells later whether somebody made it theirs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model

from authors.models import Author, User
from blog.models import Article, Image, MenuItem, Page, Series, Tag
from comments.models import Ban, Comment, Commenter
from demo.models import Loaded

COLUMNS: Final[dict[type[Model], tuple[str, ...]]] = {
    User: ("username", "first_name", "last_name", "email", "password"),
    Author: ("name", "slug", "role", "bio", "photo", "website", "affiliation"),
    Image: ("file", "alt", "caption", "credit"),
    Series: ("title", "slug", "description"),
    Tag: ("name", "slug", "description"),
    Article: ("title", "slug", "language", "lead", "body_source"),
    Page: ("title", "slug", "language", "purpose", "body_source"),
    MenuItem: ("label", "page_id", "tag_id", "url"),
    # Nobody makes these theirs by what they do with them.
    Comment: (),
    Commenter: (),
    Ban: (),
}
"""Tables that the demo fills, with the columns that people write in; what hangs on their rows goes
with them."""


@dataclass(frozen=True)
class Own:
    """The rows of one table that are the demo's and still there."""

    same: frozenset[int] = frozenset()
    changed: frozenset[int] = frozenset()

    @property
    def all(self) -> frozenset[int]:
        """Changed or not."""
        return self.same | self.changed


def record() -> None:
    """Note every row of these tables as the demo's, as it is now. The caller has just loaded it."""
    Loaded.objects.bulk_create(
        Loaded(
            label=model._meta.label_lower,
            columns=list(columns),
            rows={str(number): digest for number, digest in _digests(model, columns)},
        )
        for model, columns in COLUMNS.items()
    )


def read(*models: type[Model]) -> dict[type[Model], Own]:
    """The demo's rows by table, of all or of `models`; empty where no demo is.

    A query, and one more for each table that the demo is in.
    """
    stored = {row.label: row for row in Loaded.objects.all()}
    found = {}
    for model in models or COLUMNS:
        row = stored.get(model._meta.label_lower)
        if row is None:
            found[model] = Own()
            continue
        now = dict(_digests(model, row.columns, row.rows))
        same = {number for number, digest in now.items() if row.rows[str(number)] == digest}
        found[model] = Own(frozenset(same), frozenset(now) - frozenset(same))
    return found


def keep_only(accounts: Iterable[int]) -> None:
    """Note no more that anything is the demo's, but for these accounts."""
    label = User._meta.label_lower
    Loaded.objects.exclude(pk=label).delete()
    row = Loaded.objects.filter(pk=label).first()
    if row is None:
        return
    row.rows = {str(one): row.rows[str(one)] for one in accounts if str(one) in row.rows}
    if row.rows:
        row.save(update_fields=["rows"])
    else:
        row.delete()


def _digests(
    model: type[Model], columns: Iterable[str], numbers: Iterable[str] | None = None
) -> Iterator[tuple[int, str]]:
    """Every row's number with the digest of those columns, or of the rows of these `numbers`."""
    rows: Any = model._default_manager.order_by("pk")
    if numbers is not None:
        rows = rows.filter(pk__in=[int(number) for number in numbers])
    for number, *values in rows.values_list("pk", *columns).iterator(2000):
        text = json.dumps(values, default=str)
        yield number, hashlib.sha256(text.encode()).hexdigest()[:16]
