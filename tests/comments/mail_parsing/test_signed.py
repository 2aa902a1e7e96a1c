"""No link that gives its holder a right leaves a mail, however programs and gateways wrote it."""

import base64
import re
from urllib.parse import quote

import pytest
from django.conf import settings as conf
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from comments.mail_parsing import addresses, signed
from comments.mail_parsing.answers import Known, split
from comments.mail_parsing.lines import from_plain, whole
from tests.hostile.pumping import MOST_GROWTH, growth

ALICE = "alice.achterberg@prive.example"
OWN = "Mijn eigen woorden over de brug."
KNOWN = Known(addresses=frozenset([ALICE, "@in.site.example"]))


def token(value, compress=False):
    return signing.dumps(value, salt="comments.mine", compress=compress)


TOKENS = [
    token([11, ALICE]), token([11, 0]), token(7), token([3, ALICE, 5, 1]),
    token([11, ALICE * 3], compress=True),
    # Signs of base64 that a gateway takes for its own.
    "WzExLDBd:1xWgal:lW1-3AP14Z4WHTO-2DOYLY1Kem3L_wKhIl624tbj4-5Q",
]  # fmt: skip
SITES = [
    conf.SITE_URL, conf.SITE_URL.upper(), "https://oud.voorbeeld.example", "",
    conf.SITE_URL.partition("//")[2],
]  # fmt: skip
GATEWAYS = {
    "none": lambda url: url,
    "angle": lambda url: f"<{url}>",
    "markdown": lambda url: f"[hier]({url})",
    "star": lambda url: f"*{url}*",
    "percent": lambda url: url.replace(":", "%3A"),
    "small": lambda url: url.replace(":", "%3a"),
    "twice": lambda url: url.replace(":", "%253A"),
    "entity": lambda url: url.replace(":", "&#58;"),
    "urldefense2": lambda url: (
        "https://urldefense.proofpoint.com/v2/url?u="
        + url.replace("-", "-2D").replace("_", "-5F").replace(":", "-3A").replace("/", "_")
        + "&d=DwMFaQ&c=x"
    ),
    "urldefense2-rough": lambda url: (
        "https://urldefense.proofpoint.com/v2/url?u="
        + url.replace(":", "-3A").replace("/", "_")
        + "&d=D"
    ),
    "urldefense3": lambda url: f"https://urldefense.com/v3/__{url}__;!!abc$",
    "safelinks": lambda url: (
        f"https://eur01.safelinks.protection.outlook.com/?url={quote(url, safe='')}"
        f"&data=05%7C02%7C{quote(ALICE)}%7C8a1b%7C0%7C0%7C638%7CUnknown%7CTWFpbGZsb3d8%3D&reserved=0"
    ),
    "google": lambda url: (
        f"https://www.google.com/url?q={quote(quote(url, safe=''), safe='')}&sa=D"
    ),
    "cudasvc": lambda url: f"https://linkprotect.cudasvc.com/url?a={quote(url, safe='').lower()}",
    "base64": lambda url: (
        "https://eu-west-1.protection.sophos.com/?u="
        + base64.urlsafe_b64encode((f"https:{url}" if url[:4] != "http" else url).encode()).decode()
    ),
}
del GATEWAYS["cudasvc"]  # Small letters are another signature: nobody can use it.


def bare(text):
    """What is left for who looks for it: without blanks, signs of quoting and encodings."""
    flat = re.sub(r"[\s>]+", "", text)
    for _turn in range(3):
        flat = re.sub(r"(?i)%(25)*(3A|2D|5F)", lambda m: chr(int(m[2], 16)), flat)
    return flat


def usable(text, made):
    """Whether the signature, or most of it, can still be put together."""
    flat = bare(text)
    signature = made.rpartition(":")[2]
    tries = (flat, flat.replace("-3A", ":").replace("-2D", "-").replace("-5F", "_"))
    return any(signature[at : at + 16] in one for one in tries for at in range(len(signature) - 15))


def tells(text):
    """Whether a piece of the address is in it, in words or in base64."""
    flat = bare(text)
    coded = [base64.b64encode(b" " * n + ALICE.encode()).decode()[4:-4] for n in range(3)]
    pieces = {one[at : at + 12] for one in coded for at in range(len(one) - 11)}
    return "achterberg" in flat or any(one in flat for one in pieces)


