"""schema.org data of a conversation, made from the rows of the page.

On an article's page, which its author wrote, what readers said is the BlogPosting's `comment`:
Google's guidance keeps DiscussionForumPosting for pages whose first words are a reader's. Such a
page is that of one comment: there the comment is the posting, and the replies are its comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from comments.thread.fragments import Shown
from comments.thread.plain_text import one_line

# A page tells search engines of so many comments at the most: it is for them, every reader pays.
MOST: Final = 10
# On the page of one comment, which few ask for.
MOST_REPLIES: Final = 30
_LONGEST: Final = 1_000
_TIME: Final = re.compile(r'<time datetime="([^"]+)"')
_WORDS: Final = '<div class="prose prose-small"'
_WORDS_END: Final = '</div><div class="actions">'


@dataclass(frozen=True, slots=True)
class Structured:
    """Data for the `json_ld` tag."""

    structured: list[dict[str, Any]]


def conversation(
    article_url: str, rows: Iterable[Shown], permalink: Callable[[int], str]
) -> Structured:
    """The first comments of a page as part of the article at `article_url` (absolute).

    Read from their stored fragments: no query, and a few looks into bounded text.
    Tombstones have no words and are passed over.
    """
    told: list[dict[str, Any]] = []
    for row in rows:
        if len(told) == MOST:
            break
        said = _said(row, permalink)
        if said is not None:
            told.append({"@type": "Comment", **said})
    if not told:
        return Structured([])
    posting = {"@type": "BlogPosting", "@id": f"{article_url}#article", "comment": told}
    return Structured([{"@context": "https://schema.org", **posting}])


def branch(
    article_url: str, title: str, rows: Iterable[Shown], permalink: Callable[[int], str]
) -> dict[str, Any]:
    """The first of `rows` as a posting in the discussion of an article, the others as replies.

    As many replies as `MOST_REPLIES`, each below what it answers; what was taken away is passed
    over, and answers to it stand one level higher. Nothing for a posting without words.
    """
    told = 0
    whole: dict[str, Any] | None = None
    above: list[tuple[int, dict[str, Any]]] = []
    for row in rows:
        said = _said(row, permalink)
        if whole is None:
            if said is None:
                return {}
            whole = {
                "@context": "https://schema.org",
                "@type": "DiscussionForumPosting",
                **said,
                "datePublished": said["dateCreated"],
                "isPartOf": {
                    "@type": "BlogPosting",
                    "@id": f"{article_url}#article",
                    "url": article_url,
                    "headline": title,
                },
            }
            above = [(row.depth, whole)]
            continue
        if said is None:
            continue
        if told == MOST_REPLIES:
            break
        told += 1
        while len(above) > 1 and above[-1][0] >= row.depth:
            above.pop()
        reply = {"@type": "Comment", **said}
        above[-1][1].setdefault("comment", []).append(reply)
        above.append((row.depth, reply))
    return whole or {}


def _said(row: Shown, permalink: Callable[[int], str]) -> dict[str, Any] | None:
    """Who said what when, read from the stored fragment; None for one without words."""
    written = _TIME.search(row.fragment)
    _head, found, rest = row.fragment.partition(_WORDS)
    words, ended, _tail = rest.partition(">")[2].partition(_WORDS_END)
    if written is None or not found or not ended:
        return None
    return {
        "text": one_line(words.strip())[:_LONGEST],
        "dateCreated": written[1],
        "url": permalink(row.pk),
        "author": {"@type": "Person", "name": row.name},
    }
