"""Services that write the picture library."""

from __future__ import annotations

import hashlib
from typing import BinaryIO, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authors.models import User
from blog.models import Article, Image, Page, RetiredPicture
from blog.publishing import picture_files
from blog.publishing.rendering import bodies_renew
from blog.site.settings import site_changed
from core import pictures

WORDS: Final = ("alt", "caption", "credit")
_FOCUS: Final = ("focal_x", "focal_y")
_CROP: Final = ("crop_left", "crop_top", "crop_width", "crop_height")


class StalePicture(Exception):
    """Somebody replaced or deleted the picture meanwhile."""


@transaction.atomic
def image_add(
    *,
    upload: BinaryIO,
    alt: str,
    caption: str = "",
    credit: str = "",
    focus: tuple[int, int] = (50, 50),
    user: User | None,
    still: bool = False,
) -> Image:
    """A new picture of the library, decoded and written anew. Raises `pictures.PictureError`.

    With `still` the first frame of a moving picture is taken, which else is refused.

    The same picture twice is one set of files, at once too: a lock on its digest is held until the
    transaction ends. Files that a failure leaves are taken away, those of a killed process are
    written anew.
    """
    original, digest = _normalised(upload, still=still)
    picture_files.hold_digests(digest)
    _refuse_withdrawn(digest)
    image = Image(
        digest=digest,
        alt=alt,
        caption=caption,
        credit=credit,
        focal_x=focus[0],
        focal_y=focus[1],
        uploaded_by=user,
    )
    with picture_files.files_of(image, original.data, original.format):
        image.save()
    return image


def image_acceptable(*, upload: BinaryIO) -> None:
    """Raises `pictures.PictureError` for what neither adds nor replaces a picture."""
    _refuse_withdrawn(_normalised(upload)[1])


def _normalised(upload: BinaryIO, *, still: bool = False) -> tuple[pictures.Rendition, str]:
    original = pictures.normalise(upload, still=still)
    return original, hashlib.sha256(original.data).hexdigest()


def _refuse_withdrawn(digest: str) -> None:
    if RetiredPicture.objects.filter(digest=digest, withdrawn_at__isnull=False).exists():
        raise pictures.PictureError(
            _(
                "This picture was withdrawn from the site and is not taken again. An editor can"
                " allow it in the library, under “Withdrawn pictures”."
            ),
            code="withdrawn",
        )


@transaction.atomic
def image_update(*, image: Image) -> Image:
    """Save texts, focal point and crop of a picture; articles and pages with it are rendered again.

    Its file is that of the stored row, whatever `image` says: another person may have replaced it.
    Locks the row, and the digest when the sizes are made anew. Raises `StalePicture`.
    """
    stored = _locked(image.pk)
    recropped, old = stored.crop != image.crop, stored.names
    refocused = (stored.focal_x, stored.focal_y) != (image.focal_x, image.focal_y)
    for name in (*WORDS, *_FOCUS, *_CROP):
        setattr(stored, name, getattr(image, name))
    if recropped:
        data, format = picture_files.original_of(stored)
        with picture_files.files_of(stored, data, format):
            stored.save()
        picture_files.files_leave(stored.digest, old)
    else:
        stored.save(update_fields=[*WORDS, *_FOCUS])
    _shown_anew(stored, redraw=recropped or refocused)
    return stored


@transaction.atomic
def image_replace(*, image: Image, upload: BinaryIO) -> Image:
    """Put another file in the place of a picture's; its number, words, crop and uses stay.

    Old addresses lead to the new file. Locks both digests and the row. Raises
    `pictures.PictureError` and `StalePicture`.
    """
    original, digest = _normalised(upload)
    stored = _locked(image.pk, digest)
    former, old = stored.digest, stored.names
    if digest == former:
        return stored
    _refuse_withdrawn(digest)
    stored.digest = digest
    with picture_files.files_of(stored, original.data, original.format):
        stored.save()
    if not Image.objects.filter(digest=former).exists():
        RetiredPicture.objects.update_or_create(digest=former, defaults={"image": stored})
    picture_files.files_leave(former, old)
    _shown_anew(stored, redraw=True)
    return stored


def _locked(number: int, *digests: str) -> Image:
    """The stored row, locked after its digest and `digests`. Raises `StalePicture`."""
    known = Image.objects.filter(pk=number).values_list("digest", flat=True).first()
    if known is None:
        raise StalePicture
    picture_files.hold_digests(known, *digests)
    stored = Image.objects.select_for_update().filter(pk=number, digest=known).first()
    if stored is None:
        raise StalePicture
    return stored


def _shown_anew(image: Image, *, redraw: bool) -> None:
    """Render what shows the picture; with `redraw` the share images too, which crop it."""
    if redraw:
        Article.objects.filter(picture=image).exclude(card="").update(card_version=0)
    for model in (Article, Page):
        bodies_renew(model._default_manager.filter(figures__contains=[image.pk]).order_by("pk"))
    site_changed()
