"""Log of erasures outside the database, so that restoring an older backup can repeat them.

One line for each erasure: the moment, and a digest of the row's kind, number and first moment.
Without the backup that still holds the row the digest says nothing about anybody.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import os
from pathlib import Path

from django.conf import settings
from django.utils import timezone

logger = logging.getLogger("weerwoord.erasures")


def _log() -> Path:
    return Path(settings.BACKUP_DIR) / "erasures.log"


def digest(kind: str, number: int, since: datetime.datetime) -> str:
    """Digest under which row `number` of `kind`, created at `since`, is logged."""
    moment = since.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{kind} {number} {moment}".encode()).hexdigest()


def note(kind: str, number: int, since: datetime.datetime) -> None:
    """Add a line to the log, and wait until the disk has it.

    The erasure itself goes on when that fails: the person's wish weighs more than a restore
    that may never come. The fault is logged for the operator.
    """
    now = timezone.now().astimezone(datetime.UTC).isoformat(timespec="seconds")
    line = f"{now} {digest(kind, number, since)}\n".encode("ascii")
    path = _log()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # One write of one short line: lines of several processes do not mix.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        logger.exception("An erasure could not be noted in %s.", path)


def noted() -> set[str]:
    """The digests in the log; none when there is no log."""
    try:
        lines = _log().read_text("ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return set()
    return {line.rpartition(" ")[2] for line in lines}
