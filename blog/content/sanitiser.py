"""The one sanitiser of articles: what the editor submits, and what readers get.

`clean` takes an author's HTML down to what an article may hold:

- `<figure data-image="12" data-place="left">`, `<figure data-gallery="12,13">`: pictures of the
  library, with or without a place of their own;
- `<figure data-card><a href="…">title</a></figure>`: a card that leads elsewhere;
- `<figure data-left-out="picture">name<code>address</code></figure>`: what a paste could not bring
  along; its author sees it, readers do not;
- `<sup data-note>…</sup>`: a note, where it is referred to;
- `<a href="article:12#anchor">`: an article of this site, wherever it moves.

`render` fills these in. In both, nh3 comes last: nothing rewrites HTML after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from lxml import etree

from blog.content import rendering as filling
from blog.content.embeds import VIDEO
from blog.content.rendering import Picture
from core import html_bounds, html_text
from core.html_bounds import TooLarge

MAX_BYTES = 500_000
MAX_NESTING = 60
"""Open tags inside one another; nh3 took 1.1 s on 240 KB of nothing but nesting."""
MAX_ELEMENTS = 20_000
"""What is taken out of its place costs as much as there is beside it."""

_TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "blockquote",
    "strong",
    "em",
    "s",
    "sub",
    "sup",
    "code",
    "pre",
    "a",
    "hr",
    "br",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "figure": {"data-image", "data-gallery", "data-card", "data-left-out", "data-place"},
    "ol": {"start"},
    "sup": {"data-note"},
}
_SHOWN_TAGS = _TAGS | {"picture", "source", "img", "figcaption", "small", "div", "section"}
_SHOWN_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "id", "role", "aria-label"},
    "figure": {"class", "data-video"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"class"},
    "section": {"class", "role", "aria-labelledby"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "source": {"type", "srcset", "sizes"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding", "class"},
    "small": {"class"},
    "div": {"class", "role", "tabindex", "aria-label"},
}
_SCHEMES = {"http", "https", "mailto"}
_ARTICLE = re.compile(r"article:[1-9][0-9]{0,17}(#[A-Za-z0-9_-]{1,100})?")
_KEY = re.compile(r"[1-9][0-9]{0,17}")
_KEYS = re.compile(r"[1-9][0-9]{0,17}(,[1-9][0-9]{0,17}){0,99}")
_SPAN = re.compile(r"[1-9][0-9]?")
_START = re.compile(r"[0-9]{1,6}")
_FOCUS = re.compile(r"focus-x-(10|[0-9]) focus-y-(10|[0-9])")
_FIGURES = re.compile(r'data-(?:image|gallery)="([0-9,]+)"')
_ARTICLES = re.compile(r'href="article:([0-9]+)')
_VALUES = {
    ("small", "class"): {"credit", "card-host"},
    ("figure", "class"): {"link-card", *(f"place-{place}" for place in filling.PLACES)},
    ("sup", "class"): {"note-ref"},
    ("section", "class"): {"notes"},
    ("section", "role"): {"doc-endnotes"},
    ("a", "role"): {"doc-noteref", "doc-backlink"},
    ("div", "class"): {"table-scroll", "gallery"},
    ("div", "role"): {"group"},
    ("div", "tabindex"): {"0"},
    ("img", "loading"): {"lazy", "eager"},
    ("img", "decoding"): {"async"},
}


@dataclass(frozen=True)
class Rendered:
    """A finished text: HTML, its headings, its words, and what it names that is not there.

    `text` is for searching, has a line for each block, and holds the notes too; `word_count` does
    not count them. `dead` holds the numbers of articles that readers cannot go to.
    """

    html: str
    toc: list[dict[str, Any]]
    text: str
    word_count: int
    missing: list[int]
    dead: list[int]


def stored(html: str) -> SafeString:
    """HTML that `render` made and the database kept."""
    return mark_safe(html)  # noqa: S308 - made by render, kept by article_save


def bounded(source: str) -> None:
    """Raises `TooLarge` for HTML that would cost too much to read."""
    if len(source.encode("utf-8", "replace")) > MAX_BYTES:
        raise TooLarge(f"more than {MAX_BYTES} bytes")
    cost = html_bounds.cost(source)
    if cost.nesting > MAX_NESTING:
        raise TooLarge("nested too deeply")
    if cost.attributes > html_bounds.MOST_ATTRIBUTES or cost.elements > MAX_ELEMENTS:
        raise TooLarge("too many elements, or attributes of one")


def clean(source: str, own: Mapping[str, str] | None = None) -> str:
    """What an article may hold of the HTML an editor submits. Raises `TooLarge`.

    Figures keep their pictures' numbers alone: words and sizes come from the library. `own`
    says which addresses are articles of this site, as `article:12`.
    """
    source = html_bounds.without_raw(html_bounds.fit(source))
    bounded(source)
    known = own or {}

    def kept(tag: str, name: str, value: str) -> str | None:
        if name == "href":
            value = known.get(value, value)
        return _source_value(name, value)

    # What is left of strange nesting reads differently the second time; then it is settled.
    for _turn in range(3):
        cleaned = nh3.clean(
            source,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES | {"article"},
            link_rel="noopener",
            attribute_filter=kept,
            clean_content_tags={"script", "style", "title", "textarea"},
        ).strip()
        if cleaned == source:
            break
        source = cleaned
    return cleaned


def _source_value(name: str, value: str) -> str | None:
    if name == "data-image":
        return value if _KEY.fullmatch(value) else None
    if name == "data-gallery":
        return value if _KEYS.fullmatch(value) else None
    if name == "data-left-out":
        return value if value in {"picture", "video"} else "picture"
    if name == "data-place":
        return value if value in filling.PLACES else None
    if name in {"data-note", "data-card"}:
        return ""
    if name in {"colspan", "rowspan"}:
        return value if _SPAN.fullmatch(value) else None
    if name == "start":
        return value if _START.fullmatch(value) else None
    if name == "scope":
        return value if value in {"col", "row"} else None
    if name == "href" and value[:8].lower() == "article:":
        return value if _ARTICLE.fullmatch(value) else None
    return value


def render(
    source: str,
    pictures: Mapping[int, Picture],
    media_url: str,
    links: Mapping[int, str] | None = None,
) -> Rendered:
    """The page's HTML for a cleaned `source`, in the active language.

    Pictures are below `media_url` and nowhere else; `links` gives the addresses of articles.
    """
    root = html_bounds.fragment(source or "<p></p>")
    dead = filling.fill_links(root, links or {})
    missing = filling.fill_figures(root, pictures, media_url)
    notes = filling.take_notes(root)
    toc = filling.anchor_headings(root)
    filling.wrap_tables(root)
    words = filling.words_of(root)
    filling.fill_cards(root)
    filling.place_notes(root, notes)
    inner = str(escape(root.text or "")) + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in root
    )
    html = nh3.clean(
        inner,
        tags=_SHOWN_TAGS,
        attributes=_SHOWN_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener",
        attribute_filter=lambda tag, name, value: _shown_value(tag, name, value, media_url),
    )
    return Rendered(html, toc, html_text.text_of(html), len(words.split()), missing, dead)


def _shown_value(tag: str, name: str, value: str, media_url: str) -> str | None:
    if (tag, name) in _VALUES:
        return value if value in _VALUES[tag, name] else None
    if name == "src":
        return value if value.startswith(media_url) else None
    if name == "srcset":
        parts = [part.strip() for part in value.split(",")]
        return value if all(part.startswith(media_url) for part in parts) else None
    if name == "data-video":
        return value if VIDEO.fullmatch(value) else None
    if name == "class":
        return value if _FOCUS.fullmatch(value) else None
    return value


def picture_numbers(source: str) -> list[int]:
    """The numbers of the pictures that a cleaned text shows."""
    return filling.numbers_in(_FIGURES.findall(source))


def article_numbers(source: str) -> list[int]:
    """The numbers of the articles that a cleaned text links to."""
    return filling.numbers_in(_ARTICLES.findall(source))
