from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """A publication to look at: made-up people, articles, conversations."""

    name = "demo"
    verbose_name = _("Demo content")
