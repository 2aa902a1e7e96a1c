from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuthorsConfig(AppConfig):
    """Who writes: accounts, authors, roles."""

    name = "authors"
    verbose_name = _("Authors")
