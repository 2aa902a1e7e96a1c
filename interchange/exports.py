"""Exports that are asked for in the admin and made by the worker."""

from __future__ import annotations

import datetime
import logging
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from authors.models import Author, User
from interchange.archive.writing import archive_write
from interchange.copy.writing import CopyError, copy_write
from interchange.files import whole_file
from interchange.models import Export, ExportState, Form
from interchange.wordpress.wxr import wxr_write

logger = logging.getLogger("weerwoord.exports")
DAYS = 7
"""How long a finished export lies ready."""


def place() -> Path:
    """The folder of the finished files: never below the public media."""
    return Path(settings.VAR_DIR) / "exports"


def file_of(export: Export) -> Path:
    """Where the file of `export` is, once it is ready."""
    ending = "xml" if export.form == Form.WORDPRESS else "zip"
    return place() / f"{export.pk}.{ending}"


@transaction.atomic
def export_request(*, user: User, form: Form, author: Author | None) -> Export:
    """Ask the worker for an export of everything, or of one author's articles."""
    export = Export.objects.create(form=form, made_by=user, author=author)
    export_make.enqueue(export.pk)
    return export


def export_delete(*, export: Export) -> None:
    """Take an export away with its file."""
    file_of(export).unlink(missing_ok=True)
    export.delete()


@task()
def export_make(number: int) -> None:
    """Make the file of an export; one that was deleted or is ready meanwhile is left alone."""
    export = Export.objects.filter(pk=number).exclude(state=ExportState.READY).first()
    if export is None:
        return
    rows = Export.objects.filter(pk=number)
    rows.update(state=ExportState.WORKING, done=0, fault="")
    target = file_of(export)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Of a worker that was killed after the file and before the row.
        target.unlink(missing_ok=True)
        with _Counter(number) as progress, whole_file(target) as stream:
            if export.form == Form.ARCHIVE:
                archive_write(stream, progress=progress)
            elif export.form == Form.WORDPRESS:
                wxr_write(
                    stream,
                    author=export.author,
                    # An author has no business with readers' addresses.
                    addresses=export.author_id is None,
                    progress=progress,
                )
            else:
                _html(stream, export.author, progress)
    except (OSError, CopyError):
        logger.exception("Export %d failed.", number)
        words = _("Ask whoever runs the site to look into the log; the disk may be full.")
        rows.update(state=ExportState.FAILED, fault=words)
        return
    if not rows.update(state=ExportState.READY, size=target.stat().st_size):
        target.unlink(missing_ok=True)


def _html(stream: BinaryIO, author: Author | None, progress: Callable[[str, int], None]) -> None:
    with (
        tempfile.TemporaryDirectory(prefix=".copy-", dir=place()) as scratch,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        folder = Path(scratch) / "site"
        copy_write(folder, author=author, progress=progress)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(scratch))


# The ORM knows the connections of the settings alone, not a copy of one.
_DONE: Final = "UPDATE interchange_export SET done = %s WHERE id = %s"


class _Counter:
    """Writes how far an export is, on a connection of its own: the export's reads one moment."""

    def __init__(self, number: int) -> None:
        self.number, self.last, self.sum = number, 0.0, 0
        self.kept: dict[str, int] = {}
        self.own = connection.copy()

    def __enter__(self) -> Callable[[str, int], None]:
        return self.tell

    def __exit__(self, *fault: object) -> None:
        self.own.close()

    def tell(self, what: str, count: int) -> None:
        """Once a second at most."""
        self.kept[what] = count
        now = time.monotonic()
        if now - self.last < 1:
            return
        self.last = now
        with self.own.cursor() as cursor:
            cursor.execute(_DONE, [sum(self.kept.values()), self.number])


def picture_withdrawn(**_facts: object) -> None:
    """Delete exports that may hold a picture which is withdrawn; one under way ends without a file.

    Called inside the transaction that withdraws it.
    """
    for export in Export.objects.filter(state__in=(ExportState.READY, ExportState.WORKING)):
        path = file_of(export)
        export.delete()
        transaction.on_commit(partial(path.unlink, missing_ok=True))


def forget_exports() -> None:
    """Delete exports after a week, and files that belong to none."""
    before = timezone.now() - datetime.timedelta(days=DAYS)
    for export in Export.objects.filter(created_at__lt=before):
        export_delete(export=export)
    known = {file_of(export).name for export in Export.objects.all()}
    old = before.timestamp()
    for path in place().glob("*"):
        if path.name in known or path.stat().st_mtime > old:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
