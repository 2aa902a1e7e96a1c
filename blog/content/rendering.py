"""Fills pictures, cards, notes, links and anchors into a text.

Works on the tree between the two cleanings of `blog.content.sanitiser`; nothing that it writes goes
to a reader uncleaned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import lxml.html
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from lxml import etree

from blog.content import embeds
from blog.content.slugs import slug_from
from core import html_bounds

if TYPE_CHECKING:
    from core.pictures import RenditionData

_DIGITS = re.compile(r"\d+")
# As `picture_markup` writes it, and lxml writes it again.
_PICTURE = re.compile(
    r'<picture>(?:<source [^<>]*>)*<img src="(?P<src>[^"]*)" srcset="[^"]*" sizes="[^"]*"'
    r' width="(?P<width>\d{1,5})"(?: [a-z]+="[^"]*")*></picture>'
)
_COLUMN = 700
"""Pixels: a picture of this width has more to show than the column of the text."""


SIZES = "(min-width: 48rem) 42rem, 100vw"
GALLERY_SIZES = "(min-width: 48rem) 21rem, 50vw"
MOST_IN_GALLERY = 24
_INLINE = {"a", "strong", "em", "s", "sub", "sup", "code"}


class Picture(Protocol):
    """Data of a library picture for a figure."""

    width: int
    height: int
    alt: str
    caption: str
    credit: str
    focal_x: int
    focal_y: int
    renditions: list[RenditionData]


def fill_links(root: lxml.html.HtmlElement, links: Mapping[int, str]) -> list[int]:
    """Give links to own articles their address; those without one become text.

    Gives the numbers of articles that have no address.
    """
    dead = []
    bare = []
    for link in root.iter("a"):
        target, _hash, anchor = (link.get("href") or "").partition("#")
        if not target.startswith("article:"):
            continue
        number = int(target.removeprefix("article:"))
        if number in links:
            link.set("href", links[number] + (f"#{anchor}" if anchor else ""))
        else:
            dead.append(number)
            bare.append(link)
    html_bounds.unwrap(root, bare)
    return dead


def take_notes(root: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """Take the notes out; an empty `<sup>` stays where each stood. Gives them in their order."""
    notes = []
    for note in list(root.iter("sup")):
        if note.get("data-note") is None:
            continue
        if any(over.get("data-note") is not None for over in note.iterancestors("sup")):
            continue
        if next(note.iterancestors("figure"), None) is not None:
            note.drop_tree()
            continue
        for inner in note.iterdescendants():
            inner.attrib.pop("data-note", None)
        blocks = [inner for inner in note.iterdescendants() if inner.tag not in _INLINE]
        html_bounds.unwrap(note, blocks)
        place = root.makeelement("sup")
        note.addprevious(place)
        tail, note.tail = note.tail, None
        place.tail = tail
        note.getparent().remove(note)
        if not note.text_content().strip():
            place.drop_tree()
            continue
        # A link inside a link is none.
        outer = next(place.iterancestors("a"), None)
        if outer is not None:
            place.drop_tree()
            place.tail, outer.tail = outer.tail, None
            outer.addnext(place)
        notes.append(note)
        place.set("data-number", str(len(notes)))
    return notes


def place_notes(
    root: lxml.html.HtmlElement, notes: Sequence[lxml.html.HtmlElement]
) -> lxml.html.HtmlElement | None:
    """Number the references and put the notes below the text, each with a way back."""
    if not notes:
        return None
    for place in list(root.iter("sup")):
        number = place.attrib.pop("data-number", None)
        if number is None:
            continue
        name = _("Note %(number)s") % {"number": number}
        place.set("class", "note-ref")
        link = etree.SubElement(
            place,
            "a",
            {
                "id": f"fnref-{number}",
                "href": f"#fn-{number}",
                "role": "doc-noteref",
                "aria-label": name,
            },
        )
        link.text = number
    section = etree.SubElement(
        root,
        "section",
        {"class": "notes", "role": "doc-endnotes", "aria-labelledby": "notes-title"},
    )
    etree.SubElement(section, "h2", {"id": "notes-title"}).text = _("Notes")
    rows = etree.SubElement(section, "ol")
    for number, note in enumerate(notes, start=1):
        row = etree.SubElement(rows, "li", {"id": f"fn-{number}"})
        row.text = note.text
        row.extend(list(note))
        name = _("Back to note %(number)s in the text") % {"number": number}
        facts = {"href": f"#fnref-{number}", "role": "doc-backlink", "aria-label": name}
        back = root.makeelement("a", facts)
        back.text = "↩"
        if len(row):
            row[-1].tail = f"{row[-1].tail or ''} "
        else:
            row.text = f"{row.text or ''} "
        row.append(back)
    return section


def fill_figures(
    root: lxml.html.HtmlElement, pictures: Mapping[int, Picture], media_url: str
) -> list[int]:
    """Fill in figures and galleries; gives the numbers of pictures that are not there."""
    missing: list[int] = []
    for figure in list(root.iter("figure")):
        if figure.getparent() is None:
            continue  # It stood in a figure that is filled or gone.
        if figure.get("data-card") is not None:
            continue
        gallery = figure.get("data-gallery")
        numbers = [int(number) for number in (gallery or figure.get("data-image") or "").split(",")
                   if number]  # fmt: skip
        missing += [number for number in numbers if number not in pictures]
        shown = [pictures[number] for number in numbers[:MOST_IN_GALLERY] if number in pictures]
        if gallery is not None and len(shown) > 1:
            name = _("Pictures: %(number)s") % {"number": len(shown)}
            facts = {"class": "gallery", "role": "group", "aria-label": name}
            box = root.makeelement("div", facts)
            box.extend(_figure(root, picture, media_url, GALLERY_SIZES) for picture in shown)
            made = [box]
        else:
            made = [_figure(root, picture, media_url, SIZES) for picture in shown]
        for element in made:
            figure.addprevious(element)
        figure.drop_tree()
    return missing


def _figure(
    root: lxml.html.HtmlElement, picture: Picture, media_url: str, sizes: str
) -> lxml.html.HtmlElement:
    figure = root.makeelement("figure")
    markup = str(picture_markup(picture, media_url, sizes=sizes))
    if markup:
        figure.append(lxml.html.fragment_fromstring(markup))
    if picture.caption or picture.credit:
        caption = etree.SubElement(figure, "figcaption")
        caption.text = picture.caption
        if picture.credit:
            caption.text += " "
            credit = etree.SubElement(caption, "small", {"class": "credit"})
            credit.text = picture.credit
    return figure


def fill_cards(root: lxml.html.HtmlElement) -> None:
    """Make cards of figures that hold a link: its title, and the host that it leads to."""
    for figure in list(root.iter("figure")):
        if figure.get("data-card") is None or figure.getparent() is None:
            continue
        link = next(figure.iter("a"), None)
        url = (link.get("href") or "") if link is not None else ""
        if link is None or not url:
            figure.drop_tree()
            continue
        title = " ".join(link.text_content().split())
        host = embeds.host_of(url)
        for child in list(figure):
            figure.remove(child)
        figure.text = None
        figure.attrib.pop("data-card")
        figure.set("class", "link-card")
        if video := embeds.video_of(url):
            figure.set("data-video", video)
        shown = etree.SubElement(figure, "a", {"href": url})
        etree.SubElement(shown, "strong").text = title or host or url
        if host:
            shown[-1].tail = " "
            etree.SubElement(shown, "small", {"class": "card-host"}).text = host


def picture_markup(
    picture: Picture,
    media_url: str,
    *,
    sizes: str = SIZES,
    eager: bool = False,
    decorative: bool = False,
    dark: Picture | None = None,
) -> SafeString:
    """A `<picture>` with every rendition, the widest JPEG or PNG as the fallback.

    `dark` takes its place for who reads light on dark.
    """
    by_format = _by_format(picture)
    fallback = by_format.pop("jpeg", None) or by_format.pop("png", None) or []
    if not fallback:
        return format_html("")
    sources = [
        format_html(
            '<source media="(prefers-color-scheme: dark)" type="image/{}" srcset="{}" sizes="{}"'
            ' width="{}" height="{}">',
            kind,
            _srcset(rows, media_url),
            sizes,
            rows[0]["width"],
            rows[0]["height"],
        )
        for kind, rows in (_by_format(dark) if dark else {}).items()
    ]
    sources += [
        format_html(
            '<source type="image/{}" srcset="{}" sizes="{}">', kind, _srcset(rows, media_url), sizes
        )
        for kind, rows in by_format.items()
    ]
    widest = max(fallback, key=lambda row: row["width"])
    focus = focus_class(picture)
    image = format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" loading="{}"'
        ' decoding="async"{}>',
        media_url + widest["name"],
        _srcset(fallback, media_url),
        sizes,
        widest["width"],
        widest["height"],
        "" if decorative else picture.alt,
        "eager" if eager else "lazy",
        format_html(' class="{}"', focus) if focus else "",
    )
    return format_html("<picture>{}{}</picture>", SafeString("".join(sources)), image)


def enlargeable(markup: str) -> SafeString:
    """Finished `markup` of a page with a link to itself around each picture of our own making.

    The link leads to the widest file. Pictures that a column shows in full have none.
    """
    return SafeString(_PICTURE.sub(_enlarged, markup))


def _enlarged(found: re.Match[str]) -> str:
    if int(found["width"]) < _COLUMN:
        return found[0]
    name = _("Show large")
    return f'<a class="enlarge" href="{found["src"]}" title="{name}">{found[0]}</a>'


def _by_format(picture: Picture) -> dict[str, list[RenditionData]]:
    found: dict[str, list[RenditionData]] = {}
    for rendition in picture.renditions:
        found.setdefault(rendition["format"], []).append(rendition)
    return found


def focus_class(picture: Picture) -> str:
    """The classes that keep a picture's focal point in view where it is cropped.

    In steps of a tenth, since no style may stand in a page; empty for the middle.
    """
    across, down = round(picture.focal_x / 10), round(picture.focal_y / 10)
    return "" if (across, down) == (5, 5) else f"focus-x-{across} focus-y-{down}"


def _srcset(rows: Sequence[RenditionData], media_url: str) -> str:
    ordered = sorted(rows, key=lambda row: row["width"])
    return ", ".join(f"{media_url}{row['name']} {row['width']}w" for row in ordered)


def anchor_headings(root: lxml.html.HtmlElement) -> list[dict[str, Any]]:
    """Give every heading an anchor of its own; gives those of the first level."""
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


def wrap_tables(root: lxml.html.HtmlElement) -> None:
    """Say what each header cell heads, and let a wide table scroll by itself, by keyboard too."""
    for table in list(root.iter("table")):
        parent = table.getparent()
        if parent is None:
            continue
        for number, row in enumerate(table.iter("tr")):
            for cell in row.iterchildren("th"):
                if cell.get("scope") is None:
                    cell.set("scope", "col" if number == 0 else "row")
        box = etree.Element("div", {"class": "table-scroll", "tabindex": "0"})
        box.tail, table.tail = table.tail, None
        parent.replace(table, box)
        box.append(table)


def words_of(root: lxml.html.HtmlElement) -> str:
    """The text of a tree, its words with single spaces between them."""
    return " ".join(" ".join(root.itertext()).split())


def numbers_in(values: Iterable[str]) -> list[int]:
    """The numbers in texts like "3" and "4,5", each once, in order of size."""
    return sorted({int(number) for value in values for number in _DIGITS.findall(value)})
