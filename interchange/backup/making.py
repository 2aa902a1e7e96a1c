"""A backup: begun under another name, renamed when everything is in it and on the disk."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from interchange.archive.writing import snapshot
from interchange.backup import programs, restoring
from interchange.backup.manifest import (
    DUMP,
    BackupError,
    Manifest,
    finished,
    locked,
    save,
    sum_of,
)
from interchange.backup.proof import proof_save
from interchange.files import fault_in_words

Say = Callable[[str], object]


def backup_make(folder: Path, *, keep: int | None, verify: bool, say: Say) -> Path:
    """Make a backup in `folder` and, when that went well, leave no more than `keep` of them.

    With `verify` it is first restored into a database of its own and compared. Raises
    BackupError; then there is no backup of this moment, and the earlier ones are all there.
    """
    with locked(folder):
        for left in folder.glob("*.partial"):
            shutil.rmtree(left)
        name = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
        partial = folder / f"{name}.partial"
        try:
            partial.mkdir(mode=0o700)
            manifest = _fill(partial, _latest(folder))
            if verify:
                proof_save(restoring.compare(partial, manifest, say), partial)
            os.sync()
            partial.rename(folder / name)
        except BaseException as error:
            shutil.rmtree(partial, ignore_errors=True)
            if isinstance(error, OSError):
                raise BackupError(f"The backup was not made. {fault_in_words(error)}") from error
            raise
        _sync(folder)
        rows = sum(manifest.tables.values())
        say(f"{folder / name}: {rows} rows, {len(manifest.media)} files of pictures.")
        if keep is not None:
            for old in finished(folder)[:-keep]:
                gone = old.with_name(f"{old.name}.partial")
                old.rename(gone)
                shutil.rmtree(gone)
                say(f"{old} was removed: {keep} are kept.")
    return folder / name


def _latest(folder: Path) -> Path | None:
    known = finished(folder)
    return known[-1] / "media" if known else None


def _fill(folder: Path, before: Path | None) -> Manifest:
    """Put database and pictures into `folder`, consistent with each other.

    Pictures are taken before and after the dump. Their files are never changed once they are
    there: what a row of the dump names was there when the row was written, and so is in one of
    the two rounds, even if it is removed meanwhile.
    """
    media = folder / "media"
    media.mkdir(mode=0o700)
    _take_pictures(media, before)
    # The rows are counted in the very snapshot that is dumped.
    with snapshot(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        key = str(cursor.fetchone()[0])
        tables = restoring.count(connection)
        migrations = sorted(MigrationRecorder(connection).applied_migrations())
        programs.dump(connection, folder / DUMP, key)
    _take_pictures(media, before)
    manifest = Manifest(
        made_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        site=settings.SITE_URL,
        server=programs.major(connection),
        migrations=migrations,
        tables=tables,
        database=sum_of(folder / DUMP),
        media={
            path.relative_to(media).as_posix(): sum_of(path)
            for path in sorted(media.rglob("*"))
            if path.is_file()
        },
    )
    save(manifest, folder)
    return manifest


def _take_pictures(target: Path, before: Path | None) -> None:
    """Link or copy every picture of the media folder that `target` does not have yet.

    As a hard link to the file itself or, on another disk, to that of the backup `before`, so
    that a picture lies on that disk once.
    """
    root = Path(settings.MEDIA_ROOT)
    if not root.is_dir():
        return
    for path in root.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(root)
        place = target / name
        if place.exists():
            continue
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _take(path, place, before / name if before else None)
        except FileNotFoundError:
            continue  # It was removed just now.


def _take(path: Path, place: Path, known: Path | None) -> None:
    try:
        os.link(path, place)
        return
    except FileNotFoundError:
        raise
    except OSError:
        pass  # Another disk, or one without links.
    size = path.stat().st_size
    if known is not None and known.is_file() and known.stat().st_size == size:
        try:
            os.link(known, place)
            return
        except OSError:
            pass
    shutil.copy2(path, place)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
