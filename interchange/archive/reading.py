"""An archive back into an empty site: looked through first, then stored whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Field
from psycopg2.extras import execute_values

from authors.models import Author, User
from blog.models import Article
from comments.models import Comment, Commenter
from core import pictures
from core.archive import Table, Unsound
from interchange.archive.format import (
    FORMAT,
    MANIFEST,
    MEDIA,
    README,
    VERSION,
    ArchiveError,
    columns,
    finish,
    table_file,
    tables,
)
from interchange.archive.writing import Progress, Written, silent

_TABLE_NAME = re.compile(r"data/[a-z0-9_]+\.[a-z0-9_]+\.jsonl")


_MOST_MANIFEST = 64_000_000
_MOST_LINE = 16_000_000
_PIECE = 1 << 20
_STEP = 1000


@dataclass(frozen=True)
class ArchiveManifest:
    """What an archive says of itself: its files with "sha256", "bytes" and for tables "rows"."""

    files: dict[str, dict[str, Any]]
    missing: frozenset[str]
    passwords: bool


def archive_restore(source: Path | BinaryIO, *, progress: Progress = silent) -> Written:
    """Put the archive at `source` into this site, which must be empty; gives what came.

    Everything is checked before anything is stored, and stored in one transaction. Raises
    `ArchiveError`; then nothing has changed.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            _check_files(archive, manifest, progress)
            return _restore(archive, manifest, progress)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ArchiveError(f"This is no archive, or it is damaged or cut off: {error}.") from error


def is_empty() -> bool:
    """Whether nobody wrote or registered anything here yet."""
    return not any(
        model._base_manager.exists() for model in (User, Author, Article, Commenter, Comment)
    )


def _manifest(archive: zipfile.ZipFile) -> ArchiveManifest:
    try:
        with archive.open(MANIFEST) as stream:
            said = json.loads(stream.read(_MOST_MANIFEST))
        if said["format"] != FORMAT:
            raise KeyError("format")
        version = int(said["version"])
        files = dict(said["files"])
        for facts in files.values():
            int(facts["bytes"]), str(facts["sha256"])
        found = ArchiveManifest(files, frozenset(said["missing"]), bool(said["passwords"]))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ArchiveError(f"This is no archive of Weerwoord: no sound {MANIFEST}.") from error
    if version > VERSION:
        raise ArchiveError(
            f"The archive has format version {version}; this program reads up to {VERSION}. "
            "Update Weerwoord first."
        )
    return found


def _check_files(archive: zipfile.ZipFile, manifest: ArchiveManifest, progress: Progress) -> None:
    """Names, sizes and sums of all files, before anything is stored."""
    known = {table_file(table) for table in tables()}
    stored = [info.filename for info in archive.infolist() if info.filename != MANIFEST]
    for name in stored:
        if name in known or name == README or MEDIA.fullmatch(name.removeprefix("media/")):
            continue
        if _TABLE_NAME.fullmatch(name):
            raise ArchiveError(
                f"This program does not know {name}: the archive was made by a newer one. "
                "Update Weerwoord first."
            )
        raise ArchiveError(f"A name that an archive does not have: {name[:120]!r}.")
    if len(set(stored)) != len(stored) or set(stored) != set(manifest.files):
        raise ArchiveError("The files in the archive are not those that its manifest names.")
    for number, (name, facts) in enumerate(manifest.files.items(), 1):
        digest, size = hashlib.sha256(), 0
        with archive.open(name) as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                if size > facts["bytes"]:  # A small file may unpack to a very large one.
                    break
        if size != facts["bytes"] or digest.hexdigest() != facts["sha256"]:
            raise ArchiveError(f"The checksum of {name} is not right: the file was changed.")
        if number % 100 == 0:
            progress("check", number)
    progress("check", len(manifest.files))


def _restore(archive: zipfile.ZipFile, manifest: ArchiveManifest, progress: Progress) -> Written:
    written = Written(missing=sorted(manifest.missing), passwords=manifest.passwords)
    made: list[str] = []
    try:
        with transaction.atomic():
            _lock_empty()
            for name in manifest.files:
                if name.startswith("media/"):
                    if _store(archive, name):
                        made.append(name.removeprefix("media/"))
                    written.media += 1
                    progress("media", written.media)
            for table in reversed(list(tables())):
                if table.replaces:
                    table.model._base_manager.all().delete()
            for table in tables():
                if table_file(table) in manifest.files:
                    written.rows[table.model._meta.label_lower] = _table(
                        archive, table, manifest, progress
                    )
            with connection.cursor() as cursor:
                models = [table.model for table in tables()]
                for line in connection.ops.sequence_reset_sql(no_style(), models):
                    cursor.execute(line)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            finish()
    except BaseException as error:
        for name in made:
            default_storage.delete(name)
        if isinstance(error, IntegrityError | DataError | Unsound):
            said = str(error).strip().replace("\n", " ")
            raise ArchiveError(f"The rows do not fit together: {said}") from error
        raise
    return written


