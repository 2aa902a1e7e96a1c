"""Where a picture stands in a text of WordPress or Ghost, in the words of ours."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

# By the classes of the picture or its figure, the first that is there.
_PLACES: Final = {
    "alignleft": "left",
    "alignright": "right",
    "alignwide": "wide",
    "alignfull": "wide",
    "kg-width-wide": "wide",
    "kg-width-full": "wide",
    "size-thumbnail": "small",
    "size-medium": "small",
}
_RESIZED: Final = "is-resized"
_SMALL: Final = 420
"""Pixels: a picture that was made smaller by hand, and stands alone, is small up to this width."""
_WIDTH = re.compile(r"(?<![a-z-])width\s{0,5}:\s{0,5}(\d{1,5})px")
_PIXELS = re.compile(r"(\d{1,5})(?:px)?")


def place_of(picture: etree._Element) -> str:
    """The value of `data-place` for an `<img>`; empty for one as wide as the text."""
    over = next(picture.iterancestors("figure"), None)
    names = (picture.get("class") or "").split()
    if over is not None:
        names += (over.get("class") or "").split()
    found = next((place for name, place in _PLACES.items() if name in names), "")
    if not found and _RESIZED in names and 0 < _width(picture) <= _SMALL:
        return "small"
    return found


def _width(picture: etree._Element) -> int:
    styled = _WIDTH.search((picture.get("style") or "")[:500])
    said = styled or _PIXELS.fullmatch(picture.get("width") or "")
    return int(said[1]) if said else 0
