from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterchangeConfig(AppConfig):
    """Moving in from elsewhere, and moving out again."""

    name = "interchange"
    verbose_name = _("Moving")
