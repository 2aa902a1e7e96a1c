from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """The newsletter."""

    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        """Register the recurring work, and what is kept of a person."""
        from comments.commenters import giving
        from newsletter import jobs, services  # noqa: F401 - importing jobs registers them

        giving.PARTS["newsletter"] = giving.Part(_("Newsletters"), services.export)
