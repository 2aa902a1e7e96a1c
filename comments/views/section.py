"""What every page that shows comments gives its template: `comments/_thread.html`, `_respond.html`.

An article, a comment's page and the page to answer on show the same conversation: the scripts find
there what they need to do the same on each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from blog.models import Article, SiteSettings
from comments.forms import CommentForm
from comments.models import Comment, State, page_address
from comments.posting.submission import Submission
from comments.thread import access, fragments
from comments.thread.selectors import Sort, ThreadPage
from core.text import number_of

_NOTHING: Mapping[int, SafeString] = {}


def sort_of(text: str) -> Sort:
    """The sort order that a query names; the usual one for any other text."""
    return Sort(text) if text in {sort.value for sort in Sort} else Sort.OLDEST


def section(
    article: Article,
    site: SiteSettings,
    rows: Sequence[fragments.Shown],
    *,
    branch: Comment | None = None,
    start_depth: int = 0,
    more: Mapping[int, SafeString] = _NOTHING,
    thread: str = "",
) -> dict[str, Any]:
    """The context for `rows` of the conversation under `article`.

    `branch` is the comment on whose page they stand: there the form answers it, and a comment
    elsewhere in the conversation is on another page. `start_depth` and `more` are those of
    `fragments.join`, which makes them, unless they are there as `thread`.
    """
    closed = access.closed_reason(article, site)
    parent = branch if branch is not None and branch.state == State.APPROVED else None
    begun = Submission(article=article, parent=parent)
    initial = {"parent": parent.pk} if parent else {}
    return {
        "article": article,
        "site": site,
        "home": access.home_id(article),
        "address": article.get_absolute_url(),
        "arrivals_url": page_address("arrivals", article),
        "count": article.comment_count,
        "newest": max((row.pk for row in rows), default=0),
        "thread": thread or fragments.join(rows, article, start_depth=start_depth, more=more),
        "branch": branch.pk if branch else "",
        "open": not closed,
        "closed_reason": closed,
        # Made only when the template does not have it finished.
        "form": SimpleLazyObject(lambda: CommentForm(begun=begun, site=site, initial=initial)),
        "release": settings.RELEASE,
    }


def pages(
    page: ThreadPage,
    query: QueryDict,
    total: int,
    names: tuple[str, str],
    url: Callable[..., str],
    *,
    before: int = 0,
) -> dict[str, Any]:
    """The context of `comments/pages.html` for a page of `total` comments; 0: nobody knows.

    `names` are what the links to the page before and to the next one say, `url` gives their
    addresses. A link says at which place the comment stands (`?n=`) that its page comes after or
    before: to count what precedes a page would cost more the further on it lies. So it may be some
    comments old; what cannot be is not said. `before`: how many precede it, when that was counted.
    """
    place = before or number_of(query.get("n", ""))
    if page.earlier is None:
        first = 1
    elif page.later is None:
        first = total - page.size + 1
    else:
        first = place + 1 if before or "after" in query else place - page.size
    last = first + page.size - 1
    is_between = page.earlier is not None and page.later is not None
    known = page.size and 0 < first <= last <= total and (place or not is_between)
    edges = ({"n": first}, {"n": last}) if known else ({}, {})
    return {
        "older_url": url(before=page.earlier, **edges[0]) if page.earlier else "",
        "newer_url": url(after=page.later, **edges[1]) if page.later else "",
        "pages": names,
        "first": first if known else 0,
        "last": last,
        "total": total,
    }
