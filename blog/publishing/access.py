"""Who may move an article along, asked in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authors import access
from blog.models import SiteSettings, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from authors.models import User

_AHEAD = (Status.DRAFT, Status.REVIEW)


def may_publish(user: User | AnonymousUser) -> bool:
    """Whether `user` decides what readers see: editors; authors where the settings say so."""
    if access.is_editor(user):
        return True
    return access.author_of(user) is not None and (
        SiteSettings.objects.filter(pk=1, authors_publish=True).exists()
    )


def moves(user: User | AnonymousUser, status: str, *, dated: bool) -> list[Status]:
    """Where `user` may bring an article that stands at `status`; that it stays comes first.

    `dated` says whether it has a publication date, without which nothing is archived. Who may not
    publish submits what is not out yet, and takes it back.
    """
    here = Status(status)
    if may_publish(user):
        every = [one for one in Status if one != Status.REVIEW or here in _AHEAD]
        if not dated:
            every.remove(Status.ARCHIVED)
    else:
        every = list(_AHEAD) if here in _AHEAD else []
    return [here, *(one for one in every if one != here)]
