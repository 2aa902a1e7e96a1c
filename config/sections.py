"""The order of the admin's menu: by what a person comes to do, not by the app it lies in."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

WRITING, TALK, PEOPLE, SITE = _("Writing"), _("Conversation"), _("People"), _("Site")
_BY_APP: Final = {"blog": WRITING, "newsletter": WRITING, "comments": TALK, "authors": PEOPLE}
_BY_MODEL: Final = {
    "comments.commenter": PEOPLE,
    "comments.ban": PEOPLE,
    "blog.sitesettings": SITE,
    "blog.redirect": SITE,
    "blog.menuitem": SITE,
    "blog.page": SITE,
    "blog.articlemail": SITE,
    "authors.accountmail": SITE,
}
# These come first in their section, in this order; the others follow by name.
_FIRST: Final = (
    "blog.article",
    "blog.image",
    "blog.tag",
    "comments.comment",
    "authors.author",
    "authors.user",
    "blog.sitesettings",
)


def grouped(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The models of Django's list of apps under four headings; headings without any are left out.

    A model of an app that is not named here stands under "Site".
    """
    found: dict[Any, list[tuple[int, str, Any]]] = {}
    for app in apps:
        for model in app["models"]:
            label = model["model"]._meta.label_lower
            section = _BY_MODEL.get(label) or _BY_APP.get(app["app_label"], SITE)
            place = _FIRST.index(label) if label in _FIRST else len(_FIRST)
            found.setdefault(section, []).append((place, str(model["name"]).lower(), model))
    return [
        {
            "name": section,
            "app_label": f"section-{number}",
            "app_url": "",
            "has_module_perms": True,
            "models": [model for _place, _name, model in sorted(found[section], key=_key)],
        }
        for number, section in enumerate((WRITING, TALK, PEOPLE, SITE))
        if section in found
    ]


def page_entry(name: Any, view: str) -> dict[str, Any]:
    """The entry of a page that belongs to no model."""
    address = reverse(view)
    return {"name": name, "object_name": view, "admin_url": address, "perms": {}, "model": None}


def _key(item: tuple[int, str, Any]) -> tuple[int, str]:
    return item[:2]
