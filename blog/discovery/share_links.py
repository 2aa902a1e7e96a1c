"""Links that share an article: plain addresses, no script of anybody else's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# `{url}`, `{title}` and `{both}` (title, space, address) come in percent-encoded.
#
# Mastodon has as many addresses as servers; share.joinmastodon.org is the project's own page,
# which asks the reader for theirs. What stands after # is never sent to it
# (blog.joinmastodon.org/2026/03/a-new-share-button).
_NETWORKS: Final[dict[str, tuple[StrOrPromise, str]]] = {
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
    "mastodon": ("Mastodon", "https://share.joinmastodon.org/#text={both}"),
    "bluesky": ("Bluesky", "https://bsky.app/intent/compose?text={both}"),
    "whatsapp": ("WhatsApp", "https://wa.me/?text={both}"),
    "x": ("X", "https://x.com/intent/post?text={title}&url={url}"),
    "facebook": ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={url}"),
    "email": (_("E-mail"), "mailto:?subject={title}&body={url}"),
}


class ShareLink(NamedTuple):
    """A link that opens a network with the article's address filled in."""

    key: str
    label: StrOrPromise
    url: str


def share_links(url: str, title: str, networks: Iterable[str]) -> list[ShareLink]:
    """The links for `networks`, in that order; names that are not known are passed over.

    `url` is the canonical address. Spaces are %20, for mailto: knows no plus sign (RFC 6068).
    """
    title = " ".join(title.split())
    parts = {"url": _encoded(url), "title": _encoded(title), "both": _encoded(f"{title} {url}")}
    return [
        ShareLink(key, _NETWORKS[key][0], _NETWORKS[key][1].format(**parts))
        for key in networks
        if key in _NETWORKS
    ]


def _encoded(text: str) -> str:
    # What cannot be UTF-8 (a lone surrogate) becomes a question mark.
    return quote(text.encode("utf-8", "replace"), safe="")
