"""The one sanitiser of comments: a Markdown subset to HTML, nh3 last.

Emphasis, strike-through, links, quotes, lists, code and line breaks. Raw HTML, pictures, tables
and reference links are shown as the text they are written in; a heading becomes a strong
paragraph. A quote ends where its signs end, and the items of a list keep the numbers that were
typed. Nothing may change the HTML after nh3 has seen it.

A change of what `render` makes needs a migration like `comments.0019_markup_anew`: stored HTML is
made once, on writing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from core.text import TextRefused, is_visible, tame

MAX_SOURCE = 10_000
MAX_LINKS = 20
MAX_ADDRESS = 2_000
"""Characters of an address that stands without marks; a longer one is text."""
MAX_NESTING = 6
"""The most quotes and lists within each other; marks beyond it are shown as text."""

TAGS = frozenset(
    ["p", "br", "hr", "em", "strong", "s", "a", "blockquote", "ul", "ol", "li", "code", "pre"]
)
SCHEMES = frozenset(["http", "https", "mailto"])
LINK_REL = "nofollow ugc noopener"

# Only in texts with letters that run from right to left: elsewhere all would say the same.
_DIRECTED = ("p", "blockquote", "ul", "ol")
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    # No attribute on every tag, where the default lets title and lang through; and an answer
    # that begins with "3." answers point 3.
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}, "li": {"value"}},
    tag_attribute_values={tag: {"dir": {"auto"}} for tag in _DIRECTED},
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=LINK_REL,
)

# A web address without a name and password before its host, which serve to deceive; or mail.
_LINK = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#]|$)|mailto:[^\s@]+@[^\s@]+$", re.IGNORECASE)
_BARE_LINK = re.compile(r"[^\s<>\[\]\"`|\\]+")
_BARE_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"\n{2,}")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_MANY_LINES = re.compile(r"\n{4,}")
_AFTER_LINK = ".,:;!?'*_~’”»…"
# A face between raised arms, its backslashes doubled or not: ¯\_(ツ)_/¯ and \(^o^)/.
_ARMS = re.compile(r"\\{1,3}(_?\([^()\n\\]{1,20}\))\\?(_?/)")


class SourceTooLong(TextRefused):
    """More than MAX_SOURCE characters."""


class TooManyLinks(TextRefused):
    """More than MAX_LINKS links."""


def render(source: str, *, bounded: bool = True) -> SafeString:
    """The HTML of a comment written in our Markdown subset, safe to insert in a page.

    Raises SourceTooLong and TooManyLinks unless it need not be `bounded`, as what was said
    elsewhere; other text is always rendered.
    """
    source = clean_source(source)
    if bounded and len(source) > MAX_SOURCE:
        raise SourceTooLong(
            _("This text has %(length)d characters; at most %(limit)d are possible."),
            "too_long",
            length=len(source),
            limit=MAX_SOURCE,
        )
    return render_clean(source, bounded=bounded)


def render_clean(source: str, *, bounded: bool = True) -> SafeString:
    """The same for what `clean_source` gave, which costs as much again on plain text.

    Raises TooManyLinks unless it need not be `bounded`.
    """
    if _UNMARKED.fullmatch(source) and "://" not in source:
        return mark_safe(_paragraphs(source))  # noqa: S308 - it holds no sign that HTML knows
    html = _MARKDOWN.render(source, {"bounded": bounded})
    return mark_safe(_CLEANER.clean(html))  # noqa: S308


_RTL = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_TO_LEFT = re.compile(f"[{_RTL}]")

# Most comments hold no mark at all: what both steps would make of those, at a hundredth of the
# cost. A line may begin with nothing that could be a list, heading, quote or fence.
_LINE = rf"(?![\s\d#+-])[^\\`*_~\[\]<>&\n\xa0{_RTL}]+"
_UNMARKED = re.compile(rf"{_LINE}(?:\n{{1,3}}{_LINE})*")


def _paragraphs(source: str) -> str:
    return "".join(
        f"<p>{part.replace(chr(10), '<br>' + chr(10))}</p>\n"
        for part in _PARAGRAPH_END.split(source)
        if part
    )


def clean_source(text: str) -> str:
    r"""`text` as it is stored: tamed, lines ended by \n, without blank space that says nothing.

    More than two blank lines become two. Text that shows nothing becomes empty. Cleaning
    cleaned text changes nothing.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = "\n".join(line.rstrip() for line in tame(text).split("\n")).strip("\n")
    return _MANY_LINES.sub("\n\n\n", text) if is_visible(text) else ""


class _Markdown(MarkdownIt):
    """The parser with our idea of a good link."""

    def validateLink(self, url: str) -> bool:
        # nh3 drops an address whose host is impossible, and would leave a link to nowhere.
        return bool(_LINK.match(url)) and "href" in _CLEANER.clean(f'<a href="{escape(url)}">')

    def normalizeLinkText(self, link: str) -> str:
        # As it was written: decoding would bring back the characters that were tamed.
        return link


