from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """What is published: articles, pictures, tags."""

    name = "blog"
    verbose_name = _("Articles")

    def ready(self) -> None:
        """Tell the accounts' side what the site's settings ask of them."""
        from authors import second_factor
        from blog.services import site_settings

        second_factor.site_says = lambda: site_settings().second_factor_for
