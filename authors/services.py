"""Writes of accounts and authors."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F

from authors.models import Author
from authors.signals import photo_changed, renamed
from core import pictures


@transaction.atomic
def author_save(*, author: Author, photo: BinaryIO | None = None) -> Author:
    """Store an author; a given photo becomes square pictures of 96 and 192 pixels.

    Raises `pictures.PictureError` for what is no picture; of one that moves the first frame counts.
    Every page that shows the author is
    renewed by their version. Locks the stored row; another name is told by `signals.renamed`,
    another photo by `signals.photo_changed`.
    """
    if photo is not None:
        original = pictures.normalise(photo, still=True)
        digest = hashlib.sha256(original.data).digest()
        stem = f"authors/{pictures.file_name(author.name, digest)}"
        author.photo_renditions = {}
        for rendition in pictures.square(original.data):
            ending = "jpg" if rendition.format == "jpeg" else rendition.format
            name = _keep(f"{stem}-{rendition.width}.{ending}", rendition.data)
            author.photo_renditions.setdefault(str(rendition.width), {})[rendition.format] = name
        ending = "jpg" if original.format == "jpeg" else original.format
        author.photo = _keep(f"{stem}.{ending}", original.data)
    before = None
    if author.pk:
        stored = Author.objects.select_for_update().filter(pk=author.pk)
        before = stored.values_list("name", flat=True).first()
        author.version = F("version") + 1
    author.save()
    author.refresh_from_db(fields=["version"])
    if before is not None and before != author.name:
        renamed.send(Author, person=author, before=before)
    if photo is not None:
        photo_changed.send(Author, author=author.pk)
    return author


def _keep(name: str, data: bytes) -> str:
    """Store a file named by its content, unless it exists already."""
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(data))
