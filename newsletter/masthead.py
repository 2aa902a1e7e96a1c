"""The head of every newsletter: the site's name, logo and colours."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings

from blog.models import SiteSettings
from blog.site import colours
from newsletter.blocks import MailPicture

LOGO_HEIGHT = 32


@dataclass(frozen=True)
class Masthead:
    """What stands at the top, and the colours by scheme: of the accent, and of words on it."""

    title: str = ""
    url: str = ""
    logo: MailPicture | None = None
    accent: str = colours.OWN[0]
    accent_dark: str = colours.OWN[1]

    @classmethod
    def of(cls, site: SiteSettings) -> Masthead:
        """The site's own."""
        return cls(
            title=site.title,
            url=f"{settings.SITE_URL}/",
            logo=_logo(site),
            accent=site.accent or colours.OWN[0],
            accent_dark=site.accent_dark or colours.OWN[1],
        )

    @property
    def button(self) -> str:
        """How a button looks, as CSS."""
        look = f"background: #{self.accent}; color: #{colours.on(self.accent)}"
        return f"{look}; border-radius: 4px; text-decoration: none"

    @property
    def on_accent_dark(self) -> str:
        """Words on the accent, for who reads light on dark."""
        return colours.on(self.accent_dark)


def _logo(site: SiteSettings) -> MailPicture | None:
    """The logo at its height: PNG where there is one, which may be clear behind it."""
    if site.logo is None:
        return None
    for kind in ("png", "jpeg"):
        rows = sorted(
            (row["width"], row["height"], row["name"])
            for row in site.logo.renditions
            if row["format"] == kind
        )
        if rows:
            sharp = [row for row in rows if row[1] >= 2 * LOGO_HEIGHT]
            width, height, name = sharp[0] if sharp else rows[-1]
            shown = max(1, round(width * LOGO_HEIGHT / height))
            src = urljoin(settings.SITE_URL, settings.MEDIA_URL + name)
            return MailPicture(src, shown, LOGO_HEIGHT, site.logo.alt)
    return None
