"""Content of a mail as columns of an outbox row: text and HTML, never a usable token.

A token in a mail is named by a `Signed`: the row keeps a random mark in its place and, beside the
text, which token belongs there. `sealed` puts a fresh token in when the mail goes out; once it is
sent the row forgets what the marks stood for. A mark is random, so nobody can write one into a
text that is quoted in a mail.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from core import quoting, redact, tokens
from core.followable import name_of

_MARK = re.compile(r"token-[0-9a-f]{32}")
_SLOT = "token-slot"
_SPECIAL = re.compile(r'[<>"@,;:\\]')


@dataclass(frozen=True)
class Signed:
    """Text with a token of `kind` for `value` (JSON), which is made when the mail is sent."""

    kind: str
    value: Any
    before: str = ""
    after: str = ""

    def made(self) -> str:
        """The text with a token of this moment."""
        return f"{self.before}{tokens.KINDS[self.kind](self.value)}{self.after}"


def signed_link(view: str, kind: str, value: Any, *parts: object) -> Signed:
    """URL of `view` whose arguments are `parts` followed by the token."""
    url = str(settings.SITE_URL) + reverse(view, args=[*parts, _SLOT])
    before, _slot, after = url.rpartition(_SLOT)
    return Signed(kind, value, before, after)


Link = str | Signed


def in_brackets(link: Link) -> Link:
    """An address as a header says it: `<…>`."""
    if isinstance(link, str):
        return f"<{link}>"
    return replace(link, before=f"<{link.before}", after=f"{link.after}>")


@dataclass(frozen=True)
class Letter:
    """The content of a mail; text and HTML are rendered from the same parts."""

    subject: str
    paragraphs: tuple[str, ...]
    # Somebody's words, as plain text with "> " before what they quote, and whose they are.
    quote: str = ""
    quoted: str = ""
    # In what language they are; "" in that of the mail.
    quote_language: str = ""
    # What to do: labels and addresses.
    links: tuple[tuple[str, Link], ...] = ()
    # In small letters below: why it came, how to stop it.
    notes: tuple[str, ...] = ()
    note_links: tuple[tuple[str, Link], ...] = ()
    # Told at its top when an answer by mail is taken.
    answer_line: str = ""
    # mail/<template>.txt and .html.
    template: str = "letter"
    headers: Mapping[str, Link] = field(default_factory=dict)

    @property
    def paragraph_passages(self) -> list[quoting.Passage]:
        """The paragraphs for HTML."""
        return [passage for paragraph in self.paragraphs for passage in quoting.passages(paragraph)]

    @property
    def quote_passages(self) -> list[quoting.Passage]:
        """The quoted words for HTML."""
        return quoting.passages(self.quote)


def domain() -> str:
    """The domain that mail is sent from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def display_name(name: str) -> str:
    """`name` for use in mails: without web and mail addresses; "A reader" when nothing is left.

    Mail programs make links of such words, in a subject and beside a sender as well.
    """
    return name_of(name) or gettext("A reader")


def sender(name: str) -> str:
    """The From header: the site's address under `name`, without what headers are made of."""
    plain = _SPECIAL.sub(" ", name)
    return formataddr((" ".join(plain.split())[:80], parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def written(letter: Letter) -> dict[str, Any]:
    """The columns of an outbox row for `letter`. The subject is always one line."""
    marks: dict[str, list[Any]] = {}

    def marked(found: Link) -> str:
        if isinstance(found, str):
            return found
        mark = f"token-{secrets.token_hex(16)}"
        marks[mark] = [found.kind, found.value]
        return f"{found.before}{mark}{found.after}"

    letter = replace(
        letter,
        links=tuple((label, marked(url)) for label, url in letter.links),
        note_links=tuple((label, marked(url)) for label, url in letter.note_links),
        headers={name: marked(value) for name, value in letter.headers.items()},
    )
    return {
        "subject": " ".join(letter.subject.split())[:200],
        "body": render_to_string(f"mail/{letter.template}.txt", {"letter": letter}).strip() + "\n",
        "html": render_to_string(f"mail/{letter.template}.html", {"letter": letter}),
        "headers": letter.headers,
        "tokens": marks,
    }


def sealed(text: str, made: Mapping[str, str]) -> str:
    """`text` with its marks replaced by the tokens in `made`."""
    return _MARK.sub(lambda found: made.get(found[0], found[0]), text)


def tokens_of(marks: Mapping[str, list[Any]]) -> dict[str, str]:
    """A fresh token for every mark of a mail."""
    return {mark: tokens.KINDS[kind](value) for mark, (kind, value) in marks.items()}


def shown(text: str) -> str:
    """The text of a stored mail as people may read it: "…" where a token was."""
    return redact.tokens(_MARK.sub(redact.BLANK, text))
