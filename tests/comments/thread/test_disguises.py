"""Names in disguise are refused, and the names that people have are not."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.thread.names import NameRefused, clean_name
from comments.thread.reserved import Reserved

PEOPLE = [
    *("Femke Oldenziel", "Jan Tegenbosch", "Saskia van Loenhout", "Anil Jagroep", "Wouter Wijk"),
    *("Marion Wijk", "Ilse Kern"),
]
KNOWN = Reserved(PEOPLE, "Tegen Vijven")
ORDINARY = [
    [part.split(";") for part in line.split("|")[1:]]
    for line in Path(__file__).with_name("ordinary_names.txt").read_text("utf-8").splitlines()[1:]
]
ROUND = "°○◯〇०๐၀ⵔ⚪⚫●🅾Ⓞⓞ⓪₀º∘٥օⲟꓳ"
SIGNS = ["™", "℠", "ª", "Ⓥ", "ˢ", "℀", "²", "♥", "✔", "®", "ᵛ", "⑴", "\u0489", "\u20dd", "\u0336"]


def is_refused(name):
    try:
        cleaned = clean_name(name)
    except NameRefused:
        return True
    return KNOWN.holds(cleaned)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_added_to_a_name_hides_it_from_nobody(sign):
    for name in ("Femke Oldenziel", "Redactie"):
        assert is_refused(f"{name}{sign}"), sign
        assert is_refused(f"{sign}{name}"), sign
        assert is_refused(f"{name[:3]}{sign}{name[3:]}"), sign
        assert is_refused("".join(f"{ch}{sign}" for ch in name if ch != " ")), sign


@pytest.mark.parametrize("sign", ROUND)
def test_what_is_round_is_no_other_name(sign):
    assert is_refused(f"Femke {sign}ldenziel"), sign
    assert is_refused(f"Webr{sign}l, m{sign}derat{sign}r"), sign


ALIKE = {
    "e": "€ℯеҽɇᶒꓰⲉ", "f": "Ƒƒᵮꓝᖴ", "m": "ᴍмꓟⲙᶆ", "k": "ƙꝁкᴋꓗⲕ", "o": "оοɵꝋ", "l": "ɫɭꞎӏוןا|",
    "d": "ɖƊԁꓓᗪ", "n": "ɲпƞᶇꓠ", "z": "ƶȥᴢꓜ", "i": "ɨіⲓꓲ",
}  # fmt: skip


@pytest.mark.parametrize(("plain", "odd"), [(p, o) for p, odds in ALIKE.items() for o in odds])
def test_a_letter_that_looks_alike_is_no_other_name(plain, odd):
    name = "femke oldenziel"
    assert is_refused(name.replace(plain, odd, 1)), odd
    assert is_refused(name.replace(plain, odd)), odd


def spread(name, offset):
    """`name` in the capitals of a block of Unicode that begins at `offset` with an A."""
    return "".join(chr(offset + ord(ch) - 65) if ch.isalpha() else ch for ch in name.upper())


# One letter is often enough for a disguise, and all of them make the whole name strange.
SWAPS = [
    *(("l", "I"), ("l", "i"), ("l", "1"), ("l", "|"), ("l", "!"), ("i", "l"), ("i", "I")),
    *(("i", "!"), ("i", "¡"), ("i", "1"), ("i", "ı"), ("I", "l"), ("d", "cl"), ("m", "rn")),
    *(("w", "vv"), ("v", "vv"), ("v", "\\/"), ("v", "∨"), ("ij", "y"), ("ij", "ÿ"), ("ij", "ĳ")),
    *(("y", "ij"), ("ij", "lj"), ("e", "℮"), ("a", "⍺"), ("A", "∀"), ("A", "🅰️"), ("g", "ǥ")),
    *(("o", "()"), ("e", "ǝ"), ("a", "ɐ"), ("r", "ɹ"), ("e", "3"), ("o", "0"), ("n", "∩")),
]
WHOLE = [
    lambda name: spread(name, 0x1F130),
    lambda name: spread(name, 0x1F150),
    lambda name: spread(name, 0x1F170),
    lambda name: spread(name, 0x1F1E6),
    lambda name: spread(name, 0x24B6),
    lambda name: " ".join("-".join(word) for word in name.split()),
    lambda name: " ".join("_".join(word) for word in name.split()),
    lambda name: "·".join(name.replace(" ", "")),
    lambda name: f"x{name}x",
    lambda name: f"Xx_{name}_xX",
    lambda name: f"o{name}o",
]
RESERVED_NAMES = st.sampled_from(
    [*PEOPLE[:-2], "Tegen Vijven", "Redactie", "Moderator", "Hoofdredacteur", "Beheerder"]
)


@given(
    RESERVED_NAMES,
    st.lists(st.sampled_from(SWAPS), max_size=3),
    st.sampled_from([str, str.upper, str.lower]),
    st.booleans(),
)
def test_letters_are_swapped_for_others_of_their_look(name, swaps, case, once):
    name = case(name)
    for plain, odd in swaps:
        name = name.replace(plain, odd, 1 if once else -1)
    assert is_refused(name)


@given(RESERVED_NAMES, st.sampled_from(WHOLE), st.sampled_from(SWAPS))
def test_whole_names_in_frames_apart_or_enclosed(name, disguise, swap):
    assert is_refused(disguise(name))
    plain, odd = swap
    if odd.isascii() and odd.isalpha():
        assert is_refused(disguise(name.replace(plain, odd, 1)))


@given(RESERVED_NAMES, st.data())
def test_every_latin_letter_is_read_as_what_unicode_calls_it(name, data):
    """Strokes, hooks, tails, frames, upside down: whatever its name says of a letter."""
    place = data.draw(st.sampled_from([at for at, ch in enumerate(name) if ch.isalpha()]))
    odd = data.draw(st.sampled_from(DRESSED[name[place].upper()]))
    assert is_refused(name[:place] + odd + name[place + 1 :]), odd


def _dressed():
    found = {}
    for code in range(0x80, 0x1F200):
        name = unicodedata.name(chr(code), "")
        words = name.split(" WITH ")[0].split()
        if (
            words[:1] == ["LATIN"]
            and "LETTER" in words
            and len(words[-1]) == 1
            and " WITH SMALL" not in name
            and "SHARP" not in words
        ):
            found.setdefault(words[-1], []).append(chr(code))
    return found


DRESSED = _dressed()


@pytest.mark.parametrize(
    "name",
    [
        *("Ѕаѕкіа ѵап Ӏоепһоцт", "ᏚᎪᏚᏦᎥᎪ ᏤᎪᏁ ᏞᎾᎬᏁᎻᎾᏌᎢ", "𐊠𐊡𐊢", "𐊀𐊁𐊂", "𖼀𖼁𖼂", "Αnil", "Ана Ιω"),
        *(
            "ɹopɐɹǝpoɯ",
            "ɹoʇɐɹǝpoɯ",
            "dǝoɹƃɐſ lᴉuɐ",
            "ǝᴉʇɔɐpǝɹ",
            "Anil Jagroep🇳🇱",
            "MarIon Wijk",
            "llse Kern",
            "🇳🇱Anil Jagroep",
        ),
    ],
)
def test_other_alphabets_and_other_ways_up(name):
    assert is_refused(name)


ROLES = ["auteur", "moderator", "de redactie", "redacteur", "beheerder", "webmaster", "admin"]
SHORT = ["mod", "red.", "schrijfster", "schrijver", "staff", "support", "columnist"]
TAILS = ["", " van dit stuk", " dezes", " hier", " van dienst", " en zo", " sinds 2019"]
FRAMES = ["{} ({})", "{}, {}", "{} [{}]", "{} – {}", "{} | {}", "{}（{}）", "{}: {}", "({1}) {0}"]


@given(
    st.sampled_from(["Piet", "Saskia", "Jan de Wit"]),
    st.sampled_from(ROLES + SHORT),
    st.sampled_from(TAILS),
    st.sampled_from(FRAMES),
    st.sampled_from([str, str.upper, str.title]),
)
def test_what_one_is_stands_between_brackets_or_behind_a_comma(name, role, tail, frame, case):
    assert is_refused(frame.format(name, case(role) + tail))


@given(
    st.sampled_from(["Piet", "Saskia", "Jan"]),
    st.sampled_from([role for role in ROLES if " " not in role]),
    st.sampled_from(["", "2", "_", "."]),
    st.sampled_from([str, str.upper, str.lower, lambda name: name.replace("i", "l")]),
)
def test_a_role_is_glued_to_a_name(name, role, between, case):
    assert is_refused(case(f"{name}{between}{role}"))


@pytest.mark.parametrize(
    "name",
    [
        *("Mod", "Mods", "Staff", "The Staff", "Support", "Piet redactielid", "модератор"),
        *("De schrijver van dit stuk", "Schrijfster dezes", "Schrijver van het artikel", "管理员"),
        *("Συντάκτης", "Redaktör", "Moderatör", "auteurpiet", "xModeratorx"),
    ],
)
def test_names_that_are_roles(name):
    assert is_refused(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Schrijver", "De Schrijver", "Kees Schrijver", "Schrijver, Kees", "Redeker", "Modderman"),
        *("Redaelli", "Jan Red", "Mod Helmy", "Team NL", "Marlon Wijk", "Lise Kern", "Anil Bakker"),
        *("Saskia van Dijk", "Kɔfi Mensah", "Əliyev Əli", "Ayşe Çağlar", "Anna!", "J.-P. Dupont"),
        *(
            "Anna 🇳🇱",
            "مشرف",
            "O'Brien",
            "Karin (Delft)",
            "ܣܪܓܘܢ",
            "Femke ♥ Jansen",
            "Anil",
            "Ing. Bo",
        ),
    ],
)
def test_names_that_only_look_a_little_like_reserved_ones(name):
    assert not is_refused(name)


@pytest.mark.parametrize("language", range(len(ORDINARY)))
def test_ordinary_names_of_many_languages_go_free(language):
    first, last = ORDINARY[language]
    refused = [
        name
        for number in range(max(len(first), len(last)))
        for one, other in [(first[number % len(first)], last[number % len(last)])]
        for name in {one, other, f"{one} {other}", f"{other} {one}"}
        if is_refused(name)
    ]
    assert refused == []


@pytest.mark.parametrize("name", ["ꓝꓰꓟꓗꓰ ꓳꓡꓓꓰꓠꓜꓲꓰꓡ", "ЅҮЅТЕМ", "ⲢEDACTIE"])
def test_whole_names_in_another_alphabet(name):
    assert is_refused(name)


@pytest.mark.parametrize(
    "role",
    [
        *("eigenaar", "Eigenaar", "uitgever", "Redaction", "redaktie", "Systeem", "system"),
        *("site owner", "Editorial Team", "webredacteur", "De uitgever", "Jan (eigenaar)"),
        *("femke@site.example", "Femke＠Weerwoord"),
    ],
)
def test_roles_and_addresses_are_no_names(role):
    assert is_refused(role)


@pytest.mark.parametrize(
    "name",
    [
        *("Femke Jansen", "Piet Oldenziel", "Jan Tegen", "Vijven Jansen", "李小龙", "Анна Петрова"),
        *("O'Neil", "Zoë", "Łukasz", "Nguyễn", "İbrahim", "Anna 🌸", "Γιώργος Παπαδόπουλος"),
        *(
            "محمد علي",
            "דוד כהן",
            "山田 太郎",
            "Þórdís Björnsdóttir",
            "Søren",
            "Jan 2",
            "María José ♥",
        ),
        *("Владимир", "अनिल कुमार", "สมชาย", "김민준", "Ørjan Åse", "Björk", "M. de Groot & zn."),
    ],
)
def test_names_that_people_have_pass(name):
    assert clean_name(name)
    assert not is_refused(name)
