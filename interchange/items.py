"""Error handling per item of an import: a faulty item is reported, the others continue.

Markup, times and addresses of other sites are read by parsers that have no single error for what
they cannot read. Where each item is read or stored, whatever goes wrong with it is that item's line
in the report; what goes wrong with the machine (database, disk, memory) still ends the run, which
can be taken up again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from core import html_bounds
from interchange.records import Note, Record

T = TypeVar("T")
_OF_THE_MACHINE = (OSError, MemoryError, OperationalError, InterfaceError)
logger = logging.getLogger(__name__)


@contextmanager
def told(tell: Callable[[str, str], None], name: str) -> Iterator[None]:
    """Context of the work on item `name`: an error is reported by `tell("item", message)`.

    Raises what is a fault of the machine, and any of the database inside a transaction, which has
    nothing left to go on with.
    """
    try:
        yield
    except _OF_THE_MACHINE:
        raise
    except Exception as fault:
        if isinstance(fault, DatabaseError) and connection.in_atomic_block:
            raise
        logger.warning("An item of an import was left out: %s", type(fault).__name__)
        tell("item", f"{name[:80]}: {fault or type(fault).__name__}")


def whole_item(make: Callable[[], Iterable[Record]], name: str) -> Iterator[Record]:
    """The records that `make` gives of one item, or a note when it fails: all of it or nothing."""
    notes: list[Note] = []
    found: list[Record] = []
    with told(lambda word, example: notes.append(Note(word, example)), name):
        found = list(make())
    yield from notes or found


def fit(value: T) -> T:
    """A record without characters that no database takes: NUL, lone surrogates, noncharacters."""
    fitted: Any = value
    if isinstance(value, str):
        fitted = html_bounds.fit(value)
    elif isinstance(value, tuple):
        fitted = tuple(fit(one) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in fields(value):
            before = getattr(value, field.name)
            after = fit(before)
            if after != before:
                changed[field.name] = after
        fitted = replace(value, **changed) if changed else value
    return fitted  # type: ignore[no-any-return]
