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
# What keeps its line breaks: as it stands, beside the paragraphs around it.
_KEPT = re.compile(
    r"<(pre|script|style|svg|textarea)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL
)
_ANY_TAG = re.compile(r"<[^<>]*\n[^<>]*>")
_QUIET = re.compile(
    r"\s*(</?(?:option|param|source|track|embed)\b[^>]*>)\s*"
    r"|(<(?:object|video|audio)\b[^>]*>)\s*|\s*(</(?:object|video|audio)>)",
    re.IGNORECASE,
)
_BREAK_TWICE = re.compile(r"<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
_HOLD = "\x00"


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
    text = re.sub(r"(<hr\b[^>]*>)", r"\1\n\n", text, flags=re.IGNORECASE)
    text = _QUIET.sub(lambda match: match[1] or match[2] or match[3], text)
    text = re.sub(r"(<figcaption\b[^>]*>|</figcaption>)\n+", r"\1", text)
    parts = [_paragraph(part.strip("\n")) for part in re.split(r"\n\s*\n", text) if part.strip()]
    html = "\n".join(part for part in parts if part)
    html = re.sub(r'<div held="(\d+)"></div>', lambda match: kept[int(match[1])], html)
    return re.sub(rf"{_HOLD}(\d+){_HOLD}", lambda match: kept[int(match[1])], html)


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
    quote = re.search(r"<blockquote[^>]*>\Z", start, re.IGNORECASE)
    opened = "<p>" if not start or quote else ""
    if not tail:
        closed = "</p>" if opened or re.search(r"<p(?:\s[^>]*)?>\Z", start) or not start else ""
        # Text that runs on after a block is closed by the next part.
    elif re.match(r"</blockquote\s*>", tail, re.IGNORECASE) and (opened or not start):
        closed = "</p>"
    else:
        closed = "</p>" if opened and not re.match(r"</p\s*>", tail) else ""
    return f"{start}{opened}{body}{closed}{tail}"


def _breaks(words: str) -> str:
    """Line breaks of a text inside a block, except beside the tags of blocks."""
    lines = re.split(r"\s*\n", words)
    out = [lines[0]]
    for line in lines[1:]:
        before = out[-1]
        beside = (
            _TRAILING.search(before)
            or _BLOCK.match(line.lstrip())
            or re.search(r"<br\s*/?>\s*\Z", before, re.IGNORECASE)
        )
        out[-1] = before + ("\n" if beside else "<br />\n")
        out.append(line)
    return "".join(out)
