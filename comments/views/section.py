"""What every page that shows comments gives its template: `comments/_thread.html`, `_respond.html`.

An article, a comment's page and the page to answer on show the same conversation: the scripts find
there what they need to do the same on each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from blog.models import Article, SiteSettings
from comments.forms import CommentForm
from comments.models import Comment, State, page_address
from comments.posting.submission import Submission
from comments.thread import access, fragments
from comments.thread.selectors import Sort

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
) -> dict[str, Any]:
    """The context for `rows` of the conversation under `article`.

    `branch` is the comment on whose page they stand: there the form answers it, and a comment
    elsewhere in the conversation is on another page. `start_depth` and `more` are those of
    `fragments.join`.
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
        "thread": fragments.join(rows, article, start_depth=start_depth, more=more),
        "branch": branch.pk if branch else "",
        "open": not closed,
        "closed_reason": closed,
        # Made only when the template does not have it finished.
        "form": SimpleLazyObject(lambda: CommentForm(begun=begun, site=site, initial=initial)),
        "release": settings.RELEASE,
    }
