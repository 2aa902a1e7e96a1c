"""Names in disguise are refused, and the names that people have are not."""

import pytest

from comments.thread.names import NameRefused, clean_name
from comments.thread.reserved import Reserved

KNOWN = Reserved(["Femke Oldenziel", "Jan Tegenbosch"], "Weerwoord")
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
