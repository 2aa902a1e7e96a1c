"""What a backup says of itself, and the lock that keeps two programs from its folder."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = "weerwoord-backup"
VERSION = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}\.\d{6}Z")
"""What finished backups are called, by the moment in UTC at which they were begun."""
_PIECE = 1 << 20


class BackupError(Exception):
    """A backup was not made, or is not taken; the message says why and what to do."""


@dataclass(frozen=True)
class Sum:
    """Size and SHA-256 of a file."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything that a restore compares with. `server` is PostgreSQL's major version."""

    made_at: str
    site: str
    server: int
    migrations: list[tuple[str, str]]
    # Rows by table at the moment of the dump.
    tables: dict[str, int]
    database: Sum
    # By their names in the media folder.
    media: dict[str, Sum]


def save(manifest: Manifest, folder: Path) -> None:
    """Write the manifest of the backup in `folder`, down to the disk."""
    said = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
    with (folder / MANIFEST).open("x", encoding="utf-8") as stream:
        json.dump(said, stream, indent=1, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())


def manifest_load(folder: Path) -> Manifest:
    """The manifest of the backup in `folder`. Raises BackupError."""
    try:
        said = json.loads((folder / MANIFEST).read_text("utf-8"))
        if said.pop("format") != FORMAT:
            raise ValueError("format")
        version = int(said.pop("version"))
        if version > VERSION:
            raise BackupError(
                f"{folder} has format version {version}; this program reads up to {VERSION}. "
                "Update Weerwoord first."
            )
        said["database"] = Sum(**said["database"])
        said["media"] = {str(name): Sum(**one) for name, one in said["media"].items()}
        said["migrations"] = [(str(app), str(name)) for app, name in said["migrations"]]
        return Manifest(**said)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{folder} is no backup of Weerwoord: no sound {MANIFEST}.") from error


def sum_of(path: Path) -> Sum:
    """Size and sum of a file. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return Sum(size, digest.hexdigest())


def check(folder: Path, manifest: Manifest) -> None:
    """Compare all files of the backup with its manifest. Raises BackupError at the first fault."""
    for name, told in [(DUMP, manifest.database), *media_paths(manifest)]:
        path = folder / name
        if path.is_symlink() or not path.is_file():
            raise BackupError(f"{name} is missing in {folder}.")
        if sum_of(path) != told:
            raise BackupError(f"{name} in {folder} was changed: its checksum is not right.")


def media_paths(manifest: Manifest) -> list[tuple[str, Sum]]:
    """The pictures' places in the backup. Raises BackupError for a name that leads elsewhere."""
    found = []
    for name, told in manifest.media.items():
        parts = name.split("/")
        if (
            not name
            or "\\" in name
            or "\0" in name
            or any(part in ("", ".", "..") for part in parts)
        ):
            raise BackupError(f"A name that no picture has: {name[:120]!r}.")
        found.append((f"media/{name}", told))
    return found


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep others from the backups in `folder`. Raises BackupError when they are at it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(
                f"Another backup or restore is at work in {folder}. Wait until it is done."
            ) from error
        yield
    finally:
        os.close(lock)


def finished(folder: Path) -> list[Path]:
    """The finished backups in `folder`, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_dir())
