"""What moves between sites: plain records that every reader yields and `apply` stores.

A record names others by their keys, which are texts that are unique within one source and kind
(a number of WordPress, a path of a file). Records may come in any order. What a reader does not
know it leaves at its default; `apply` decides what that means here.

`tells` of a record are the reader's notes for the report: (short word, example).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Final, Literal

LINK: Final = "key:"
"""What a link in a body to another `Article` begins with; its key follows, percent-encoded."""

Tells = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Site:
    """The site that moves; `address` is where it stood, such as https://blog.example/weblog."""

    address: str = ""
    title: str = ""
    tagline: str = ""
    language: str = ""
    # What tells it from another of its kind, when it says no address.
    name: str = ""
    tells: Tells = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A page elsewhere that is the person's too."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes articles. `aliases` are other names that articles or comments call them by."""

    key: str
    name: str
    slug: str = ""
    email: str = ""
    role: str = ""
    bio: str = ""
    website: str = ""
    links: tuple[Link, ...] = ()
    # The key of a `Picture`.
    photo: str = ""
    aliases: tuple[str, ...] = ()
    # Paths at which they were found: each leads to their page here.
    addresses: tuple[str, ...] = ()
    # What they might do there: "author", "editor", "administrator", or nothing that was said.
    rank: str = ""
    tells: Tells = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: a category, tag or label elsewhere."""

    key: str
    name: str
    slug: str = ""
    addresses: tuple[str, ...] = ()
    tells: Tells = ()
    # No part of what tells whether a source changed: a new one there renames nothing here.
    description: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and its words. `place` is its path in the media folder, or its web address."""

    key: str
    place: str
    alt: str = ""
    caption: str = ""
    # The key of the article it was brought in with; a gallery without a list shows those.
    article: str = ""
    tells: Tells = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A piece, or a page that stands outside the stream (`kind` page).

    `body` is HTML. A picture of it is an `<img>` with the address at which it stood, with the key
    of a `Picture` (`data-key`), or of all that came with an article (`data-article`).
    """

    key: str
    title: str
    slug: str = ""
    kind: Literal["article", "page"] = "article"
    language: str = ""
    # Keys or aliases of persons, in their order.
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lead: str = ""
    body: str = ""
    picture: str = ""
    # A value of blog.models.Status.
    status: str = "draft"
    published_at: datetime.datetime | None = None
    modified_at: datetime.datetime | None = None
    created_at: datetime.datetime | None = None
    # A value of blog.models.CommentPolicy.
    comment_policy: str = "open"
    # Where it stood: a full address or a path; more of them in `aliases`.
    address: str = ""
    aliases: tuple[str, ...] = ()
    tells: Tells = ()
    # What its feeds named it by, as a URI. No part of what tells whether a source changed.
    entry: str = field(default="", repr=False)
    # What searches show of it; `apply.articles.source_digest` counts them where they are said.
    search_title: str = field(default="", repr=False)
    search_description: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said. Its article is named by key, or by address when the site is here."""

    key: str
    # The key of an `Article` of the same source, or empty.
    article: str
    # Where the conversation stands: a full address or a path; for sources without articles.
    address: str = ""
    parent: str = ""
    name: str = ""
    email: str = ""
    website: str = ""
    # A key or alias of a `Person`, when one of the site's own people wrote it.
    author: str = ""
    # The network address it came from.
    client: str = ""
    text: str = ""
    # How `text` is written: HTML, HTML in which a line break is one, or our own Markdown.
    markup: Literal["html", "lines", "markdown"] = "html"
    # A value of comments.models.State.
    state: str = "approved"
    reason: str = ""
    language: str = ""
    # A value of comments.models.Origin; a mention came by pingback, trackback or Webmention.
    origin: str = "import"
    created_at: datetime.datetime | None = None
    edited_at: datetime.datetime | None = None
    tells: Tells = ()
    # What another system that held it too calls it. No part of what tells whether it changed.
    alias: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MenuLink:
    """An entry of a menu: to a tag or an article or page of the source by its key, or elsewhere."""

    key: str
    menu: str
    label: str = ""
    kind: Literal["article", "tag", "url"] = "url"
    target: str = ""
    url: str = ""
    position: int = 0
    # Whether it stands below another entry.
    below: bool = False
    tells: Tells = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something for the report that belongs to no record: an unread part of the file."""

    word: str
    example: str = ""


Record = Site | Person | Tag | Picture | Article | MenuLink | Comment | Note
