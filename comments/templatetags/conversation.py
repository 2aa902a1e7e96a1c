"""The seam between an article's page and its conversation: `blog` knows nothing of comments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.template import Context
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from blog.discovery.metadata import absolute
from blog.models import Article
from blog.site.settings import site_settings
from comments.forms import CommentForm
from comments.models import page_address
from comments.posting.submission import Submission
from comments.thread import access, fragments, selectors, structured
from comments.thread.selectors import Sort
from core.text import number_of

register = template.Library()


def _sort_of(text: str) -> Sort:
    return Sort(text) if text in {sort.value for sort in Sort} else Sort.OLDEST


@dataclass(frozen=True)
class _Addresses:
    """Where a page of the conversation leads to; it is read in `sort`, in `language` alone."""

    article: str
    # To which a comment's number is added.
    stem: str
    sort: Sort
    language: str

    def view(self, **values: Any) -> str:
        """The conversation, with some of the query changed."""
        kept = {"sort": self.sort.value, "lang": self.language, **values}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"{self.article}?{query}#comments" if query else f"{self.article}#comments"

    def permalink(self, pk: int) -> str:
        """The page of comment `pk`."""
        return f"{self.stem}{pk}/"

    def anchored(self, pk: int) -> str:
        """The comment on its page."""
        return f"{self.permalink(pk)}#comment-{pk}"

    def sorts(self) -> list[dict[str, Any]]:
        """The orders to choose from."""
        return [
            {"label": label, "url": self.view(sort=key.value, lang=""), "current": key is self.sort}
            for key, label in (
                (Sort.OLDEST, _("Oldest first")),
                (Sort.NEWEST, _("Newest first")),
                (Sort.DISCUSSED, _("Most discussed")),
                (Sort.VALUED, _("Most valuable")),
            )
        ]

    def pages(self) -> tuple[str, str]:
        """What the links to the page before and to the next one say."""
        return {
            Sort.OLDEST: (_("Older comments"), _("Newer comments")),
            Sort.NEWEST: (_("Newer comments"), _("Older comments")),
            Sort.DISCUSSED: (_("Previous comments"), _("More comments")),
            Sort.VALUED: (_("Previous comments"), _("More comments")),
        }[self.sort]

    def languages(self) -> list[dict[str, Any]]:
        """The languages to choose from."""
        return [
            {"label": label, "url": self.view(lang=code, sort=""), "current": code == self.language}
            for code, label in (("", _("All languages")), *settings.LANGUAGES)
        ]


@register.inclusion_tag("comments/conversation.html", takes_context=True)
def conversation(context: Context, article: Article) -> dict[str, Any]:
    """The conversation under `article`, or one page of it (`?after=`, `?before=` a comment).

    `?sort=newest`, `discussed` and `valued` read it by its roots; `?lang=` leaves out other
    languages where articles that translate each other share it.
    """
    if context.get("preview") or article.comment_policy == "hidden":
        return {"hidden": True}
    site = context.get("site") or site_settings()
    query = context["request"].GET
    sort = _sort_of(query.get("sort", ""))
    shared = access.is_shared(article)
    chosen = query.get("lang", "") if shared and sort is Sort.OLDEST else ""
    chosen = chosen if chosen in dict(settings.LANGUAGES) else ""
    start, end = number_of(query.get("after", "")), number_of(query.get("before", ""))
    page = selectors.page(article, start=start, end=end, sort=sort, language=chosen)
    # Every other page names this one as its canonical address: machines read it here.
    canonical = not (start or end or chosen) and sort is Sort.OLDEST
    featured, credited = selectors.honoured(article) if article.comment_count else ([], [])
    closed = access.closed_reason(article, site)
    at = _Addresses(article.get_absolute_url(), page_address("comment", article), sort, chosen)
    return {
        "article": article,
        "site": site,
        "count": article.comment_count,
        "thread": fragments.join(
            page.rows,
            article,
            more={
                last.pk: _more(at.permalink(pk), left) for pk, (last, left) in page.hidden.items()
            },
        ),
        "context_rows": [
            {"name": row.name, "permalink": at.anchored(row.pk)} for row in page.above
        ],
        "sorts": at.sorts(),
        "languages": at.languages() if shared else [],
        "featured": [
            {"comment": row, "url": at.anchored(row.pk), "text": fragments.stored(row.html)}
            for row in featured
        ],
        "credited": [{"comment": row, "url": at.anchored(row.pk)} for row in credited],
        "older_url": at.view(before=page.earlier) if page.earlier else "",
        "newer_url": at.view(after=page.later) if page.later else "",
        "pages": at.pages(),
        # Made only when the template does not have it finished.
        "form": SimpleLazyObject(lambda: CommentForm(begun=Submission(article=article), site=site)),
        "release": settings.RELEASE,
        "structured": structured.conversation(
            absolute(at.article),
            page.rows if canonical else (),
            lambda pk: absolute(at.permalink(pk)),
        ),
        "open": not closed,
        "closed_reason": closed,
        "follow_url": page_address("follow", article),
        "arrivals_url": page_address("arrivals", article),
        "newest": max((row.pk for row in page.rows), default=0),
        "whole": not (page.earlier or page.later or page.hidden or chosen),
    }


def _more(url: str, left: int) -> SafeString:
    return format_html('<p class="more"><a href="{}">{}</a></p>', url, _left(left, get_language()))


@lru_cache(maxsize=1000)
def _left(n: int, _language: str | None) -> str:
    """Looked up once: a page that is sorted by roots asks it twenty times."""
    return ngettext("%(n)d more reply", "%(n)d more replies", n) % {"n": n}
