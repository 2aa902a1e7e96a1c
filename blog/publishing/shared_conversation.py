"""Conversations shared by translations: joining, leaving, and the successor."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from blog.models import (
    Article,
)
from blog.publishing import conversation_lock
from blog.signals import conversation_joined
from blog.site.settings import site_changed


@transaction.atomic
def article_translates(*, article: Article, original: Article | None) -> None:
    """Let `article` be a translation of `original` and share its conversation, or of none.

    What was said under both stands together from then on; taken apart, it stays with the
    original. Raises ValidationError for articles in one language. Locks both rows.
    """
    conversation_lock.to_move()
    numbers = [article.pk] if original is None else sorted((article.pk, original.pk))
    rows = {row.pk: row for row in Article.objects.select_for_update().filter(pk__in=numbers)}
    article = rows[article.pk]
    if original is None:
        if article.conversation_id not in (None, article.pk):
            Article.objects.filter(pk=article.pk).update(
                conversation=None,
                translation_set=uuid.uuid4(),
                comment_count=0,
                thread_version=F("thread_version") + 1,
            )
            site_changed()
        return
    original = rows[original.pk]
    if original.language == article.language:
        raise ValidationError(_("A translation is in another language than its original."))
    home = original.conversation or original
    if article.pk == home.pk or article.conversation_id == home.pk:
        return
    family = Q(pk=article.pk) | Q(conversation=article.pk)
    Article.objects.filter(family).update(conversation=home, translation_set=home.translation_set)
    Article.objects.filter(pk=home.pk).update(conversation=home)
    conversation_joined.send(Article, home=home, article=article)
    site_changed()


def hand_over(article: Article, *, stays: bool) -> None:
    """Move the conversation that `article` holds for its translations to a successor among them.

    Else readers of the translations would lose it, or meet links that lead nowhere, when the
    article is withdrawn (it `stays`, and still shares the conversation) or deleted. A public
    translation comes first. Locks the translations; the caller came through `gate`.
    """
    others = Article.objects.select_for_update().filter(conversation=article.pk)
    family = list(others.exclude(pk=article.pk).order_by("pk"))
    heir = next((row for row in family if row.is_public), None)
    if heir is None and not stays:
        heir = next(iter(family), None)
    if heir is None:
        return
    moving = [row.pk for row in family] + ([article.pk] if stays else [])
    Article.objects.filter(pk__in=moving).update(conversation=heir)
    article.conversation = heir if stays else None
    conversation_joined.send(Article, home=heir, article=article)
