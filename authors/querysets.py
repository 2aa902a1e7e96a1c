"""Querysets of authors; each visibility is defined once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from authors.models import Author, User


class AuthorQuerySet(models.QuerySet["Author"]):
    """Authors; every author is public, not every author may be edited."""

    def editable_by(self, user: User | AnonymousUser) -> AuthorQuerySet:
        """The authors whose name, bio and photo `user` may change: their own, or all of them."""
        from authors import access

        if not user.is_active or user.is_anonymous:
            return self.none()
        if access.is_editor(user):
            return self
        return self.filter(user=user.pk)
