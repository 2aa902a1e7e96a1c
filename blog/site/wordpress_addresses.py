"""WordPress's addresses for what stands elsewhere here: feeds, pages of comments, queries.

They are asked for where no page is found, or on the front page with a query, and say where to look
next; what moved by name or number stands in rows (`blog.site.redirects`). Source: WordPress's
rewrite rules (`WP_Rewrite`), query variables (`WP::parse_request`) and `redirect_canonical`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

_FEEDS: Final = frozenset({"feed", "rdf", "rss", "rss2", "atom"})
_FILES: Final = {
    "wp-feed.php": "feed",
    "wp-rdf.php": "feed",
    "wp-rss.php": "feed",
    "wp-rss2.php": "feed",
    "wp-atom.php": "feed/atom",
    "wp-commentsrss2.php": "comments/feed",
    "wp-sitemap.xml": "sitemap.xml",
}
# What stands below a text and is part of it here: a page of its comments, a frame of it.
_PART: Final = re.compile(r"comment-page-[0-9]{1,9}|trackback|embed|amp")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_YEAR: Final = re.compile(r"[1-9][0-9]{3}")
_TWO: Final = re.compile(r"[0-9]{2}")
_MONTH: Final = re.compile(r"([1-9][0-9]{3})(?:(0[1-9]|1[0-2])(?:[0-9]{2})?)?")
_NAME: Final = re.compile(r"[-\w]{1,200}")
# Numbers of WordPress that an import knows the things by.
_NUMBERED: Final = ("p", "page_id", "cat", "author")
_NAMED: Final = {"tag": "tag", "category_name": "category", "author_name": "author"}
_MOST_FIELDS: Final = 50


def leads(path: str) -> str | None:
    """The next address to look for what WordPress has at `path`; None for no address of its."""
    if "//" in path:
        there = "/" + "/".join(filter(None, path.split("/")))
        return f"{there}/" if path.endswith("/") and there != "/" else there
    parts = path.strip("/").split("/")
    for rule in (_without_program, _feed, _part, _archive):
        found = rule(parts)
        if found is not None and found != parts:
            there = "/" + "/".join(found)
            # A file's name takes no slash.
            return there if not found or "." in found[-1] else f"{there}/"
    return None


def _without_program(parts: list[str]) -> list[str] | None:
    """What stands behind a file of WordPress's."""
    if parts[0] == "index.php":
        return parts[1:]
    return _FILES[parts[0]].split("/") if len(parts) == 1 and parts[0] in _FILES else None


def _feed(parts: list[str]) -> list[str] | None:
    """A feed by another of its names."""
    *above, kind = parts
    if kind not in _FEEDS:
        return None
    if above and above[-1] == "feed":
        above = above[:-1]
    if above and all(_TWO.fullmatch(part) or _YEAR.fullmatch(part) for part in above):
        above = []  # Of a year or a month there is none.
    return [*above, "feed", *(["atom"] if kind == "atom" else [])]


def _part(parts: list[str]) -> list[str] | None:
    """What is part of a text or a list."""
    if len(parts) > 1 and _PART.fullmatch(parts[-1]):
        return parts[:-1]
    if len(parts) > 1 and _NUMBER.fullmatch(parts[-1]):
        if parts[-2] == "page":
            return parts[:-2]
        # The second page of an article.
        if len(parts) == 4 and _YEAR.fullmatch(parts[0]):
            return parts[:-1]
    return None


def _archive(parts: list[str]) -> list[str] | None:
    """Archives, and addresses with a day in them."""
    if parts[0] == "category":
        start = parts.index("feed") if "feed" in parts[2:] else len(parts)
        names, feed = parts[1:start], parts[start:]
        if names:
            # One below another is known by its own name.
            return ["tag" if len(names) == 1 else "category", names[-1], *feed]
    if len(parts) >= 3 and _YEAR.fullmatch(parts[0]) and all(map(_TWO.fullmatch, parts[1:3])):
        return [*parts[:2], *parts[3:]]
    return None


def leads_by_query(query: str) -> Iterator[tuple[str, str, str]]:
    """Where WordPress's front page may lead with `query`: a path, what is below the place to which
    that leads, and the rest of the query.

    Below a text, an author or a subject is its feed, when the query asks for one too.
    """
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return
    feed = next((value for name, value in fields if name == "feed" and _kind(value)), "")
    below = {"": "", "atom": "feed/atom/"}.get(_kind(feed), "feed/")
    others = [field for field in fields if field != ("feed", feed)]
    for place, (name, value) in enumerate(others):
        path = _by_field(name, value)
        if path is None:
            continue
        rest = others[:place] + others[place + 1 :]
        if name == "s":
            yield path, "", urlencode([("q", value), *rest])
        else:
            yield path, below, urlencode(rest)
    if path := _by_field("feed", feed):
        yield path, "", urlencode(others)


def _kind(feed: str) -> str:
    """The kind of a feed, without what it is about; "" for none that is known."""
    about, _dash, kind = feed.rpartition("-")
    return kind if kind in _FEEDS and about in ("", "comments") else ""


def _by_field(name: str, value: str) -> str | None:
    if name == "s":
        return reverse("blog:search")
    if name in _NUMBERED and _NUMBER.fullmatch(value):
        return f"/?{name}={value}"
    if name in _NAMED and _NAME.fullmatch(value):
        return f"/{_NAMED[name]}/{value}/"
    if name == "m" and (month := _MONTH.fullmatch(value)):
        return f"/{month[1]}/{month[2]}/" if month[2] else f"/{month[1]}/"
    if name == "feed" and (kind := _kind(value)):
        return f"/comments/{kind}/" if value != kind else f"/{kind}/"
    return None
