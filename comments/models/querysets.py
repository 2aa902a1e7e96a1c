"""Querysets of comments; each visibility is defined once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from authors import access

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from authors.models import User
    from comments.models import Comment


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments; none of a hidden article is ever public, whatever its own state."""

    def public(self) -> CommentQuerySet:
        """Approved comments under articles that any reader may see."""
        from blog.models import Article

        return self.filter(
            state="approved",
            article__in=Article.objects.published().exclude(comment_policy="hidden"),
        )

    def shown(self) -> CommentQuerySet:
        """Comments visible in a thread: approved ones, and tombstones with replies."""
        return self.filter(shown=True)

    def moderated_by(self, user: User | AnonymousUser) -> CommentQuerySet:
        """The comments that `user` may decide about: everywhere, or under their own articles."""
        from blog.models import Article

        if access.is_moderator(user):
            return self.exclude(article__in=Article.objects.hidden_conversations())
        if user.is_anonymous or not user.is_active or not access.roles_of(user):
            return self.none()
        return self.filter(article__in=Article.objects.editable_by(user))
