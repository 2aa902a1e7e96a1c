"""Templates are laid out for who reads them; what is sent does not carry their indentation."""

import re
from typing import Any

from django.template.base import Node, NodeList, Template, TextNode
from django.template.defaulttags import CommentNode, LoadNode
from django.template.loaders import app_directories, cached

# Beside these a browser shows no whitespace. Any other element may stand in a line of text.
_NAMES = (
    "!doctype address article aside base blockquote body br caption dd details div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li"
    " link main meta nav ol optgroup option p path script section source summary svg table"
    " tbody td template tfoot th thead title tr ul"
)
_BLOCKS = frozenset(_NAMES.split())
_VERBATIM = frozenset(("pre", "script", "style", "textarea"))
# A comment that nothing ends goes on to the end: it is looked through once.
_PIECES = re.compile(
    r"\s+|<!--(?:.*?-->|.*)|</?[a-z][a-z0-9]*|<!doctype|[^\s<>\"']+|.", re.I | re.S
)


class Loader(cached.Loader):
    """Compiles each template once; HTML of the project's own folder without its layout."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The compiled template `template_name`."""
        is_new = self.cache_key(template_name, skip) not in self.get_template_cache
        template = super().get_template(template_name, skip)
        is_own = not isinstance(template.origin.loader, app_directories.Loader)
        if is_new and is_own and template_name.endswith(".html"):
            compact(template.nodelist)
        return template


def compact(nodes: NodeList) -> None:
    """Take the layout out of the texts of a compiled HTML template, in place.

    Whitespace goes at both ends of the template, beside the tags of block elements and before
    the end of a tag; elsewhere one space stands for it. Attributes, `pre`, `textarea`, scripts and
    `blocktranslate` (which is no text node) stay as they are.
    """
    if nodes and isinstance(nodes[-1], TextNode):
        nodes[-1].s = nodes[-1].s.rstrip()
    layout, begun = _Layout(), False
    for node in nodes.get_nodes_by_type(Node):
        if isinstance(node, TextNode):
            text = node.s if begun else node.s.lstrip()
            begun = begun or bool(text)
            node.s = layout.compact(text)
        elif not isinstance(node, LoadNode | CommentNode):
            begun = True


class _Layout:
    """Where in its HTML a template is, from one text to the next."""

    def __init__(self) -> None:
        self.tag = ""  # The name of the tag that is open, as `</p`.
        self.quote = ""  # The quote that ends the attribute's value.
        self.verbatim = ""  # The tag that ends the element whose text is kept.

    def compact(self, text: str) -> str:
        """`text`, the template's next, with no more whitespace than a browser shows."""
        out: list[str] = []
        space, after_block = False, False
        for piece in _PIECES.findall(text):
            loose = not (self.quote or self.verbatim)
            if loose and piece.isspace():
                space = not after_block
                continue
            if space and not (self._is_block(piece) or (self.tag and piece == ">")):
                out.append(" ")
            space = False
            after_block = self._follow(piece)
            out.append(piece)
        return "".join(out) + " " * space

    def _follow(self, piece: str) -> bool:
        """Note what `piece` opens and closes; whether it ends the tag of a block element."""
        if self.verbatim:
            if piece.lower() != self.verbatim:
                return False
            self.verbatim = ""
        if self.quote:
            self.quote = "" if piece == self.quote else self.quote
        elif not self.tag:
            if piece[0] == "<" and len(piece) > 1 and not piece.startswith("<!--"):
                self.tag = piece.lower()
        elif piece in ("'", '"'):
            self.quote = piece
        elif piece == ">":
            tag, self.tag = self.tag, ""
            self.verbatim = f"</{tag[1:]}" if tag[1:] in _VERBATIM else ""
            return self._is_block(tag)
        return False

    def _is_block(self, piece: str) -> bool:
        return piece[0] == "<" and piece.lstrip("</").lower() in _BLOCKS
