"""Quality check of a text: hints before publication, never a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml.html import HtmlElement as Element

from blog.content import embeds
from blog.content.rendering import Picture, anchor_headings, words_of
from core import html_bounds

_WEB = re.compile(r"https?://")
_ADDRESS = re.compile(r"(https?://|www\.)")
_HEADINGS: Final = ("h2", "h3", "h4")
# What a block can hold beside words, so that it is not empty.
_HOLDS: Final = ("img", "figure", "iframe", "video", "audio", "hr", "input")
_SITE_LINK = re.compile(r'href="(/[^"#/][^"#]*|/)(?:#[^"]*)?"')


LONG_PARAGRAPH: Final = 170
LONG_TITLE: Final = 90
LONG_WITHOUT_HEADING: Final = 700
# Texts of links that say nothing when they are read out by themselves.
_EMPTY_WORDS: Final = {
    *("hier", "klik hier", "klik", "lees meer", "lees verder", "meer", "link", "deze link"),
    *("dit artikel", "via deze link", "meer informatie", "deze pagina", "website"),
    *("here", "click here", "read more", "more", "this link", "this", "this article", "learn more"),
}


@dataclass(frozen=True)
class Draft:
    """The text to check; `picture` is the one above it."""

    title: str
    # None: a kind of text that has none.
    lead: str | None
    source: str
    picture: Picture | None = None


@dataclass(frozen=True)
class Finding:
    """What could be better, why, and where: the number of the block in the text, if it is one."""

    code: str
    message: str
    excerpt: str = ""
    block: int | None = None

    def as_dict(self) -> dict[str, object]:
        """For the editor's own page."""
        return asdict(self)


@dataclass(frozen=True)
class World:
    """Facts about the site that the check needs: pictures and link targets.

    `public` and `waiting` hold numbers of articles that readers see, and that they do not see
    yet; `dead` addresses of this site where nothing is.
    """

    pictures: Mapping[int, Picture]
    public: frozenset[int] = frozenset()
    waiting: frozenset[int] = frozenset()
    dead: frozenset[str] = frozenset()


def findings(draft: Draft, world: World) -> list[Finding]:
    """All findings in the order of the text. Takes a cleaned source."""
    root = html_bounds.fragment(draft.source or "<p></p>")
    found = list(_above(draft))
    blocks = list(root.iterchildren())
    for number, block in enumerate(blocks):
        for one in _in_block(block, world):
            found.append(Finding(one.code, one.message, one.excerpt, number))
    found += _headings(blocks)
    found += _anchors(root, blocks)
    words = len(words_of(root).split())
    if not words:
        found.append(Finding("empty", _("There is no text yet.")))
    else:
        found += _empty(blocks)
    if words > LONG_WITHOUT_HEADING and next(root.iter(*_HEADINGS), None) is None:
        found.append(
            Finding(
                "no-headings",
                _(
                    "A text of this length reads easier with headings; those who cannot see it"
                    " go from one to the next."
                ),
            )
        )
    return sorted(found, key=lambda one: -1 if one.block is None else one.block)


def _above(draft: Draft) -> Iterator[Finding]:
    if draft.lead is not None and not draft.lead.strip():
        yield Finding(
            "no-lead",
            _("There is no lead. Lists, searches and shared links show it under the title."),
        )
    if len(draft.title) > LONG_TITLE:
        yield Finding(
            "long-title",
            _("The title is long; searches and networks cut it off after some 70 characters."),
        )
    if draft.picture is not None and not draft.picture.alt.strip():
        yield Finding("alt", _("The picture above the article has no alternative text."))


def _in_block(block: Element, world: World) -> Iterator[Finding]:
    if block.tag == "figure":
        yield from _figure(block, world)
    for inner in block.iterdescendants("figure"):
        yield from _figure(inner, world)
    for link in block.iter("a"):
        if block.tag != "figure":
            yield from _link(link)
        yield from _target(link, world)
    for table in block.iter("table"):
        if next(table.iter("th"), None) is None:
            yield Finding(
                "table-header",
                _(
                    "This table has no header cells. With them, a screen reader says for each"
                    " cell what it is about."
                ),
                _excerpt(table),
            )
    yield from _paragraph(block)


def _figure(figure: Element, world: World) -> Iterator[Finding]:
    if figure.get("data-card") is not None:
        link = next(figure.iter("a"), None)
        title = link.text_content().strip() if link is not None else ""
        if not title or _WEB.match(title):
            yield Finding(
                "card-title", _("This card has no title of its own, so nobody knows what is there.")
            )
        return
    if figure.get("data-left-out") is not None:
        code = next(figure.iter("code"), None)
        told = (figure.text or "").strip() or (code.text_content() if code is not None else "")
        yield Finding(
            "left-out",
            _("A video of the text that was pasted is missing here. Readers do not see this note.")
            if figure.get("data-left-out") == "video"
            else _(
                "A picture of the text that was pasted is missing here. Readers do not see this"
                " note."
            ),
            told[:80],
        )
        return
    value = figure.get("data-gallery") or figure.get("data-image") or ""
    for number in (int(part) for part in value.split(",") if part):
        picture = world.pictures.get(number)
        if picture is None:
            yield Finding("picture-gone", _("Picture %d is not in the library any more.") % number)
        elif not picture.alt.strip():
            yield Finding(
                "alt",
                _(
                    "Picture %d has no alternative text. That is right for mere decoration;"
                    " otherwise say what it shows."
                )
                % number,
                picture.caption,
            )


