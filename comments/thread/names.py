"""How a commenter is called: names and websites, cleaned or refused."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

import regex
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _

from core.text import TextRefused, is_blank, tame

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# The scripts in general use today (UAX #31, table 5) and Syriac, in groups that one name may be
# written in. Others, ancient ones mostly, write nobody's name but somebody's in look-alikes.
_SCRIPTS = (
    *("Latin", "Han Hiragana Katakana Bopomofo Hangul", "Arabic", "Armenian", "Bengali"),
    *("Cyrillic", "Devanagari", "Ethiopic", "Georgian", "Greek", "Gujarati", "Gurmukhi", "Hebrew"),
    *("Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Syriac", "Tamil"),
    *("Telugu", "Thaana", "Thai", "Tibetan"),
)
# Strokes through letters: they are no accents of any language.
_STRUCK = frozenset(map(chr, range(0x0334, 0x0339)))
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nl"})

MAX_NAME = 60
MAX_WEBSITE = 200


def _of(scripts: str) -> regex.Pattern[str]:
    every = "".join(rf"\p{{Script={one}}}" for one in f"{scripts} Common Inherited".split())
    return regex.compile(f"[{every}]*+")


_OF_ONE_SCRIPT = [_of(group) for group in _SCRIPTS]


class NameRefused(TextRefused):
    """A name that is empty ("required") or too long ("too_long")."""


class WebsiteRefused(TextRefused):
    """A website that is no public web address ("invalid") or too long ("too_long")."""


def clean_name(text: str) -> str:
    """`text` as the name of a person: one line, single spaces, characters tamed.

    Invisible characters go, but for the joiners that Persian, Indic scripts and emoji need, and
    marks around or through letters. Raises NameRefused when nothing to be read is left, for an
    e-mail address ("address"), for letters of several scripts or of one that is in no general use
    ("mixed"), and for more than MAX_NAME characters.
    """
    shown = "".join(
        _INVISIBLE_TO_SPACE.get(ch, ch)
        for ch in tame(text)
        if unicodedata.category(ch) != "Me" and ch not in _STRUCK
    )
    name = " ".join(shown.split())
    if not any(unicodedata.category(ch)[0] in "LNS" and not is_blank(ch) for ch in name):
        raise NameRefused(_("Please give your name."), "required")
    if "@" in unicodedata.normalize("NFKC", name):
        raise NameRefused(_("An e-mail address is no name; it would be shown."), "address")
    if is_mixed(name):
        raise NameRefused(
            _("Write your name in the letters of one script that is in general use."), "mixed"
        )
    if len(name) > MAX_NAME:
        raise NameRefused(
            _("A name can have at most %(limit)d characters."), "too_long", limit=MAX_NAME
        )
    return name


def is_mixed(name: str) -> bool:
    """Whether the letters of `name` are of several scripts, or of one that is not in general use:
    no person's name is written so, but that of somebody else in look-alikes is."""
    letters = "".join(ch for ch in name if unicodedata.category(ch) in _LETTERS)
    letters = unicodedata.normalize("NFKC", letters)
    return not any(script.fullmatch(letters) for script in _OF_ONE_SCRIPT)


def clean_website(url: str) -> str:
    """`url` as an absolute http(s) address in ASCII, or empty when it is empty.

    https:// is added when there is no scheme. Raises WebsiteRefused for another scheme, a host
    without a dot (in its ASCII form), an IP address, a user name or password, white space,
    control characters, or more than MAX_WEBSITE characters.
    """
    url = url.strip()
    if not url:
        return ""
    _check_length(url)
    if any(ch in '\\<>"' or unicodedata.category(ch)[0] in "CZ" for ch in url):
        raise _no_website()
    if not _SCHEME.match(url):
        url = "https://" + url.removeprefix("//")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower().removesuffix(".")
        port = parts.port
    except ValueError as error:  # UnicodeError is one.
        raise _no_website() from error
    if parts.scheme not in _PORTS or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise _no_website()
    netloc = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = "" if parts.path == "/" and not parts.query and not parts.fragment else parts.path
    website = urlunsplit((parts.scheme, netloc, path, parts.query, parts.fragment))
    # An apostrophe is legal in an address, but ends an attribute in careless markup elsewhere.
    website = iri_to_uri(website).replace("'", "%27")
    _check_length(website)
    return website


_PORTS = {"http": 80, "https": 443}
# Dots between labels and a top level that does not begin with a digit, so no IP address.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def _no_website() -> WebsiteRefused:
    return WebsiteRefused(
        _("This is no web address; an example: https://www.example.org"), "invalid"
    )


def _check_length(url: str) -> None:
    if len(url) > MAX_WEBSITE:
        raise WebsiteRefused(
            _("A web address can have at most %(limit)d characters."),
            "too_long",
            limit=MAX_WEBSITE,
        )


_INVISIBLE_TO_SPACE = dict.fromkeys("\u115f\u1160\u2800\u3164\uffa0", " ") | dict.fromkeys(
    # Soft hyphen, grapheme joiner, zero-width space, word joiner and invisible operators.
    "\xad\u034f\u200b\u2060\u2061\u2062\u2063\u2064",
    "",
)
