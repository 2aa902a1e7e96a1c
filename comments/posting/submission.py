"""A comment on its way in, from the form or the mail to its row: one record that is filled in.

The view says where it belongs and who sends it, the form adds what was typed, `comments.screening`
judges it as the `Contribution` that it is, and `comments.posting.store` adds what came of that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings

from authors.models import Author, User
from blog.models import Article
from comments.models import Comment, Origin, Signal, State
from comments.screening.contribution import Contribution


@dataclass(frozen=True, kw_only=True)
class Submission(Contribution):
    """One act of posting; each step gives it on with more filled in (`dataclasses.replace`).

    `text` is stored as it is: it has been through `markup.clean_source`.
    """

    article: Article
    parent: Comment | None = None
    # The account that posts, its author, and whether it moderates; None: a guest.
    user: User | None = None
    author: Author | None = None
    moderator: bool = False
    # A keyed hash of the network address, for the limit on posts; None: not limited.
    client: bytes | None = None
    # Wants mail of all new comments under the article.
    follow: bool = False
    # What the browser holds of a confirmed `email` (`access.browser_proof`); empty: nothing.
    proof: str = ""
    # The form's own key; empty on a page from a cache.
    key: str = ""
    origin: Origin = Origin.SITE
    # The mail that it came in, when what of it is the comment is for a moderator to see.
    mail: str = ""
    # What speaks against it, and the state that it is stored in.
    signals: tuple[Signal, ...] = ()
    state: State = State.APPROVED
    # What the filters made of it; -1: they were not asked.
    score: float = -1

    @property
    def page(self) -> str:
        """The address of the article."""
        return f"{settings.SITE_URL}{self.article.get_absolute_url()}"

    @property
    def digest(self) -> bytes:
        """One digest for one act of posting: the form's key with everything that was typed.

        A form on a cached page has no key of its own; the content alone then tells a second click
        from a second comment, though not whose click it is. Changed text under the same key is
        another comment.
        """
        who = self.user.pk if self.user else f"{self.name}\0{self.email}"
        above = self.parent.pk if self.parent else 0
        parts = (self.key, self.article.pk, above, who, self.text)
        return hashlib.sha256("\0".join(map(str, parts)).encode()).digest()