def _nested(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    """`rule`, declining where MAX_NESTING of these rules are at work already.

    The parser's own maxNesting would drop the rest of the text.
    """

    def capped(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        depth = state.env.get("depth", 0)
        if depth >= MAX_NESTING and not silent:
            return False
        state.env["depth"] = depth + 1
        try:
            return rule(state, start, end, silent)
        finally:
            state.env["depth"] = depth

    return capped


def _quote_ends(state: StateBlock, _start: int, _end: int, silent: bool) -> bool:
    """Ends a quote at the first line without its sign: who types on there answers it.

    CommonMark would read that line as part of the quote.
    """
    return silent


def _arms(state: StateInline, silent: bool) -> bool:
    """A face whose raised arm is no escape, and whose underscores are no emphasis."""
    found = _ARMS.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.pending += f"\\{found[1]}{found[2]}"
    state.pos = found.end()
    return True


def _bare_link(state: StateInline, silent: bool) -> bool:
    """A web address that stands in the text without any marks."""
    if silent or state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    # As long as "https" and the sign before it: the whole text so far for each "://" is too much.
    scheme = _BARE_SCHEME.search(state.pending[-6:])
    if not scheme or state.pos < state.env.get("no_link_before", 0):
        return False
    found = _BARE_LINK.match(state.src, state.pos, state.posMax)
    tail = _without_end(found[0]) if found and len(found[0]) <= MAX_ADDRESS else ""
    url = scheme[1] + tail
    href = normalizeLink(url)
    if not tail or not state.md.validateLink(href):
        # What is no address is none from a later "://" in it either.
        state.env["no_link_before"] = found.end() if found else 0
        return False
    state.pending = state.pending[: -len(scheme[1])]
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = url
    state.push("link_close", "a", -1)
    state.pos += len(tail)
    return True


def _without_end(tail: str) -> str:
    """An address without what ends the sentence around it: points, brackets not opened in it."""
    end = len(tail)
    closed = tail.count(")") - tail.count("(")
    while end and (tail[end - 1] in _AFTER_LINK or (tail[end - 1] == ")" and closed > 0)):
        closed -= tail[end - 1] == ")"
        end -= 1
    return tail[:end]


def _tidy_tokens(state: StateCore) -> None:
    """Headings to strong paragraphs, lists as numbered, inline marks made flat, links counted."""
    _number_items(state.tokens)
    links = 0
    heading = False
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "p"
            heading = token.nesting == 1
        elif token.children:
            if heading:
                token.children = [
                    Token("strong_open", "strong", 1),
                    *token.children,
                    Token("strong_close", "strong", -1),
                ]
            token.children = _flat(token.children)
            links += sum(child.type == "link_open" for child in token.children)
    if _RIGHT_TO_LEFT.search(state.src):
        for token in state.tokens:
            # The outermost alone: a quote or list looks for its direction in what says none.
            if token.nesting == 1 and token.level == 0 and token.tag in _DIRECTED:
                token.attrs["dir"] = "auto"
    if links > MAX_LINKS and state.env.get("bounded", True):
        raise TooManyLinks(
            _("This text has %(count)d links; at most %(limit)d are possible."),
            "too_many_links",
            count=links,
            limit=MAX_LINKS,
        )


def _number_items(tokens: list[Token]) -> None:
    """Let items of numbered lists show the numbers that were typed.

    A list of nothing but "1." is counted, as those who write it so mean it.
    """
    open_lists: list[list[Token]] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            open_lists.append([])
        elif token.type == "list_item_open":
            open_lists[-1].append(token)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            items = open_lists.pop()
            numbers = [int(item.info) for item in items if item.info]
            if set(numbers) == {1}:
                continue
            for item, before, number in zip(items[1:], numbers, numbers[1:], strict=False):
                if number != before + 1:
                    item.attrs["value"] = number


def _flat(tokens: list[Token]) -> list[Token]:
    """Inline tokens without a mark inside the same mark, and without links nobody can see.

    Emphasis within emphasis says nothing, and 2,500 levels of it cost nh3 and browsers dear.
    """
    kept: list[Token] = []
    opened: dict[str, int] = {}
    link: Token | None = None
    link_text = ""
    for token in tokens:
        if token.nesting:
            depth = opened.get(token.tag, 0)
            opened[token.tag] = depth + token.nesting
            if depth + min(token.nesting, 0):
                continue
        if token.type == "link_open":
            if not token.attrs["href"]:  # "[text]()"
                continue
            link, link_text = token, ""
        elif token.type == "link_close":
            if not link:
                continue
            if not is_visible(link_text):
                kept.append(Token("text", "", 0, content=str(link.attrs["href"])))
            link = None
        else:
            link_text += token.content
        kept.append(token)
    return kept


def _parser() -> _Markdown:
    markdown = _Markdown("zero", {"breaks": True, "xhtmlOut": False, "html": False})
    # Not among them: entity (would bring back characters that were tamed), code by indenting
    # (people indent prose), reference (makes text vanish), lheading (a line of dashes is a line).
    markdown.enable(["blockquote", "list", "fence", "hr", "heading"])
    markdown.enable(["linkify", "newline", "escape", "backticks", "emphasis", "strikethrough"])
    markdown.enable(["link", "autolink"])
    markdown.block.ruler.push("quote_ends", _quote_ends, {"alt": ["blockquote"]})
    markdown.inline.ruler.before("escape", "arms", _arms)
    markdown.block.ruler.at(
        "blockquote", _nested(blockquote), {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    markdown.block.ruler.at(
        "list", _nested(list_block), {"alt": ["paragraph", "reference", "blockquote"]}
    )
    markdown.inline.ruler.at("linkify", _bare_link)
    markdown.core.ruler.push("tidy", _tidy_tokens)
    return markdown


_MARKDOWN = _parser()
