"""An archive of the whole site, written as a stream."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction

from core.archive import Table
from interchange.archive.format import (
    FORMAT,
    MANIFEST,
    README,
    README_TEXT,
    VERSION,
    columns,
    json_value,
    table_file,
    tables,
)

Progress = Callable[[str, int], None]
"""Told what is being written and how much of it: ("blog.article", 2000), ("media", 35)."""
_STEP = 2000
_PIECE = 1 << 20


@dataclass
class Written:
    """What an archive holds: rows by table, media, media that were missing, and if passwords."""

    rows: dict[str, int] = field(default_factory=dict)
    media: int = 0
    missing: list[str] = field(default_factory=list)
    passwords: bool = False


def silent(what: str, count: int) -> None:
    """Nobody wants to know."""


@contextmanager
def snapshot() -> Iterator[None]:
    """All reading inside sees the database as it is at one moment, whoever writes meanwhile."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def archive_write(
    target: BinaryIO, *, passwords: bool = False, progress: Progress = silent
) -> Written:
    """Write an archive of everything to `target`, with the hashes of passwords when asked.

    The memory it takes does not depend on the number of rows. The same content gives the same
    bytes. Opens a transaction of its own; raises OSError when `target` takes no more.
    """
    files: dict[str, dict[str, Any]] = {}
    media: set[str] = set()
    written = Written(passwords=passwords)
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive, snapshot():
        with _member(archive, README, files) as member:
            member.write(README_TEXT.encode())
        for table in tables():
            label = table.model._meta.label_lower
            with _member(archive, table_file(table), files) as member:
                written.rows[label] = _rows(table, member, media, passwords, progress)
            files[table_file(table)]["rows"] = written.rows[label]
        for number, name in enumerate(sorted(media), 1):
            if default_storage.exists(name):
                with (
                    default_storage.open(name) as source,
                    _member(archive, f"media/{name}", files, packed=False) as member,
                ):
                    while piece := source.read(_PIECE):
                        member.write(piece)
                written.media += 1
            else:
                written.missing.append(name)
            progress("media", number)
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "site": settings.SITE_URL,
            "passwords": passwords,
            "missing": written.missing,
            "files": files,
        }
        with archive.open(_info(MANIFEST), "w") as last:
            last.write(json.dumps(manifest, indent=1, ensure_ascii=False).encode())
    return written


class _Hashed:
    """A member that counts and hashes what is written to it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest, self.bytes = hashlib.sha256(), 0

    def write(self, piece: bytes) -> None:
        """Write all of `piece`."""
        self._stream.write(piece)
        self.digest.update(piece)
        self.bytes += len(piece)


def _info(name: str, *, packed: bool = True) -> zipfile.ZipInfo:
    # A moment that is always the same, so that equal content is an equal file.
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.create_system, info.external_attr = 3, 0o600 << 16
    return info


@contextmanager
def _member(
    archive: zipfile.ZipFile, name: str, files: dict[str, dict[str, Any]], *, packed: bool = True
) -> Iterator[_Hashed]:
    with archive.open(_info(name, packed=packed), "w", force_zip64=True) as stream:
        member = _Hashed(stream)
        yield member
    files[name] = {"sha256": member.digest.hexdigest(), "bytes": member.bytes}


def _rows(
    table: Table, member: _Hashed, media: set[str], passwords: bool, progress: Progress
) -> int:
    """Write the rows of `table`, collect the media they name; gives their number."""
    names = [field.attname for field in columns(table, secrets=passwords)]
    rows = table.model._base_manager.order_by("pk").values_list(*names)
    label = table.model._meta.label_lower
    count = 0
    for count, values in enumerate(rows.iterator(chunk_size=_STEP), 1):
        row = dict(zip(names, values, strict=True))
        media.update(table.files(row))
        line = {name: json_value(value) for name, value in row.items()}
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        member.write(text.encode() + b"\n")
        if count % _STEP == 0:
            progress(label, count)
    progress(label, count)
    return count
