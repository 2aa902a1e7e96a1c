"""Pictures taken out of a text."""

from __future__ import annotations

from django.utils.html import escape
from lxml import etree

from core import html_bounds


def without_picture(source: str, number: int) -> str:
    """A cleaned text without one picture; a gallery that is left with one becomes a figure.

    The caller cleans it again, as every text that is saved.
    """
    root = html_bounds.fragment(source or "<p></p>")
    gone = str(number)
    for figure in list(root.iter("figure")):
        shown = figure.get("data-gallery")
        numbers = shown.split(",") if shown else [figure.get("data-image") or ""]
        if gone not in numbers:
            continue
        left = [one for one in numbers if one != gone]
        if not left:
            figure.drop_tree()
        elif len(left) == 1:
            figure.attrib.pop("data-gallery")
            figure.set("data-image", left[0])
        else:
            figure.set("data-gallery", ",".join(left))
    return str(escape(root.text or "")) + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in root
    )
