"""Gutenberg's blocks: HTML between comments that say what it is."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

from interchange.sources.wpautop import autop

_MARK = re.compile(
    r"<!--\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+"
    r"(?P<data>\{(?:(?!-->|<!--).)*?\}\s+)?(?P<empty>/)?-->",
    re.DOTALL,
)
# Without words of their own: notes stand where they are referred to.
_EMPTY_SHOWN = {"footnotes", "more", "nextpage", "separator", "spacer", "block", "embed"}


def has_blocks(text: str) -> bool:
    """Whether the text was written in the block editor."""
    return "<!-- wp:" in text


def blocks_as_html(
    text: str, reusable: Callable[[str], str], tell: Callable[[str, str], None], depth: int = 0
) -> str:
    """The HTML of `text`; parts between blocks are classic text. `reusable` gives shared blocks.

    `tell` hears of blocks that have no words of their own: (what, name).
    """
    out: list[str] = []
    level, at = 0, 0
    for match in _MARK.finditer(text):
        part = text[at : match.start()]
        out.append(part if level else autop(part))
        at = match.end()
        name = match["name"].removeprefix("core/")
        if name == "freeform":
            continue  # What the classic editor wrote.
        if match["end"]:
            level = max(level - 1, 0)
        elif match["empty"]:
            out.append(_empty(name, _data(match["data"]), reusable, tell, depth))
        else:
            level += 1
    part = text[at:]
    out.append(part if level else autop(part))
    return "".join(out)


def _data(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _empty(
    name: str,
    data: dict[str, Any],
    reusable: Callable[[str], str],
    tell: Callable[[str, str], None],
    depth: int,
) -> str:
    if name == "block":
        inner = reusable(str(data.get("ref", "")))
        if not inner or depth > 5:
            tell("reusable block", str(data.get("ref", "")))
            return ""
        return (
            blocks_as_html(inner, reusable, tell, depth + 1) if has_blocks(inner) else autop(inner)
        )
    if name == "embed" and isinstance(data.get("url"), str):
        address = html.escape(data["url"])
        return f'<p><a href="{address}">{address}</a></p>'
    if name not in _EMPTY_SHOWN:
        tell("block", name)
    return ""