def cut(text, width, before=""):
    return "\n".join(before + text[at : at + width] for at in range(0, len(text), width))


@pytest.mark.parametrize("gateway", GATEWAYS)
@pytest.mark.parametrize("made", TOKENS, ids=range(len(TOKENS)))
def test_no_signed_link_stays_however_it_is_written(made, gateway):
    for site in SITES:
        url = GATEWAYS[gateway](f"{site}/mine/{made}/")
        assert not usable(addresses.without(f"{OWN}\n\nZie {url} daar.", [ALICE]), made)
        for width in (40, *range(60, 79)):
            before = ("", "> ", "> > ")[width % 3]
            line = url if width % 2 else f"Mijn reacties en instellingen: {url}"
            text = f"{OWN}\n\n{cut(line, width, before)}\n\nDat was het."
            clean = addresses.without(text, [ALICE])
            assert not usable(clean, made), (site, width, before, clean)
            assert not tells(clean), (site, width, before, clean)
            assert OWN in clean
            assert "Dat was het." in clean
    answer = split(from_plain(f"{OWN}\n\n{cut(url, 70)}\n"), KNOWN)
    assert not answer.sure
    assert "[link]" in answer.text


@pytest.mark.parametrize("made", TOKENS[:4], ids=range(4))
def test_a_token_alone_goes_and_the_words_around_it_stay(made):
    text = f"mijn code is {made} zei ze"
    assert addresses.without(text, [ALICE]) == "mijn code is [link] zei ze"
    own = f"{conf.SITE_URL}/x/?own={made}#comment-7"
    assert addresses.without(f"Zie {own} daar", [ALICE]) == "Zie [link] daar"
    # Its first part stood on a line that is not there.
    rest = made[made.rindex(":") - 2 :]
    assert not usable(addresses.without(f"{OWN}\n{rest}/\n", [ALICE]), made)
    # Who finds all but the end of a signature tries the rest.
    assert not usable(addresses.without(f"{OWN}\n{made[:-2]}\n", [ALICE]), made)


@pytest.mark.parametrize(
    "text",
    [
        "Let op: dit is mijn lijst: appels en peren: die zijn rijp en zoet en goedkoop",
        "Zie https://krant.example/2026/11/26/artikel:met:dubbele:punten/lang-stuk-over-de-brug",
        "Om 10:15:30 reed de trein: op tijd: en dat was voor het eerst in jaren",
        "Een pad als comments/mail_parsing/signed.py en std::vector::iterator::value_type",
        "https://blog.example/zoek?q=brug&jaar=2026 en 100%",
        "a:bbbbbb:ccccccc:dddddddd:eeeeeee en C:\\Windows:System32",
    ],
)
def test_own_words_and_links_stay(text):
    assert addresses.without(text, [ALICE]) == text


