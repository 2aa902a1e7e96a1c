"""Converts HTML comments of other sites to our Markdown subset."""

from __future__ import annotations

import html
import re

from lxml import etree

from core import html_bounds
from interchange.elements import PLAYERS, code_of, film_address, with_items

MOST_OPEN = 240
"""Open tags within each other that are parsed; of deeper ones the words are taken."""
LONGEST = 100_000
"""Characters of one comment that are taken; the rest is cut, and said so."""

# Signs that Markdown would read as marks. A dot or bracket after a number, and signs that mean
# something at the start of a line alone, are looked at per line.
_MARKS = re.compile(r"([\\`*_\[\]]|~(?=~))")
_LINE_START = re.compile(
    r"^([^\S\n]*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|={3,}[^\S\n]*$|-{3,}|~{3,})", re.MULTILINE
)
_NUMBER = re.compile(r"^([^\S\n]*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_PLAIN = re.compile(r"[^\\`*_\[\]<>#+=~&|-]*")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_URL = re.compile(r"https?://[^\s<>]+")
_MANY_LINES = re.compile(r"\n{3,}")
_ITEM_NUMBER = re.compile(r"[0-9]{1,6}")
_TICKS = re.compile(r"`+")
_BLANK_LINE = re.compile(r"(\n\s*\n)")
_LINKABLE = re.compile(r"(?:https?://|mailto:)\S+$", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"https?://\S+$", re.IGNORECASE)
_BRACKETS = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E"})
_EMPHASIS = {"em": "*", "i": "*", "cite": "*", "strong": "**", "b": "**"}
_EMPHASIS |= dict.fromkeys(("s", "strike", "del"), "~~")


def from_html(text: str, *, lines: bool) -> str:
    """`text` as Markdown; with `lines`, a line break in it is one (as WordPress shows it)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _MARKUP.search(text):
        return literal(html.unescape(text) if "&" in text else text, lines=lines)
    cost = html_bounds.cost(text)
    if cost.nesting > MOST_OPEN or cost.attributes > html_bounds.MOST_ATTRIBUTES:
        return _unmarked(text)
    try:
        root = html_bounds.fragment(text, bare=True)
    except html_bounds.Unreadable:
        return _unmarked(text)
    return _MANY_LINES.sub("\n\n", _blocks(root, lines, 0)).strip()


def _unmarked(text: str) -> str:
    """The words of markup that no parser takes."""
    return literal(html.unescape(_MARKUP.sub("\n", text))).strip()


def literal(text: str, *, lines: bool = True) -> str:
    """`text` so that Markdown shows it as it stands; addresses still become links."""
    if not lines:
        text = " ".join(text.split())
    if _PLAIN.fullmatch(text) and not _NUMBER.search(text):
        return text
    parts: list[str] = []
    at = 0
    for match in _URL.finditer(text):
        parts += [_MARKS.sub(r"\\\1", text[at : match.start()]), match[0]]
        at = match.end()
    parts.append(_MARKS.sub(r"\\\1", text[at:]))
    joined = "".join(parts).replace("<", "\\<")
    joined = _LINE_START.sub(r"\1\\\2", joined)
    return _NUMBER.sub(r"\1\\\2", joined)


def _blocks(node: etree._Element, lines: bool, depth: int) -> str:
    """Everything in `node`, block after block."""
    out: list[str] = [literal_part(node.text, lines)]
    for child in node:
        if isinstance(child.tag, str):
            out.append(_element(child, child.tag.lower(), lines, depth))
        out.append(literal_part(child.tail, lines))
    return "".join(out)


def literal_part(text: str | None, lines: bool) -> str:
    """A piece between tags: blanks at its ends stay."""
    if not text:
        return ""
    if lines:
        return literal(text)
    words = literal(text, lines=False)
    if not words:
        return " "
    return (" " if text[0].isspace() else "") + words + (" " if text[-1].isspace() else "")


def _element(node: etree._Element, tag: str, lines: bool, depth: int) -> str:
    if depth > 100:
        return literal(" ".join(_texts(node)))
    if tag in ("script", "style", "template"):
        return ""
    if tag in PLAYERS:
        return _shown(film_address(node), " ".join("".join(_texts(node)).split()))
    if tag == "br":
        return "" if lines and (node.tail or "").startswith("\n") else "\n"
    if tag == "hr":
        return "\n\n---\n\n"
    if tag == "img":
        alt = node.get("alt") or ""
        smiles = "smil" in (node.get("class") or "") or "emoji" in (node.get("class") or "")
        return literal(alt) if smiles else _shown((node.get("src") or "").strip(), alt)
    if tag == "pre":
        words = code_of(node).strip("\n")
        fence = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(words)), 3)
        return f"\n\n{fence}\n{words}\n{fence}\n\n"
    if tag in ("code", "tt", "kbd", "samp"):
        words = " ".join("".join(_texts(node)).split())
        fence = "`" * (max([len(run) for run in _TICKS.findall(words)], default=0) + 1)
        pad = " " if words.startswith("`") or words.endswith("`") else ""
        return f"{fence}{pad}{words}{pad}{fence}" if words else ""
    if tag in ("ul", "ol"):
        return _list(node, tag, lines, depth)
    # Once for each element: twice would double with every level.
    inner = _blocks(node, lines, depth + 1)
    if tag in _EMPHASIS:
        return _marked(inner, _EMPHASIS[tag])
    if tag == "a":
        return _link(node, inner)
    if tag == "blockquote":
        body = _MANY_LINES.sub("\n\n", inner).strip()
        quoted = "\n".join(f"> {line}".rstrip() for line in body.split("\n"))
        return f"\n\n{quoted}\n\n" if body else ""
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt"):
        return f"\n\n{_marked(inner.strip(), '**')}\n\n"
    if tag == "q":
        return f"“{inner}”"
    if tag in ("p", "div", "section", "article", "table", "dl", "center", "figure", "tr", "dd"):
        return f"\n\n{inner.strip()}\n\n"
    if tag in ("td", "th"):
        return f"{inner.strip()} "
    return inner


def _shown(address: str, words: str) -> str:
    """A link to what stood there, a film or picture; its words where it has no address."""
    if not _WEB_ADDRESS.match(address):
        return literal(words)
    return f" [{literal(words)}]({_in_brackets(address)}) " if words else f" <{address}> "


def _marked(inner: str, mark: str) -> str:
    """Marks must touch the words, and hold in one paragraph alone."""
    parts = _BLANK_LINE.split(inner)
    out = []
    for part in parts:
        words = part.strip()
        if not words:
            out.append(part)
            continue
        lead = part[: len(part) - len(part.lstrip())]
        tail = part[len(part.rstrip()) :]
        out.append(f"{lead}{mark}{words}{mark}{tail}")
    return "".join(out)


def _link(node: etree._Element, inner: str) -> str:
    href = (node.get("href") or "").strip()
    words = " ".join(inner.split())
    if not _LINKABLE.match(href):
        return inner
    plain = "".join(_texts(node)).strip()
    if not words or plain == href:
        return href if "(" not in href and "_" not in href.rpartition("/")[2][-1:] else f"<{href}>"
    return f"[{words}]({_in_brackets(href)})"


def _in_brackets(address: str) -> str:
    """An address that no bracket ends."""
    return address.translate(_BRACKETS)


def _list(node: etree._Element, tag: str, lines: bool, depth: int) -> str:
    items = []
    following = _number(node.get("start"), 1)
    with_items(node)
    for child in node:
        number = _number(child.get("value"), following)
        following = number + 1
        inner = _MANY_LINES.sub("\n\n", _blocks(child, lines, depth + 1)).strip()
        mark = f"{number}. " if tag == "ol" else "- "
        items.append(mark + inner.replace("\n", "\n" + " " * len(mark)))
    return "\n\n" + "\n".join(items) + "\n\n" if items else ""


def _number(typed: str | None, otherwise: int) -> int:
    """A number of a list's item that Markdown can say, or the other one."""
    return int(typed) if typed and _ITEM_NUMBER.fullmatch(typed) else otherwise


def _texts(node: etree._Element) -> list[str]:
    return [str(text) for text in node.itertext()]
