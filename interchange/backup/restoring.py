"""A backup back into the site, or tried out in a database that is thrown away."""

from __future__ import annotations

import contextlib
import datetime
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from blog.models import SiteSettings
from blog.publishing import picture_removal
from blog.publishing.articles import later_version
from comments.commenters import own_comments
from comments.thread.counters import recount
from interchange.archive.format import tables
from interchange.archive.reading import is_empty
from interchange.backup import manifest as manifests
from interchange.backup import programs
from interchange.backup.manifest import BackupError, Manifest, sum_of
from interchange.backup.proof import Proof, proof_save
from interchange.files import fault_in_words

Say = Callable[[str], object]


def count(database: BaseDatabaseWrapper) -> dict[str, int]:
    """The rows of every table, by its name."""
    found = {}
    with database.cursor() as cursor:
        for name in sorted(database.introspection.table_names(cursor)):
            if name not in programs.PASSING:
                quoted = database.ops.quote_name(name)
                cursor.execute(f"SELECT count(*) FROM {quoted}")  # noqa: S608
                found[name] = int(cursor.fetchone()[0])
    return found


def backup_try_out(backup: Path, *, say: Say) -> None:
    """Prove a backup: its sums, and a restore into a database of its own. Raises BackupError."""
    manifest = manifests.manifest_load(backup)
    _check_fit(manifest)
    manifests.check(backup, manifest)
    proof = compare(backup, manifest, say)
    try:
        proof_save(proof, backup)
    except OSError as error:
        # A copy on a medium that cannot be written is proven all the same.
        say(f"The proof could not be kept beside it: {fault_in_words(error)}")


def backup_restore(backup: Path, *, overwrite: bool, say: Say) -> None:
    """Put a backup in the place of what this site holds, which is nothing unless `overwrite`.

    Everything is checked first; the database is exchanged in one transaction. Then it is brought
    to this program's version, and who was erased since is erased again, as are pictures that were
    withdrawn. Raises BackupError.
    """
    with manifests.locked(Path(settings.BACKUP_DIR)):
        manifest = manifests.manifest_load(backup)
        _check_fit(manifest)
        manifests.check(backup, manifest)
        if not overwrite and not _is_empty():
            raise BackupError(
                "This site has content. Say --overwrite to put the backup in its place; make a "
                "backup of what is here first."
            )
        try:
            _bring_pictures(backup, manifest, overwrite=overwrite)
        except OSError as error:
            raise BackupError(
                f"The database was left as it was. {fault_in_words(error)}"
            ) from error
        programs.database_load(connection, backup)
        _compare_counts(manifest, connection)
        call_command("migrate", interactive=False, verbosity=0)
        SiteSettings.objects.update(version=later_version())
        erased = own_comments.erasures_repeat()
        withdrawn = picture_removal.withdrawals_repeat()
        wrong = recount()
    rows = sum(manifest.tables.values())
    say(f"{rows} rows and {len(manifest.media)} files of pictures are back.")
    if erased:
        say(f"{erased} people who were erased since have been erased again.")
    if withdrawn:
        say(f"{withdrawn} pictures that were withdrawn since have been withdrawn again.")
    if wrong:
        say(f"{wrong} counters were wrong and have been mended.")
    say("Everybody logs in anew. Start the site and its worker.")


def _check_fit(manifest: Manifest) -> None:
    here = programs.major(connection)
    if here < manifest.server:
        raise BackupError(
            f"The backup was made from PostgreSQL {manifest.server}; this server is PostgreSQL "
            f"{here}, which cannot take it. Use PostgreSQL {manifest.server} or newer."
        )
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    newer = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if newer:
        raise BackupError(
            f"The backup was made by a newer Weerwoord: this one does not know {newer[0]}. "
            "Update Weerwoord first."
        )


def _is_empty() -> bool:
    try:
        return is_empty()
    except DatabaseError:  # There are no tables yet.
        connection.close()
        return True


def _bring_pictures(backup: Path, manifest: Manifest, *, overwrite: bool) -> None:
    """Copy the pictures into the media folder; files of other backups may stay, they do no harm."""
    root = Path(settings.MEDIA_ROOT)
    for name, told in manifest.media.items():
        place = root / name
        if place.exists():
            if sum_of(place) == told:
                continue
            if not overwrite:
                raise BackupError(f"Another {name} is in {root}. Say --overwrite to replace it.")
        place.parent.mkdir(parents=True, exist_ok=True)
        # A copy, no link: what happens to the site's file must not happen to the backup.
        partial = place.with_name(f"{place.name}.{secrets.token_hex(4)}.partial")
        try:
            shutil.copyfile(backup / "media" / name, partial)
            partial.chmod(settings.FILE_UPLOAD_PERMISSIONS)
            os.replace(partial, place)
        finally:
            partial.unlink(missing_ok=True)


def compare(backup: Path, manifest: Manifest, say: Say) -> Proof:
    """Restore into a database of its own and compare rows, counters and pictures; what it found.

    Raises BackupError for what is not as the manifest says.
    """
    with _scratch() as alias:
        database = connections[alias]
        programs.database_load(database, backup)
        _compare_counts(manifest, database)
        lacking = sorted(_named(alias) - set(manifest.media))
        wrong = recount(using=alias)
    say(f"Restored on trial: {len(manifest.tables)} tables have the rows they should have.")
    if lacking:
        say(f"Pictures that the site itself has lost: {', '.join(lacking[:10])}.")
    if wrong:
        say(f"{wrong} counters of comments are wrong on the site; a restore mends them.")
    return Proof(
        proven_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        tables=len(manifest.tables),
        rows=sum(manifest.tables.values()),
        lost_pictures=len(lacking),
        wrong_counters=wrong,
    )


def _compare_counts(manifest: Manifest, database: BaseDatabaseWrapper) -> None:
    found = count(database)
    for name in sorted(found.keys() | manifest.tables.keys()):
        if found.get(name) != manifest.tables.get(name):
            raise BackupError(
                f"The table {name} has {found.get(name, 'no')} rows after the restore; the "
                f"backup says {manifest.tables.get(name, 'none')}."
            )


def _named(alias: str) -> set[str]:
    """The pictures that the rows of a database name."""
    names: set[str] = set()
    for table in tables():
        fields = [field.attname for field in table.model._meta.concrete_fields]
        rows = table.model._base_manager.using(alias).values(*fields) if table.has_files else ()
        for row in rows:
            names.update(table.files(row))
    return names


@contextlib.contextmanager
def _scratch() -> Iterator[str]:
    """A database that is gone afterwards; gives the name by which Django knows it meanwhile."""
    name = f"weerwoord_trial_{secrets.token_hex(6)}"
    server = connection.copy()
    quoted = connection.ops.quote_name(name)
    try:
        try:
            with server.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
        except DatabaseError as error:
            raise BackupError(
                f"No database to try the backup in could be made: {str(error).strip()}. Give the "
                "role the right (ALTER ROLE … CREATEDB), or leave out --verify."
            ) from error
        trial = connection.copy()
        trial.settings_dict["NAME"] = name
        connections[name] = trial
        try:
            yield name
        finally:
            trial.close()
            del connections[name]
            with server.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
    finally:
        server.close()
