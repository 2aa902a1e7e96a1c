"""The site's settings row: read from memory while its version stands, saved, and renewed."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest

from blog.models import Article, SiteSettings


def site_settings() -> SiteSettings:
    """The one row of settings, made when it is not there yet."""
    found = SiteSettings.objects.select_related("logo", "logo_dark").filter(pk=1).first()
    return found or SiteSettings.objects.get_or_create(pk=1)[0]


def site_name() -> str:
    """The title of the site; one query."""
    return site_settings().title


def second_factor_for() -> str:
    """Who must have a second factor; one query for that alone, as every page of the admin asks."""
    asked = SiteSettings.objects.filter(pk=1).values_list("second_factor_for", flat=True).first()
    return site_settings().second_factor_for if asked is None else asked


def settings_of(request: HttpRequest) -> SiteSettings:
    """The settings for a page, read once for each request; not for what changes them."""
    known: SiteSettings | None = getattr(request, "site_settings", None)
    return known or settings_keep(request, site_settings())


def settings_keep(request: HttpRequest, site: SiteSettings) -> SiteSettings:
    """Let `settings_of` and templates give `site` for the rest of the request."""
    setattr(request, "site_settings", site)  # noqa: B010 - a note, no attribute of its class
    return site


_kept: tuple[str | None, SiteSettings | None] = (None, None)


def site_settings_at(version: str | None) -> SiteSettings:
    """The settings at the `version` of what is shown (`reading.shown.Versions.content`); a query
    only when this process has others. Threads share what it gives: nobody changes it.
    """
    global _kept
    known, site = _kept
    if version is None or version != known or site is None:
        site = site_settings()
        _kept = (version, site)
    return site


def site_changed() -> None:
    """Renew every ETag, after a change that may be visible on any page."""
    if not SiteSettings.objects.filter(pk=1).update(version=F("version") + 1):
        site_settings()


def site_settings_save(*, site: SiteSettings) -> SiteSettings:
    """Save the settings and renew every ETag."""
    site.pk = 1
    if not SiteSettings.objects.filter(pk=1, title=site.title, accent=site.accent).exists():
        # The pictures for sharing bear the site's title and its colour.
        Article.objects.exclude(card="").update(card_version=0)
    site.save()
    site_changed()
    return site
