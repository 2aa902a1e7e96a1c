"""Template context processor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from blog.site.settings import settings_of


def site(request: HttpRequest) -> dict[str, Any]:
    """`site`: the settings row, read when a template asks; `release` and `site_url`."""
    row = SimpleLazyObject(lambda: settings_of(request))
    found = {
        "site": row,
        "site_url": settings.SITE_URL,
        "release": settings.RELEASE,
    }
    if request.path_info.startswith(reverse("admin:index")):
        # Pages of the admin that are no part of its site (a new password) show the title too.
        title = SimpleLazyObject(lambda: row.title)
        found |= {"site_header": title, "site_title": title}
    return found
