"""What a trial restore found, kept beside the backup, and what the folder of backups holds."""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from interchange.backup.manifest import BackupError, Manifest, finished, manifest_load

PROOF = "proof.json"


@dataclass(frozen=True)
class Proof:
    """A trial restore that went well: every table had its rows, every file its sum."""

    proven_at: str
    tables: int
    rows: int
    # What the site itself lacked when the backup was made; a restore cannot bring it.
    lost_pictures: int
    # Of comments; a restore mends them.
    wrong_counters: int

    @property
    def moment(self) -> datetime.datetime:
        """When it was proven."""
        return datetime.datetime.fromisoformat(self.proven_at)


@dataclass(frozen=True)
class Standing:
    """The newest backup of a folder with its manifest and proof, and the names of earlier ones."""

    name: str
    moment: datetime.datetime
    manifest: Manifest
    proof: Proof | None
    earlier: list[str]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.manifest.tables.values())

    @property
    def bytes(self) -> int:
        """Size of database and pictures."""
        return self.manifest.database.bytes + sum(one.bytes for one in self.manifest.media.values())


def proof_save(proof: Proof, backup: Path) -> None:
    """Write the proof into the folder of its backup, whole or not at all."""
    partial = backup / f"{PROOF}.partial"
    with partial.open("w", encoding="utf-8") as stream:
        json.dump(asdict(proof), stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(backup / PROOF)


def proof_load(backup: Path) -> Proof | None:
    """The proof of a backup; None when it was never tried out, or the file cannot be read."""
    try:
        proof = Proof(**json.loads((backup / PROOF).read_text("utf-8")))
        return proof if proof.moment.tzinfo else None
    except (OSError, ValueError, TypeError):
        return None


def standing(folder: Path) -> Standing | None:
    """The newest finished backup in `folder`; None without one. Raises BackupError."""
    known = _known(folder)
    if not known:
        return None
    last = known[-1]
    return Standing(
        name=last.name,
        moment=moment_of(last),
        manifest=manifest_load(last),
        proof=proof_load(last),
        earlier=[path.name for path in reversed(known[:-1])],
    )


def newest(folder: Path) -> Path | None:
    """The newest finished backup in `folder`, unread; None without one. Raises BackupError."""
    return next(reversed(_known(folder)), None)


def moment_of(backup: Path) -> datetime.datetime:
    """The moment at which it was begun, as its name says. Raises BackupError."""
    try:
        begun = datetime.datetime.strptime(backup.name, "%Y-%m-%dT%H%M%S.%fZ")
    except ValueError as error:
        raise BackupError(f"{backup} is not named by a moment.") from error
    return begun.replace(tzinfo=datetime.UTC)


def _known(folder: Path) -> list[Path]:
    try:
        return finished(folder)
    except OSError as error:
        raise BackupError(f"{folder} cannot be read: {error.strerror}.") from error
