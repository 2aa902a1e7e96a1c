"""Pictures that leave the library: deleted, or withdrawn at the wish of a person."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from authors import access, erasures
from blog.content.figures import without_picture
from blog.models import Article, Image, Page, RetiredPicture, SiteSettings, WorkingCopy
from blog.publishing import articles, pages, picture_files
from blog.reading import picture_uses
from blog.signals import picture_leaves, picture_withdrawn
from blog.site.settings import site_changed, site_settings_save

if TYPE_CHECKING:
    from authors.models import User

_KIND = "picture"
_TURNS = 3


class StillUsed(Exception):
    """A text began to show the picture meanwhile, or something cannot do without it."""


def may_delete(user: User, image: Image) -> bool:
    """Whether the user may delete a picture: editors all, others their own that nothing shows."""
    if access.is_editor(user):
        return True
    if not access.may_write(user) or image.uploaded_by_id != user.pk:
        return False
    return not picture_uses.use_counts([image.pk])


def copies_of(image: Image) -> QuerySet[Image]:
    """The entries of the library with the same file, `image` among them."""
    return Image.objects.filter(digest=image.digest).order_by("pk")


def image_delete(*, image: Image, editor: User | None) -> None:
    """Take a picture out of all that shows it and delete it with its files.

    Each text is a transaction of its own and a version of its own; broken off, it can be done
    again. Raises `StillUsed`, and ValidationError for a text that cannot be saved as it is.
    """
    _take_out(image, editor)
    with transaction.atomic():
        _delete(image)
        site_changed()


def image_withdraw(*, image: Image, editor: User | None) -> int:
    """Delete a picture everywhere: each entry with its file, share images, exports, old addresses.

    The same file is refused from now on. Its old addresses say that it is gone, and a restored
    backup withdraws it again. Gives the number of entries. Raises as `image_delete`.
    """
    copies = list(copies_of(image))
    for copy in copies:
        erasures.note(_KIND, copy.pk, copy.created_at)
    return _withdraw(copies, editor)


def withdrawals_repeat() -> int:
    """Withdraw again pictures that a restored backup brought back; gives their number."""
    noted = erasures.noted()
    back = [
        image
        for image in Image.objects.order_by("pk").iterator(2000)
        if erasures.digest(_KIND, image.pk, image.created_at) in noted
    ]
    return sum(_withdraw([image], None) for image in back)


def withdrawal_lift(*, retired: RetiredPicture) -> None:
    """Let a withdrawn picture be added again; its old addresses stay gone."""
    RetiredPicture.objects.filter(pk=retired.pk).update(withdrawn_at=None, withdrawn_by=None)


def _withdraw(copies: list[Image], editor: User | None) -> int:
    for copy in copies:
        _take_out(copy, editor)
    with transaction.atomic():
        for copy in copies:
            _delete(copy)
            # The admin's history calls a row by its words.
            LogEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(Image), object_id=str(copy.pk)
            ).update(object_repr=f"{Image._meta.verbose_name} {copy.pk}")
            # What it came in the place of is gone already: its addresses lead nowhere from now on.
            RetiredPicture.objects.update_or_create(
                digest=copy.digest,
                defaults={
                    "image": None,
                    "withdrawn_at": timezone.now(),
                    "withdrawn_by": editor,
                },
            )
        picture_withdrawn.send(Image)
        site_changed()
    return len(copies)


def _take_out(image: Image, editor: User | None) -> None:
    """Let nothing show the picture any more."""
    for rows, take in (
        (picture_uses.articles_with(image.pk), _from_article),
        (picture_uses.pages_with(image.pk), _from_page),
    ):
        for number in list(rows.values_list("pk", flat=True)):
            for turn in range(_TURNS):
                try:
                    take(number, image, editor)
                except articles.StaleText as stale:
                    # Somebody saved it in between: what is there now is read anew.
                    if turn + 1 == _TURNS:
                        raise StillUsed from stale
                else:
                    break
    for field in picture_uses.other_fields():
        if not field.null:
            continue
        if field.model is SiteSettings:
            for site in SiteSettings.objects.filter(**{field.name: image.pk}):
                setattr(site, field.name, None)
                site_settings_save(site=site)
        else:
            others: Any = field.model._default_manager.filter(**{field.name: image.pk})
            others.update(**{field.name: None})
    picture_leaves.send(Image, number=image.pk)
    _from_copies(image)


@transaction.atomic
def _from_article(number: int, image: Image, editor: User | None) -> None:
    article = Article.objects.filter(pk=number).first()
    if article is None:
        return
    card = article.card if article.picture_id == image.pk else ""
    if article.picture_id == image.pk:
        article.picture = None
    if article.share_picture_id == image.pk:
        article.share_picture = None
    article.body_source = without_picture(article.body_source, image.pk)
    articles.article_save(
        article=article,
        authors=None,
        tags=None,
        editor=editor,
        expected_version=article.version,
    )
    if card:
        # It shows the picture: gone at once, and drawn anew by the worker.
        Article.objects.filter(pk=number).update(card="", card_version=0)
        transaction.on_commit(partial(default_storage.delete, card))


@transaction.atomic
def _from_page(number: int, image: Image, editor: User | None) -> None:
    page = Page.objects.filter(pk=number).first()
    if page is not None:
        page.body_source = without_picture(page.body_source, image.pk)
        pages.page_save(page=page, editor=editor, expected_version=page.version)


def _from_copies(image: Image) -> None:
    """Forms that were kept by themselves choose the picture no more; in texts it is left out."""
    chosen = str(image.pk)
    for name in ("picture", "share_picture"):
        for copy in WorkingCopy.objects.filter(**{f"data__{name}": [chosen]}):
            copy.data[name] = [""]
            WorkingCopy.objects.filter(pk=copy.pk).update(data=copy.data)


def _delete(image: Image) -> None:
    """Delete the row; its files go when the transaction ends. Raises `StillUsed`."""
    picture_files.hold_digests(image.digest)
    stored = Image.objects.select_for_update().filter(pk=image.pk).first()
    if stored is None:
        return
    if stored.digest != image.digest or picture_uses.use_counts([stored.pk]):
        raise StillUsed
    stored.delete()
    picture_files.files_leave(stored.digest, stored.names)
