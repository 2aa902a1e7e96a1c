"""What names look like to the eye, for telling that one can be taken for another.

The look of a name follows the idea of Unicode's skeletons (UTS #39, confusable detection). What a
letter of the Latin alphabet with strokes, hooks, frames or upside down is read as, its name in
Unicode says. A table chosen for names has what looks like a Latin letter in the other alphabets
that a name may be written in (`names.clean_name` takes no others), signs, and digits; the full
table of Unicode would also make honest names collide.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from core.text import is_blank

_L_OF_CAPITALS = re.compile("[l1|]")
_ONE_OF_SMALL = re.compile("[1|]")
_I_IN_SMALL = re.compile(r"(?<=[^\W\d_A-Z])(?<!^Mc)(?<!^Mac)I")
# Signs before a letter that stand for an i; after the last one it is only a lively name.
_MARK_AS_LETTER = re.compile(r"[!¡](?=[^\W\d_])")
_KINDS = frozenset({"LETTER", "LIGATURE"})
# Rings, ticks and stretched lines beside letters.
_MODIFIERS = frozenset(map(chr, range(0x02B0, 0x0300))) | {"\u0640"}
_UPSIDE_DOWN = re.compile(r"\b(?:TURNED|INVERTED|REVERSED|SIDEWAYS)\b")
_FLIPPED = dict(zip("pdbqnuƃſ∩⊥┴⅁ƆɔɟℲΛԀ", "dpqbungjuttgccffvp", strict=True))
# Pairs that are read as one letter, and letters that are drawn with signs.
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_DRAWN = (("\\/", "v"), ("/\\", "A"), ("()", "o"), ("|)", "D"), ("|<", "k"))


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


def turned(name: str) -> str:
    """`name` as it is read upside down; empty where no letter of it stands so."""
    if not any(_UPSIDE_DOWN.search(unicodedata.name(ch, "")) for ch in name if ch > "\x7f"):
        return ""
    return "".join(_FLIPPED.get(ch) or _letter(ch) for ch in reversed(name))


def _folded(name: str) -> list[str]:
    for drawn, letter in _DRAWN:
        name = name.replace(drawn, letter)
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name))
    text = _MARK_AS_LETTER.sub("|", text)
    letters = "".join(_seen(one) for ch in text for one in _letter(ch))
    return [_fold(word) for word in letters.split()]


def _finish(folded: str) -> str:
    # Once more, because lower case can bring back marks (Turkish dotted I).
    text = "".join(_seen(ch) for ch in unicodedata.normalize("NFKD", folded))
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return text


@lru_cache(maxsize=4096)
def _letter(ch: str) -> str:
    """The Latin letters that `ch` is read as, or `ch`."""
    if (plain := _LOOK_ALIKES.get(ch)) or ch.isascii():
        return plain or ch
    name = unicodedata.name(ch, "")
    words = name.partition(" WITH ")[0].split()
    framed = words[:1] == ["REGIONAL"] or words[-2:-1] == ["SQUARED"]
    if not framed and ("LATIN" not in words or _KINDS.isdisjoint(words)):
        return ch
    letter = words[-1]
    if len(letter) > 2:
        return ch
    return letter if framed or "CAPITAL LETTER" in name else letter.lower()


def _seen(ch: str) -> str:
    """The character if it counts for a look, a space where it parts words, else nothing."""
    category = unicodedata.category(ch)
    # Marks of class 200 and up are the accents of any script; lower ones are the vowels and
    # tones of scripts in which names would not differ without them.
    if category == "Cf" or unicodedata.combining(ch) >= 200 or ch in _MODIFIERS:
        return ""
    if is_blank(ch):
        return " " if category[0] in "LS" else ""
    return ch if category[0] in "LNM" or ch == "|" else " "


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


def _table() -> dict[str, str]:
    pairs = {
        # Cyrillic
        "АВЕЅІЈКМНОРСТХУҮԀԌԚԜЅҺӀҒПЦШ": "ABESIJKMHOPCTXYYDGQWSHIFNUW",
        "аеорсухіјѕһԁԛԝӏѵгвкмнтүғпцицшѡҽьґ": "aeopcyxijshdqwlvrbkmhtyfnuuuwwebr",
        # Greek
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺϜΛαβεηικνορτυχωγϲϳσπμϝλ": ("ABEZHIKMNOPTYXCMFAabenikvoptuxwycjonufa"),
        # Armenian, Georgian; of Hebrew what may pass for a stroke
        "ՍՕՏօսհոցզքռգաჿყוןا": "UOSouhngqfnqwoylll",
        # Latin that its name does not tell: eth, thorn, schwa, alpha, iota, upsilon, clicks
        "ÐðŊŋÞþƏəƐɛɑɒƖɩʊɣꞵƦʀǀǃʘ": "DdNnPpEeEeaalIuyBRrIIO",
        # Signs and digits; signs of mathematics, APL and money
        "0@$€℮∂∆△∀∃∊∈⊂∨⋁∧∪⋃∩×∫†∑⊤⍺⍳⍴ⲟ": "oaseedAAAEeecvvAuunxstETaipo",
        "¢£¥₡₦₩₫₭₮₱₲₳₴₵₿฿₥₽": "cLYCNWdKTPGASCBBmP",
    }
    return {
        odd: plain
        for odds, plains in pairs.items()
        for odd, plain in zip(odds, plains, strict=True)
    }


_LOOK_ALIKES = _table()
