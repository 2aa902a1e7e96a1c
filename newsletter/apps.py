from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """The newsletter."""

    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        """Register what is kept of a person, and listen for pictures that are deleted."""
        from blog.signals import picture_leaves
        from comments.commenters import giving
        from newsletter import editions, services

        picture_leaves.connect(editions.picture_leaves)

        giving.PARTS["newsletter"] = giving.Part(_("Newsletters"), services.export)
