"""Groups of the settings form: what stands together, and what each group is for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

_GROUPS: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (
        _("Name and look"),
        _("What stands at the top of every page, and its colour."),
        ("title", "tagline", "logo", "logo_dark", "accent", "accent_dark", "take_nearest"),
    ),
    (
        _("Front page, sharing and newsletter"),
        _("What readers come across beside the articles themselves."),
        ("featured", "footer_text", "share_networks", "newsletter", "newsletter_text"),
    ),
    (
        _("Authors and accounts"),
        _("Who brings articles out, and how people prove who they are when they log in."),
        ("authors_publish", "second_factor_for", "first_steps"),
    ),
    (
        _("The conversation"),
        _("What commenters are asked, what waits for a moderator, and until when one can respond."),
        (
            "invitation",
            "invitation_translated",
            "hold",
            "require_email",
            "close_after_days",
            "edit_minutes",
        ),
    ),
    (
        _("Against spam and floods"),
        _("Limits that readers hardly ever meet. What goes over them waits or is asked to wait."),
        (
            "spam_filter",
            "max_links",
            "report_threshold",
            "posts_per_hour",
            "posts_per_person",
            "flood_limit",
        ),
    ),
    (
        _("Links to other sites"),
        _("What leads nowhere any more is listed for editors, by article."),
        ("check_links",),
    ),
    (
        _("What is kept"),
        _("After so many days the site forgets by itself."),
        ("client_days", "spam_days", "mail_days", "trash_days"),
    ),
)


def fieldsets(names: Iterable[Any]) -> list[tuple[Any, dict[str, Any]]]:
    """The fields `names` in their groups; the first is open, the others fold.

    Fields without a group come last. A group with an error opens by itself (Django).
    """
    grouped = {name for _label, _purpose, fields in _GROUPS for name in fields}
    others = tuple(name for name in names if name not in grouped)
    groups = [*_GROUPS, (_("Other"), "", others)] if others else _GROUPS
    return [
        (
            label,
            {
                "fields": fields,
                "description": purpose,
                "classes": ("collapse",) if number else (),
            },
        )
        for number, (label, purpose, fields) in enumerate(groups)
    ]
