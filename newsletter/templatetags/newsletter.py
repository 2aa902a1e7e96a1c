"""The seam between other apps' pages and the newsletter: they know nothing of it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from authors.models import Author
from blog.models import Article, Tag
from blog.site.settings import site_settings
from comments.models import Commenter
from newsletter import letters
from newsletter.models import MailPace

register = template.Library()


@register.inclusion_tag("newsletter/_form.html", takes_context=True)
def newsletter_form(
    context: Context, about: Article | Author | Tag | None = None
) -> dict[str, Any]:
    """The form below a page: to everything, to an author or a subject; an article offers each.

    No query after `with_people`.
    """
    site = context.get("site") or site_settings()
    if context.get("preview") or not site.newsletter:
        return {}
    authors, tags = [], []
    if isinstance(about, Article):
        authors, tags = about.byline, about.tag_list
    elif isinstance(about, Author):
        authors = [about]
    elif isinstance(about, Tag):
        tags = [about]
    options = [
        *((f"author:{author.slug}", letters.what(author, None)) for author in authors),
        *((f"tag:{tag.slug}", letters.what(None, tag)) for tag in tags),
    ]
    everything = ("", letters.what(None, None))
    ordered = [everything, *options] if isinstance(about, Article) else [*options, everything]
    return {"options": ordered, "paces": MailPace.choices, "site": site}


@register.inclusion_tag("newsletter/_mine.html")
def newsletters_of(person: Commenter) -> dict[str, Any]:
    """A person's newsletters, with the address where they are ended."""
    own = person.newsletters.select_related("author", "tag").order_by("pk")
    return {
        "rows": [(row, letters.what(row.author, row.tag)) for row in own],
        "stop_url": letters.stop_url(person).made() if person.email else "",
    }
