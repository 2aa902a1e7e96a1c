"""The byline in templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from authors.models import Author
from blog.reading.byline import groups

register = template.Library()


@register.inclusion_tag("blog/_byline.html")
def byline(authors: Sequence[Author], linked: bool = False) -> dict[str, Any]:
    """ "By A and B of C"; `linked`: with links to their pages and houses."""
    return {"groups": groups(authors, houses=linked), "linked": linked}
