"""Newsletters that an editor writes: own words and articles of choice, sent once.

One that is scheduled becomes a sending (`Issue`) at its moment, in the worker. What it says is made
as each mail goes out, so it is not changed any more from then on.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.content import sanitiser
from blog.content.figures import without_picture
from blog.models import Article
from blog.publishing.rendering import rendered_body
from newsletter.models import Edition, EditionArticle, EditionState, Issue

MOST_ARTICLES = 30
_LATE = datetime.timedelta(days=2)
"""The worker was away for longer than that: an editor decides whether it still goes out."""


class EditionClosed(Exception):
    """It went out, or was changed by somebody else; nothing is done."""


@transaction.atomic
def edition_save(*, edition: Edition, articles: Sequence[Article]) -> Edition:
    """Store an edition with its articles in that order; text that is cleaned and rendered.

    Locks the stored row. Raises `EditionClosed` once it went out, ValidationError for a text
    beyond the bounds.
    """
    if edition.pk:
        stored = _locked(edition)
        if not stored.is_open:
            raise EditionClosed
        edition.state, edition.send_at = stored.state, stored.send_at
    edition.body_source = sanitiser.clean(edition.body_source)
    _render(edition)
    edition.save()
    EditionArticle.objects.filter(edition=edition).delete()
    EditionArticle.objects.bulk_create(
        EditionArticle(edition=edition, article=article, position=position)
        for position, article in enumerate(articles[:MOST_ARTICLES])
    )
    return edition


def _render(edition: Edition) -> None:
    """Make of the text what is stored beside it."""
    edition.body_html = rendered_body(edition.body_source, edition.language).html
    edition.figures = sanitiser.picture_numbers(edition.body_source)


@transaction.atomic
def picture_leaves(*, number: int, **_more: object) -> None:
    """Take a picture that is deleted out of every edition; receives `blog.signals.picture_leaves`.

    Locks the editions that show it. What went out stays in readers' mailboxes.
    """
    for edition in Edition.objects.select_for_update().filter(figures__contains=[number]):
        edition.body_source = sanitiser.clean(without_picture(edition.body_source, number))
        _render(edition)
        edition.save(update_fields=["body_source", "body_html", "figures"])


@transaction.atomic
def edition_schedule(*, edition: Edition, at: datetime.datetime | None) -> Edition:
    """Let it go out at that moment, or now; another moment takes the place of an earlier one.

    Locks the row. Raises `EditionClosed`, and ValidationError for one that says nothing or for a
    moment that is over.
    """
    stored = _locked(edition)
    if not stored.is_open:
        raise EditionClosed
    is_empty = stored.body_source.strip() in ("", "<p></p>")
    if is_empty and not stored.edition_articles.exists():
        raise ValidationError(_("It says nothing yet: write a text or choose an article."))
    now = timezone.now()
    if at is not None and at < now:
        raise ValidationError(_("That moment is over."))
    stored.state, stored.send_at = EditionState.SCHEDULED, at or now
    stored.save(update_fields=["state", "send_at"])
    return stored


@transaction.atomic
def edition_withdraw(*, edition: Edition) -> Edition:
    """Make a scheduled one a draft again, or stop one that goes out: who has no mail yet gets none.

    Locks the row. Raises `EditionClosed` for one that is neither.
    """
    stored = _locked(edition)
    if stored.state == EditionState.SCHEDULED:
        stored.state, stored.send_at = EditionState.DRAFT, None
    elif stored.state == EditionState.SENT:
        stored.state = EditionState.STOPPED
        Issue.objects.filter(edition=stored, finished_at=None).update(finished_at=timezone.now())
    else:
        raise EditionClosed
    stored.save(update_fields=["state", "send_at"])
    return stored


@transaction.atomic
def edition_delete(*, edition: Edition) -> None:
    """Delete one that did not go out. Locks the row. Raises `EditionClosed`."""
    stored = _locked(edition)
    if not stored.is_open:
        raise EditionClosed
    stored.delete()


@transaction.atomic
def editions_begin() -> list[int]:
    """Make a sending of each edition that is due; gives their numbers. Skips locked ones.

    One that is late by more than two days becomes a draft again.
    """
    now = timezone.now()
    begun = []
    due = Edition.objects.select_for_update(skip_locked=True).filter(
        state=EditionState.SCHEDULED, send_at__lte=now
    )
    for edition in due.order_by("send_at")[:20]:
        if edition.send_at is not None and edition.send_at < now - _LATE:
            edition.state, edition.send_at = EditionState.DRAFT, None
        else:
            edition.state = EditionState.SENT
            begun.append(Issue.objects.create(edition=edition, title=edition.subject[:200]).pk)
        edition.save(update_fields=["state", "send_at"])
    return begun


def _locked(edition: Edition) -> Edition:
    """The stored row. Raises `EditionClosed` when it is gone."""
    stored = Edition.objects.select_for_update(of=("self",)).filter(pk=edition.pk).first()
    if stored is None:
        raise EditionClosed
    return stored
