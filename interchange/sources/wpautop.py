"""Paragraphs for WordPress's classic texts, in which a blank line is one.

Written from how WordPress's own `wpautop` behaves; where WordPress is installed, the tests
compare both.
"""

from __future__ import annotations

import re

_BLOCKS = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area"
    "|blockquote|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header"
    "|footer|nav|figure|figcaption|details|menu|summary"
)
_TAG_END = r"(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
_OPEN = re.compile(rf"<(?:{_BLOCKS}){_TAG_END}", re.IGNORECASE)
_CLOSE = re.compile(rf"</(?:{_BLOCKS})\s*>", re.IGNORECASE)
_BLOCK = re.compile(rf"</?(?:{_BLOCKS}){_TAG_END}", re.IGNORECASE)
_LEADING = re.compile(rf"(?:\s*</?(?:{_BLOCKS}){_TAG_END})+", re.IGNORECASE)
_TRAILING = re.compile(rf"</?(?:{_BLOCKS}){_TAG_END}\s*\Z", re.IGNORECASE)
# What keeps its line breaks: as it stands, beside the paragraphs around it. Without an end it goes
# on to the end of the text, as in a browser; so it is looked for once, not from every beginning.
_KEPT = re.compile(
    r"<(pre|script|style|svg|textarea)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(r"<[^<>\n]*+\n[^<>]*>")
_QUIET = re.compile(
    r"(?:(?<!\s)\s+)?(</?(?:option|param|source|track|embed)\b[^<>]*>)\s*"
    r"|(<(?:object|video|audio)\b[^<>]*>)\s*|(?:(?<!\s)\s+)?(</(?:object|video|audio)>)",
    re.IGNORECASE,
)
_BREAK_TWICE = re.compile(r"<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
_RULE = re.compile(r"(<hr\b[^<>]*>)", re.IGNORECASE)
_FIGCAPTION = re.compile(r"(<figcaption\b[^<>]*>|</figcaption>)\n+")
_BLANK_LINE = re.compile(r"\n\s*\n")
_HELD_BLOCK = re.compile(r'<div held="(\d+)"></div>')
_QUOTE_OPEN = re.compile(r"<blockquote[^<>]*>\Z", re.IGNORECASE)
_P_OPEN = re.compile(r"<p(?:\s[^<>]*)?>\Z")
_QUOTE_CLOSE = re.compile(r"</blockquote\s*>", re.IGNORECASE)
_P_CLOSE = re.compile(r"</p\s*>")
_LINE_END = re.compile(r"(?<!\s)\s*\n")
_BREAK_LAST = re.compile(r"<br\s*/?>\s*\Z", re.IGNORECASE)
_HOLD = "\x00"
_HELD = re.compile(rf"{_HOLD}(\d+){_HOLD}")


def autop(text: str) -> str:
    """`text` with `<p>` around its paragraphs and `<br>` at its line breaks."""
    if not text.strip():
        return ""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        number = len(kept) - 1
        # A block of its own for `<pre>`; the others stand inside their paragraph.
        if match[0][:4].lower() == "<pre":
            return f'\n\n<div held="{number}"></div>\n\n'
        return f"{_HOLD}{number}{_HOLD}"

    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(_HOLD, "") + "\n"
    text = _KEPT.sub(keep, text)
    text = _ANY_TAG.sub(lambda match: match[0].replace("\n", " "), text)
    text = _BREAK_TWICE.sub("\n\n", text)
    text = _OPEN.sub(lambda match: f"\n\n{match[0]}", text)
    text = _CLOSE.sub(lambda match: f"{match[0]}\n\n", text)
    text = _RULE.sub(r"\1\n\n", text)
    text = _QUIET.sub(lambda match: match[1] or match[2] or match[3], text)
    text = _FIGCAPTION.sub(r"\1", text)
    parts = [_paragraph(part.strip("\n")) for part in _BLANK_LINE.split(text) if part.strip()]
    html = "\n".join(part for part in parts if part)
    html = _HELD_BLOCK.sub(lambda match: kept[int(match[1])], html)
    return _HELD.sub(lambda match: kept[int(match[1])], html)


def _paragraph(part: str) -> str:
    """One part between blank lines: `<p>` where it begins with text, `</p>` where it ends so."""
    lead = _LEADING.match(part)
    start, middle = ("", part) if lead is None else (lead[0].strip(), part[lead.end() :])
    tail = ""
    while (match := _TRAILING.search(middle)) is not None:
        tail, middle = match[0].strip() + tail, middle[: match.start()]
    words = middle.strip()
    if not words:
        return start + tail
    body = _breaks(words)
    quote = _QUOTE_OPEN.search(start)
    opened = "<p>" if not start or quote else ""
    if not tail:
        closed = "</p>" if opened or _P_OPEN.search(start) or not start else ""
        # Text that runs on after a block is closed by the next part.
    elif _QUOTE_CLOSE.match(tail) and (opened or not start):
        closed = "</p>"
    else:
        closed = "</p>" if opened and not _P_CLOSE.match(tail) else ""
    return f"{start}{opened}{body}{closed}{tail}"


def _breaks(words: str) -> str:
    """Line breaks of a text inside a block, except beside the tags of blocks."""
    lines = _LINE_END.split(words)
    out = [lines[0]]
    for line in lines[1:]:
        before = out[-1]
        beside = (
            _TRAILING.search(before) or _BLOCK.match(line.lstrip()) or _BREAK_LAST.search(before)
        )
        out[-1] = before + ("\n" if beside else "<br />\n")
        out.append(line)
    return "".join(out)
