from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """What is published: articles, pictures, tags."""

    name = "blog"
    verbose_name = _("Articles")

    def ready(self) -> None:
        """Tell the accounts' side what the site's settings ask of them; hear of new names."""
        from authors import second_factor
        from authors.signals import renamed
        from blog import addresses, services

        second_factor.site_says = lambda: services.site_settings().second_factor_for
        renamed.connect(addresses.person_renamed, dispatch_uid="blog.names")
