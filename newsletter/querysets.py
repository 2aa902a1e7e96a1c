"""Querysets of subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from blog.models import Article
    from newsletter.models import Subscription


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions; each belongs to an address that was confirmed."""

    def reachable(self) -> SubscriptionQuerySet:
        """Subscriptions of people who can be mailed."""
        return self.filter(
            person__confirmed_at__isnull=False,
            person__bounced_at=None,
            person__email__isnull=False,
        ).exclude(person__trust="blocked")

    def matching(self, article: Article) -> SubscriptionQuerySet:
        """Those that `article` belongs to: to everything, one of its authors or of its tags."""
        return self.filter(
            Q(author=None, tag=None)
            | Q(author__in=article.article_authors.order_by().values("author"))
            | Q(tag__in=article.tags.through.objects.filter(article=article).values("tag"))
        )
