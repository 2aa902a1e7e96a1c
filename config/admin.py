"""The admin site."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class WeerwoordAdminSite(admin.AdminSite):
    """The desk of authors, editors and moderators."""

    site_title = "Weerwoord"
    site_header = "Weerwoord"
    index_title = _("Desk")
    enable_nav_sidebar = False
