"""Which Dutch words meet: 340 pairs of forms of one word, and 151 that only look alike."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.search.terms import parse_query
from core.dutch import building
from core.dutch.forms import LONGEST, MOST, forms_of, word_list
from core.text import fold

HERE = Path(__file__).parent

# Not in the list, or there without these endings.
MISSED = {"keus keuzen", "boos bozer", "vies vieze"}
# Two words that share a form: "kussen", "lassen", "paren", "reden", "spelen", "schoten".
TOO_MUCH = {
    *("spelen spellen", "schoten schotten", "maten matten", "gast gas", "last las", "kust kus"),
    *("paard paar", "rijden reden"),
}


def pairs(name):
    lines = (HERE / name).read_text().splitlines()
    return [line for line in lines if not line.startswith("#")]


def meet(pair):
    """Whether the one is found by the other, each way, as it is typed."""
    one, other = (parse_query(word)[0].text for word in pair.split())
    return (fold(other) in forms_of(one), fold(one) in forms_of(other))


def test_forms_of_one_word_meet_both_ways():
    known = pairs("meet.txt")
    assert len(known) == len(set(known)) == 340
    assert {pair for pair in known if meet(pair) != (True, True)} == MISSED


def test_words_that_only_look_alike_do_not():
    known = pairs("apart.txt")
    assert len(known) == len(set(known)) == 151
    assert {pair for pair in known if meet(pair) != (False, False)} == TOO_MUCH


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("organisatieadviezen", {"organisatieadvies"}),
        ("bestuurslid", {"bestuursleden"}),
        ("beschreef", {"beschrijven", "beschreven", "beschrijft"}),
        ("overgenomen", {"overnemen", "overnam"}),
        ("huisen", {"huis", "huizen"}),
        ("Ideeën", {"idee", "ideeen"}),
        ("KLEINKIND", {"kleinkinderen", "kleinkindje"}),
    ],
)
def test_compounds_prefixes_and_other_spellings(word, forms):
    assert forms <= forms_of(word)


@pytest.mark.parametrize("word", ["qwrtzx", "日本", "", "a", "x" * LONGEST * 2, "2025", "a b"])
def test_what_is_no_dutch_word_stays_alone(word):
    assert forms_of(word) == {fold(word)}


@settings(deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="aeiogtnsd", max_size=LONGEST))
def test_any_text_has_itself_and_few_forms(word):
    forms = forms_of(word)
    assert fold(word) in forms
    assert len(forms) <= MOST
    assert all(form.isascii() and form.isalpha() for form in forms - {fold(word)})


def test_the_data_file_is_made_of_the_list_s_files(tmp_path, monkeypatch):
    affixes, dictionary = tmp_path / "nl.aff", tmp_path / "nl.dic"
    affixes.write_text(
        "SFX Zb Y 2\nSFX Zb 0 en/Ca [^eo]\tts:NN2\nSFX Zb 0 ën/Ca [eo]\n"
        "SFX Ze Y 1\nSFX Ze 0 men/Ca m\nPFX Pb Y 1\nPFX Pb 0 be .\n"
    )
    dictionary.write_text("5\nidee/CaZb\nboek/ZbPb\nbom/ZbZe\nLondon/Zb\nĳsje\nis-er/Zb\n")
    monkeypatch.setattr(building, "DATA", tmp_path / "words.txt.gz")
    building.main(str(affixes), str(dictionary))
    words = word_list.__wrapped__
    monkeypatch.setattr("core.dutch.forms.DATA", tmp_path / "words.txt.gz")
    made = words()
    assert made.flags == {"boek": "Zb", "bom": "Ze", "idee": "Zb"}
    assert set(made.paradigm("idee")) == {"idee", "ideeen"}
    assert set(made.paradigm("bom")) == {"bom", "bommen"}
    assert made.bases("boeken") == {"boek"}
