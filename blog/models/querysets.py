"""Querysets of articles and pages; each visibility is defined once."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from authors.models import User
    from blog.models import Article, ArticleAuthor, Page

# Columns that lists never show; the search vector alone is as large as the text.
HEAVY = ("body_source", "body_html", "body_text", "toc", "search")


def _bylines() -> models.QuerySet[ArticleAuthor]:
    from blog.models import ArticleAuthor

    return ArticleAuthor.objects.all()


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, newest publication first by default."""

    def published(self) -> ArticleQuerySet:
        """Articles visible to every reader.

        A scheduled article counts from its minute on, also when no worker runs; the worker's
        job is only to turn its status over.
        """
        return self.filter(
            status__in=("published", "scheduled"),
            published_at__lte=timezone.now(),
            trashed_at__isnull=True,
        )

    def visible_to(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """Published articles, and those that `user` may edit."""
        from authors import access

        if access.is_editor(user):
            return self.filter(trashed_at__isnull=True)
        if user.is_anonymous or not user.is_active:
            return self.published()
        mine = _bylines().filter(author__user=user.pk, article__trashed_at__isnull=True)
        return self.filter(
            Q(pk__in=self.model.objects.published().values("pk")) | Q(pk__in=mine.values("article"))
        )

    def editable_by(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """Articles that `user` may edit: all for editors, their own for authors.

        Nothing that lies in the trash; `in_trash_of` gives that.
        """
        return self.filter(trashed_at__isnull=True)._kept_by(user)

    def in_trash_of(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """Trashed articles that `user` may restore: all for editors, their own for authors."""
        return self.filter(trashed_at__isnull=False)._kept_by(user)

    def _kept_by(self, user: User | AnonymousUser) -> ArticleQuerySet:
        from authors import access

        if user.is_anonymous or not user.is_active:
            return self.none()
        if access.is_editor(user):
            return self
        if not access.roles_of(user):
            return self.none()
        mine = _bylines().filter(author__user=user.pk)
        return self.filter(pk__in=mine.values("article"))

    def hidden_conversations(self) -> ArticleQuerySet:
        """Trashed articles whose conversation no untrashed translation shares."""
        shared = self.model.objects.filter(trashed_at__isnull=True, conversation__isnull=False)
        thrown = self.filter(trashed_at__isnull=False)
        return thrown.exclude(pk__in=shared.values("conversation"))

    def with_people(self) -> ArticleQuerySet:
        """With authors in order and tags by name, two queries whatever the number of rows."""
        return self.select_related("picture").prefetch_related(
            Prefetch("article_authors", queryset=_bylines().select_related("author")),
            "tags",
        )

    def with_reads(self, days: int = 30) -> ArticleQuerySet:
        """Annotates `read_count`: page views in the last `days` days."""
        from blog.models import Reads

        first = timezone.localdate() - datetime.timedelta(days=days - 1)
        recent = Reads.objects.filter(article=OuterRef("pk"), day__gte=first).order_by()
        total = recent.values("article").annotate(sum=Sum("count")).values("sum")
        return self.annotate(read_count=Coalesce(Subquery(total), 0))

    def light(self) -> ArticleQuerySet:
        """Without the text, which is read from elsewhere on the disk and seldom wanted."""
        return self.defer(*HEAVY)

    def for_list(self) -> ArticleQuerySet:
        """Without the columns that a list does not show."""
        return self.light().with_people()


class PageQuerySet(models.QuerySet["Page"]):
    """Pages beside the articles."""

    def published(self) -> PageQuerySet:
        """Pages visible to every reader."""
        return self.filter(public=True, trashed_at__isnull=True)

    def editable_by(self, user: User | AnonymousUser) -> PageQuerySet:
        """Pages that `user` may edit: for editors, all that are not in the trash."""
        return self.filter(trashed_at__isnull=True)._kept_by(user)

    def in_trash_of(self, user: User | AnonymousUser) -> PageQuerySet:
        """Trashed pages that `user` may restore."""
        return self.filter(trashed_at__isnull=False)._kept_by(user)

    def _kept_by(self, user: User | AnonymousUser) -> PageQuerySet:
        from authors import access

        return self if access.is_editor(user) else self.none()
