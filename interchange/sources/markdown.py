"""A folder of Markdown files with front matter: Hugo, Jekyll, Pelican."""

from __future__ import annotations

import datetime
import itertools
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import yaml
from markdown_it import MarkdownIt

from interchange import dates
from interchange.items import whole_item
from interchange.records import Article, Note, Person, Picture, Record, Site, Tag
from interchange.sources import markdown_text

_FENCE = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n\1[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_LINES = re.compile(r"\A\ufeff?((?:[A-Za-z_-]+:[^\n]*\n(?:[ \t]++\S[^\n]*\n)*)+)\s*\n")
_DATED = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)")
_SOURCE = re.compile(r'src="([^"]*)"')
_HEADING = re.compile(r"\s*#[ \t]++(.+)\n")
_PLACEHOLDER = re.compile(r":([a-z_]{1,20})")
_SLASHES = re.compile(r"/{2,}")
_BRACKETS = re.compile(r"[\[\]{}]")

LARGEST = 500_000
"""Bytes of one file: what an article may hold (blog.content.sanitiser)."""
MOST_HEAD = 64_000
"""Characters of front matter that are read."""
MOST_NESTED = 50
"""Brackets in brackets of front matter: the work of its parser is quadratic in them."""


class _Loader(yaml.SafeLoader):
    """Makes texts, numbers, dates and lists, never objects; and takes no aliases.

    A few hundred bytes of aliases of aliases are a thousand million values.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias")
        return super().compose_node(parent, index)


def read(
    files: Sequence[tuple[str, Callable[[], BinaryIO]]],
    *,
    zone: datetime.tzinfo,
    address: str = "",
    told: Callable[[int], None] = lambda done: None,
) -> Iterator[Record]:
    """A record for each file, by its path; `address` is where the site stood."""
    yield Site(address=address)
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    done, keys = 0, markdown_text.keys_of([name for name, _start in files])
    for name, start in files:
        with start() as stream:
            data = stream.read(LARGEST + 1)
        done += len(data)
        told(done)
        if len(data) > LARGEST:
            yield Note("unread", name)
            continue
        head, body = split(data.decode("utf-8", "replace"))
        if head is None:
            yield Note("front matter", name)
            continue
        path = PurePosixPath(name)
        body = markdown_text.ready(body, path, keys)
        article = partial(_article, path, head, body, markdown, zone)
        yield from whole_item(article, name)


def split(text: str) -> tuple[dict[str, Any] | None, str]:
    """(front matter, text) of a file; None for front matter that cannot be read."""
    match = _FENCE.match(text)
    try:
        if match and (len(match[2]) > MOST_HEAD or _depth(match[2]) > MOST_NESTED):
            return None, text
        if match and match[1] == "---":
            found = yaml.load(match[2], _Loader)  # noqa: S506 - a safe loader
            body = text[match.end() :]
        elif match:
            found = tomllib.loads(match[2].replace("\r\n", "\n"))
            body = text[match.end() :]
        elif lines := _LINES.match(text.replace("\r\n", "\n")):
            pairs = (line.partition(":") for line in lines[1].splitlines())
            found = {name.strip(): value.strip() for name, _colon, value in pairs}
            body = text.replace("\r\n", "\n")[lines.end() :]
        else:
            return {}, text
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError):
        return None, text
    if found is None:
        return {}, body
    if not isinstance(found, dict):
        return None, text
    return {str(name).lower(): value for name, value in found.items()}, body


def _depth(head: str) -> int:
    """How many brackets are open at once, those in words included."""
    steps = (1 if ch in "[{" else -1 for ch in _BRACKETS.findall(head))
    return max(itertools.accumulate(steps), default=0)


def _article(
    path: PurePosixPath,
    head: dict[str, Any],
    body: str,
    markdown: MarkdownIt,
    zone: datetime.tzinfo,
) -> Iterator[Record]:
    stem = path.parent.name if path.stem in ("index", "_index") else path.stem
    dated = _DATED.match(stem)
    moment = _moment(head.get("date") or head.get("published"), zone)
    if dated:
        moment = moment or dates.parse(dated[1], zone)
        stem = dated[2]
    names = _words(head.get("tags")) + _words(head.get("categories") or head.get("category"))
    for name in dict.fromkeys(names):
        yield Tag(name, name, "", ())
    people = _words(head.get("authors") or head.get("author"))
    for name in people:
        yield Person(key=name, name=name)
    draft = head.get("draft") is True or head.get("published") is False
    draft = draft or str(head.get("status", "")).lower() in ("draft", "hidden")
    draft = draft or "_drafts" in path.parts or moment is None
    title = str(head.get("title") or "").strip()
    if not title and (heading := _HEADING.match(body)):
        title, body = heading[1].strip(), body[heading.end() :]
    slug = str(head.get("slug") or stem)
    there = moment.astimezone(zone) if moment is not None else None
    address, usual = _addresses(path, head, slug, there)
    aliases = _words(head.get("aliases") or head.get("redirect_from"), commas=False)
    later = moment is not None and moment > datetime.datetime.now(datetime.UTC)
    status = "draft" if draft else "scheduled" if later else "published"
    picture = ""
    for name in ("image", "cover", "featured_image", "thumbnail", "images"):
        value = head.get(name)
        value = value.get("image") if isinstance(value, dict) else value
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and value:
            picture = value
            break
    if picture:
        yield Picture(key=picture, place=_beside(picture, path))
    text = _SOURCE.sub(lambda match: f'src="{_beside(match[1], path)}"', markdown.render(body))
    yield Article(
        key=path.as_posix(),
        title=title or stem.replace("-", " "),
        slug=slug,
        kind="page" if str(head.get("layout") or head.get("type") or "") == "page" else "article",
        language=str(head.get("lang") or head.get("language") or "")[:2].lower(),
        authors=tuple(people),
        tags=tuple(dict.fromkeys(names)),
        lead=str(head.get("summary") or head.get("description") or head.get("excerpt") or ""),
        body=text,
        picture=picture,
        status=status,
        published_at=moment,
        modified_at=_moment(head.get("lastmod") or head.get("modified"), zone),
        address=address if address.startswith(("/", "http")) else "",
        aliases=(*aliases, *usual),
    )


def _addresses(
    path: PurePosixPath, head: dict[str, Any], slug: str, moment: datetime.datetime | None
) -> tuple[str, list[str]]:
    """The address that a file names, and else those that Jekyll, Hugo and Pelican usually make."""
    parts = {"title": slug, "slug": slug, "output_ext": ".html"}
    if moment is not None:
        parts |= {"year": f"{moment:%Y}", "month": f"{moment:%m}", "day": f"{moment:%d}"}
        parts |= {"i_month": str(moment.month), "i_day": str(moment.day)}
    names = _words(head.get("categories") or head.get("category"))
    parts["categories"] = "/".join(name.lower().replace(" ", "-") for name in names)
    told = str(head.get("url") or head.get("permalink") or "")
    told = _PLACEHOLDER.sub(lambda match: parts.get(match[1], match[0]), told)
    if told:
        return _SLASHES.sub("/", told) if told.startswith("/") else told, []
    if "_posts" in path.parts and moment is not None:
        dated = f"/{moment:%Y/%m/%d}/{slug}.html"
        return "", [dated, *([f"/{parts['categories']}{dated}"] if names else [])]
    if path.parts[0] == "content":
        folder = "/".join(path.parent.parts[1:] if path.stem != "index" else path.parts[1:-2])
        return "", [f"/{folder}/{slug}/" if folder else f"/{slug}/", f"/{slug}.html"]
    return "", []


def _beside(address: str, path: PurePosixPath) -> str:
    """The path of a picture that lies beside its text."""
    if address.startswith(("/", "http:", "https:", "data:")):
        return address
    return (path.parent / address).as_posix()


def _moment(value: Any, zone: datetime.tzinfo) -> datetime.datetime | None:
    if isinstance(value, bool) or value is None:
        return None
    return dates.parse(str(value), zone)


def _words(value: Any, *, commas: bool = True) -> list[str]:
    if isinstance(value, str):
        parts = value.strip("[] ").split(",") if commas else [value]
        return [part.strip(" '\"") for part in parts if part.strip()]
    if isinstance(value, list):
        return [str(part.get("name") if isinstance(part, dict) else part) for part in value if part]
    return []
