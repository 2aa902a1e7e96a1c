"""The admin with the site's own face."""

from django.contrib.admin.apps import AdminConfig


class WeerwoordAdminConfig(AdminConfig):
    """Puts `config.admin.WeerwoordAdminSite` in the place of Django's own."""

    default_site = "config.admin.WeerwoordAdminSite"
