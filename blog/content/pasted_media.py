"""Pictures and films of a pasted document: each is a note to its author where it stood.

What came from this site's own library is shown again; films of a service that readers can watch
here become cards. Everything else becomes a figure with `data-left-out`, its name and its address,
which only the editor shows, until somebody puts the picture in its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement as Element

from blog.content import embeds

LISTED: Final = 60
"""Pictures and films of one paste that get a note; more are counted."""
_FILMS: Final = ("iframe", "video", "audio", "embed", "object")
MEDIA: Final = ("img", "svg", *_FILMS)
_NAME_LENGTH: Final = 200
_ADDRESS_LENGTH: Final = 500
_MARK = re.compile(r"/pictures/(?:[a-z0-9_-]{0,80}-)?([0-9a-f]{16})[a-z0-9-]{0,20}\.[a-z]{3,4}\b")
# What the editor's script writes in the place of a picture's own bytes.
_CLIPBOARD = re.compile(r"clipboard:[0-9]{1,3}")
_PIXELS = re.compile(r"\s{0,9}(\d{1,6})")
_WORDS = re.compile(r"[^\W_]")
_EMOJI_LENGTH: Final = 12
# What a picture or film can stand in as a block of its own.
_HOLDS: Final = {"div", "li", "td", "th", "blockquote", "section", "article", "body"}


def own_marks(html: str) -> set[str]:
    """The digests' parts in what may be addresses of this site's own pictures."""
    return set(_MARK.findall(html))


def settle(root: Element, own: Mapping[str, int]) -> int:
    """Put something in the place of every picture and film; gives how many were left out.

    `own` gives the numbers of the library's pictures by their marks.
    """
    count = 0
    found = list(root.iter(*MEDIA))
    for element in found:
        if any(over.tag in MEDIA for over in element.iterancestors()):
            continue  # What a player holds is said with it.
        made = _instead(root, element, own)
        if isinstance(made, str):
            element.tail = made + (element.tail or "")
        elif made is not None:
            left_out = made.get("data-left-out") is not None
            count += left_out
            if left_out and count > LISTED:
                continue
            # Marked here, so that several in one line stay in their order.
            element.addprevious(made)
            made.tail = None
    etree.strip_elements(root, *MEDIA, with_tail=False)
    for figure in reversed([one for one in root.iter("figure") if _is_ours(one)]):
        _lift(figure, root)
    return count


def _is_ours(figure: Element) -> bool:
    names = ("data-left-out", "data-image", "data-card")
    return any(figure.get(name) is not None for name in names)


def _instead(root: Element, element: Element, own: Mapping[str, int]) -> Element | str | None:
    """A figure; the words of a sign that stands in a line; None for what nobody misses."""
    address = _address(element)
    name = _name(element)
    if element.tag == "img":
        if _is_pixel(element):
            return None
        if name and len(name) <= _EMOJI_LENGTH and not _WORDS.search(name):
            return name  # An emoji, as chat programs and mails paste it.
        mark = _MARK.search(address)
        if mark and mark[1] in own:
            return root.makeelement("figure", {"data-image": str(own[mark[1]])})
    if element.tag == "svg" and not name:
        return None
    if element.tag in _FILMS:
        if element.tag == "iframe" and not address:
            return None
        if watched := _watched(address):
            card = root.makeelement("figure", {"data-card": ""})
            etree.SubElement(card, "a", {"href": watched}).text = name or embeds.host_of(watched)
            return card
    kind = "video" if element.tag in _FILMS else "picture"
    figure = root.makeelement("figure", {"data-left-out": kind})
    shown = _shown(address)
    figure.text = name or (shown.rpartition("/")[2] if shown else "")
    if shown:
        etree.SubElement(figure, "code").text = shown
    return figure


def _address(element: Element) -> str:
    for name in ("src", "data-src", "data"):
        if value := (element.get(name) or "").strip():
            return value
    source = next(element.iter("source"), None)
    return (source.get("src") or "").strip() if source is not None else ""


def _name(element: Element) -> str:
    values = [element.get(name) or "" for name in ("alt", "title", "aria-label")]
    if element.tag == "svg":
        title = next(element.iter("title"), None)
        values.append(title.text_content() if title is not None else "")
    return next((" ".join(value.split())[:_NAME_LENGTH] for value in values if value.strip()), "")


def _shown(address: str) -> str:
    """The address as it is told: of a file on somebody's own machine its name alone."""
    if address.startswith(("http://", "https://")):
        return address[:_ADDRESS_LENGTH]
    if _CLIPBOARD.fullmatch(address):
        return address
    if address.startswith(("data:", "blob:")):
        return ""
    try:
        path = unquote(urlsplit(address[:2000]).path)
    except ValueError:
        return ""
    return path.replace("\\", "/").rpartition("/")[2][:_ADDRESS_LENGTH]


def _watched(address: str) -> str:
    """The page of a film that readers can watch here; empty for every other address."""
    address = f"https:{address}" if address.startswith("//") else address
    service, _colon, rest = embeds.video_of(address[:2000]).partition(":")
    number = rest.partition(":")[0]
    if service == "youtube":
        return f"https://www.youtube.com/watch?v={number}"
    return f"https://vimeo.com/{rest.replace(':', '/')}" if service == "vimeo" else ""


def _is_pixel(element: Element) -> bool:
    """A picture of one or two pixels, with which mails see that they were opened."""
    sizes = [_PIXELS.match(element.get(name) or "") for name in ("width", "height")]
    return any(size is not None and int(size[1]) <= 2 for size in sizes)


def _lift(figure: Element, root: Element) -> None:
    """Put a figure behind the line that it stands in."""
    line = figure
    parent = line.getparent()
    while parent is not None and parent is not root and parent.tag not in _HOLDS:
        line, parent = parent, parent.getparent()
    if line is figure:
        return
    figure.drop_tree()
    figure.tail = None
    line.addnext(figure)
