"""How the accent looks on light and on dark, said while it is being chosen."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse_lazy
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.site import colours

ATTRIBUTES: Final[dict[str, Any]] = {
    "data-preview": reverse_lazy("admin:blog_sitesettings_accent"),
    "data-pick": gettext_lazy("Choose a colour"),
    "data-take": gettext_lazy("Take {colour}"),
    "data-light": gettext_lazy("On light"),
    "data-dark": gettext_lazy("On dark"),
    "data-heading": gettext_lazy("A heading"),
    "data-link": gettext_lazy("a link in the text"),
    "data-button": gettext_lazy("A button"),
    "data-failed": gettext_lazy("The site did not answer. Please try again."),
}
"""What static/admin-desk/accent.js reads from the field."""


def is_derived(light: str, dark: str) -> bool:
    """Whether the colour on dark is what the site makes of the one on light."""
    return bool(light) and dark == colours.nearest(light, colours.DARK)


def preview(accent: str, accent_dark: str) -> dict[str, Any]:
    """By scheme: the colour, what is written on it, the contrast in words, and a better shade.

    What cannot be read as a colour gives words alone. As the form does, an empty colour on dark is
    derived from the one on light as that will be.
    """
    light = _one(accent, colours.LIGHT, colours.OWN[0])
    derived = colours.OWN[1]
    if accent.strip() and (base := light.get("nearest") or light.get("colour")):
        derived = colours.nearest(base, colours.DARK)
    dark = _one(accent_dark, colours.DARK, derived)
    if not accent_dark.strip():
        follows = _("Follows from the accent.")
        dark["words"] = f"{follows} {dark['words']}"
    return {"light": light, "dark": dark}


def _one(typed: str, surfaces: tuple[str, ...], otherwise: str) -> dict[str, str]:
    colour = colours.parse_colour(typed) if typed.strip() else otherwise
    if colour is None:
        return {"words": _("A colour as #rrggbb, for example #0b5d5a.")}
    found = colours.least(colour, surfaces)
    values = {"found": number_format(found, 1), "least": number_format(colours.AA, 1)}
    said = {"colour": colour, "on": colours.on(colour)}
    if found >= colours.AA:
        return {**said, "words": _("Contrast %(found)s: easy to read.") % values}
    words = _("Contrast %(found)s: hard to read, %(least)s is the least (WCAG AA).") % values
    return {**said, "words": words, "nearest": colours.nearest(colour, surfaces)}
