"""Whether a mail surely comes from the domain in its From header, as our own mail server found.

The server writes what it checked into Authentication-Results (RFC 8601), under its own name, and
takes away what came under that name from outside.
"""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.utils import parseaddr

_MAX_HEADERS = 20
_QUOTED = re.compile(r"[\w.@+-]*", re.ASCII)
_RESULT = re.compile(r"^\s*(dmarc|dkim|spf)\s*=\s*([a-z]{1,20})\b", re.I)
_DOMAIN = re.compile(
    r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom)\s*=\s*([^\s;]{1,320})", re.I
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
    """`text` in small letters without comments, which may stand within each other, and with what
    is quoted as one word: a sender chooses what stands between quotes, blanks and `;` too."""
    out: list[str] = []
    quoted: list[str] | None = None
    depth, is_escaped = 0, False
    for sign in text:
        if is_escaped:
            is_escaped = False
            if quoted is not None:
                quoted.append("\\")  # No plain word any more.
        elif sign == "\\":
            is_escaped = True
        elif quoted is not None:
            if sign == '"':
                word = "".join(quoted)
                out.append(word if _QUOTED.fullmatch(word) else "quoted")
                quoted = None
            else:
                quoted.append(sign)
        elif sign == '"' and not depth:
            quoted = []
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(depth - 1, 0)
            out.append(" ")
        elif not depth:
            out.append(sign)
    return "".join(out).lower()


def _domain_of(value: str) -> str:
    return value.rpartition("@")[2].strip(" .<>").lower()


def _are_aligned(one: str, other: str) -> bool:
    """Whether both are of one organisation: the same, or one is below the other."""
    short, long = sorted((one, other), key=len)
    return "." in short and (short == long or long.endswith(f".{short}"))
