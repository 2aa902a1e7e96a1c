"""A comment as plain text, for mails and search."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comments.models import Comment
from core.followable import quiet

_LINE_ENDS = re.compile(r"<br\s*/?>|</(?:p|li|blockquote|pre)>")
_MANY_LINES = re.compile(r"\n{3,}")
_EXCERPT = 1500


def words_of(comment: Comment) -> str:
    """What a comment says, as plain text without any address to follow.

    Made once for a text, however many mails, digests and search results show it.
    """
    return _plain(comment.html, get_language() or "")


def own_words(comment: Comment, most: int) -> str:
    """The first `most` words of what the writer says after the last quotation; may be empty."""
    _before, _end, own = comment.html.rpartition("</blockquote>")
    return Truncator(" ".join(_plain(own, get_language() or "").split())).words(most)


@lru_cache(maxsize=512)
def _plain(markup: str, language: str) -> str:
    broken = _LINE_ENDS.sub("\n", markup)
    text = html.unescape(nh3.clean(broken, tags=set()))
    text = quiet(_MANY_LINES.sub("\n\n", text), _("[link]")).strip()
    return text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + " …"
