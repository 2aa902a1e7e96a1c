"""Takes out of a text what a log must not keep: e-mail addresses and signed tokens.

Every pattern is linear: what it may repeat is bounded, and callers cap the length of the text.
"""

from __future__ import annotations

import re

BLANK = "…"

# The part before the "@" may be quoted; in addresses of pages the "@" is written "%40".
_ADDRESS = re.compile(
    r"""(?:"[^"\n@]{1,64}"|[^\s<>@,;:()/?]{0,64})(?:@|%40)[^\s<>@,;:()'"]{1,255}""", re.I
)
_TOKENS = (
    # django.core.signing: payload, time and signature. One that was cut short or has something
    # behind it is taken out too: whoever reads it could mend it.
    re.compile(r"(?<![\w.-])[\w.-]{1,600}(?::|%3A)[\w-]{1,32}(?::|%3A)[\w-]{8,256}", re.I),
    # Behind something longer, which cannot be read back: without its signature it is worthless.
    re.compile(r"(?::|%3A)[\w-]{1,32}(?::|%3A)[\w-]{8,256}", re.I),
    # django.contrib.auth: time and digest of a link that sets a password.
    re.compile(r"\b[0-9a-z]{1,13}-[0-9a-f]{20,64}\b"),
    # The secret of the endpoint for inbound mail.
    re.compile(r"(?<=secret=)[^&\s\"']{1,512}", re.I),
)


def addresses(text: str) -> str:
    """`text` with "…" for every e-mail address."""
    return _ADDRESS.sub(BLANK, text)


def tokens(text: str) -> str:
    """`text` with "…" for every signed token, also for a damaged one."""
    for pattern in _TOKENS:
        text = pattern.sub(BLANK, text)
    return text


def redact(text: str) -> str:
    """`text` without addresses and tokens."""
    return addresses(tokens(text))
