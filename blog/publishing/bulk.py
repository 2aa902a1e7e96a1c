"""Acts on several articles at once; each article is one transaction of its own.

Nothing is held over more than one article, so that two people who act on the same ones do not wait
for each other in a ring, and what cannot be done with one article stops none of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors import access as roles
from authors.models import Author
from blog.models import Article, Status, Tag
from blog.publishing import access, articles, trash

if TYPE_CHECKING:
    from authors.models import User


class Act(models.TextChoices):
    """What can be done with several articles."""

    TAG_ADD = "tag_add", gettext_lazy("Add a tag")
    TAG_REMOVE = "tag_remove", gettext_lazy("Take a tag away")
    AUTHOR = "author", gettext_lazy("Change the author")
    PUBLISH = "publish", gettext_lazy("Publish")
    ARCHIVE = "archive", gettext_lazy("Archive")
    DRAFT = "draft", gettext_lazy("Make it a draft again")
    TRASH = "trash", gettext_lazy("Move to the trash")
    PUT_BACK = "put_back", gettext_lazy("Put back")


STEPS = {Act.PUBLISH: Status.PUBLISHED, Act.ARCHIVE: Status.ARCHIVED, Act.DRAFT: Status.DRAFT}


class NotDone(Exception):
    """The act was not done with an article; the message says why."""


@dataclass(frozen=True, slots=True)
class Order:
    """An act with what it needs: a tag, or who leaves bylines (None: everybody) and who comes."""

    act: Act
    editor: User
    tag: Tag | None = None
    leaves: Author | None = None
    comes: Author | None = None


def article_act(*, number: int, expected_version: int, order: Order) -> tuple[Article, str]:
    """Do `order` with an article; gives the article and the status that it had.

    Raises `NotDone`: it is not the editor's, was saved since `expected_version`, is so already, or
    the editor may not. Locks what the service of the act locks.
    """
    if order.act == Act.PUT_BACK:
        return _put_back(number, order)
    article = Article.objects.editable_by(order.editor).filter(pk=number).first()
    if article is None:
        if Article.objects.in_trash_of(order.editor).filter(pk=number).exists():
            raise NotDone(_("It is in the trash."))
        raise NotDone(_("It is gone, or not yours."))
    before = article.status
    try:
        with transaction.atomic():
            _do(article, expected_version, order)
    except articles.StaleText as stale:
        # Pressed twice, the first press did it.
        _refuse_twice(stale.current, order)  # type: ignore[arg-type]
        raise NotDone(_("Somebody else saved it in the meantime.")) from stale
    except ValidationError as refused:
        raise NotDone(" ".join(refused.messages)) from refused
    except trash.NotInTrash as gone:
        raise NotDone(_("It is gone, or not yours.")) from gone
    return article, before


def _put_back(number: int, order: Order) -> tuple[Article, str]:
    thrown = Article.objects.in_trash_of(order.editor).filter(pk=number).first()
    if thrown is None:
        raise NotDone(_("It is not in the trash any more."))
    try:
        return trash.article_put_back(article=thrown), thrown.status
    except trash.NotInTrash as gone:
        raise NotDone(_("It is not in the trash any more.")) from gone


def _do(article: Article, expected_version: int, order: Order) -> None:
    _refuse_twice(article, order)
    if article.version != expected_version:
        raise articles.StaleText(article)
    if order.act == Act.TRASH:
        if not access.may_trash(order.editor, article):
            raise NotDone(_("Readers see it: an editor can throw it away."))
        trash.article_trash(article=article, editor=order.editor)
        return
    byline = tags = None
    if order.act in STEPS:
        _step(article, order)
    elif order.act == Act.AUTHOR:
        byline = _byline(article, order)
    else:
        tags = [tag for tag in article.tags.all() if tag != order.tag]
        if order.act == Act.TAG_ADD and order.tag is not None:
            tags.append(order.tag)
    articles.article_save(
        article=article,
        authors=byline,
        tags=tags,
        editor=order.editor,
        expected_version=expected_version,
    )


def _refuse_twice(article: Article, order: Order) -> None:
    """Raises `NotDone` for an article that is already as the act would leave it."""
    act = order.act
    if STEPS.get(act) == article.status:
        words = _("It is that already: %(status)s.")
        raise NotDone(words % {"status": article.get_status_display().lower()})
    if act in (Act.TAG_ADD, Act.TAG_REMOVE):
        has = order.tag in article.tags.all()
        if has and act == Act.TAG_ADD:
            raise NotDone(_("It has that tag already."))
        if not has and act == Act.TAG_REMOVE:
            raise NotDone(_("It does not have that tag."))
    if act == Act.AUTHOR:
        byline = article.byline
        if order.leaves is not None and order.leaves not in byline:
            raise NotDone(_("%(name)s is not in its byline.") % {"name": order.leaves})
        if _renewed(byline, order) == byline:
            raise NotDone(_("Its byline is so already."))


def _step(article: Article, order: Order) -> None:
    """Set the status, as the buttons of the form do. Raises `NotDone`."""
    to, now = STEPS[order.act], timezone.now()
    date = article.published_at
    if to == Status.ARCHIVED and date is None:
        raise NotDone(_("It was never published: there is nothing to archive."))
    if to not in access.moves(order.editor, article.status, dated=date is not None):
        raise NotDone(_("This step is not open to you, or not from here."))
    returned = article.status == Status.REVIEW and to == Status.DRAFT
    if returned and roles.is_editor(order.editor):
        raise NotDone(_("Open it, and say what should change."))
    if to == Status.PUBLISHED:
        ahead = date is not None and date > now
        if ahead and article.status != Status.SCHEDULED:
            raise NotDone(_("Its date is still to come: open it to schedule it."))
        if ahead or date is None:
            article.published_at = now
    article.status = to


def _byline(article: Article, order: Order) -> list[Author]:
    """The byline after the change. Raises `NotDone`."""
    byline = _renewed(article.byline, order)
    if not roles.is_editor(order.editor) and roles.author_of(order.editor) not in byline:
        raise NotDone(_("You stay in the byline of your own article."))
    return byline


def _renewed(byline: Sequence[Author], order: Order) -> list[Author]:
    comes = [order.comes] if order.comes is not None else []
    if order.leaves is None:
        return comes
    found: list[Author] = []
    for author in byline:
        found += comes if author == order.leaves else [author]
    return list(dict.fromkeys(found))
