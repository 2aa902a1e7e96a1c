"""What somebody with an account leaves in the conversation."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import ngettext

from authors.models import User
from comments.models import Comment, Commenter


def comments_of_leaving(sender: Any, *, user: User, **_more: Any) -> list[str]:
    """A line about the comments of `user`; receives `authors.signals.leaving`."""
    # Two counts along two indexes: one of either would read every comment of the site.
    number = Comment.objects.filter(commenter__in=Commenter.objects.filter(user=user)).count()
    if author := getattr(user, "author", None):
        of_author = Comment.objects.filter(author=author)
        number += of_author.exclude(
            Exists(Commenter.objects.filter(pk=OuterRef("commenter"), user=user))
        ).count()
    if not number:
        return []
    return [ngettext("%(number)d comment", "%(number)d comments", number) % {"number": number}]
