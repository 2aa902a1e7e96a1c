"""WordPress's shortcodes: the known ones become HTML, the others stay to be seen."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_KNOWN = "caption|wp_caption|gallery|embed|audio|video|playlist"
_ATTRIBUTE = re.compile(
    r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'\]]+))|\"([^\"]+)\"|(\S+)"
)
_CODE = re.compile(
    rf"(?P<before>\[?)\[(?P<name>{_KNOWN})"
    r"(?P<rest>(?:\s(?:[^\[\]\"']++|\"[^\"]*+\"|'[^']*+')*+)?+)/?\]"
    r"(?:(?P<inner>(?:(?!\[/?(?P=name)\b).)*+)\[/(?P=name)\])?(?P<after>\]?)",
    re.IGNORECASE | re.DOTALL,
)
# What looks like one: a word, then attributes, an end, or nothing; "[sic]" and "[1]" are text.
_LIKE = re.compile(
    r"(?<!\[)\[(?P<name>[a-zA-Z][\w-]{1,40})(?P<rest>\s+[\w-]+\s*=[^\[\]]*|\s*/)?\](?![(\[\]:])"
)
_ALONE = re.compile(rf"<p>\s*(\[(?:{_KNOWN})\b(?:(?!</?p\b).)*\])\s*</p>", re.DOTALL)
_SHOWN = {"embed", "audio", "video"}
_BETWEEN = re.compile(r"[\s,]+")
_TAG = re.compile(r"<[^<>]*>")
_CAPTIONED = re.compile(r"\s*(?:<p>)?((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", re.S)
_LINE_MARK = re.compile(r"<br\s*/?>|</?p>")
_RAW = re.compile(r"<(pre|code)\b.*?(?:</\1>|\Z)", re.S)
_END = re.compile(r"\[/([a-zA-Z][\w-]*)\]")


def attributes(text: str) -> dict[str, str]:
    """The attributes of a shortcode; what stands without a name is called "0", "1" …"""
    found: dict[str, str] = {}
    number = 0
    for match in _ATTRIBUTE.finditer(html.unescape(text)):
        if match[1]:
            value = next(item for item in (match[2], match[3], match[4], "") if item is not None)
            found[match[1].lower()] = value
        else:
            found[str(number)] = match[5] or match[6]
            number += 1
    return found


def expand(text: str, article: str) -> str:
    """`text` with the known shortcodes as HTML; `article` is whose pictures a gallery shows."""

    def one(match: re.Match[str]) -> str:
        if match["before"] and match["after"]:
            return match[0][1:-1]  # "[[gallery]]" speaks of a shortcode.
        name, given = match["name"].lower(), attributes(match["rest"] or "")
        if name in _SHOWN and not _names_something(given, match["inner"]):
            return match[0]  # "[video of the meeting]" is text.
        made = _html(name, given, match["inner"], article)
        return f"{match['before']}{made}{match['after']}"

    return _CODE.sub(one, _ALONE.sub(r"\1", text))


def _names_something(given: dict[str, str], inner: str | None) -> bool:
    """Whether a player has anything to play: an attribute of its own, or an address."""
    if any(not name.isdigit() for name in given) or (inner or "").strip():
        return True
    return not given or ("." in given.get("0", "") and len(given) == 1)


def _html(name: str, given: dict[str, str], inner: str | None, article: str) -> str:
    if name in ("caption", "wp_caption"):
        return _caption(given, inner or "")
    if name in ("gallery", "playlist"):
        if name == "playlist" and given.get("type", "audio") in ("audio", "video"):
            return f"<p>[playlist{''.join(f' {k}={v}' for k, v in given.items())}]</p>"
        ids = given.get("ids") or given.get("include") or ""
        keys = [key for key in _BETWEEN.split(ids) if key.isdigit()]
        if keys:
            return "".join(f'<img data-key="{key}">' for key in keys)
        return f'<img data-article="{html.escape(given.get("id") or article)}">'
    kinds = ("src", "mp4", "m4v", "webm", "ogv", "flv", "mp3", "m4a", "ogg", "wav", "url", "0")
    address = next((given[kind] for kind in kinds if given.get(kind)), (inner or "").strip())
    address = _TAG.sub("", address)
    if name == "embed":
        return f'<p><a href="{html.escape(address)}">{html.escape(address)}</a></p>'
    return f'<{name} src="{html.escape(address)}"></{name}>'


def _caption(given: dict[str, str], inner: str) -> str:
    words = given.get("caption", "")
    if not words:
        match = _CAPTIONED.match(inner)
        if match:
            inner, words = match[1], match[2]
    words = _LINE_MARK.sub(" ", words)
    return f"<figure>{inner}<figcaption>{words}</figcaption></figure>"


def unknown(text: str) -> Iterator[tuple[str, str]]:
    """(name, as it stands) of what looks like a shortcode of a plugin that is not here."""
    known = set(_KNOWN.split("|"))
    plain = _RAW.sub("", text)
    ends = set(_END.findall(plain))
    for match in _LIKE.finditer(plain):
        name = match["name"]
        if name.lower() not in known and (match["rest"] or name in ends or "_" in name):
            yield name, match[0]