def _lock_empty() -> None:
    with connection.cursor() as cursor:
        # Nobody registers or writes between the look and the end of the transaction.
        names = (model._meta.db_table for model in (User, Article, Comment))
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE")
    if not is_empty():
        raise ArchiveError(
            "This site has content of its own. An archive goes into an empty site only: a new "
            "database after `manage.py migrate`, without accounts."
        )


def _store(archive: zipfile.ZipFile, member: str) -> bool:
    """Put one picture into the storage; gives whether it is new there."""
    name = member.removeprefix("media/")
    with archive.open(member) as stream:
        data = stream.read(pictures.MAX_BYTES + 1)
    try:
        pictures.inspect(data)
    except pictures.PictureError as error:
        raise ArchiveError(f"{member} is not a picture that is taken: {error.message}") from error
    if default_storage.exists(name):
        with default_storage.open(name) as known:
            if known.read(len(data) + 1) != data:
                raise ArchiveError(f"Another {name} is in the media folder of this site.")
        return False
    with archive.open(member) as stream:
        stored = default_storage.save(name, File(stream))
    if stored != name:
        default_storage.delete(stored)
        raise ArchiveError(f"{name} could not be stored under its name.")
    return True


def _lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    while line := stream.readline(_MOST_LINE):
        number += 1
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ArchiveError(f"{name}, line {number}: no JSON.") from error
        if not isinstance(row, dict):
            raise ArchiveError(f"{name}, line {number}: no row.")
        yield number, row


def _value(field: Field[Any, Any], value: Any) -> Any:
    """The value of JSON as the field has it. Raises ValidationError, TypeError, ValueError."""
    if value is None:
        return None
    found = field.to_python(value)
    keys = {key for key, _label in field.flatchoices} if field.choices else set()
    if keys and found not in field.empty_values and found not in keys:
        raise ValueError(f"not one of the choices: {found!r}")
    return found


def _table(
    archive: zipfile.ZipFile, table: Table, manifest: ArchiveManifest, progress: Progress
) -> int:
    name, label = table_file(table), table.model._meta.label_lower
    fields = {field.attname: field for field in columns(table, secrets=True)}
    stored = [
        field
        for field in table.model._meta.concrete_fields
        if not getattr(field, "generated", False)
    ]
    batch: list[list[Any]] = []
    number = 0
    with archive.open(name) as stream:
        for number, line in _lines(stream, name):
            # What stands for a column of an earlier name is empty where the archive is older still.
            said = dict.fromkeys(table.former.values(), "")
            said |= {table.former.get(key, key): value for key, value in line.items()}
            if unknown := set(said) - set(fields):
                raise ArchiveError(
                    f"{name}: this program does not know {', '.join(sorted(unknown))}: the "
                    "archive was made by a newer one. Update Weerwoord first."
                )
            try:
                row = {key: _value(fields[key], value) for key, value in said.items()}
                for field in stored:
                    if field.attname not in row:
                        row[field.attname] = field.get_default()
                if any(named not in manifest.files for named in _media(table, row, manifest)):
                    raise Unsound("names a picture that the archive does not hold")
                table.settle(row)
                batch.append(
                    [field.get_db_prep_save(row[field.attname], connection) for field in stored]
                )
            except ValidationError as error:
                raise ArchiveError(f"{name}, line {number}: {' '.join(error.messages)}") from error
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                raise ArchiveError(f"{name}, line {number}: {error}.") from error
            if len(batch) == _STEP:
                _insert(table, stored, batch, name)
                progress(label, number)
                batch = []
    _insert(table, stored, batch, name)
    progress(label, number)
    return number


def _media(table: Table, row: dict[str, Any], manifest: ArchiveManifest) -> Iterator[str]:
    """The members of the archive that a row needs."""
    for name in table.files(row):
        if name not in manifest.missing:
            yield f"media/{name}"


def _insert(table: Table, fields: list[Field[Any, Any]], batch: list[list[Any]], name: str) -> None:
    # Not bulk_create: it would put the present moment into "made" and "changed".
    if not batch:
        return
    quote = connection.ops.quote_name
    into = f"INSERT INTO {quote(table.model._meta.db_table)}"
    what = ", ".join(quote(str(field.column)) for field in fields)
    try:
        with connection.cursor() as cursor:
            execute_values(cursor, f"{into} ({what}) VALUES %s", batch, page_size=_STEP)
    except (IntegrityError, DataError, ValueError) as error:
        said = str(error).strip().replace("\n", " ")
        raise ArchiveError(f"{name}: {said}") from error
