from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterchangeConfig(AppConfig):
    """Moving in from elsewhere, and moving out again."""

    name = "interchange"
    verbose_name = _("Moving")

    def ready(self) -> None:
        """Connect signals."""
        from blog.signals import picture_withdrawn
        from interchange import exports

        picture_withdrawn.connect(exports.picture_withdrawn, dispatch_uid="interchange.exports")
