"""RSS and Atom with what readers' programs can use beyond Django's own: full text, several
authors, each entry's language, and the conversation; and a page for who opens one in a browser.

Sources: RSS 2.0 with the modules content, dc, slash and Media RSS; RFC 4287 (Atom) and
RFC 4685 (Atom threading).

The page is XHTML among the elements of the feed, which other programs pass over, and a stylesheet
that shows nothing else. XSLT is on its way out of browsers, and could do no more. Browsers show
such a page for `application/xml` alone: what is served as RSS or Atom, Firefox saves as a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

# Everything that XML 1.0 (section 2.2) cannot hold, not even escaped.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _tamed(value: Any) -> Any:
    """`value` with every text in it free of what XML cannot hold."""
    if isinstance(value, str):
        return _NOT_XML.sub("", value)
    if isinstance(value, dict):
        return {key: _tamed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_tamed(item) for item in value)
    return value


_XHTML: Final = {"xmlns": "http://www.w3.org/1999/xhtml"}


@contextmanager
def _within(handler: SimplerXMLGenerator, name: str, **attributes: str) -> Iterator[None]:
    handler.startElement(name, AttributesImpl(attributes))
    yield
    handler.endElement(name)


class _Full(SyndicationFeed):
    """What both formats have beyond Django's."""

    content_type = "application/xml; charset=utf-8"
    # The element of a link to somewhere else.
    _link = "link"

    def write(self, outfile: Any, encoding: str) -> None:
        """Write the feed; Django would fail on a control character in any text."""
        self._tame()
        super().write(outfile, encoding)

    def _tame(self) -> None:
        self.feed, self.items = _tamed(self.feed), _tamed(self.items)

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Django's elements, the hub that tells of changes, and the head of the page."""
        super().add_root_elements(handler)
        if settings.WEBSUB_HUB:
            handler.addQuickElement(self._link, None, {"rel": "hub", "href": settings.WEBSUB_HUB})
        feed = self.feed
        handler.addQuickElement("title", feed["title"], _XHTML)  # What the browser's tab says.
        with _within(handler, "header", lang=feed["language"], **_XHTML):
            with _within(handler, "h1", dir="auto"):
                handler.addQuickElement("a", feed["title"], {"href": feed["link"]})
            told = _("This is a feed: a feed reader shows you what is new. Give it this address:")
            handler.addQuickElement("p", told)
            with _within(handler, "p"):
                handler.addQuickElement("code", feed["feed_url"])

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Django's elements, and what the page shows of it."""
        super().add_item_elements(handler, item)
        with (
            translation.override(item["language"]),
            _within(handler, "article", lang=item["language"], **_XHTML),
        ):
            with _within(handler, "h2", dir="auto"):
                handler.addQuickElement("a", item["title"], {"href": item["link"]})
            if item["plain"]:
                handler.addQuickElement("p", item["plain"], {"dir": "auto"})
            day = date_format(localtime(item["pubdate"]), "j F Y")
            names = [name for name, _url in item["authors"]]
            handler.addQuickElement("p", " · ".join([*names, day]), {"class": "meta"})


class FullRss(_Full, Rss201rev2Feed):
    """RSS 2.0. Items bring `authors`, `language` and, as text for the page, `plain`; they may bring
    `content`, `comment_count`, `image`."""

    _link = "atom:link"

    def rss_attributes(self) -> dict[str, str]:
        """The namespaces of the modules."""
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:slash": "http://purl.org/rss/1.0/modules/slash/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Django's elements and those of the modules."""
        super().add_item_elements(handler, item)
        for name, _url in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("dc:language", item["language"])
        if item.get("comment_count") is not None:
            handler.addQuickElement("slash:comments", str(item["comment_count"]))
        if item.get("image"):
            handler.addQuickElement("media:content", None, {**item["image"], "medium": "image"})
        if item.get("content"):
            handler.addQuickElement("content:encoded", item["content"])


class FullAtom(_Full, Atom1Feed):
    """Atom. Entries may bring what `FullRss` takes, and `comments_feed`."""

    def write(self, outfile: Any, encoding: str) -> None:
        """Write the feed as `_Full` does; Django writes no stylesheets into Atom."""
        self._tame()
        handler = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        for stylesheet in self.feed["stylesheets"]:
            handler.processingInstruction("xml-stylesheet", str(stylesheet))
        handler.startElement("feed", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def root_attributes(self) -> dict[str, str]:
        """With the namespace of threading."""
        return {**super().root_attributes(), "xmlns:thr": "http://purl.org/syndication/thread/1.0"}

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """The entry's own language."""
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Django's elements, every author, the full text and the conversation."""
        super().add_item_elements(handler, item)
        for name, url in item["authors"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            handler.addQuickElement("uri", url)
            handler.endElement("author")
        if item.get("content"):
            handler.addQuickElement("content", item["content"], {"type": "html"})
        if item.get("image"):
            handler.addQuickElement(
                "link",
                None,
                {"rel": "enclosure", "href": item["image"]["url"], "type": item["image"]["type"]},
            )
        if item.get("comments_feed"):
            handler.addQuickElement(
                "link",
                None,
                {
                    "rel": "replies",
                    "type": "application/rss+xml",
                    "href": item["comments_feed"],
                    "thr:count": str(item["comment_count"]),
                },
            )
