"""Autosaved forms, presence in forms, and restoring versions."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from django.db import transaction
from django.utils import timezone

from authors.models import User
from blog.models import PageRevision, Presence, Revision, Text, TextKind, WorkingCopy
from blog.publishing import articles, pages

MOST_BYTES = 1_500_000
MOST_COPIES = 60
"""Copies that one person has at once; the oldest give way."""
KEEP_DAYS = 60
PRESENT_SECONDS = 60
"""So long after the last sign of life somebody counts as being there."""
_KEY = re.compile(r"[0-9a-f-]{36}")


def kind_of(text: Text) -> TextKind:
    """The kind of `text`."""
    return TextKind(str(text._meta.model_name))


class CopyRefused(ValueError):
    """The copy is too large, or its key is invalid."""


class SavedBefore(Exception):
    """The form has made a text before: it was sent twice. `text` is what it made."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(str(text))


@transaction.atomic
def copy_keep(
    *,
    user: User,
    kind: TextKind,
    text: Text | None,
    key: str,
    version: int,
    data: dict[str, list[str]],
) -> WorkingCopy | None:
    """Store a form; None when that form has been saved since.

    Locks the copy's row. Raises `CopyRefused`.
    """
    if not _KEY.fullmatch(key) or len(json.dumps(data)) > MOST_BYTES:
        raise CopyRefused(key[:40])
    copy, made = WorkingCopy.objects.select_for_update().get_or_create(
        user=user, key=key, defaults={**_about(kind, text), "version": version, "data": data}
    )
    if made:
        mine = WorkingCopy.objects.filter(user=user).values("pk")
        WorkingCopy.objects.filter(pk__in=list(mine[MOST_COPIES:].values_list("pk", flat=True))
                                   ).delete()  # fmt: skip
        return copy
    if not copy.data:
        return None
    for name, value in (_about(kind, text) | {"version": version, "data": data}).items():
        setattr(copy, name, value)
    copy.save()
    return copy


@transaction.atomic
def copy_close(*, user: User, key: str, made: Text | None = None) -> None:
    """Close a form: later copies of it are refused."""
    if not _KEY.fullmatch(key):
        return
    about = _about(kind_of(made), made) if made is not None else {}
    copy, new = WorkingCopy.objects.select_for_update(of=("self",)).get_or_create(
        user=user, key=key, defaults={"data": {}, **about}
    )
    if new:
        return
    before = copy.article or copy.page
    if made is not None and before is not None and not copy.data:
        raise SavedBefore(before)
    for name, value in {"data": {}, **about}.items():
        setattr(copy, name, value)
    copy.save()


def made_by(*, user: User, key: str) -> Text | None:
    """The text that a form with that key has made already, if it has."""
    if not _KEY.fullmatch(key):
        return None
    copy = WorkingCopy.objects.filter(user=user, key=key, data={}).first()
    return (copy.article or copy.page) if copy else None


def _about(kind: TextKind, text: Text | None) -> dict[str, Any]:
    return {"kind": kind, "article": None, "page": None, kind.value: text}


def copies_offered(user: User, kind: TextKind, text: Text | None) -> list[WorkingCopy]:
    """Autosaved copies of `user` for `text` or for a new text of that kind; newest first."""
    own = WorkingCopy.objects.filter(user=user, **_about(kind, text)).exclude(data={})
    return list(own[:10])


def presence_mark(*, user: User, text: Text) -> list[Presence]:
    """Record that `user` has the form open; gives who else has."""
    now = timezone.now()
    alive = now - datetime.timedelta(seconds=PRESENT_SECONDS)
    mine, made = Presence.objects.get_or_create(
        user=user, defaults={"since": now, "seen_at": now}, **{kind_of(text).value: text}
    )
    if not made:
        since = mine.since if mine.seen_at >= alive else now
        Presence.objects.filter(pk=mine.pk).update(seen_at=now, since=since)
    here: dict[str, Any] = {kind_of(text).value: text}
    others = Presence.objects.filter(seen_at__gte=alive, **here).exclude(user=user)
    return list(others.select_related("user__author"))


def presence_end(*, user: User, text: Text) -> None:
    """Record that `user` closed the form."""
    here: dict[str, Any] = {kind_of(text).value: text}
    Presence.objects.filter(user=user, **here).delete()


def revision_restore(
    *, revision: Revision | PageRevision, editor: User, expected_version: int | None
) -> Text:
    """Restore a revision as a new one.

    Raises `services.StaleText` and ValidationError, as the services that save it do.
    """
    text: Text = revision.page if isinstance(revision, PageRevision) else revision.article
    text.search_title = revision.search_title
    text.search_description = revision.search_description
    if isinstance(revision, PageRevision):
        page = revision.page
        page.title, page.body_source = revision.title, revision.body_source
        return pages.page_save(page=page, editor=editor, expected_version=expected_version)
    article = revision.article
    article.title, article.lead = revision.title, revision.lead
    article.body_source = revision.body_source
    return articles.article_save(
        article=article,
        authors=None,
        tags=None,
        editor=editor,
        expected_version=expected_version,
    )


def copies_forget_old() -> None:
    """Delete copies of two months ago, those of saved forms after a day, and who was there."""
    now = timezone.now()
    day = now - datetime.timedelta(days=1)
    WorkingCopy.objects.filter(saved_at__lt=now - datetime.timedelta(days=KEEP_DAYS)).delete()
    WorkingCopy.objects.filter(saved_at__lt=day, data={}).delete()
    Presence.objects.filter(seen_at__lt=day).delete()
