"""How a commenter is called: names, what they look like to the eye, and websites.

The look of a name follows the idea of Unicode's skeletons (UTS #39, confusable detection) with
a small table chosen for names in Latin script: what it misses is an odd look-alike, where the
full table would also make honest names collide.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

import regex
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _

from core.text import TextRefused, is_blank, tame

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_L_OF_CAPITALS = re.compile("[l1|]")
_ONE_OF_SMALL = re.compile("[1|]")
_I_IN_SMALL = re.compile(r"(?<=[^\W\d_A-Z])(?<!^Mc)(?<!^Mac)I")


# Letters only: marks, digits and signs belong to every script.
_LATIN = regex.compile(r"\p{Script=Latin}")
_OTHER = regex.compile(
    r"[\p{L}\p{Nl}--[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]]", regex.V1
)
# Strokes through letters: they are no accents of any language.
_STRUCK = frozenset(map(chr, range(0x0334, 0x0339)))

MAX_NAME = 60
MAX_WEBSITE = 200


class NameRefused(TextRefused):
    """A name that is empty ("required") or too long ("too_long")."""


class WebsiteRefused(TextRefused):
    """A website that is no public web address ("invalid") or too long ("too_long")."""


def clean_name(text: str) -> str:
    """`text` as the name of a person: one line, single spaces, characters tamed.

    Invisible characters go, but for the joiners that Persian, Indic scripts and emoji need, and
    marks around or through letters. Raises NameRefused when nothing to be read is left, for an
    e-mail address ("address"), for Latin letters among those of another script ("mixed"), and for
    more than MAX_NAME characters.
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
        raise NameRefused(_("Write your name in the letters of one script."), "mixed")
    if len(name) > MAX_NAME:
        raise NameRefused(
            _("A name can have at most %(limit)d characters."), "too_long", limit=MAX_NAME
        )
    return name


def is_mixed(name: str) -> bool:
    """Whether there are Latin letters and letters of another script in `name`: no person's name is
    written so, but that of somebody else in look-alikes is."""
    return _LATIN.search(name) is not None and _OTHER.search(name) is not None


def skeleton(name: str) -> str:
    """What `name` looks like: names with the same skeleton can be taken for each other.

    Case, spaces, punctuation, symbols and diacritics do not count, and characters of other
    alphabets are the Latin letters they look like. As names begin with a capital, i and l are
    the same at the start of a word (lrene, Irene) but apart inside it (Ilse, Lise), where only
    a capital I among small letters is an l (NeI, Nel). A skeleton is for comparing, not for
    showing.
    """
    return _finish("".join(_folded(name))) or "".join(name.split())


def looks(name: str) -> list[str]:
    """The skeletons of the words of `name`, in their order."""
    return [found for word in _folded(name) if (found := _finish(word))]


def _folded(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name))
    letters = "".join(_seen(ch) for ch in text).translate(_LOOK_ALIKES)
    return [_fold(word) for word in letters.split()]


def _finish(folded: str) -> str:
    # Once more, because lower case can bring back marks (Turkish dotted I).
    text = "".join(_seen(ch) for ch in unicodedata.normalize("NFKD", folded))
    for pair, single in (("rn", "m"), ("vv", "w")):
        text = text.replace(pair, single)
    return text


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


def _seen(ch: str) -> str:
    """The character if it counts for a look, a space where it parts words, else nothing."""
    category = unicodedata.category(ch)
    # Marks of class 200 and up are the accents of any script; lower ones are the vowels and
    # tones of scripts in which names would not differ without them.
    if category == "Cf" or unicodedata.combining(ch) >= 200:
        return ""
    if is_blank(ch):
        return " " if category[0] in "LS" else ""
    return ch if category[0] in "LNM" or ch in "@$|€" else " "


def _fold(word: str) -> str:
    """A word in lower case, with each I, l and 1 read as its neighbours suggest."""
    others = [ch for ch in word if ch.isalpha() and ch not in "Il"]
    if others and all(ch.isupper() for ch in others):
        word = _L_OF_CAPITALS.sub("I", word)
    else:
        word = _ONE_OF_SMALL.sub("l", word)
        # A capital after a small letter; McIntyre has a real one.
        word = _I_IN_SMALL.sub("l", word)
    word = word.casefold()
    return "l" + word[1:] if word.startswith("i") else word


