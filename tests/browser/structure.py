"""Whether a page's HTML is sound, by a strict parser and by rules that no parser knows."""

from __future__ import annotations

from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib

POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
INTERACTIVE = {"a", "button", "input", "select", "summary", "textarea"}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
TEXTUAL = {*HEADINGS, "p", "ul", "ol", "li", "button", "label"}
ONLY_IN_LISTS = {"li", "script", "template"}


def structure_faults(text: str) -> list[str]:
    """What is wrong with a page, in short words; nothing when it is sound."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    nodes = [node for node in tree.iter() if isinstance(node.tag, str)]
    ids = [name for node in nodes if (name := node.get("id")) is not None]
    faults = [f"{where}: {code} {data}" for where, code, data in parser.errors]
    faults += [f"id {name!r} twice" for name in set(ids) if ids.count(name) > 1]
    faults += [f"id {name!r} is none" for name in ids if not name or " " in name]
    for node in nodes:
        faults += _pointer_faults(node, set(ids)) + _content_faults(node)
    if not tree.get("lang"):
        faults.append("no language")
    return faults + _heading_faults([HEADINGS[node.tag] for node in nodes if node.tag in HEADINGS])


def _pointer_faults(node: Element, ids: set[str]) -> list[str]:
    named = [name for kind in POINTERS for name in (node.get(kind) or "").split()]
    href = node.get("href") or ""
    if href.startswith("#"):
        named.append(href[1:])
    return [f"<{node.tag}> points to {name!r}, which is not there" for name in set(named) - ids]


def _content_faults(node: Element) -> list[str]:
    faults = []
    children = {child.tag for child in node if isinstance(child.tag, str)}
    inner = {child.tag for child in node.iter() if child is not node}
    nested = inner & INTERACTIVE
    # A label may hold the one control that it names.
    if (node.tag in ("a", "button") and nested) or (node.tag == "label" and nested - {"input"}):
        faults.append(f"<{node.tag}> holds {sorted(nested)}")
    if node.tag in ("ul", "ol") and children - ONLY_IN_LISTS:
        faults.append(f"<{node.tag}> holds {sorted(children - ONLY_IN_LISTS)}")
    if node.tag == "img" and not {"alt", "width", "height"} <= set(node.keys()):
        faults.append(f"<img> has only {sorted(node.keys())}")
    words = "".join(node.itertext()).strip()
    if node.tag in TEXTUAL and not (words or inner or node.get("role")):
        faults.append(f"<{node.tag}> is empty")
    faults += [
        f"<{node.tag}> has {name}"
        for name in node.keys()  # noqa: SIM118 - an Element is no mapping
        if name == "style" or name.startswith("on")
    ]
    return faults


def _heading_faults(levels: list[int]) -> list[str]:
    faults = [] if levels.count(1) == 1 else [f"{levels.count(1)} main headings"]
    return faults + [f"h{down} after h{up}" for up, down in pairwise(levels) if down > up + 1]
