"""Permission checks by role.

Roles are groups (`authors.roles.Role`). A superuser holds every role.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from authors.models import Author, User
from authors.roles import Role


def roles_of(user: User | AnonymousUser) -> frozenset[str]:
    """The names of the user's groups, read once for each request's user object."""
    if user.is_anonymous or not user.is_active:
        return frozenset()
    known: frozenset[str] | None = getattr(user, "_weerwoord_roles", None)
    if known is None:
        if user.is_superuser:
            known = frozenset(Role.values)
        else:
            known = frozenset(user.groups.values_list("name", flat=True))
        setattr(user, "_weerwoord_roles", known)  # noqa: B010 - a note, no field of the model
    return known


def is_editor(user: User | AnonymousUser) -> bool:
    """Whether `user` edits everybody's articles: editors and owners."""
    return bool(roles_of(user) & {Role.EDITOR, Role.OWNER})


def is_moderator(user: User | AnonymousUser) -> bool:
    """Whether `user` moderates every conversation: moderators, editors and owners."""
    return bool(roles_of(user) & {Role.MODERATOR, Role.EDITOR, Role.OWNER})


def is_owner(user: User | AnonymousUser) -> bool:
    """Whether `user` manages accounts and the site itself."""
    return Role.OWNER in roles_of(user)


def author_of(user: User | AnonymousUser) -> Author | None:
    """The author that `user` writes as, if there is one."""
    if user.is_anonymous or not user.is_active:
        return None
    return getattr(user, "author", None)


def may_write(user: User | AnonymousUser) -> bool:
    """Whether the person writes articles: an editor, or an account with an author and a role."""
    return bool(roles_of(user)) and (is_editor(user) or author_of(user) is not None)


def editable_authors(user: User | AnonymousUser) -> QuerySet[Author]:
    """The authors whose name, bio and photo `user` may change: their own, or all of them."""
    if not user.is_active or user.is_anonymous:
        return Author.objects.none()
    if is_editor(user):
        return Author.objects.all()
    return Author.objects.filter(user=user.pk)
