"""The links that every page of the site shows."""

from __future__ import annotations

from blog.models import MenuItem, Page, PagePurpose, SiteSettings
from blog.site.settings import site_changed, site_settings


def menu_links_renew() -> None:
    """Store the menu links in the settings row, so that pages need no query for them."""
    found: dict[str, list[list[str]]] = {"header": [], "footer": []}
    for item in MenuItem.objects.select_related("page", "tag"):
        target = item.page or item.tag
        if item.page is not None and not item.page.is_public:
            continue
        url = target.get_absolute_url() if target else item.url
        found[item.place].append([str(item), url])
    for purpose in PagePurpose.values:
        pages = Page.objects.published().filter(purpose=purpose).order_by("pk")
        found[purpose] = [[page.title, page.get_absolute_url()] for page in pages[:1]]
    site_settings()
    SiteSettings.objects.filter(pk=1).update(links=found)
    site_changed()
