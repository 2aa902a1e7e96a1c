"""Draws share images: title, authors, site and the picture of the article.

Source Serif (SIL Open Font License) comes as a package; the fonts of the machine are not asked.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

SIZE: Final = (1200, 630)  # what networks cut nothing from
_MARGIN: Final = 72
_PICTURE: Final = 420  # width of the article's own picture
_PAPER, _INK, _SOFT, _ACCENT = "#fcfbf8", "#1a2223", "#535f5f", "#0b5d5a"
_SIZES: Final = (76, 68, 60, 52, 46)
_TALLEST: Final = 350  # pixels for the title
_LEADING: Final = 1.16
# The font has no glyph for the Dutch ligature.
_LIGATURES: Final = str.maketrans({"ĳ": "ij", "Ĳ": "IJ"})
_LONGEST: Final = 90  # characters of a byline or a site's title


@dataclass(frozen=True, slots=True)
class ShareImage:
    """Texts of a share image."""

    title: str
    byline: str
    site: str
    # The site's own colour: six hexadecimal digits; empty for the usual one.
    accent: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """One of our own renditions, and what of it stays in view, in hundredths from the top left."""

    data: bytes
    focus: tuple[int, int] = (50, 50)


def draw(card: ShareImage, picture: Beside | None = None) -> bytes:
    """The picture as PNG, 1200 × 630, with `picture` at its right.

    A title that does not fit at the smallest size is cut with an ellipsis.
    """
    accent = f"#{card.accent}" if card.accent else _ACCENT
    card = ShareImage(
        *(text.translate(_LIGATURES) for text in (card.title, card.byline, card.site))
    )
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], 12), fill=accent)
    width = SIZE[0] - 2 * _MARGIN
    if picture is not None:
        across, down = picture.focus
        with Image.open(BytesIO(picture.data)) as shown:
            beside = ImageOps.fit(
                shown.convert("RGB"), (_PICTURE, SIZE[1]), centering=(across / 100, down / 100)
            )
        image.paste(beside, (SIZE[0] - _PICTURE, 0))
        width -= _PICTURE - _MARGIN // 3
    pen.text((_MARGIN, 66), _cut(card.site, _font("Semibold", 30), width), accent,
             font=_font("Semibold", 30))  # fmt: skip
    size, lines = _fitted(card.title, width)
    top = 142.0
    for line in lines:
        pen.text((_MARGIN, top), line, _INK, font=_font("Bold", size))
        top += size * _LEADING
    byline = _cut(card.byline, _font("Regular", 34), width)
    pen.text((_MARGIN, SIZE[1] - _MARGIN), byline, _SOFT, font=_font("Regular", 34), anchor="ls")
    target = BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()


@functools.cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    # Not imported: the package's own code asks for a module that new Pythons do not have.
    found = find_spec("font_source_serif_pro")
    file = Path(str(found and found.origin)).parent / "files" / f"SourceSerifPro-{weight}.ttf"
    return ImageFont.truetype(file, size)


def _fitted(title: str, width: float) -> tuple[int, list[str]]:
    """The largest size at which the title fits, and its lines; the smallest cuts it."""
    for size in _SIZES:
        lines = _lines(title, _font("Bold", size), width)
        if len(lines) * size * _LEADING <= _TALLEST and max(map(len, lines)) > 0:
            return size, lines
    room = int(_TALLEST // (_SIZES[-1] * _LEADING))
    kept = lines[:room]
    kept[-1] = _cut(f"{kept[-1]} …", _font("Bold", _SIZES[-1]), width)
    return _SIZES[-1], kept


def _lines(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text in lines of at most `width`; a longer word is broken."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and font.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def _cut(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """The text on one line, with an ellipsis where it had to be cut."""
    text = " ".join(text.split())[:_LONGEST]
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
