"""Marks comments that quote a passage which the article no longer has."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django_tasks import task

from blog.models import Article, Revision
from comments.models import Comment, State
from comments.thread import fragments
from comments.thread.access import home_id
from comments.thread.counters import lock_thread, visibility_changed
from core import html_bounds

_BLANKS = re.compile(r"\s+")
_BEFORE_TAG = re.compile(r"(?=<)")


SHORTEST = 20
"""Characters; shorter quotations stand in a text by chance."""


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip().casefold()


def quotations(html: str) -> list[str]:
    """The quoted passages of a comment's markup, as plain words, a paragraph each."""
    root = html_bounds.fragment(html)
    passages = [_plain(str(node.text_content())) for node in root.iterfind(".//blockquote//p")]
    return [passage for passage in passages if len(passage) >= SHORTEST]


def changed(article: Article, **_more: Any) -> None:
    """Leave the look at the quotations to the worker; receives `blog.signals.article_changed`."""
    review.enqueue(article.pk)


@task()
def review(article_id: int) -> None:
    """Mark the comments whose quotation was in the article when they were written, and is not now.

    One that is back again loses its mark.
    """
    article = Article.objects.filter(pk=article_id).first()
    if article is None:
        return
    now = _plain(f"{article.title} {article.lead} {article.body_text}")
    quoting = Comment.objects.filter(
        article=home_id(article), state=State.APPROVED, html__contains="<blockquote"
    )
    for comment in quoting.iterator(chunk_size=200):
        passages = quotations(comment.html)
        gone = [passage for passage in passages if passage not in now]
        marked = comment.quote_gone_at is not None
        lost = bool(gone) and (marked or _stood_in(article, comment.article_version, gone))
        if lost != marked:
            _mark(comment, lost)


def _stood_in(article: Article, version: int, passages: list[str]) -> bool:
    """Whether the article, as it was at `version`, held one of the passages."""
    then = Revision.objects.filter(article=article, version__lte=version).first()
    if then is None:
        return False
    words = _BEFORE_TAG.sub(" ", then.body_source)
    text = _plain(f"{then.title} {then.lead} {strip_tags(words)}")
    return any(passage in text for passage in passages)


@transaction.atomic
def _mark(comment: Comment, lost: bool) -> None:
    row = lock_thread(comment)
    row.quote_gone_at = timezone.now() if lost else None
    fragments.refresh(row)
    row.save(update_fields=["quote_gone_at", *fragments.FIELDS])
    visibility_changed(row, by=0)
