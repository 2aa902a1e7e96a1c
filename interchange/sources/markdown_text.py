"""What the makers of static sites write in Markdown beside Markdown: Jekyll's Liquid, Hugo's
shortcodes, Pelican's links to files. They become Markdown and HTML before the text is rendered."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from interchange.records import LINK

_CODE: Final = re.compile(
    r"^[ \t]*(?:\{%-?\s*highlight|\{\{[<%]\s*highlight)\s+\"?(?P<language>[\w+#-]{1,30})"
    r"[^\n{}<>%]*+(?:-?%\}|[>%]\}\})[ \t]*$",
    re.MULTILINE,
)
_CODE_END: Final = re.compile(
    r"^[ \t]*(?:\{%-?\s*endhighlight\s*-?%\}|\{\{[<%]\s*/highlight\s*[>%]\}\})[ \t]*$",
    re.MULTILINE,
)
_RAW: Final = re.compile(r"\{%-?\s{0,9}(?:end)?raw\s{0,9}-?%\}")
_SITE: Final = re.compile(r"\{\{\s{0,9}site\.(?:baseurl|url)\s{0,9}\}\}")
_POST: Final = re.compile(r"\{%-?\s{0,9}(?:post_url|link)\s{1,9}([^\s%{}]{1,300})\s{0,9}-?%\}")
_REF: Final = re.compile(
    r"\{\{[<%]\s{0,9}(?:rel)?ref\s{1,9}\"?([^\s\"<>%{}]{1,300})\"?\s{0,9}[>%]\}\}"
)
_FILE: Final = re.compile(r"[{|]filename[|}]([^\s()<>\"]{1,300})")
_SHORT: Final = re.compile(
    r"\{\{[<%]\s{0,9}(?P<name>figure|youtube|vimeo)\s{1,9}(?P<given>[^{}]{0,2000}?)\s{0,9}/?[>%]\}\}"
)
_GIVEN: Final = re.compile(r"([\w-]{1,40})=(?:\"([^\"]*+)\"|(\S++))|\"?([\w-]{1,40})\"?")


def keys_of(names: list[str]) -> dict[str, str]:
    """The keys of texts by what links may call them: the file's path, name, or name alone."""
    found: dict[str, str] = {}
    for name in names:
        path = PurePosixPath(name)
        stem = path.parent.name if path.stem in ("index", "_index") else path.stem
        for called in (name, path.with_suffix("").as_posix(), path.name, stem):
            found.setdefault(called.lower(), path.as_posix())
    return found


def ready(text: str, path: PurePosixPath, keys: Mapping[str, str]) -> str:
    """`text` as Markdown and HTML; `keys` are those of `keys_of`, `path` is the text's own."""
    out: list[str] = []
    at = 0
    while (start := _CODE.search(text, at)) is not None:
        end = _CODE_END.search(text, start.end())
        if end is None:
            break
        code = _RAW.sub("", text[start.end() : end.start()]).strip("\n")
        fence = "~" * max(3, code.count("~") + 1)
        out += [_linked(text[at : start.start()], path, keys),
                f"\n{fence}{start['language']}\n{code}\n{fence}\n"]  # fmt: skip
        at = end.end()
    return "".join(out) + _linked(text[at:], path, keys)


def _linked(text: str, path: PurePosixPath, keys: Mapping[str, str]) -> str:
    if "{" not in text and "|filename|" not in text:
        return text

    def link(match: re.Match[str]) -> str:
        called, mark, fragment = match[1].partition("#")
        # A text that is not there is told when the link is made.
        key = _key(called, path, keys) or called
        return f"{LINK}{quote(key)}{mark}{fragment}"

    text = _RAW.sub("", _SITE.sub("", text))
    for pattern in (_POST, _REF, _FILE):
        text = pattern.sub(link, text)
    return _SHORT.sub(_shown, text)


def _key(called: str, path: PurePosixPath, keys: Mapping[str, str]) -> str:
    """The key of the text that a link calls so: from the top, or from the folder of `path`."""
    plain = called.removeprefix("./").lstrip("/").lower()
    beside = (path.parent / plain).as_posix().lower()
    calls = (plain, beside, plain.rpartition("/")[2])
    return next((keys[call] for call in calls if call in keys), "")


def _shown(match: re.Match[str]) -> str:
    given: dict[str, str] = {}
    for one in _GIVEN.finditer(match["given"]):
        given.setdefault(one[1] or "0", one[2] or one[3] or one[4] or "")
    name = match["name"]
    if name != "figure":
        number = given.get("id") or given.get("0", "")
        host = "www.youtube.com/watch?v=" if name == "youtube" else "vimeo.com/"
        return f"\n\nhttps://{host}{number}\n\n" if number else match[0]
    if not given.get("src"):
        return match[0]
    caption = given.get("caption") or given.get("title", "")
    words = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    picture = f'<img src="{html.escape(given["src"])}" alt="{html.escape(given.get("alt", ""))}">'
    return f"\n\n<figure>{picture}{words}</figure>\n\n"
