from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuthorsConfig(AppConfig):
    """Who writes: accounts, authors, roles."""

    name = "authors"
    verbose_name = _("Authors")

    def ready(self) -> None:
        """Register the recurring work."""
        from authors import account_mail  # noqa: F401 - importing it registers
