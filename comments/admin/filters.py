"""What a page of the queue can be narrowed to, and how its reader wants it shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from authors.models import Author
from blog.models import Article
from comments.moderation.selection import HOLDING, TO_DECIDE, Band, Choice, QueueOrder, Tab, View

_VIEW = "queue_view"


def choice_of(request: HttpRequest) -> Choice:
    """What the address says; how much to show of each comment stays as it was chosen last."""
    choice = Choice.of(request.GET)
    if choice.view:
        request.session[_VIEW] = choice.view
        return choice
    view = request.session.get(_VIEW, View.FULL)
    return replace(choice, view=view if view in View.values else View.FULL)


def context(
    choice: Choice, articles: QuerySet[Article], authors: QuerySet[Author], is_moderator: bool
) -> dict[str, Any]:
    """The fields of the form that filters the queue: name, options and what is chosen."""
    held = choice.tab in (Tab.HELD, Tab.SUSPECT, Tab.ALL)
    return {
        "articles": articles[:200],
        "authors": authors[:200] if is_moderator else [],
        "orders": QueueOrder.choices if choice.tab in TO_DECIDE else (),
        "reasons_held": [(kind.value, kind.label) for kind in HOLDING] if held else (),
        "bands": Band.choices,
        "languages": settings.LANGUAGES if len(settings.LANGUAGES) > 1 else (),
    }
