"""The trash: what is thrown away can be put back, until it is deleted for good."""

from __future__ import annotations

import datetime
import functools

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from authors.models import User
from blog import gate
from blog.announcing import announce
from blog.models import Article, Redirect, Status
from blog.services import address_of, hand_over, links_changed, site_changed, site_settings


class NotInTrash(Exception):
    """Somebody put the article back, or deleted it, in the meantime."""


def _locked(article: Article) -> Article:
    """The stored row, locked. Raises `NotInTrash` when it is gone."""
    found = Article.objects.select_for_update(of=("self",)).filter(pk=article.pk).first()
    if found is None:
        raise NotInTrash
    return found


@transaction.atomic
def article_trash(*, article: Article, editor: User | None) -> Article:
    """Throw an article away: nobody sees it or its conversation, and its address says 410.

    Locks the row. Twice is once. Raises `NotInTrash` for one that was deleted for good.
    """
    gate.to_move()
    found = _locked(article)
    if found.trashed_at is not None:
        return found
    if address := address_of(found):
        Redirect.objects.update_or_create(
            old_path=address, defaults={"article": found, "target": ""}
        )
    announce(found)
    found.trashed_at, found.trashed_by = timezone.now(), editor
    found.version += 1
    found.save(update_fields=["trashed_at", "trashed_by", "version"])
    hand_over(found, stays=True)
    links_changed(found)
    site_changed()
    return found


@transaction.atomic
def article_put_back(*, article: Article) -> Article:
    """Take an article out of the trash, as it was.

    One whose scheduled moment passed meanwhile becomes a draft: nothing is published by undoing.
    Locks the row. Raises `NotInTrash`.
    """
    found = _locked(article)
    if found.trashed_at is None:
        raise NotInTrash
    passed = found.published_at is not None and found.published_at <= timezone.now()
    if found.status == Status.SCHEDULED and passed and found.published_at > found.trashed_at:  # type: ignore[operator]
        found.status = Status.DRAFT
    found.trashed_at = found.trashed_by = None
    found.version += 1
    found.save(update_fields=["status", "trashed_at", "trashed_by", "version"])
    if address := address_of(found):
        Redirect.objects.filter(old_path=address).delete()
    announce(found)
    links_changed(found)
    site_changed()
    return found


@transaction.atomic
def article_delete(*, article: Article) -> None:
    """Delete an article for good, with its conversation unless a translation shares that.

    Addresses that readers knew say 410 from then on. Locks the row; one that is gone is fine.
    """
    gate.to_move()
    found = Article.objects.select_for_update(of=("self",)).filter(pk=article.pk).first()
    if found is None:
        return
    if address := address_of(found):
        Redirect.objects.update_or_create(
            old_path=address, defaults={"article": None, "target": ""}
        )
    Redirect.objects.filter(article=found).update(article=None, target="")
    hand_over(found, stays=False)
    announce(found)
    if found.card:
        transaction.on_commit(functools.partial(default_storage.delete, found.card))
    links_changed(found)
    found.delete()
    site_changed()


def trash_empty_old() -> int:
    """Delete what was thrown away longer ago than the settings keep it; gives the number."""
    days = site_settings().trash_days
    if not days:
        return 0
    before = timezone.now() - datetime.timedelta(days=days)
    old = Article.objects.filter(trashed_at__lt=before).order_by("pk")
    for article in (found := list(old.only("pk"))):
        article_delete(article=article)
    return len(found)