SPELLINGS = [
    ALICE, "alice.achterberg@\nprive.example", "alice.achterberg @ prive.example",
    "alice.achterberg@prive.\nexample", "alice.achterberg (at) prive (dot) example",
    "alice.achterberg[at]prive.example", "alice.achterberg＠prive.example",
    "alice.achterberg%40prive.example", "ALICE.ACHTERBERG @ PRIVE.EXAMPLE",
    "> alice.achter\n> berg@prive.example",
    base64.b64encode(ALICE.encode()).decode(), base64.b64encode(f"x{ALICE}".encode()).decode(),
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_writers_own_address_goes_in_every_spelling(spelling):
    text = f"Mail mij op {spelling} graag."
    clean = addresses.without(text, [ALICE])
    assert not tells(clean.lower())
    assert "prive" not in clean.lower()
    assert clean.startswith("Mail mij op ")
    assert clean.endswith("graag.")
    assert not split(from_plain(text), KNOWN).sure


CODES = {
    "plain": lambda sign: sign,
    "percent": lambda sign: f"%{ord(sign):02x}",
    "twice": lambda sign: f"%25{ord(sign):02X}",
    "often": lambda sign: f"%252525{ord(sign):02X}",
    "quoted": lambda sign: f"={ord(sign):02X}",
    "number": lambda sign: f"&#{ord(sign)};",
    "hex number": lambda sign: f"&#x{ord(sign):x};",
    "in both": lambda sign: f"%26%23{ord(sign)}%3B",
    "escaped": lambda sign: sign if sign.isalnum() else f"\\{sign}",
    "script": lambda sign: f"\\u00{ord(sign):02x}",
    "full width": lambda sign: chr(ord(sign) + 0xFEE0),
}
PLACES = [
    "{}",
    "https://x.example/u?e={}",
    "https://x.example/u/{}/z",
    "[hier](http://x.example/{})",
]


@given(
    st.lists(st.sampled_from(sorted(CODES)), min_size=len(ALICE), max_size=len(ALICE)),
    st.sampled_from(PLACES),
)
def test_the_writers_own_address_goes_in_every_code(codes, place):
    coded = "".join(CODES[code](sign) for code, sign in zip(codes, ALICE, strict=True))
    _gone(f"Mail mij op {place.format(coded)} graag.", coded)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("signs", ["@", "@.", "abcdefghijklmnopqrstuvwxyz@.-"])
def test_an_address_goes_in_common_codes(signs, code, place):
    coded = "".join(CODES[code](sign) if sign in signs else sign for sign in ALICE)
    _gone(f"Mail mij op {place.format(coded)} graag.", coded)
    if code not in ("quoted", "plain"):
        # Anybody's: a "=40" may be a number.
        assert coded not in addresses.without(f"Mail {coded} graag.")


def _gone(text, coded):
    clean = addresses.without(text, [ALICE])
    assert coded not in clean
    assert clean.startswith("Mail mij op ")
    assert clean.endswith("graag.")
    assert not split(from_plain(text), KNOWN).sure


@pytest.mark.parametrize("made", [*TOKENS[:-1], ALICE], ids=range(len(TOKENS)))
@pytest.mark.parametrize("code", ["digits", "full width", "digits apart"])
def test_a_token_in_other_letters_is_one(made, code):
    coded = {
        "digits": f"x{made.encode().hex()}",
        "full width": "".join(CODES["full width"](sign) for sign in made),
        "digits apart": made.encode().hex(" "),
    }[code]
    _gone(f"Mail mij op {coded} graag.", coded)


@pytest.mark.parametrize(
    "rest",
    [
        "reply+25c-b-b2d897abcd4b362ae1b3(at)antwoord.example",
        "reply+25c-b-b2d897abcd4b362ae1b3 [at] antwoord.example",
        "reply+25c-b-\nb2d897abcd4b362ae1b3@antwoord.example", "reply+25c-b-",
        "x (at) antwoord.example",
        "REPLY+25C-B-B2D897ABCD4B362AE1B3@ANTWOORD.EXAMPLE",
    ],
)  # fmt: skip
def test_nothing_of_a_reply_address_stays(rest, settings):
    settings.INBOUND_DOMAIN = "antwoord.example"
    clean = addresses.without(f"Zie {rest} daar.").lower()
    assert "antwoord.example" not in clean
    assert "reply+" not in clean
    assert "b2d897" not in clean


PIECES = st.sampled_from(
    [*TOKENS, *(url("https://a.example/mine/" + TOKENS[0]) for url in GATEWAYS.values()), "\n",
     "> ",
     " ", ":", "woord", "https://a.example/", "%3A", "-3A", "@", "\n\n", ALICE]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map(" ".join), st.integers(60, 78))
def test_any_mix_is_without_links(text, width):
    lines = from_plain(cut(text, width))
    clean = addresses.without(whole(lines), [ALICE])
    assert not any(usable(clean, made) for made in TOKENS)


@pytest.mark.parametrize(
    "unit",
    ["a:bbbbbb:", TOKENS[0], "WzExLCJh:1xWgal:", "%3A", "-3A", "aHR0c", "a\n", "x%7C",
     "&data=", "> ",
     "A1b2\n", "=&%1\n", "https://a.safelinks.protection.outlook.com/?url=x ", "reply+1-", "(at)",
     TOKENS[0] + "\n"],
)  # fmt: skip
def test_the_work_grows_with_the_text(unit):
    run = lambda text: signed.spans(text, [ALICE])  # noqa: E731
    assert growth(run, lambda size: unit * (size // len(unit) + 1)) <= MOST_GROWTH
