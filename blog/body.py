"""The one sanitiser of articles: what the editor submits, and what readers get.

`clean` takes an author's HTML down to what an article may hold. `render` fills in figures and
anchors. In both, nh3 comes last: nothing rewrites HTML after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import lxml.html
import nh3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from lxml import etree

from blog.slugs import slug_from

if TYPE_CHECKING:
    from blog.models.image import RenditionData

MAX_BYTES = 500_000
MAX_NESTING = 60
"""Open tags inside one another; nh3 took 1.1 s on 240 KB of nothing but nesting."""
SIZES = "(min-width: 48rem) 42rem, 100vw"

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
    "figure": {"data-image"},
}
_SHOWN_TAGS = _TAGS | {"picture", "source", "img", "figcaption", "small", "div"}
_SHOWN_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "source": {"type", "srcset", "sizes"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
    "small": {"class"},
    "div": {"class", "role", "tabindex"},
}
# Control characters and lone surrogates, which neither XML nor UTF-8 can hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Never closed, or closed by what follows: these do not nest.
_VOID = {"br", "hr", "img", "source", "input", "wbr", "col", "p", "li", "td", "th", "tr"}
_SCHEMES = {"http", "https", "mailto"}
_VALUES = {
    ("small", "class"): {"credit"},
    ("div", "class"): {"table-scroll"},
    ("div", "role"): {"region"},
    ("div", "tabindex"): {"0"},
    ("img", "loading"): {"lazy", "eager"},
    ("img", "decoding"): {"async"},
}


class TooLarge(ValueError):
    """HTML over the bounds of size or nesting."""


class Picture(Protocol):
    """What a figure needs of a picture of the library."""

    width: int
    height: int
    alt: str
    caption: str
    credit: str
    renditions: list[RenditionData]


@dataclass(frozen=True)
class Rendered:
    """A finished text: HTML, its headings, its words, and pictures that were not found."""

    html: str
    toc: list[dict[str, Any]]
    text: str
    word_count: int
    missing: list[int]


def stored(html: str) -> SafeString:
    """HTML that `render` made and the database kept."""
    return mark_safe(html)  # noqa: S308 - made by render, kept by article_save


def _bounded(source: str) -> None:
    if len(source.encode("utf-8", "replace")) > MAX_BYTES:
        raise TooLarge(f"more than {MAX_BYTES} bytes")
    depth = deepest = 0
    for match in re.finditer(r"<(/?)([a-zA-Z]+)", source):
        if match.group(2).lower() not in _VOID:
            depth += -1 if match.group(1) else 1
            deepest = max(deepest, depth)
    if deepest > MAX_NESTING:
        raise TooLarge("nested too deeply")


def clean(source: str) -> str:
    """What an article may hold of the HTML an editor submits. Raises `TooLarge`.

    Figures keep their picture's number alone: words and sizes come from the library.
    """
    source = _UNFIT.sub("", source)
    _bounded(source)
    # What is left of strange nesting reads differently the second time; then it is settled.
    for _turn in range(3):
        cleaned = nh3.clean(
            source,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            link_rel="noopener",
            attribute_filter=_number_only,
            clean_content_tags={"script", "style", "title", "textarea"},
        ).strip()
        if cleaned == source:
            break
        source = cleaned
    return cleaned


def _number_only(tag: str, name: str, value: str) -> str | None:
    if name == "data-image":
        return value if re.fullmatch(r"[1-9][0-9]{0,17}", value) else None
    if name in {"colspan", "rowspan"}:
        return value if re.fullmatch(r"[1-9][0-9]?", value) else None
    return value


def render(source: str, pictures: Mapping[int, Picture], media_url: str) -> Rendered:
    """The page's HTML for a cleaned `source`; pictures are below `media_url`, nowhere else."""
    root = lxml.html.fragment_fromstring(source or "<p></p>", create_parent="div")
    missing = _fill_figures(root, pictures, media_url)
    toc = _anchor_headings(root)
    for table in list(root.iter("table")):
        _wrap(table)
    text = " ".join(" ".join(root.itertext()).split())
    inner = str(escape(root.text or "")) + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in root
    )

    def allowed(tag: str, name: str, value: str) -> str | None:
        if (tag, name) in _VALUES:
            return value if value in _VALUES[tag, name] else None
        if name == "src":
            return value if value.startswith(media_url) else None
        if name == "srcset":
            parts = [part.strip() for part in value.split(",")]
            return value if all(part.startswith(media_url) for part in parts) else None
        return value

    html = nh3.clean(
        inner,
        tags=_SHOWN_TAGS,
        attributes=_SHOWN_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener",
        attribute_filter=allowed,
    )
    return Rendered(html, toc, text, len(text.split()), missing)


