"""What somebody with an account leaves in the conversation."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import ngettext

from authors.models import User
from comments.models import Comment


def comments_of_leaving(sender: Any, *, user: User, **_more: Any) -> list[str]:
    """A line about the comments of `user`; receives `authors.signals.leaving`."""
    mine = Q(commenter__user=user)
    author = getattr(user, "author", None)
    number = Comment.objects.filter(mine | Q(author=author) if author else mine).count()
    if not number:
        return []
    return [ngettext("%(number)d comment", "%(number)d comments", number) % {"number": number}]
