"""What somebody wrote and under which name: the part of a comment that rules and filters judge."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"']+", re.I)


@dataclass(frozen=True)
class Contribution:
    """A text and what its writer says of herself; `comments.posting` adds where it belongs."""

    text: str = ""
    name: str = ""
    email: str = ""
    website: str = ""
    # Between the first touch of the form and sending it; None: not known.
    seconds: int | None = None
    # The network address and browser, in memory only, for a scorer elsewhere; mostly empty.
    address: str = ""
    agent: str = ""

    @cached_property
    def links(self) -> list[str]:
        """The addresses in the text, and the website that was filled in."""
        found = [address.rstrip(".,;:!?") for address in LINK.findall(self.text)]
        return found + ([self.website] if self.website else [])

    @property
    def page(self) -> str:
        """The address of the page that it was written on, for a scorer elsewhere."""
        return ""
