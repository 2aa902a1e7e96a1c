"""The text of a post or page of WordPress's export, with what WordPress notes of it."""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace

from interchange import dates
from interchange.records import Article
from interchange.sources import blocks, code, shortcodes, wpautop
from interchange.sources.xmlstream import Node

# What is reported of an article: kinds, each with an example.
_Tells = list[tuple[str, str]]

_STATUSES = {
    "publish": "published",
    "future": "scheduled",
    "pending": "review",
    "private": "archived",
    "draft": "draft",
    "inherit": "draft",
}
# Where plugins keep what a search engine shows of an article, and what they fill in themselves.
_TITLES = (
    "_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_aioseop_title",
    "_seopress_titles_title",
)  # fmt: skip
_DESCRIPTIONS = (
    "_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description",
    "_aioseop_description", "_seopress_titles_desc",
)  # fmt: skip
_NOTE = re.compile(
    r"<sup\b[^<>]*\bdata-fn=\"([\w-]{1,64})\"[^<>]*>(?:(?!</?sup\b).){0,400}</sup>", re.S
)
_PATTERN = re.compile(r"%{1,2}\w+%{1,2}|#\w+_\w+")
_LINE_MARK = re.compile(r"<(?:br|/?p|/?div|/li)\b[^<>]*>")
_ANY_TAG = re.compile(r"<[^<>]*>")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")


def article(node: Node, kind: str, title: str, zone: datetime.tzinfo) -> Article:
    """The post or page as WordPress wrote it; `with_html` makes its text."""
    number = node.get("wp:post_id") or node.get("guid") or node.get("link")
    tells: _Tells = []
    values = meta(node)
    status = _status(node, title, tells)
    published = dates.best(
        zone,
        utc=node.get("wp:post_date_gmt"),
        mail=node.get("pubDate"),
        local=node.get("wp:post_date"),
    )
    if status in ("draft", "review"):
        published = None  # WordPress fills in when it was begun.
    elif published is None:
        tells.append(("no date", title))
    if node.get("wp:post_parent") not in ("", "0") and kind == "page":
        tells.append(("page below another", title))
    lead = node.get("excerpt:encoded")
    search_title = _searched(values, _TITLES, title, tells)
    search_description = _searched(values, _DESCRIPTIONS, title, tells)
    creators, tags = _terms(node, title, tells)
    return Article(
        key=number,
        title=title,
        slug=node.get("wp:post_name"),
        kind="page" if kind == "page" else "article",
        authors=tuple(dict.fromkeys(name for name in creators if name)),
        tags=tuple(dict.fromkeys(tags)),
        lead=lead,
        body=_with_notes(node.raw("content:encoded"), values.get("footnotes", "")),
        picture=values.get("_thumbnail_id", ""),
        status=status,
        published_at=published,
        modified_at=dates.best(
            zone, utc=node.get("wp:post_modified_gmt"), local=node.get("wp:post_modified")
        ),
        comment_policy="open" if node.get("wp:comment_status") == "open" else "closed",
        address=node.get("link"),
        entry=node.get("guid"),
        aliases=(f"/?{'page_id' if kind == 'page' else 'p'}={number}",) if number.isdigit() else (),
        tells=tuple(tells),
        search_title="" if search_title == title else search_title,
        search_description=search_description,
    )


def _with_notes(body: str, told: str) -> str:
    """`body` with the notes of the block editor, which are kept beside it, where they belong."""
    if not told:
        return body
    try:
        notes = {str(note["id"]): str(note["content"]) for note in json.loads(told)}
    except (ValueError, TypeError, KeyError, RecursionError):
        return body

    def one(match: re.Match[str]) -> str:
        words = notes.get(match[1])
        return match[0] if words is None else f'<sup data-note="">{words}</sup>'

    return _NOTE.sub(one, body)


def _status(node: Node, title: str, tells: _Tells) -> str:
    status = node.get("wp:status")
    locked = bool(node.get("wp:post_password"))
    if locked:
        tells.append(("password", title))
    elif status == "private":
        tells.append(("private", title))
    elif status not in _STATUSES:
        tells.append(("unknown status", f"{title}: {status}"))
    if node.get("wp:is_sticky") == "1":
        tells.append(("sticky", title))
    return "archived" if locked else _STATUSES.get(status, "draft")


def _searched(values: Mapping[str, str], names: tuple[str, ...], title: str, tells: _Tells) -> str:
    """What a plugin lets searches show, where a person wrote it; patterns are told and left out."""
    told = next((values[name] for name in names if values.get(name)), "")
    found = " ".join(told.split())
    if _PATTERN.search(found):
        tells.append(("description for search engines", f"{title}: {found}"))
        return ""
    return found


def _terms(node: Node, title: str, tells: _Tells) -> tuple[list[str], list[str]]:
    """The keys of its authors and of its tags."""
    creators, tags = [], []
    for term in node.all("category"):
        domain = term.attributes.get("domain", "category")
        slug = term.attributes.get("nicename", "") or term.text.strip()
        if domain == "author":
            # Co-Authors Plus: everybody of the byline.
            creators.append(slug.removeprefix("cap-"))
        elif domain in ("category", "tag", "post_tag"):
            tags.append(f"{'category' if domain == 'category' else 'tag'}:{slug}")
        elif domain == "post_format":
            tells.append(("format", f"{title}: {term.text.strip()}"))
    return creators or [node.get("dc:creator")], tags


def with_html(article: Article, reusable: Mapping[str, str]) -> Article:
    """The article with its text as HTML; `reusable` holds the blocks that texts share."""
    tells = list(article.tells)

    def tell(word: str, example: str) -> None:
        tells.append((word, f"{article.title}: {example}"))

    body = code.kept(article.body, shortcodes=True)
    if blocks.has_blocks(body):
        body = blocks.blocks_as_html(body, lambda ref: reusable.get(ref, ""), tell)
    else:
        body = wpautop.autop(body)
    if "[" in body:
        body = shortcodes.expand(body, article.key)
        for name, example in shortcodes.unknown(body):
            tell(f"shortcode {name}", example)
    lead = html.unescape(_ANY_TAG.sub("", _LINE_MARK.sub(" ", article.lead)))
    return replace(article, body=body, lead=" ".join(lead.split()), tells=tuple(tells))


def line(text: str) -> str:
    """Words on one line, without marks."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub("", text))
    return " ".join(text.split())


def meta(node: Node) -> dict[str, str]:
    """What plugins and themes noted of an item."""
    return {row.get("wp:meta_key"): row.get("wp:meta_value") for row in node.all("wp:postmeta")}
