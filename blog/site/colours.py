"""Colours of the site: contrast by WCAG, and the nearest shade that has enough. Pure.

The surfaces are those of static/css/site.css; a test compares them.
"""

from __future__ import annotations

import re
from typing import Final

_COLOUR = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")


AA: Final = 4.5
# Where text in the accent colour stands, by scheme: paper and surface.
LIGHT: Final = ("fcfbf8", "f3f1ea")
DARK: Final = ("12191a", "1b2425")
# The site's own accent on either, which no setting replaces.
OWN: Final = ("0b5d5a", "7fccc3")
# --accent-soft: so much accent in the paper, mixed in OKLab.
_SOFT: Final = 0.10
# What is written on the accent.
_ON: Final = ("ffffff", "06211f", "000000")

Lab = tuple[float, float, float]


def parse_colour(text: str) -> str | None:
    """Six hexadecimal digits in lower case out of "#0b5d5a", "0B5D5A" or "#abc"; or None."""
    found = _COLOUR.fullmatch(text.strip().lower())
    if found is None:
        return None
    digits = found[1]
    return digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)


def _linear(colour: str) -> tuple[float, ...]:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2, 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _to_lab(colour: str) -> Lab:
    """OKLab (Björn Ottosson, bottosson.github.io/posts/oklab)."""
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    mid = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * mid - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * mid + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * mid - 0.8086757660 * short,
    )


def _from_lab(lab: Lab) -> str:
    """The colour, or the nearest that a screen shows: what lies outside is cut off."""
    light, a, b = lab
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    mid = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * mid + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * mid - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * mid + 1.7076147010 * short,
    )
    clipped = (min(1.0, max(0.0, value)) for value in linear)
    parts = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in clipped)
    return "".join(f"{round(part * 255):02x}" for part in parts)


def least(accent: str, surfaces: tuple[str, ...]) -> float:
    """The lowest contrast of `accent` as text on the surfaces, its own tint included."""
    one, paper = _to_lab(accent), _to_lab(surfaces[0])
    soft = tuple(_SOFT * mine + (1 - _SOFT) * its for mine, its in zip(one, paper, strict=True))
    tint = _from_lab(soft)  # type: ignore[arg-type]
    return min(contrast(accent, surface) for surface in (*surfaces, tint))


def nearest(accent: str, surfaces: tuple[str, ...]) -> str:
    """The shade of the same hue, nearest in lightness, that can be read on the surfaces."""
    light, a, b = _to_lab(accent)
    for step in range(401):
        # Away by 1/400 of the way from black to white at a time, to both sides.
        for side in (-1, 1):
            tried = light + side * step / 400
            if 0 <= tried <= 1:
                # Near black and white there is less room for colour.
                room = min(1.0, 4 * tried, 4 * (1 - tried))
                colour = _from_lab((tried, a * room, b * room))
                if step == 0:
                    colour = accent
                if least(colour, surfaces) >= AA:
                    return colour
    return "000000" if surfaces == LIGHT else "ffffff"


def on(accent: str) -> str:
    """What is written on the accent: white, the dark of the site, or black."""
    return next(colour for colour in _ON if contrast(colour, accent) >= AA)


def stylesheet(light: str, dark: str) -> str:
    """The rule that gives the site its accent, after static/css/site.css."""
    return (
        "@layer tokens{:root{"
        f"--accent:light-dark(#{light},#{dark});"
        f"--on-accent:light-dark(#{on(light)},#{on(dark)})"
        "}}\n"
    )
