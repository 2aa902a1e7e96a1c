"""Files of the picture library: made, shared by rows with the same picture, and taken away.

A name holds the first half of the digest of the original, and the crop where there is one, so that
equal content has an equal name. Who writes or takes away files of a digest holds its lock.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from blog.models import Article, Image
from blog.models.image import WHOLE, Crop
from core import locks, pictures
from core.locks import Lock

FOLDER: Final = "pictures"
CARDS: Final = "cards"
MARK: Final = 16
"""Characters of the digest in a name."""
_NAME = re.compile(r"(?:[a-z0-9_-]*-)?([0-9a-f]{16})(?:-c[0-9a-f]{8})?(?:-[0-9]{1,5})?\.[a-z]{3,4}")
_CARD = re.compile(r"([1-9][0-9]{0,17})-[0-9a-f]{16}\.png")
_AGE: Final = datetime.timedelta(days=1)
"""A file without a row may belong to an upload that is still on its way."""
_BATCH: Final = 500
_log = logging.getLogger(__name__)


def hold_digests(*digests: str) -> None:
    """Wait for the locks of these digests, always in the same order."""
    for mark in sorted({digest[:MARK] for digest in digests}):
        locks.hold(Lock.PICTURE, mark)


def mark_of(name: str) -> str:
    """The digest's part in the name of a file of the library; empty for other names."""
    folder, _slash, last = name.rpartition("/")
    found = _NAME.fullmatch(last) if folder == FOLDER else None
    return found[1] if found else ""


@contextmanager
def files_of(image: Image, data: bytes, format: str) -> Iterator[None]:
    """Point `image` at the files of its digest and crop; what is missing of them is made.

    `data` is the normalised original. The body stores the row; when it raises, what was made is
    taken away. The caller holds the lock of the digest.
    """
    made: list[str] = []

    def keep(name: str, content: bytes) -> str:
        # In the place of a file that no row knows: its process was killed before that.
        default_storage.delete(name)
        made.append(default_storage.save(name, ContentFile(content)))
        return made[-1]

    same = Image.objects.filter(digest=image.digest).exclude(pk=image.pk)
    known = next((one for one in same if one.crop == image.crop), None)
    other = known or same.first()
    own = str(image.file.name or "")
    try:
        if mark_of(own) == image.digest[:MARK]:
            name = own
        elif other is not None:
            name = str(other.file.name)
        else:
            stem = pictures.file_name(image.alt, bytes.fromhex(image.digest))
            name = keep(f"{FOLDER}/{stem}.{_ending(format)}", data)
        if name != image.file.name:
            image.file = name
        if known is not None:
            image.renditions = [*known.renditions]
        else:
            start = name.rpartition(".")[0] + _part(image.crop)
            image.renditions = [
                {
                    "format": one.format,
                    "width": one.width,
                    "height": one.height,
                    "name": keep(f"{start}-{one.width}.{_ending(one.format)}", one.data),
                }
                for one in pictures.renditions(data, image.crop)
            ]
        yield
    except BaseException:
        _delete(made)
        raise


def original_of(image: Image) -> tuple[bytes, str]:
    """The bytes of the stored original, and its format. Raises `pictures.PictureError`."""
    with default_storage.open(str(image.file.name)) as stream:
        data: bytes = stream.read()
    return data, pictures.inspect(data).format


def files_leave(digest: str, names: Iterable[str]) -> None:
    """Take `names` away when the transaction ends, except what other rows of the digest show.

    The caller holds the lock of the digest, and has stored what changes.
    """
    used: set[str] = set()
    for image in Image.objects.filter(digest=digest):
        used |= image.names
    transaction.on_commit(partial(_delete, set(names) - used))


def _delete(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _ending(format: str) -> str:
    return "jpg" if format == "jpeg" else format


def _part(crop: Crop) -> str:
    """What a crop adds to the names of the sizes."""
    return "" if crop == WHOLE else "-c" + "".join(f"{number:02x}" for number in crop)


def orphans_clear() -> int:
    """Delete files that no row knows and that are older than a day; gives how many there were.

    They are what a killed process, or one broken off between its commit and the disk, left behind.
    """
    return _pictures_clear() + _cards_clear()


def _old(folder: str) -> Iterator[str]:
    """The names in a folder of the storage that were written more than a day ago."""
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    before = timezone.now() - _AGE
    for name in names:
        try:
            if default_storage.get_modified_time(f"{folder}/{name}") < before:
                yield name
        except FileNotFoundError:
            continue  # Taken away meanwhile.


def _pictures_clear() -> int:
    known = {digest[:MARK] for digest in Image.objects.values_list("digest", flat=True)}
    # A crop that was given up has the digest of a picture that is there.
    suspects = [
        name
        for name in _old(FOLDER)
        if (mark := mark_of(f"{FOLDER}/{name}")) and (mark not in known or f"{mark}-c" in name)
    ]
    return sum(_clear(f"{FOLDER}/{name}", mark_of(f"{FOLDER}/{name}")) for name in suspects)


@transaction.atomic
def _clear(name: str, mark: str) -> bool:
    """Delete a file unless a row shows it. Locks its digest."""
    locks.hold(Lock.PICTURE, mark)
    if any(name in image.names for image in Image.objects.filter(digest__startswith=mark)):
        return False
    default_storage.delete(name)
    _log.info("a picture's file without a row is gone")
    return True


def _cards_clear() -> int:
    cleared = 0
    found = [name for name in _old(CARDS) if _CARD.fullmatch(name)]
    for start in range(0, len(found), _BATCH):
        names = [f"{CARDS}/{name}" for name in found[start : start + _BATCH]]
        cards: Any = Article.objects.filter(card__in=names).values_list("card", flat=True)
        unknown = set(names) - set(cards)
        _delete(unknown)
        cleared += len(unknown)
    return cleared
