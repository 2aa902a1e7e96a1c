"""The conversation as schema.org's Comments, for search engines; made of what is on the page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import nh3

from comments.fragments import Shown

# A page tells search engines of so many comments at the most: it is for them, every reader pays.
MOST: Final = 10
_LONGEST: Final = 1_000
_TIME: Final = re.compile(r'<time datetime="([^"]+)"')
_WORDS: Final = re.compile(
    r'<div class="prose prose-small"[^>]*>(.*?)</div>\n<p class="actions">', re.DOTALL
)
_NO_TAGS: Final = nh3.Cleaner(tags=set())


@dataclass(frozen=True, slots=True)
class Structured:
    """Data for the `json_ld` tag."""

    json_ld: dict[str, Any]


def conversation(
    article_url: str, rows: Iterable[Shown], permalink: Callable[[int], str]
) -> Structured:
    """The first comments of a page as part of the article at `article_url` (absolute).

    Read from their stored fragments: no query, and a few regular expressions over bounded text.
    Tombstones have no words and are passed over.
    """
    told: list[dict[str, Any]] = []
    for row in rows:
        if len(told) == MOST:
            break
        written, words = _TIME.search(row.fragment), _WORDS.search(row.fragment)
        if written is None or words is None:
            continue
        text = " ".join(html.unescape(_NO_TAGS.clean(words[1])).split())
        told.append(
            {
                "@type": "Comment",
                "text": text[:_LONGEST],
                "dateCreated": written[1],
                "url": permalink(row.pk),
                "author": {"@type": "Person", "name": row.name},
            }
        )
    if not told:
        return Structured({})
    return Structured(
        {
            "@context": "https://schema.org",
            "@type": "BlogPosting",
            "@id": f"{article_url}#article",
            "comment": told,
        }
    )
