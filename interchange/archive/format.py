"""What an archive looks like: its names, its tables, how a value is written as JSON."""

from __future__ import annotations

import base64
import datetime
import re
import uuid
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import Field
from django.utils.module_loading import module_has_submodule

from core.archive import Table

FORMAT = "weerwoord-archive"
VERSION = 1
MANIFEST = "manifest.json"
README = "README.txt"
README_TEXT = f"""\
An archive of a Weerwoord site, format version {VERSION}.

data/*.jsonl   one table each, one row a line, as JSON
media/         pictures: originals and the sizes made from them
{MANIFEST}  size and SHA-256 of every file

It holds personal data: names, e-mail addresses, unpublished texts. Keep it as you keep those.
`manage.py import_archive FILE` puts it into an empty site. docs/moving/archive-format.md of
Weerwoord describes every file.
"""
MEDIA = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9_-]+)*\.(?:avif|webp|jpg|png)")
"""Names of media that are taken: no dots but the last, so no way up."""


class ArchiveError(Exception):
    """The archive is not taken; the message says what is wrong with it."""


def name_of(table: Table) -> str:
    """The file of a table: "data/blog.article.jsonl"."""
    return f"data/{table.model._meta.label_lower}.jsonl"


@cache
def _modules() -> tuple[Any, ...]:
    return tuple(
        import_module(f"{app.name}.exporting")
        for app in apps.get_app_configs()
        if module_has_submodule(app.module, "exporting")
    )


def tables() -> Iterator[Table]:
    """Every table of every app, what is named before what names it."""
    for module in _modules():
        yield from module.TABLES


def left_out() -> dict[str, str]:
    """Models that stay behind, and why."""
    return {label: why for module in _modules() for label, why in module.LEFT_OUT.items()}


def finish() -> None:
    """Let each app work out what follows from its rows. Raises `core.archive.Unsound`."""
    for module in _modules():
        if hasattr(module, "finish"):
            module.finish()


def columns(table: Table, *, secrets: bool) -> list[Field[Any, Any]]:
    """The fields that are written for a row, in the model's order but where the table has one."""
    first = {name: place for place, name in enumerate(table.order)}
    fields = sorted(
        table.model._meta.concrete_fields, key=lambda field: first.get(field.name, len(first))
    )
    without = table.without | (frozenset() if secrets else table.secret)
    return [
        field
        for field in fields
        if not getattr(field, "generated", False) and field.name not in without
    ]


def plain(value: Any) -> Any:
    """A value of a row as JSON has it: moments in UTC as ISO 8601, bytes as Base64."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    return value
