"""Services that write pages."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from authors.models import User
from blog.content.slugs import RESERVED
from blog.models import Page, PageRevision, Redirect
from blog.publishing.articles import StaleText, found_as
from blog.publishing.rendering import body_set
from blog.site.menus import menu_links_renew
from blog.site.redirects import address_moves


def is_free(slug: str) -> bool:
    """Whether a page may have that address: nothing of the site itself answers there."""
    if slug in RESERVED or slug in ("static", "media", "author", "mail", "preview", "series"):
        return False
    try:
        return resolve(f"/{slug}/").view_name == "blog:page"
    except Resolver404:
        return False


@transaction.atomic
def page_save(*, page: Page, editor: User | None, expected_version: int | None = None) -> Page:
    """Save a page, cleaned and rendered; a changed URL leaves a redirect.

    Locks the stored row. Raises `StaleText` when it is not at `expected_version` any more,
    ValidationError for a text beyond the bounds or an address of the site itself.
    """
    stored = Page.objects.select_for_update().filter(pk=page.pk).first() if page.pk else None
    if stored is not None:
        if expected_version is not None and stored.version != expected_version:
            raise StaleText(stored)
        page.version = stored.version + 1
    if not is_free(page.slug):
        raise ValidationError({"slug": _("That address belongs to the site itself.")})
    body_set(page)
    page.save()
    before = (stored.title, stored.body_source, *found_as(stored)) if stored else None
    if before != (page.title, page.body_source, *found_as(page)):
        PageRevision.objects.create(
            page=page,
            version=page.version,
            title=page.title,
            search_title=page.search_title,
            search_description=page.search_description,
            body_source=page.body_source,
            editor=editor,
        )
    if stored is not None:
        # Also of a page that readers do not see just now: they may have its old address.
        address_moves(old=stored.get_absolute_url(), new=page.get_absolute_url())
    Redirect.objects.filter(old_path=page.get_absolute_url()).delete()
    menu_links_renew()
    return page
