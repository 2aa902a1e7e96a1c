"""Code in a text of another site, so written that no step after this one changes a letter of it.

People have shown code in shortcodes of a dozen plugins, in `<pre>` and `<code>` with raw signs,
and as plain `<?php`. Each becomes `<pre><code>` or `<code>` with every sign escaped that a later
step would read: of HTML, and the brackets of shortcodes.
"""

from __future__ import annotations

import html
import re
from typing import Final

# Shortcodes of SyntaxHighlighter, SyntaxHighlighter Evolved, Crayon, CodeColorer and their kind;
# only with their end are they taken.
_SHORT: Final = (
    "sourcecode|source|code|codesyntax|syntax|highlight|crayon|prism|plain|text|"
    "actionscript3|as3|bash|shell|sh|c|cpp|csharp|css|delphi|diff|erlang|fsharp|go|groovy|html|"
    "ini|java|javafx|javascript|js|json|jscript|latex|matlab|objc|perl|pl|php|powershell|ps|py|"
    "python|r|ruby|rb|ror|scala|sql|swift|vb|vbnet|xhtml|xml|xslt|yaml|ccn?_\\w{1,20}|cc"
)
_OPEN: Final = re.compile(
    rf"(?<!\[)\[(?P<short>{_SHORT})(?P<given>(?:[\s=:][^\[\]<>]*+)?)\]"
    r"|<(?P<tag>pre|code)(?P<more>(?:\s[^<>]*+)?)>|(?P<php><\?(?:php\b|=))",
    re.IGNORECASE,
)
_PRE_END: Final = re.compile(r"</pre\s*>", re.IGNORECASE)
_CODE_END: Final = re.compile(r"</code\s*>", re.IGNORECASE)
_PHP_END: Final = re.compile(r"\?>")
_SHORT_END: Final = re.compile(r"\[/([a-z]\w*)\]", re.IGNORECASE)
# What an editor or a highlighter writes within code; any other `<` is a sign of the code.
_KNOWN_TAG: Final = re.compile(
    r"<(?P<end>/)?(?P<name>a|b|big|br|code|del|div|em|font|i|ins|kbd|li|mark|ol|p|s|samp|small|"
    r"span|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul|var|wbr)"
    r"(?:\s++[\w:-]++=(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>]++))*+\s*+/?>",
    re.IGNORECASE,
)
_ALONE: Final = {"br", "wbr"}
_LINE_TAG: Final = re.compile(r"<br\s*/?>\n?|</p>\s*<p>|</?p>", re.IGNORECASE)
_ANY_TAG: Final = re.compile(r"<[^<>]*>")
_ENTITY: Final = re.compile(r"&(?:lt|gt|amp|quot|#\d{2,5});")
_PLAIN_PRE: Final = re.compile(r"\s*<pre(?:\s[^<>]*+)?>((?:(?!</?pre\b).)*+)</pre>\s*", re.I | re.S)
_RAW_PRE: Final = re.compile(r"\slang\s*=", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\sescaped\s*=\s*[\"']?true", re.IGNORECASE)


def kept(text: str, *, shortcodes: bool = False) -> str:
    """`text` with its code safe; `shortcodes`: with those of WordPress's plugins, too.

    Each kind of end is looked for once when it is missing, so the work grows with the text.
    """
    if "<" not in text and "[" not in text:
        return text
    text = text.replace("\r\n", "\n")
    ends = _ends_of_shortcodes(text) if shortcodes else {}
    out: list[str] = []
    at = start = 0
    missing: set[str] = set()
    while (match := _OPEN.search(text, start)) is not None:
        made, end = _passage(text, match, ends, missing)
        start = end
        if made is not None:
            out += [text[at : match.start()], made]
            at = end
    return "".join(out) + text[at:]


def _ends_of_shortcodes(text: str) -> dict[str, list[tuple[int, int]]]:
    """Where shortcodes end, by their names, the last first."""
    found: dict[str, list[tuple[int, int]]] = {}
    for match in _SHORT_END.finditer(text):
        found.setdefault(match[1].lower(), []).append(match.span())
    for spans in found.values():
        spans.reverse()
    return found


def _passage(
    text: str,
    match: re.Match[str],
    ends: dict[str, list[tuple[int, int]]],
    missing: set[str],
) -> tuple[str | None, int]:
    """(what becomes of the code that begins there, where it ends); None where it is none."""
    if match["short"]:
        spans = ends.get(match["short"].lower(), [])
        while spans and spans[-1][0] < match.end():
            spans.pop()
        if not spans:
            return None, match.end()
        begin, end = spans.pop()
        return _block(_typed(text[match.end() : begin])), end
    if match["php"]:
        stop = _PHP_END.search(text, match.end())
        end = stop.end() if stop else len(text)
        code = text[match.start() : end].rstrip()
        return _block(code) if "\n" in code else f"<code>{_escaped(code)}</code>", end
    tag = match["tag"].lower()
    last = None if tag in missing else (_PRE_END if tag == "pre" else _CODE_END)
    stop = last.search(text, match.end()) if last else None
    if stop is None:
        missing.add(tag)
        return None, match.end()
    inner = text[match.end() : stop.start()]
    if tag == "pre" and _RAW_PRE.search(match["more"]) and not _ESCAPED.search(match["more"]):
        return _block(_typed(inner)), stop.end()
    return f"{match[0]}{_between_tags(inner)}{stop[0]}", stop.end()


def _typed(inner: str) -> str:
    """The code that was typed between two marks, without what an editor made of it."""
    if whole := _PLAIN_PRE.fullmatch(inner):
        inner = whole[1]
    escaped = bool(_ENTITY.search(inner))
    lines = _LINE_TAG.sub("\n", inner) if escaped else inner
    if escaped and not _ANY_TAG.search(lines):
        inner = html.unescape(lines)
    return inner.strip("\n").rstrip()


def _block(code: str) -> str:
    return f"\n\n<pre><code>{_escaped(code)}</code></pre>\n\n" if code.strip() else ""


def _escaped(code: str) -> str:
    return _without_brackets(html.escape(code, quote=False))


def _without_brackets(code: str) -> str:
    return code.replace("[", "&#91;").replace("]", "&#93;")


def _between_tags(inner: str) -> str:
    """`inner` with its tags of editors and highlighters, every other `<` escaped: a tag that is
    not closed, or not opened, is none."""
    tags = list(_KNOWN_TAG.finditer(inner))
    opened = {tag["name"].lower() for tag in tags if not tag["end"]}
    closed = {tag["name"].lower() for tag in tags if tag["end"]}
    out: list[str] = []
    at = 0
    for tag in tags:
        if tag["name"].lower() in _ALONE | (opened & closed):
            out += [_literal(inner[at : tag.start()]), tag[0]]
            at = tag.end()
    out.append(_literal(inner[at:]))
    return "".join(out)


def _literal(code: str) -> str:
    return _without_brackets(code.replace("<", "&lt;"))
