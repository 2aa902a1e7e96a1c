from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """The conversation under the articles."""

    name = "comments"
    verbose_name = _("Conversation")
