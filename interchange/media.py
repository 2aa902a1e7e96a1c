"""Pictures that come along: in a folder or a zip, never unpacked, read within bounds."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from core.fetching import FetchError, fetch
from core.pictures import MAX_BYTES

MOST_FILES = 500_000
LARGEST_EXPORT = 8_000_000_000
"""Bytes of one export inside a zip, unpacked."""
STEEPEST = 300
"""An export that is so many times as large as its zip is a bomb."""
# Where sites keep their pictures; what comes after it is the path in a copied folder.
_ROOTS = (
    "wp-content/uploads/",
    "content/images/",
    "uploads/",
    "images/",
    "static/",
    "files/",
    "media/",
)


Named = tuple[str, Callable[[], BinaryIO]]
"""A file's path and how to open it."""


class BadZip(ValueError):
    """A zip that is damaged, locked, or a bomb."""


class Media(Protocol):
    """Where the bytes of pictures are looked for."""

    def open(self, address: str) -> bytes | None:
        """The bytes of the picture that stood at `address`; None: it is not here."""


def paths_of(address: str) -> list[str]:
    """The paths at which the file of an address may lie, the most exact first."""
    path = unquote(urlsplit(address).path).lstrip("/")
    if not path or "\0" in path:
        return []
    found = [path, f"static/{path}"]
    for root in _ROOTS:
        if root in path:
            tail = path[path.index(root) + len(root) :]
            found += [root + tail, "uploads/" + tail, tail]
    return [item for item in dict.fromkeys(found) if item and ".." not in PurePosixPath(item).parts]


class Folder:
    """A folder of pictures; what lies outside it is not read."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def open(self, address: str) -> bytes | None:
        """The bytes of the picture that stood at `address`; None: it is not here."""
        for name in paths_of(address):
            file = (self.root / name).resolve()
            if file.is_relative_to(self.root) and file.is_file():
                with file.open("rb") as stream:
                    return stream.read(MAX_BYTES + 1)
        return None


class Zip:
    """A zip of pictures, or of an export, or of both."""

    def __init__(self, file: Path) -> None:
        try:
            self.zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError) as error:
            raise BadZip(str(error)) from error
        infos = self.zip.infolist()
        if len(infos) > MOST_FILES:
            raise BadZip(f"{len(infos)} files")
        self.refused: list[str] = []
        self.names: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            path = PurePosixPath(info.filename.replace("\\", "/"))
            if info.is_dir() or path.name.startswith("._"):
                continue
            if path.is_absolute() or ".." in path.parts or info.flag_bits & 1:
                self.refused.append(info.filename)
                continue
            self.names[path.as_posix()] = info
        self.tails: dict[str, zipfile.ZipInfo] = {}
        for name, info in self.names.items():
            # The folder above may have any name.
            self.tails.setdefault(name.partition("/")[2], info)

    def open(self, address: str) -> bytes | None:
        """The bytes of the picture that stood at `address`; None: it is not here."""
        for name in paths_of(address):
            info = self.names.get(name) or self.tails.get(name)
            if info is not None:
                try:
                    with self.zip.open(info) as stream:
                        # However much it claims or holds: no more than a picture may have.
                        return stream.read(MAX_BYTES + 1)
                except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
                    return None
        return None

    def exports(self, *endings: str) -> list[Named]:
        """The files with one of these endings. Raises BadZip for a bomb."""
        found = []
        for name in sorted(self.names):
            info = self.names[name]
            if not name.lower().endswith(endings):
                continue
            steep = info.file_size > STEEPEST * max(info.compress_size, 1)
            if info.file_size > LARGEST_EXPORT or (steep and info.file_size > 50_000_000):
                raise BadZip(f"{name}: {info.file_size} bytes")
            found.append((name, _opener(self.zip, info)))
        return found


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: _Bounded(archive.open(info), info.file_size)  # type: ignore[return-value]


class _Bounded:
    """A file of a zip that never gives more than it claimed to hold."""

    def __init__(self, stream: object, size: int) -> None:
        self.stream, self.left = stream, size

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        wanted = self.left if size < 0 else min(size, self.left)
        data: bytes = self.stream.read(wanted) if wanted else b""  # type: ignore[attr-defined]
        self.left -= len(data)
        return data

    def __enter__(self) -> _Bounded:
        return self

    def __exit__(self, *error: object) -> None:
        self.stream.close()  # type: ignore[attr-defined]


class Several:
    """The first that has it."""

    def __init__(self, places: Sequence[Media]) -> None:
        self.places = places

    def open(self, address: str) -> bytes | None:
        """The bytes of the picture that stood at `address`; None: it is in none of them."""
        for place in self.places:
            data = place.open(address)
            if data is not None:
                return data
        return None


def inputs(place: Path, *endings: str) -> tuple[list[Named], int, Media | None]:
    """(files, bytes in all, pictures) of a file, a folder or a zip.

    Links that lead out of a folder are not followed. Raises BadZip, and OSError for what is not
    there.
    """
    if place.is_dir():
        root = place.resolve()
        files = [
            file
            for file in sorted(place.rglob("*"))
            if file.suffix.lower() in endings
            and file.is_file()
            and file.resolve().is_relative_to(root)
        ]
        named = [(file.relative_to(place).as_posix(), _file(file)) for file in files]
        return named, sum(file.stat().st_size for file in files), Folder(place)
    if zipfile.is_zipfile(place):
        archive = Zip(place)
        found = archive.exports(*endings)
        return found, sum(archive.names[name].file_size for name, _open in found), archive
    return [(place.name, _file(place))], place.stat().st_size, None


def _file(file: Path) -> Callable[[], BinaryIO]:
    return lambda: file.open("rb")


class Fetched:
    """Pictures of the old site, through the fetcher that reaches no private network."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def open(self, address: str) -> bytes | None:
        """The bytes of the picture that stands at `address`; None: nothing came."""
        if address.startswith("/") and self.address:
            parts = urlsplit(self.address)
            address = f"{parts.scheme}://{parts.netloc}{address}"
        if not address.startswith(("http://", "https://")):
            return None
        try:
            answer = fetch(address, types=("image/",), max_bytes=MAX_BYTES, seconds=20)
        except FetchError:
            return None
        return answer.body if answer.status == 200 and answer.body else None