# Each beside what it is read as: Latin with strokes and hooks, or upside down; Cyrillic; Lisu;
# Coptic; Canadian syllabics.
_MORE = """
ƑF ƒf ȺA ⱥa ƦR ÞP þp ᵽp ƝN ƞn ƊD ɖd ȻC ȼc ɇe ɈJ ɉj ɍr ɎY ɏy ɐa ɒa ʋv ʘO ɵo ꞒC
ꞓc ꝊO ꝋo ꝐP ꝑp ꝒP ꝓp ꞎl ꝀK ꝁk ꝃk ꝄK ƘK ƙk ɫl ɭl ɺr ɾr ɼr ɽr ʁr ʟl ɲn ɳn ƲV ʉu
ᵾu ʈt ƫt ƭt ʇt ƵZ ƶz ȤZ ȥz ʠq ɕc ɟj ʝj ƎE ǝe ɘe ɜe ʍm ɯm ɹr ʌv ʎy ɥh ʞk ȠN ȡd
ȴl ȵn ȶt ɀz ȿs ᶁd ᶂf ᶄk ᶅl ᶆm ᶇn ᶈp ᶉr ᶊs ᶌv ᶍx ᶎz ᵬb ᵭd ᵮf ᵯm ᵰn ᵱp ᵲr ᵳr ᵴs
ᵵt ᵶz ᶏa ᶒe ᶙu пn ПN ꓐB ꓑP ꓓD ꓔT ꓖG ꓗK ꓙJ ꓚC ꓜZ ꓝF ꓟM ꓠN ꓡL ꓢS ꓣR ꓦV ꓧH ꓪW ꓫX
ꓬY ꓮA ꓰE ꓲI ꓳO ꓴU ⲀA ⲁa ⲂB ⲃb ⲈE ⲉe ⲎH ⲏh ⲒI ⲓi ⲔK ⲕk ⲘM ⲙm ⲚN ⲛn ⲞO ⲟo ⲢP ⲣp
ⲤC ⲥc ⲦT ⲧt ⲨY ⲩy ⲬX ⲭx ᐯV ᑌU ᑭP ᒍJ ᒪL ᖇR ᗅA ᗞD ᗪD ᗷB ᕼH ᙭X ᑕC ᗩA ᖴF ᒥr
"""


def _table() -> dict[int, str]:
    pairs = {
        # Cyrillic
        "АВЕЅІЈКМНОРСТХУҮԀԌԚԜЅҺӀҒ": "ABESIJKMHOPCTXYYDGQWSHIF",
        "аеорсухіјѕһԁԛԝӏѵгвкмнтүғ": "aeopcyxijshdqwlvrbkmhtyf",
        # Greek
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺαβεηικνορτυχωγϲϳ": "ABEZHIKMNOPTYXCMabenikvoptuxwycj",
        # Armenian, Cherokee
        "ՍՕօսհոցզԼᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᎩᏃ": "UOouhngqLABCDEGHiJKLMPRSTVWYZ",
        # Latin that does not decompose, small capitals, phonetic letters, clicks
        "ØøŁłĐđÐðĦħŦŧƗɨıɩɑɡƖǀǃƠƤƬƝɓɗɦʂʐɱŋ": "OoLlDdDdHhTtIiiiagIllOPTNbdhszmn",
        "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ": "abcdefghijklmnoprstuvwyz",
        # Signs and digits
        "0@$€": "oase",
    }
    table = {
        ord(odd): plain
        for odds, plains in pairs.items()
        for odd, plain in zip(odds, plains, strict=True)
    }
    table |= {ord(pair[0]): pair[1] for pair in _MORE.split()}
    return table | {ord("Æ"): "AE", ord("æ"): "ae", ord("Œ"): "OE", ord("œ"): "oe"}


_LOOK_ALIKES = _table()
