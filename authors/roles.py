"""The roles that accounts have, as groups."""

from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The groups that a migration makes; the value is the group's name."""

    AUTHOR = "Auteur", _("Author")
    EDITOR = "Redacteur", _("Editor")
    MODERATOR = "Moderator", _("Moderator")
    OWNER = "Beheerder", _("Owner")


TASKS: Final[dict[str, Promise]] = {
    Role.AUTHOR: _("writes articles, submits them, and decides about comments under them"),
    Role.EDITOR: _("publishes and changes all articles, and decides about all comments"),
    Role.MODERATOR: _("decides about all comments"),
    Role.OWNER: _("may do everything, and manages the settings of the site and the accounts"),
}
"""What each role may do, for whoever chooses one."""


def role_label(group: str) -> str:
    """The name of the role of that group; the group's own name where no role has it."""
    return str(Role(group).label) if group in TASKS else group


def role_described(group: str) -> str:
    """The role's name and what it may do: "Moderator: decides about all comments"."""
    return f"{role_label(group)}: {TASKS[group]}" if group in TASKS else group


class FactorFor(models.TextChoices):
    """Who must have a second factor."""

    NOBODY = "nobody", _("nobody")
    OWNERS = "owners", _("owners")
    EDITORS = "editors", _("owners and editors")
    EVERYONE = "everyone", _("everybody with an account")
