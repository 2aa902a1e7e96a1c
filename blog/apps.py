from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """What is published: articles, pictures, tags."""

    name = "blog"
    verbose_name = _("Articles")
