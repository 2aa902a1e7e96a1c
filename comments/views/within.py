"""Parts of one conversation: what its authors wrote, and what holds certain words."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from blog.discovery.metadata import for_page
from blog.models import Article, CommentPolicy
from blog.reading import shown
from blog.reading.selectors import find_article
from blog.site.settings import settings_of
from comments.models import Comment, in_thread, page_address
from comments.thread import fragments, highlights, plain_text
from comments.thread.search import search_within
from comments.views.section import pages, section
from core.caching import public
from core.text import number_of

_QUOTED_WORDS = 28
_ROBOTS = "noindex, follow"


def _article(year: int, month: int, slug: str) -> Article:
    """Raises Http404 where there is none, or none with a conversation."""
    article = find_article(year, month, slug, Article.objects.published().light())
    if article.comment_policy == CommentPolicy.HIDDEN:
        raise Http404
    return article


@public(seconds=30)
@require_safe
def by_author(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    """What the authors of an article wrote below it, each with the words that it answers."""
    article = _article(year, month, slug)
    shown.shows(request, [article])
    with translation.override(article.language):
        start, end = (number_of(request.GET.get(name, "")) for name in ("after", "before"))
        page, parents = highlights.by_authors(article, start=start, end=end)
        site, authors = settings_of(request), article.article_authors.count()
        shown.holds_until(request, shown.closes_at(article, site))
        heading = ngettext("Comments by the author", "Comments by the authors", authors)
        items = [
            {
                "html": fragments.current(row, article),
                "url": in_thread(article, row.pk),
                "permalink": f"{page_address('comment', article)}{row.pk}/",
                "replies": row.descendant_count,
                "is_answer": row.pk in parents,
                "answered": _answered(article, parents.get(row.pk)),
            }
            for row in page.rows
        ]
        thread = render_to_string("comments/_by_author.html", {"items": items})
        names = (_("Older comments"), _("Newer comments"))
        return render(
            request,
            "comments/by_author.html",
            {
                **section(article, site, page.rows, thread=thread),
                **pages(page, request.GET, 0, names, lambda **at: f"?{urlencode(at)}"),
                "part": "author",
                "heading": heading,
                "respond_title": _("Write a comment"),
                "page": for_page(
                    f"{heading}: {article.title}", site, language=article.language, robots=_ROBOTS
                ),
            },
        )


def _answered(article: Article, parent: Comment | None) -> dict[str, str] | None:
    """The first words of what is answered, and where it stands; None when readers do not see it."""
    if parent is None:
        return None
    text = plain_text.own_words(parent, _QUOTED_WORDS)
    return {
        "name": parent.name,
        "text": text or plain_text.line_of(parent),
        "language": parent.language,
        "url": in_thread(article, parent.pk),
    }


@public(seconds=30)
@require_safe
def search(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    """The comments under an article with the words of `?q=`, newest first."""
    article = _article(year, month, slug)
    with translation.override(article.language):
        before = number_of(request.GET.get("before", ""))
        found = search_within(article, request.GET.get("q", ""), before=before)

        def url(**values: str | int) -> str:
            return f"{request.path}?{urlencode(values)}"

        title = f"{_('Search this conversation')}: {article.title}"
        more, better = found.before, found.suggestion
        context = {
            "article": article,
            "query": found.query,
            "results": found.results,
            "first_url": url(q=found.query) if before else "",
            "older_url": url(q=found.query, before=more) if more else "",
            "suggestion": better,
            "suggestion_url": url(q=better) if better else "",
            "page": for_page(
                title, settings_of(request), language=article.language, robots=_ROBOTS
            ),
        }
        return render(request, "comments/search_within.html", context)
