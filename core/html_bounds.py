"""Size limits for HTML from outside, checked before parsing; the only place where lxml parses it.

nh3, lxml and browsers take quadratic time for elements within elements and for attributes of one
element; both are counted here in one linear pass. What is counted may be more than a parser makes
of it, never less by much: markup is refused rather than tried.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import lxml.html
from lxml import etree

MOST_ATTRIBUTES = 1_000
"""Of one element; lxml takes 10 s for 80,000 of them."""
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)")
# A start tag up to its end, its quoted values whole, as a tokenizer of HTML goes.
_START = re.compile(r"<[a-zA-Z](?:[^\s=/>]\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))|[^>])*+")
_VALUE = re.compile(r"[^\s=/>]\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))")
_SEPARATOR = re.compile(r"[\s/]+")
# Never closed, or closed by what follows: these do not nest.
_VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
    *("source", "track", "wbr", "p", "li", "td", "th", "tr", "option", "dt", "dd"),
}
# Not ended by the end of what is around them: a parser opens them again behind it.
_FORMATTING = {
    *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt"),
    "u",
}
# What neither XML nor UTF-8 can hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Tags that make a document of a fragment: lxml finds no body in some of them, or two.
_DOCUMENT = re.compile(
    r"<!doctype[^<>]*>|</?(?:html|head|body|frameset|frame|noframes|plaintext)(?![\w-])[^<>]*>?",
    re.IGNORECASE,
)
# Browsers read what stands in these as text, marks and all, where no frames or scripts are.
_RAW = re.compile(
    r"</?(?:noframes|noscript|noembed|iframe|plaintext)(?![\w-])[^<>]*>?", re.IGNORECASE
)
_UNWRAPPED = "unwrapped"


class TooLarge(ValueError):
    """HTML over the bounds of size, nesting or number."""


class Unreadable(TooLarge):
    """Markup that the parser cannot read; a `TooLarge`, so that it is refused like that."""


@dataclass(frozen=True)
class Cost:
    """Deepest nesting, most attributes of one element, and number of elements."""

    nesting: int
    attributes: int
    elements: int


def fit(html: str) -> str:
    """`html` without characters that parsers reject."""
    return _UNFIT.sub("", html)


def without_raw(html: str) -> str:
    """`html` with what stands in elements of raw text as the markup that it is.

    `<xmp>` and `<pre>` are left alone: who writes those means to show marks.
    """
    return _RAW.sub("", html)


def fragment(html: str, *, bare: bool = False) -> lxml.html.HtmlElement:
    """`html` below a `<div>`; with `bare` without its comments and processing instructions.

    Tags of a whole document are left out. Raises Unreadable for what lxml does not read; the
    caller has seen to it that it is not too costly (`cost`).
    """
    html = _DOCUMENT.sub("", fit(html))
    parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=bare, remove_pis=bare)
    try:
        return lxml.html.fragment_fromstring(html, create_parent="div", parser=parser)
    except (etree.LxmlError, ValueError, AssertionError, TypeError) as error:
        # It has no single error for what it makes nothing of.
        raise Unreadable(str(error)[:200]) from error


def unwrap(root: lxml.html.HtmlElement, elements: Iterable[lxml.html.HtmlElement]) -> None:
    """Take the tags of `elements` below `root` away; what they hold stays, in linear time.

    `drop_tag` of lxml counts the elements beside each: it takes 7 s for 8,000 of 16,000.
    """
    for element in elements:
        element.tag = _UNWRAPPED
    etree.strip_tags(root, _UNWRAPPED)


def cost(html: str) -> Cost:
    """Count nesting, attributes and elements of `html` in linear time."""
    nesting, elements = _nesting(html)
    return Cost(nesting, _attributes(html), elements)


def _nesting(html: str) -> tuple[int, int]:
    """The deepest place, and the number of elements."""
    open_blocks: list[str] = []
    opened: Counter[str] = Counter()
    marks = deepest = elements = 0
    for match in _TAG.finditer(html):
        name = match[2].lower()
        elements += not match[1]
        if name in _VOID:
            continue
        if not match[1]:
            opened[name] += 1
            if name in _FORMATTING:
                marks += 1
            else:
                open_blocks.append(name)
            deepest = max(deepest, marks + len(open_blocks))
        elif not opened[name]:
            continue
        elif name in _FORMATTING:
            opened[name] -= 1
            marks -= 1
        else:
            last = ""
            while last != name:
                last = open_blocks.pop()
                opened[last] -= 1
    return deepest, elements


def _attributes(html: str) -> int:
    most = 0
    for match in _START.finditer(html):
        if len(match[0]) > MOST_ATTRIBUTES:
            most = max(most, len(_SEPARATOR.findall(_VALUE.sub("", match[0]))))
    return most
