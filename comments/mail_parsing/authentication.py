"""Whether a mail surely comes from the domain in its From header, as our own mail server found.

The server writes what it checked into Authentication-Results (RFC 8601), under its own name, and
takes away what came under that name from outside.
"""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.utils import parseaddr

_MAX_HEADERS = 20
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^\s*(dmarc|dkim|spf)\s*=\s*([a-z]{1,20})\b", re.I)
_DOMAIN = re.compile(
    r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?([^\s;\"]{1,320})", re.I
)


def is_aligned(message: EmailMessage, server: str) -> bool:
    """Whether `server` says that the From header's domain vouches for the mail: by DMARC, or by a
    signature (DKIM) or a sending server (SPF) of that domain."""
    domain = _domain_of(parseaddr(str(message.get("From", "")))[1])
    if not domain:
        return False
    said: dict[str, bool] = {}
    for header in message.get_all("Authentication-Results", [])[:_MAX_HEADERS]:
        name, _sign, results = _plain(str(header)).partition(";")
        if name.split()[:1] != [server]:
            continue
        for result in results.split(";"):
            if (found := _RESULT.match(result)) is None:
                continue
            method, passed = found[1].lower(), found[2].lower() == "pass"
            domains = [_domain_of(value) for _name, value in _DOMAIN.findall(result)]
            if method == "dmarc":
                # Contradicted: somebody wrote one of them who is not the server.
                said[method] = said.get(method, True) and passed and domain in (domains or [domain])
            else:
                said.setdefault(method, False)
                said[method] |= passed and any(_are_aligned(domain, one) for one in domains)
    return said["dmarc"] if "dmarc" in said else any(said.values())


def _plain(text: str) -> str:
    """`text` in small letters without comments; these may stand within each other."""
    for _turn in range(3):
        text = _COMMENT.sub(" ", text)
    return text.lower()


def _domain_of(value: str) -> str:
    return value.rpartition("@")[2].strip(" .<>").lower()


def _are_aligned(one: str, other: str) -> bool:
    """Whether both are of one organisation: the same, or one is below the other."""
    short, long = sorted((one, other), key=len)
    return "." in short and (short == long or long.endswith(f".{short}"))
