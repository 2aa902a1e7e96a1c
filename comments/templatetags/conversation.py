"""The seam between an article's page and its conversation: `blog` knows nothing of comments."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from blog.models import Article
from blog.services import site_settings
from comments import access, fragments, reading
from comments.forms import CommentForm
from comments.models import place

register = template.Library()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@register.inclusion_tag("comments/conversation.html", takes_context=True)
def conversation(context: Context, article: Article) -> dict[str, Any]:
    """The conversation under `article`, or one page of it (`?after=`, `?before=` a comment)."""
    if context.get("preview") or article.comment_policy == "hidden":
        return {"hidden": True}
    site = context.get("site") or site_settings()
    query = context["request"].GET
    page = reading.page(
        article, start=_number(query.get("after", "")), end=_number(query.get("before", ""))
    )
    closed = access.closed_reason(article, site)
    url, where = article.get_absolute_url(), place(article)
    return {
        "article": article,
        "site": site,
        "count": article.comment_count,
        "thread": fragments.join(page.rows),
        "context_rows": [
            {
                "name": row.name,
                "permalink": reverse("comments:comment", kwargs={**where, "comment_id": row.pk}),
            }
            for row in page.above
        ],
        "older_url": f"{url}?before={page.earlier}#comments" if page.earlier else "",
        "newer_url": f"{url}?after={page.later}#comments" if page.later else "",
        # Made only when the template does not have it finished.
        "form": SimpleLazyObject(lambda: CommentForm(article=article, site=site)),
        "release": settings.RELEASE,
        "open": not closed,
        "closed_reason": closed,
        "feed_url": reverse("comments:article_feed", kwargs=where),
    }
