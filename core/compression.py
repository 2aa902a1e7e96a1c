"""Which compression a browser takes, and the compressions themselves."""

from __future__ import annotations

import functools
from typing import Final, Literal

import brotli  # type: ignore[import-untyped]
from zlib_ng import gzip_ng

Encoding = Literal["br", "gzip", ""]
"""As Content-Encoding names it; empty: the bytes as they are."""

SMALLEST: Final = 200
"""Shorter answers do not gain by compression."""

# As small as zlib's usual level 6, in less than half the time.
_GZIP_LEVEL: Final = 5
# Beyond 6 a page of a conversation takes five times as long for less than one per cent.
_BROTLI_LEVEL: Final = 5
_BROTLI_LEVEL_ONCE: Final = 4
# A header that a stranger makes longer than any browser's is not read.
_LONGEST: Final = 200


def gzipped(content: bytes) -> bytes:
    """The same bytes for the same content, in every process."""
    packed: bytes = gzip_ng.compress(content, _GZIP_LEVEL, mtime=0)  # type: ignore[no-untyped-call]
    return packed


def unzipped(packed: bytes) -> bytes:
    """What `gzipped` was given."""
    content: bytes = gzip_ng.decompress(packed)  # type: ignore[no-untyped-call]
    return content


def brotlied(content: bytes, *, once: bool = False) -> bytes:
    """A tenth to a quarter smaller than `gzipped`, in twice the time; for a single answer (`once`)
    in less time, and not quite as small."""
    quality = _BROTLI_LEVEL_ONCE if once else _BROTLI_LEVEL
    packed: bytes = brotli.compress(content, mode=brotli.MODE_TEXT, quality=quality)
    return packed


def chosen(header: str) -> Encoding:
    """What to send to who sent Accept-Encoding: `header` (RFC 9110, 12.5.3): the one with the
    higher weight, brotli among equals; as it is where neither is taken."""
    return _chosen(header) if len(header) <= _LONGEST else ""


@functools.lru_cache(maxsize=256)
def _chosen(header: str) -> Encoding:
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _semicolon, parameter = part.partition(";")
        label, _equals, value = parameter.partition("=")
        try:
            weight = float(value) if label.strip() == "q" else 1.0
        except ValueError:
            weight = 0.0
        weights[name.strip()] = weight if 0 <= weight <= 1 else 0.0
    others = weights.get("*", 0.0)
    br, gzip = weights.get("br", others), weights.get("gzip", weights.get("x-gzip", others))
    if br > 0 and br >= gzip:
        return "br"
    return "gzip" if gzip > 0 else ""
