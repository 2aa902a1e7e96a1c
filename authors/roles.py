"""The roles that accounts have, as groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The groups that a migration makes; the value is the group's name."""

    AUTHOR = "Auteur", _("Author")
    EDITOR = "Redacteur", _("Editor")
    MODERATOR = "Moderator", _("Moderator")
    OWNER = "Beheerder", _("Owner")


class FactorFor(models.TextChoices):
    """Who must have a second factor."""

    NOBODY = "nobody", _("nobody")
    OWNERS = "owners", _("owners")
    EDITORS = "editors", _("owners and editors")
    EVERYONE = "everyone", _("everybody with an account")
