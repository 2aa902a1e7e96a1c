"""Answers of mail servers that are about this site and not about the address: what they stop.

A blocklist, a policy, greylisting or a rate says nothing of who is written to. Mail to that domain
then waits; when several domains say so, the server refuses us before it hears of an address, or
does not answer at all, all mail does. This is the memory of one worker, gone when it ends.
"""

from __future__ import annotations

import re
import smtplib
import time

PAUSE = 600.0
"""Seconds for which no other mail is tried."""
SEVERAL = 3
"""As many domains that refuse us at once are everybody."""
_MOST = 1_000
_OF_MAILBOX = re.compile(r"\b[45]\.(?:1\.(?:[0-6]|9|10)|2\.\d{1,3})\b|\b5\.4\.1\b")
"""Of the mailbox: 5.4.1 is what Microsoft 365 says of one that is not there."""
_OF_US = re.compile(
    r"\b[45]\.7\.\d{1,3}\b|\b[45]\.1\.[78]\b|block ?list|black ?list|deny ?list|spamhaus|spamcop"
    r"|barracuda|\brbl\b|\bdnsbl\b|reputation|gr[ea]y ?-?list|rate ?-?limit|throttl|too many"
    r"|\bpolicy\b|\bdmarc\b|\bspf\b|\bdkim\b|relay(?:ing)? (?:access )?denied|access denied"
    r"|not authori[sz]ed|authentication required|(?<!not )listed (?:at|by|in|on)\b"
    r"|your (?:ip|server)\b",
    re.I,
)
# Until when mail to a domain is held, by `time.monotonic`; "" stands for all mail.
_held: dict[str, float] = {}


def is_of_us(words: str) -> bool:
    """Whether the words of a mail server, its codes with them, are about the sender."""
    return _OF_MAILBOX.search(words) is None and _OF_US.search(words) is not None


def is_of_all(fault: BaseException) -> bool:
    """Whether a server refused us before it heard of any address."""
    kinds = (smtplib.SMTPHeloError, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError)
    return isinstance(fault, (*kinds, smtplib.SMTPSenderRefused))


def keep_back(address: str, *, everybody: bool) -> None:
    """Keep mail to the address's domain back for a while; with `everybody`, all mail."""
    now = time.monotonic()
    for domain in [domain for domain, until in _held.items() if until < now]:
        del _held[domain]
    if len(_held) < _MOST:
        _held[_domain_of(address)] = now + PAUSE
    if everybody or len(_held) >= SEVERAL:
        _held[""] = now + PAUSE


def hold_all(seconds: float) -> None:
    """Keep all mail back for so many seconds: the server does not answer."""
    _held[""] = max(_held.get("", 0), time.monotonic() + seconds)


def held_for(address: str) -> float:
    """For how many seconds mail to `address` still waits; 0 when it does not."""
    now = time.monotonic()
    return max(_held.get(_domain_of(address), now), _held.get("", now)) - now


def forget() -> None:
    """Try all mail again."""
    _held.clear()


def _domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()
