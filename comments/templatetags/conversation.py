"""The seam between an article's page and its conversation: `blog` knows nothing of comments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from blog.discovery.metadata import absolute
from blog.models import Article, SiteSettings
from blog.site.settings import site_settings
from comments.models import Comment, page_address
from comments.thread import access, fragments, highlights, places, plain_text, selectors, structured
from comments.thread.selectors import Sort
from comments.views.section import pages, section, sort_of
from core.language import language_of_setting
from core.text import number_of

register = template.Library()

_LOOKED_AT, _SHOWN_NOW, _QUOTED_WORDS = 20, 3, 24
"""Of so many newest comments, so many conversations are quoted, with so many words each."""
_SEARCHED_FROM = 10
"""Comments of a conversation that offers to search it; a shorter one is read sooner."""


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

    def in_thread(self, pk: int) -> str:
        """The comment where it stands in the conversation, in the same order."""
        return f"{self.view(at=pk, lang='').partition('#')[0]}#comment-{pk}"

    def sorts(self) -> list[dict[str, Any]]:
        """The orders to choose from."""
        return [
            {
                "label": label,
                "url": self.view(sort=key.value, lang=""),
                "current": key is self.sort,
                "value": key.value,
            }
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
            Sort.DISCUSSED: (_("More discussed comments"), _("Less discussed comments")),
            Sort.VALUED: (_("More valuable comments"), _("Less valuable comments")),
        }[self.sort]

    def languages(self) -> list[dict[str, Any]]:
        """The languages to choose from."""
        return [
            {"label": label, "url": self.view(lang=code, sort=""), "current": code == self.language}
            for code, label in (("", _("All languages")), *settings.LANGUAGES)
        ]


@register.inclusion_tag("comments/conversation.html", takes_context=True)
def conversation(context: Context, article: Article) -> dict[str, Any]:
    """The conversation under `article`, or one page of it: `?after=` or `?before=` a comment, or
    the one with a comment (`?at=`).

    `?sort=newest`, `discussed` and `valued` read it by its roots; `?lang=` leaves out other
    languages where articles that translate each other share it.
    """
    site = context.get("site") or site_settings()
    query = context["request"].GET
    sort = sort_of(query.get("sort", ""))
    shared = access.is_shared(article)
    wanted = number_of(query.get("at", ""))
    chosen = query.get("lang", "") if shared and sort is Sort.OLDEST and not wanted else ""
    chosen = chosen if chosen in dict(settings.LANGUAGES) else ""
    start, end = number_of(query.get("after", "")), number_of(query.get("before", ""))
    if wanted:
        start, end = places.start_for(article, wanted, sort), 0
    page = selectors.page(article, start=start, end=end, sort=sort, language=chosen)
    before = 0
    if wanted:
        before = places.count_before(page, sort)
        page = places.with_comment(page, article, wanted)
    # Every other page names this one as its canonical address: machines read it here.
    canonical = not (start or end or chosen) and sort is Sort.OLDEST
    found, is_long = highlights.highlights(article), article.comment_count >= _SEARCHED_FROM
    at = _Addresses(article.get_absolute_url(), page_address("comment", article), sort, chosen)
    more = {last.pk: _more(at.permalink(pk), left) for pk, (last, left) in page.hidden.items()}
    return {
        **section(article, site, page.rows, more=more),
        "sort": sort.value,
        "language": chosen,
        "context_rows": [
            {"name": row.name, "permalink": at.in_thread(row.pk)} for row in page.above
        ],
        "sorts": at.sorts(),
        "languages": at.languages() if shared else [],
        "featured": [
            {"comment": row, "url": at.in_thread(row.pk), "text": fragments.stored(row.html)}
            for row in found.featured
        ],
        "credited": [{"comment": row, "url": at.in_thread(row.pk)} for row in found.credited],
        **pages(
            page, query, 0 if chosen else article.comment_count, at.pages(), at.view, before=before
        ),
        "structured": structured.conversation(
            absolute(at.article),
            page.rows if canonical else (),
            lambda pk: absolute(at.permalink(pk)),
        ),
        "follow_url": page_address("follow", article),
        "by_author_url": page_address("by_author", article) if found.by_author else "",
        "search_url": page_address("search_within", article) if is_long else "",
        "whole": not (page.earlier or page.later or page.hidden or chosen),
    }


@register.simple_tag
def invitation(site: SiteSettings, article: Article) -> str:
    """What readers are asked: the site's own sentence in the article's language, if it has one."""
    if site.invitation_translated and article.language != settings.LANGUAGE_CODE:
        return site.invitation_translated
    own = site.invitation
    if own and language_of_setting(own, settings.LANGUAGE_CODE) == article.language:
        return own
    return _("What are your thoughts on this subject?")


@register.inclusion_tag("comments/now.html", takes_context=True)
def discussed_now(context: Context) -> dict[str, Any]:
    """The conversations of the newest public comments, each with a sentence of its newest.

    One query of a fixed number of rows, along the primary key.
    """
    newest = (
        Comment.objects.public()
        .select_related("article")
        .only(
            "html", "name", "language", "article__title", "article__slug", "article__published_at"
        )
    )
    rows: dict[int, dict[str, Any]] = {}
    for comment in newest.order_by("-pk")[:_LOOKED_AT]:
        if len(rows) == _SHOWN_NOW:
            break
        if comment.article_id in rows:
            continue
        if text := plain_text.own_words(comment, _QUOTED_WORDS):
            url = f"{comment.get_absolute_url()}#comment-{comment.pk}"
            rows[comment.article_id] = {"comment": comment, "text": text, "url": url}
    return {"rows": list(rows.values()), "page_language": context["page"].language}


def _more(url: str, left: int) -> SafeString:
    return format_html('<p class="more"><a href="{}">{}</a></p>', url, _left(left, get_language()))


@lru_cache(maxsize=1000)
def _left(n: int, _language: str | None) -> str:
    """Looked up once: a page that is sorted by roots asks it twenty times."""
    return ngettext("%(n)s more reply", "%(n)s more replies", n) % {"n": intcomma(n)}
