"""Finished pages taken apart no further than a copy needs: links led elsewhere, forms left out.

Pure. What is kept is kept byte for byte: nothing but values of link attributes is written anew,
and no text becomes markup. The pages are our own, so every attribute's value is in quotes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!doctype[^<>]*>|<(?P<end>/?)(?P<name>[a-z][a-z0-9]*+)"
    r"(?P<attributes>(?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_LANGUAGE = re.compile(r"<html lang=\"([a-z-]+)\"")
_ID = re.compile(r"\sid=\"([^\"]+)\"")
_RAW = {"script", "style", "textarea", "title"}
_VALUES = {
    name: re.compile(rf"\s{name}\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
    for name in ("href", "src", "srcset")
}
_LINKS = {("a", "href"), ("link", "href"), ("img", "src"), ("img", "srcset"), ("source", "srcset")}
# Of `<link>`: what a page needs, and what tells where it belongs. A browser fetches some others.
_KEPT_LINKS = {"stylesheet", "icon", "apple-touch-icon", "canonical", "alternate", "prev", "next"}


@dataclass(frozen=True)
class PageLink:
    """A link as it stands on a page: `tag` and the words of its `rel`."""

    tag: str
    rel: frozenset[str]
    url: str


Resolve = Callable[[PageLink], str | None]
"""The address of a link in the copy; None takes the attribute away."""


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(text)
    }


def _found(tag: str, name: str, value: str, rel: frozenset[str]) -> list[PageLink]:
    if name == "srcset":
        return [PageLink(tag, rel, part.split()[0]) for part in value.split(",") if part.split()]
    return [PageLink(tag, rel, value)]


def links(page: str) -> Iterator[PageLink]:
    """Every link of a page that a reader may follow or a browser fetches."""
    for match in _TOKEN.finditer(page):
        if match["name"] is None or match["end"]:
            continue
        tag, values = match["name"].lower(), _attributes(match["attributes"])
        rel = frozenset(values.get("rel", "").lower().split())
        for name, value in values.items():
            if (tag, name) in _LINKS:
                yield from _found(tag, name, value, rel)


def language(page: str) -> str:
    """What `<html lang>` says."""
    found = _LANGUAGE.search(page)
    return found[1] if found else ""


def anchors(page: str) -> frozenset[str]:
    """The ids on a page."""
    return frozenset(_ID.findall(page))


def rewrite(page: str, resolve: Resolve, *, policy: str, answer: str) -> str:
    """`page` with its links led by `resolve`, without scripts, forms and what needs a server.

    `policy` is the Content-Security-Policy of the copy, `answer` the markup that stands in the
    place of the form to answer with.
    """
    parts: list[str] = []
    lower = page.lower()
    at, dropped, depth = 0, "", 0
    position = 0
    while match := _TOKEN.search(page, position):
        position = match.end()
        name = (match["name"] or "").lower()
        if name in _RAW and not match["end"]:
            # Its text is no markup, whatever it looks like.
            closing = lower.find(f"</{name}", position)
            position = closing if closing >= 0 else len(page)
        if dropped:
            if name == dropped:
                depth += -1 if match["end"] else 1
            if not depth:
                at, dropped = match.end(), ""
            continue
        if not name or match["end"]:
            continue
        values = _attributes(match["attributes"])
        instead = _instead(name, values, answer)
        if instead is not None:
            parts += [page[at : match.start()], instead]
            at = match.end()
            if name not in ("link", "input", "meta"):
                dropped, depth = name, 1
            continue
        changed = _changed(name, match[0], values, resolve)
        if name == "meta" and "charset" in values:
            changed += (
                f'\n<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'
            )
        if changed != match[0]:
            parts += [page[at : match.start()], changed]
            at = match.end()
    parts.append("" if dropped else page[at:])
    return "".join(parts)


def _instead(name: str, values: dict[str, str], answer: str) -> str | None:
    """What takes the place of an element; None: the element stays."""
    classes = set(values.get("class", "").split())
    if name == "div" and "respond" in classes:
        return f'<div class="respond" id="respond">{answer}</div>'
    if name == "link" and not _KEPT_LINKS & set(values.get("rel", "").lower().split()):
        return ""
    # Without a server nobody answers, values, reports, sorts or searches.
    if (
        name in ("script", "form", "template", "button", "input")
        or (name in ("div", "p") and classes & {"actions", "conversation-status"})
        or (name == "details" and "thread-search" in classes)
        or (name == "nav" and "sorts" in classes)
        or (name == "section" and "share" in classes)
    ):
        return ""
    return None


def _changed(name: str, text: str, values: dict[str, str], resolve: Resolve) -> str:
    rel = frozenset(values.get("rel", "").lower().split())
    for attribute, value in values.items():
        if (name, attribute) not in _LINKS:
            continue
        if attribute == "srcset":
            led = [
                " ".join([address, *part.split()[1:]])
                for part in value.split(",")
                if part.split() and (address := resolve(PageLink(name, rel, part.split()[0])))
            ]
            new: str | None = ", ".join(led) or None
        else:
            new = resolve(PageLink(name, rel, value))
        if new == value:
            continue
        put = "" if new is None else f' {attribute}="{html.escape(new)}"'
        text = _VALUES[attribute].sub(lambda _match, put=put: put, text, count=1)  # type: ignore[misc]
    return text
