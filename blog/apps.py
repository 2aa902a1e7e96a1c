from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """What is published: articles, pictures, tags."""

    name = "blog"
    verbose_name = _("Articles")

    def ready(self) -> None:
        """Connect signals and register recurring jobs."""
        from authors.second_factor import services as second_factor_services
        from authors.signals import leaving, renamed
        from blog.publishing import people, subjects
        from blog.site import settings

        second_factor_services.site_says = settings.second_factor_for
        renamed.connect(subjects.person_renamed, dispatch_uid="blog.names")
        leaving.connect(people.articles_of_leaving, dispatch_uid="blog.leaving")
