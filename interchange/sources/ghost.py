"""Ghost's export: posts, pages, people, tags, and comments where it has them."""

from __future__ import annotations

import datetime
import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO

from interchange import dates
from interchange.items import whole_item
from interchange.records import Article, Comment, Link, Note, Person, Picture, Record, Site, Tag

_TAG = re.compile(r"<[^<>]*>")


MARK = "__GHOST_URL__"
_STATUSES = {
    "published": "published",
    "scheduled": "scheduled",
    "draft": "draft",
    "sent": "archived",
}
_STATES = {"published": "approved", "hidden": "removed", "deleted": "deleted"}
_RANKS = {
    "Owner": "administrator",
    "Administrator": "administrator",
    "Super Editor": "editor",
    "Editor": "editor",
}
LARGEST = 512_000_000


def read(
    streams: Sequence[Callable[[], BinaryIO]],
    *,
    zone: datetime.tzinfo,
    address: str = "",
    told: Callable[[int], None] = lambda done: None,
) -> Iterator[Record]:
    """The records of an export; `address` is the site's, which the export does not name."""
    for start in streams:
        with start() as stream:
            text = stream.read(LARGEST + 1)
        told(len(text))
        if len(text) > LARGEST:
            yield Note("no export", "> 512 MB")
            continue
        try:
            data = json.loads(text.decode("utf-8", "replace").lstrip("\ufeff"))
            tables = (data["db"][0] if "db" in data else data)["data"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            yield Note("no export")
            continue
        if isinstance(tables, dict):
            yield from _GhostExport(tables, zone, address.rstrip("/")).read()


class _GhostExport:
    def __init__(self, tables: dict[str, Any], zone: datetime.tzinfo, address: str) -> None:
        self.tables, self.zone, self.address = tables, zone, address

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table, whatever else stands there."""
        found = self.tables.get(name)
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []

    def read(self) -> Iterator[Record]:
        settings = {str(row.get("key")): row.get("value") for row in self.rows("settings")}
        yield Site(
            address=self.address,
            title=_text(settings.get("title")),
            tagline=_text(settings.get("description")),
            language=_text(settings.get("locale") or settings.get("lang"))[:2],
            # Every installation has one, which stays.
            name="" if self.address else _text(settings.get("db_hash"))[:40],
        )
        ranks = {str(row.get("id")): _text(row.get("name")) for row in self.rows("roles")}
        self.ranks = {
            str(row.get("user_id")): _RANKS.get(ranks.get(str(row.get("role_id")), ""), "author")
            for row in self.rows("roles_users")
        }
        for row in self.rows("users"):
            yield from whole_item(partial(self.person, row), _text(row.get("name")))
        for row in self.rows("tags"):
            slug, name = _text(row.get("slug")), _text(row.get("name"))
            # "#internal" tags are for themes alone.
            if name and not name.startswith("#"):
                described = _text(row.get("description"))
                yield Tag(str(row.get("id")), name, slug, (f"/tag/{slug}/",), (), described)
        yield from self.posts()
        yield from self.comments()

    def person(self, row: dict[str, Any]) -> Iterator[Record]:
        number, slug = str(row.get("id")), _text(row.get("slug"))
        photo = self.full(_text(row.get("profile_image") or row.get("image")))
        if photo:
            yield Picture(key=f"photo:{number}", place=photo)
        links = []
        if row.get("twitter"):
            links.append(Link("X", f"https://x.com/{_text(row['twitter']).lstrip('@')}"))
        if row.get("facebook"):
            links.append(Link("Facebook", f"https://www.facebook.com/{_text(row['facebook'])}"))
        yield Person(
            key=number,
            name=_text(row.get("name")) or slug,
            slug=slug,
            email=_text(row.get("email")),
            bio=_text(row.get("bio")),
            website=_text(row.get("website")),
            links=tuple(links),
            photo=f"photo:{number}" if photo else "",
            addresses=(f"/author/{slug}/",),
            rank=self.ranks.get(number, ""),
        )

    def posts(self) -> Iterator[Record]:
        authors, tags = (
            self.joined("posts_authors", "author_id"),
            self.joined("posts_tags", "tag_id"),
        )
        meta = {str(row.get("post_id")): row for row in self.rows("posts_meta")}
        for row in self.rows("posts"):
            post = partial(self.post, row, authors, tags, meta)
            yield from whole_item(post, _text(row.get("title")))

    def post(
        self,
        row: dict[str, Any],
        authors: dict[str, list[str]],
        tags: dict[str, list[str]],
        meta: dict[str, dict[str, Any]],
    ) -> Iterator[Record]:
        number, title, slug = (
            str(row.get("id")),
            _text(row.get("title")),
            _text(row.get("slug")),
        )
        page = row.get("type") == "page" or row.get("page") in (1, True)
        status = _STATUSES.get(_text(row.get("status")), "draft")
        tells = []
        if row.get("visibility") not in (None, "public") and status == "published":
            status = "archived"
            tells.append(("members only", title))
        picture = self.full(_text(row.get("feature_image") or row.get("image")))
        more = meta.get(number, {})
        if picture:
            caption = html.unescape(_text(more.get("feature_image_caption")))
            yield Picture(f"feature:{number}", picture, _text(more.get("feature_image_alt")),
                          _plain(caption))  # fmt: skip
        body = row.get("html") or _from_mobiledoc(row.get("mobiledoc")) or ""
        people = authors.get(number) or [str(row.get("author_id"))]
        yield Article(
            key=number,
            title=title,
            slug=slug,
            kind="page" if page else "article",
            authors=tuple(people),
            tags=tuple(tags.get(number, ())),
            lead=_text(row.get("custom_excerpt")),
            body=str(body).replace(MARK, self.address),
            picture=f"feature:{number}" if picture else "",
            status=status,
            published_at=dates.parse(_text(row.get("published_at")), datetime.UTC),
            created_at=dates.parse(_text(row.get("created_at")), datetime.UTC),
            modified_at=dates.parse(_text(row.get("updated_at")), datetime.UTC),
            address=f"{self.address}/{slug}/",
            tells=tuple(tells),
            # Old versions have them in the row itself.
            search_title=_text(more.get("meta_title") or row.get("meta_title")),
            search_description=_text(more.get("meta_description") or row.get("meta_description")),
        )

    def joined(self, table: str, column: str) -> dict[str, list[str]]:
        """The other side of a table between posts and something, in its order."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in sorted(self.rows(table), key=_place):
            found[str(row.get("post_id"))].append(str(row.get(column)))
        return found

    def comments(self) -> Iterator[Record]:
        members = {str(row.get("id")): row for row in self.rows("members")}
        for row in self.rows("comments"):
            yield from whole_item(partial(self.comment, row, members), str(row.get("id")))

    def comment(self, row: dict[str, Any], members: dict[str, dict[str, Any]]) -> Iterator[Record]:
        member = members.get(str(row.get("member_id")), {})
        yield Comment(
            key=str(row.get("id")),
            article=str(row.get("post_id")),
            parent=str(row.get("in_reply_to_id") or row.get("parent_id") or ""),
            name=_text(member.get("name")),
            email=_text(member.get("email")),
            text=str(row.get("html") or ""),
            state=_STATES.get(_text(row.get("status")), "pending"),
            created_at=dates.parse(_text(row.get("created_at")), datetime.UTC),
            edited_at=dates.parse(_text(row.get("edited_at")), datetime.UTC),
        )

    def full(self, address: str) -> str:
        """The address of a picture with the site's own before it."""
        return address.replace(MARK, self.address)


def _place(row: dict[str, Any]) -> float:
    order = row.get("sort_order")
    return order if isinstance(order, (int, float)) else 0


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def _plain(text: str) -> str:
    return _TAG.sub("", text)


def _from_mobiledoc(value: Any) -> str:
    """The HTML and Markdown cards of old drafts that have no HTML of their own."""
    try:
        cards = json.loads(value or "{}").get("cards", [])
        parts = [card[1].get("html") or card[1].get("markdown") or "" for card in cards]
    except (ValueError, AttributeError, IndexError, TypeError):
        return ""
    return "\n".join(part for part in parts if isinstance(part, str))