def _link(link: Element) -> Iterator[Finding]:
    text = " ".join(link.text_content().split())
    plain = text.strip(" .,:;!?»«“”‘’\"'→>").lower()
    if not plain:
        yield Finding("link-text", _("This link has no text, so nobody can follow it."))
    elif plain in _EMPTY_WORDS:
        yield Finding(
            "link-text",
            _("“%s” does not say where the link leads. Let the words name what is there.") % text,
            _excerpt(link.getparent()),
        )
    elif _ADDRESS.match(plain):
        yield Finding(
            "link-text",
            _("A bare address is read out letter by letter. Let the words name what is there."),
            text[:80],
        )


def _target(link: Element, world: World) -> Iterator[Finding]:
    href = link.get("href") or ""
    text = " ".join(link.text_content().split())
    if href.startswith("article:"):
        number = int(href.removeprefix("article:").partition("#")[0])
        if number in world.waiting:
            yield Finding(
                "link-waiting",
                _(
                    "This link leads to an article that readers do not see yet. Until they do,"
                    " it is shown as text."
                ),
                text,
            )
        elif number not in world.public:
            yield Finding("dead-link", _("The article that this link led to is gone."), text)
    elif href in world.dead:
        yield Finding("dead-link", _("This link leads to nothing on this site."), text or href)


def _paragraph(block: Element) -> Iterator[Finding]:
    for paragraph in (block, *block.iterdescendants("p")):
        if paragraph.tag != "p":
            continue
        words = len(paragraph.text_content().split())
        if words > LONG_PARAGRAPH:
            yield Finding(
                "long-paragraph",
                _("A paragraph of %d words is a wall on a phone. Part it where the thought turns.")
                % words,
                _excerpt(paragraph),
            )
        bold = list(paragraph.iterchildren("strong"))
        alone = len(bold) == 1 == len(paragraph) and not (paragraph.text or "").strip()
        if (
            alone
            and not (bold[0].tail or "").strip()
            and 0 < words < 12
            and (paragraph.getparent() is None or paragraph.getparent().tag == "div")
        ):
            yield Finding(
                "bold-heading",
                _(
                    "This looks like a heading but is a bold paragraph. As a heading it is found"
                    " by who listens, and in the contents."
                ),
                _excerpt(paragraph),
            )


def _is_empty(element: Element) -> bool:
    held = next(element.iter(*_HOLDS), None)
    return held is None and not element.text_content().strip()


def _empty(blocks: list[Element]) -> Iterator[Finding]:
    """Blocks without anything in them, and empty lines in others; cells of a table may be empty."""
    numbered = enumerate(blocks)
    for is_gap, run in groupby(
        numbered, lambda row: row[1].tag not in _HEADINGS and _is_empty(row[1])
    ):
        rows = list(run)
        if is_gap:
            yield Finding("empty-block", _gap(len(rows)), "", rows[0][0])
            continue
        for number, block in rows:
            inside = {one for one in block.iter("p", "li", "blockquote") if _is_empty(one)}
            # An empty item holds an empty paragraph: one of them is said.
            apart = [one for one in inside if one.getparent() not in inside]
            if count := sum(one.getparent().tag not in ("td", "th") for one in apart):
                yield Finding("empty-block", _inside(count), _excerpt(block), number)


def _gap(count: int) -> str:
    words = ngettext(
        "This block is empty: readers see a gap, and hear one.",
        "%(count)d blocks after each other are empty: readers see a gap, and hear one.",
        count,
    )
    return words % {"count": count}


def _inside(count: int) -> str:
    words = ngettext(
        "One line or item in here is empty.", "%(count)d lines or items in here are empty.", count
    )
    return words % {"count": count}


def _headings(blocks: list[Element]) -> Iterator[Finding]:
    before = 1
    for number, block in enumerate(blocks):
        if block.tag not in _HEADINGS:
            continue
        level = int(block.tag[1])
        if not block.text_content().strip():
            yield Finding("heading-empty", _("This heading is empty."), "", number)
            continue
        if level > before + 1:
            message = _("This heading skips a level: it stands %(is)d deep, under one of %(was)d.")
            yield Finding(
                "heading-order",
                message % {"is": level - 1, "was": before - 1},
                _excerpt(block),
                number,
            )
        before = level


def _anchors(root: Element, blocks: list[Element]) -> Iterator[Finding]:
    """Links to a place in the text itself that is not there."""
    anchor_headings(root)
    known = {element.get("id") for element in root.iter(*_HEADINGS)}
    for number, block in enumerate(blocks):
        for link in block.iter("a"):
            href = link.get("href") or ""
            if href.startswith("#") and href[1:] not in known:
                message = _("This link leads to a place in the text that is not there.")
                yield Finding("dead-link", message, _excerpt(link), number)


def _excerpt(element: Element | None) -> str:
    text = " ".join(element.text_content().split()) if element is not None else ""
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"


def site_paths(source: str) -> list[str]:
    """The addresses of this site's own pages, articles by number aside, that a text links to."""
    found = _SITE_LINK.findall(source)
    return [path for path in dict.fromkeys(found) if not embeds.host_of(path)]
