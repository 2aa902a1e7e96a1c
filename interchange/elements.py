"""What HTML of other sites means where it does not say it itself: films, items of lists, lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from lxml import etree

_YOUTUBE: Final = re.compile(
    r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,20})"
)
_VIMEO: Final = re.compile(r"https?://player\.vimeo\.com/video/(\d+)")
PLAYERS: Final = {"iframe", "embed", "object", "video", "audio"}
"""Elements that show something of another place."""
_IN_LIST: Final = {"li", "ul", "ol", "p", "div", "dt", "dd", "blockquote", "pre", "table"}
_LINES: Final = {"p", "div", "li", "tr"}


def film_address(node: etree._Element) -> str:
    """The address that a player shows, for a film the page that people watch it on; or ""."""
    sources = [node.get("src"), node.get("data")]
    sources += [child.get("src") for child in node.iter("source", "embed")]
    sources += [child.get("value") for child in node.iter("param") if child.get("name") == "movie"]
    address = next((source.strip() for source in sources if source and source.strip()), "")
    if address.startswith("//"):
        address = f"https:{address}"
    if match := _YOUTUBE.match(address):
        return f"https://www.youtube.com/watch?v={match[1]}"
    match = _VIMEO.match(address)
    return f"https://vimeo.com/{match[1]}" if match else address


def with_items(node: etree._Element) -> None:
    """Put what stands in a list beside its items into items; a line break begins another."""
    items: list[etree._Element] = []
    loose: list[etree._Element] = []

    def say(words: str | None) -> None:
        if words and words.strip():
            item = item_in_hand()
            if len(item):
                item[-1].tail = words
            else:
                item.text = (item.text or "") + words

    def item_in_hand() -> etree._Element:
        if not loose:
            loose.append(node.makeelement("li"))
            items.append(loose[0])
        return loose[0]

    say(node.text)
    node.text = None
    for child in list(node):
        tail, child.tail = child.tail, None
        if child.tag in _IN_LIST:
            items.append(child)
            loose.clear()
        elif child.tag == "br":
            loose.clear()
        elif isinstance(child.tag, str):
            item_in_hand().append(child)
        say(tail)
    node[:] = items


def texts_outside(root: etree._Element, is_away: Callable[[etree._Element], bool]) -> Iterator[str]:
    """The pieces of text in `root`, in their order, but those within elements that are away."""
    hidden = 0
    for step, node in etree.iterwalk(root, events=("start", "end")):
        if is_away(node):
            hidden += 1 if step == "start" else -1
        text = node.text if step == "start" else node.tail if node is not root else None
        if text and not hidden:
            yield text


def code_of(node: etree._Element) -> str:
    """The code in a `<pre>`: a line for each line break, paragraph, item or row."""
    parts: list[str] = []
    for step, child in etree.iterwalk(node, events=("start", "end")):
        if step == "start":
            parts += filter(None, ["\n" if child.tag == "br" else child.text])
        elif child is not node:
            if child.tag in _LINES and parts and not parts[-1].endswith("\n"):
                parts.append("\n")
            parts += filter(None, [child.tail])
    return "".join(parts)


def words_beside(node: etree._Element, parts: Collection[etree._Element]) -> str:
    """The words in `node` that stand in none of its `parts`, such as a table's cells."""
    return " ".join(
        word for text in texts_outside(node, parts.__contains__) for word in text.split()
    )
