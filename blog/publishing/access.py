"""Permission checks of the publication workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authors import access
from blog.models import SiteSettings, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from authors.models import User
    from blog.models import Article

_AHEAD = (Status.DRAFT, Status.REVIEW)


def may_publish(user: User | AnonymousUser) -> bool:
    """Whether `user` has publish permission: editors, and authors where the settings allow it."""
    if access.is_editor(user):
        return True
    return access.author_of(user) is not None and (
        SiteSettings.objects.filter(pk=1, authors_publish=True).exists()
    )


def may_trash(user: User | AnonymousUser, article: Article) -> bool:
    """Whether `user`, who may edit `article`, may throw it away: authors only unpublished ones."""
    return access.is_editor(user) or not article.is_public


def moves(user: User | AnonymousUser, status: str, *, dated: bool) -> list[Status]:
    """The statuses to which `user` may move an article from `status`; first `status` itself.

    `dated` says whether it has a publication date; without one it cannot be archived. Authors
    without publish permission submit drafts for review and can withdraw them.
    """
    here = Status(status)
    if may_publish(user):
        every = [one for one in Status if one != Status.REVIEW or here in _AHEAD]
        if not dated:
            every.remove(Status.ARCHIVED)
    else:
        every = list(_AHEAD) if here in _AHEAD else []
    return [here, *(one for one in every if one != here)]
