"""The trash: what is thrown away can be put back, until it is deleted for good."""

from __future__ import annotations

import datetime
import functools
from typing import TypeVar

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from authors.models import User
from blog.discovery.announcing import announce
from blog.models import Article, Page, Redirect, Status
from blog.publishing import conversation_lock
from blog.publishing.rendering import links_changed
from blog.publishing.shared_conversation import hand_over
from blog.site.menus import menu_links_renew
from blog.site.permalinks import address_of
from blog.site.redirects import address_moves
from blog.site.settings import site_changed, site_settings

_Text = TypeVar("_Text", Article, Page)


class NotInTrash(Exception):
    """Somebody put the article back, or deleted it, in the meantime."""


def _locked(text: _Text) -> _Text:
    """The stored row, locked. Raises `NotInTrash` when it is gone."""
    rows = type(text)._default_manager.select_for_update(of=("self",))
    found = rows.filter(pk=text.pk).first()
    if found is None:
        raise NotInTrash
    return found


@transaction.atomic
def article_trash(*, article: Article, editor: User | None) -> Article:
    """Throw an article away: nobody sees it or its conversation, and its address says 410.

    Locks the row. Twice is once. Raises `NotInTrash` for one that was deleted for good.
    """
    conversation_lock.to_move()
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
    conversation_lock.to_move()
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


@transaction.atomic
def page_trash(*, page: Page, editor: User | None) -> Page:
    """Throw a page away: nobody sees it, menus leave it out, and its address says 410.

    Locks the row. Twice is once. Raises `NotInTrash` for one that was deleted for good.
    """
    found = _locked(page)
    if found.trashed_at is not None:
        return found
    if found.public:
        Redirect.objects.update_or_create(
            old_path=found.get_absolute_url(), defaults={"article": None, "target": ""}
        )
    found.trashed_at, found.trashed_by = timezone.now(), editor
    found.version += 1
    found.save(update_fields=["trashed_at", "trashed_by", "version"])
    menu_links_renew()
    return found


@transaction.atomic
def page_put_back(*, page: Page) -> Page:
    """Take a page out of the trash, as it was.

    It loses its purpose when another page has got that meanwhile. Locks the row. Raises
    `NotInTrash`.
    """
    found = _locked(page)
    if found.trashed_at is None:
        raise NotInTrash
    others = Page.objects.filter(trashed_at=None, language=found.language)
    if found.purpose and others.filter(purpose=found.purpose).exists():
        found.purpose = ""
    found.trashed_at = found.trashed_by = None
    found.version += 1
    found.save(update_fields=["purpose", "trashed_at", "trashed_by", "version"])
    if found.public:
        Redirect.objects.filter(old_path=found.get_absolute_url()).delete()
    menu_links_renew()
    return found


@transaction.atomic
def page_delete(*, page: Page) -> None:
    """Delete a page for good; its address says 410 from then on, if readers knew it."""
    if page.public:
        address_moves(old=page.get_absolute_url(), new="")
    page.delete()
    menu_links_renew()


def trash_empty_old() -> int:
    """Delete what was thrown away longer ago than the settings keep it; gives the number."""
    days = site_settings().trash_days
    if not days:
        return 0
    before = timezone.now() - datetime.timedelta(days=days)
    articles = list(Article.objects.filter(trashed_at__lt=before).order_by("pk").only("pk"))
    for article in articles:
        article_delete(article=article)
    pages = list(Page.objects.filter(trashed_at__lt=before).order_by("pk"))
    for page in pages:
        page_delete(page=page)
    return len(articles) + len(pages)