def _fill_figures(
    root: lxml.html.HtmlElement, pictures: Mapping[int, Picture], media_url: str
) -> list[int]:
    missing = []
    for figure in list(root.iter("figure")):
        if figure.getparent() is None:
            continue  # It stood in a figure that is filled or gone.
        number = int(figure.get("data-image") or 0)
        picture = pictures.get(number)
        tail = figure.tail
        for child in list(figure):
            figure.remove(child)
        figure.text = None
        figure.attrib.pop("data-image", None)
        if picture is None:
            if number:
                missing.append(number)
            figure.drop_tree()
            continue
        markup = picture_markup(picture, media_url)
        figure.append(lxml.html.fragment_fromstring(str(markup)))
        if picture.caption or picture.credit:
            caption = etree.SubElement(figure, "figcaption")
            caption.text = picture.caption
            if picture.credit:
                caption.text += " "
                credit = etree.SubElement(caption, "small", {"class": "credit"})
                credit.text = picture.credit
        figure.tail = tail
    return missing


def picture_markup(
    picture: Picture,
    media_url: str,
    *,
    sizes: str = SIZES,
    eager: bool = False,
    decorative: bool = False,
) -> SafeString:
    """A `<picture>` with every rendition, the widest JPEG or PNG as the fallback."""
    by_format: dict[str, list[RenditionData]] = {}
    for rendition in picture.renditions:
        by_format.setdefault(rendition["format"], []).append(rendition)
    fallback = by_format.pop("jpeg", None) or by_format.pop("png", None) or []
    if not fallback:
        return format_html("")
    sources = [
        format_html(
            '<source type="image/{}" srcset="{}" sizes="{}">', kind, _srcset(rows, media_url), sizes
        )
        for kind, rows in by_format.items()
    ]
    widest = max(fallback, key=lambda row: row["width"])
    image = format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" loading="{}"'
        ' decoding="async">',
        media_url + widest["name"],
        _srcset(fallback, media_url),
        sizes,
        widest["width"],
        widest["height"],
        "" if decorative else picture.alt,
        "eager" if eager else "lazy",
    )
    return format_html("<picture>{}{}</picture>", SafeString("".join(sources)), image)


def _srcset(rows: Sequence[RenditionData], media_url: str) -> str:
    ordered = sorted(rows, key=lambda row: row["width"])
    return ", ".join(f"{media_url}{row['name']} {row['width']}w" for row in ordered)


def _anchor_headings(root: lxml.html.HtmlElement) -> list[dict[str, Any]]:
    toc: list[dict[str, Any]] = []
    seen: set[str] = set()
    for heading in root.iter("h2", "h3", "h4"):
        title = " ".join(heading.text_content().split())
        if not title:
            continue
        # The prefix keeps anchors of the text apart from those of the page.
        stem = anchor = f"s-{slug_from(title) or 'deel'}"
        number = 2
        while anchor in seen:
            anchor, number = f"{stem}-{number}", number + 1
        seen.add(anchor)
        heading.set("id", anchor)
        if heading.tag == "h2":
            toc.append({"id": anchor, "title": title, "level": 2})
    return toc


def _wrap(table: lxml.html.HtmlElement) -> None:
    """Put a wide table in a region that scrolls by itself, by keyboard too."""
    parent = table.getparent()
    if parent is None:
        return
    box = etree.Element("div", {"class": "table-scroll", "tabindex": "0"})
    box.tail, table.tail = table.tail, None
    parent.replace(table, box)
    box.append(table)


def picture_numbers(source: str) -> list[int]:
    """The numbers of the pictures that a cleaned text shows."""
    return sorted({int(number) for number in re.findall(r'data-image="([1-9]\d*)"', source)})
