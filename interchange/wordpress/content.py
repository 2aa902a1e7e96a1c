"""A text of ours as the block editor of WordPress keeps it.

Pure: HTML that `blog.content.sanitiser.clean` made goes in. Blocks, because WordPress puts
paragraphs of its own into HTML without them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import lxml.html
from lxml import etree

from blog.content.rendering import HALF
from core import html_bounds


@dataclass(frozen=True)
class Figure:
    """A picture as WordPress knows it: the number of its attachment, and where it is now."""

    number: int
    address: str
    alt: str
    caption: str


# Where a picture stands: the classes of its block, and what the block's settings say.
_PLACES = {
    "left": ("alignleft", ',"align":"left"'),
    "right": ("alignright", ',"align":"right"'),
    "wide": ("alignwide", ',"align":"wide"'),
    "small": ("aligncenter is-resized", f',"align":"center","width":"{HALF}px"'),
}
_HEADINGS = {"h2": 2, "h3": 3, "h4": 4}
_PLAIN = {"p": "paragraph", "ul": "list", "ol": "list", "blockquote": "quote"}


def blocks(source: str, figure: Callable[[int], Figure | None]) -> str:
    """`source` in blocks; `figure` gives the picture of a number, None where it is gone."""
    if not source:
        return ""
    root = html_bounds.fragment(source)
    for found in list(root.iter("figure")):
        _fill(found, figure(int(found.get("data-image") or 0)))
    parts = [_block("html", escape(root.text))] if (root.text or "").strip() else []
    for child in root:
        tail, child.tail = child.tail, None
        parts.append(_of(child))
        if (tail or "").strip():
            parts.append(_block("html", escape(tail or "")))
    return "\n\n".join(part for part in parts if part)


def _of(element: lxml.html.HtmlElement) -> str:
    tag = element.tag
    if tag in _HEADINGS:
        level = _HEADINGS[tag]
        settings = "" if level == 2 else f' {{"level":{level}}}'
        return _block("heading", _html(element), settings)
    if tag == "ol":
        return _block("list", _html(element), ' {"ordered":true}')
    if tag == "blockquote":
        element.set("class", "wp-block-quote")
        return _block("quote", _html(element))
    if tag == "hr":
        return _block("separator", '<hr class="wp-block-separator"/>')
    if tag == "figure":
        number = element.attrib.pop("data-number", "")
        if not number:
            return ""
        _classes, place = _PLACES.get(element.attrib.pop("data-place", ""), ("", ""))
        return _block("image", _html(element), f' {{"id":{number},"sizeSlug":"full"{place}}}')
    if tag in _PLAIN:
        return _block(_PLAIN[tag], _html(element))
    return _block("html", _html(element))


def _block(name: str, html: str, settings: str = "") -> str:
    return f"<!-- wp:{name}{settings} -->\n{html}\n<!-- /wp:{name} -->"


def _html(element: lxml.html.HtmlElement) -> str:
    return etree.tostring(element, encoding="unicode", method="html")


def _fill(element: lxml.html.HtmlElement, picture: Figure | None) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None
    place = element.get("data-place") or ""
    element.attrib.clear()
    if picture is None:
        return
    # Taken off again where the block says it.
    if element.getparent().getparent() is None:
        element.set("data-number", str(picture.number))
        element.set("data-place", place)
    classes, _settings = _PLACES.get(place, ("", ""))
    element.set("class", f"wp-block-image {classes} size-full".replace("  ", " "))
    values = {"src": picture.address, "alt": picture.alt, "class": f"wp-image-{picture.number}"}
    if place == "small":
        values["style"] = f"width:{HALF}px"
    etree.SubElement(element, "img", values)
    if picture.caption:
        words = etree.SubElement(element, "figcaption", {"class": "wp-element-caption"})
        words.text = picture.caption
