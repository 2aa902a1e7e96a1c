"""Services that write the picture library."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from authors.models import User
from blog.models import Article, Image, Page
from blog.publishing.rendering import bodies_renew
from blog.site.settings import site_changed
from core import locks, pictures
from core.locks import Lock


@transaction.atomic
def image_add(
    *,
    upload: BinaryIO,
    alt: str,
    caption: str = "",
    credit: str = "",
    focus: tuple[int, int] = (50, 50),
    user: User | None,
) -> Image:
    """A new picture of the library, decoded and written anew. Raises `pictures.PictureError`.

    The same picture twice is one set of files, at once too: a lock on its digest is held until the
    transaction ends. Files that a failure leaves are taken away, those of a killed process are
    written anew.
    """
    original = pictures.normalise(upload)
    digest = hashlib.sha256(original.data).hexdigest()
    locks.hold(Lock.PICTURE, digest)
    known = Image.objects.filter(digest=digest).first()
    image = Image(
        digest=digest,
        alt=alt,
        caption=caption,
        credit=credit,
        focal_x=focus[0],
        focal_y=focus[1],
        uploaded_by=user,
    )
    if known is not None:
        image.file, image.renditions = known.file.name, known.renditions
        image.save()
        return image
    stem = f"pictures/{pictures.file_name(alt, bytes.fromhex(digest))}"
    made: list[str] = []
    try:
        name = _keep(f"{stem}.{_ending(original.format)}", original.data)
        made.append(name)
        for rendition in pictures.renditions(original.data):
            ending = _ending(rendition.format)
            made.append(_keep(f"{stem}-{rendition.width}.{ending}", rendition.data))
            image.renditions.append(
                {
                    "format": rendition.format,
                    "width": rendition.width,
                    "height": rendition.height,
                    "name": made[-1],
                }
            )
        image.file = name
        image.save()
    except BaseException:
        for name in made:
            default_storage.delete(name)
        raise
    return image


def _keep(name: str, data: bytes) -> str:
    """Store a file in the place of one that no row knows: its process was killed before that."""
    default_storage.delete(name)
    return default_storage.save(name, ContentFile(data))


def _ending(format: str) -> str:
    return "jpg" if format == "jpeg" else format


@transaction.atomic
def image_update(*, image: Image) -> Image:
    """Save changed texts of a picture; articles and pages with it are rendered again."""
    focus = {"focal_x": image.focal_x, "focal_y": image.focal_y}
    if not Image.objects.filter(pk=image.pk, **focus).exists():
        # The pictures for sharing are cropped around it.
        Article.objects.filter(picture=image).exclude(card="").update(card_version=0)
    image.save()
    for model in (Article, Page):
        shown = model._default_manager.filter(
            body_source__regex=rf'data-(image|gallery)="([0-9]+,)*{image.pk}[,"]'
        )
        bodies_renew(shown)
    site_changed()
    return image
