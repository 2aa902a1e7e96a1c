"""What is understood of a typed query, whatever it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.search.terms import Term, closest, parse_query, tame_query
from core.text import fold


@given(st.text())
def test_tamed_text_is_short_single_spaced_and_stays_as_it_is(text):
    tamed = tame_query(text)
    assert len(tamed) <= 200
    assert tamed == tame_query(tamed)
    assert tamed == " ".join(tamed.split())
    assert "\0" not in tamed


@given(st.text(alphabet="ab \"-'&|!:*()\\<>é'"))
def test_any_text_gives_at_most_ten_terms_with_something_to_find(text):
    terms = parse_query(tame_query(text))
    assert len(terms) <= 10
    for term in terms:
        assert any(character.isalnum() for character in term.text)
        assert not set(term.text) & set("'\\\"")


def test_words_phrases_and_exclusions():
    assert parse_query('fietsen "rode loper" -auto -"op de fiets" na-apen') == [
        Term("fietsen"),
        Term("rode loper", phrase=True),
        Term("auto", excluded=True),
        Term("op de fiets", phrase=True, excluded=True),
        Term("na-apen"),
    ]


def test_an_unclosed_phrase_is_a_phrase():
    assert parse_query('"rode loper') == [Term("rode loper", phrase=True)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("auto's", "auto"), ("auto’s", "auto"), ("Hans' huis", "Hans"), ("'s avonds", "s"),
     ("foto's,", "foto,"), ("rock'n'roll", "rock n roll")],
)  # fmt: skip
def test_the_apostrophe_of_a_plural_is_no_word(typed, meant):
    assert parse_query(typed)[0].text == meant


def test_fold_is_the_form_of_the_word_list():
    assert fold("Ideeën Café") == "ideeen cafe"


def test_closest_prefers_the_likest_and_then_the_commonest():
    assert closest("hiuzen", [("huizen", 1), ("heizen", 9)]) == "huizen"
    assert closest("bal", [("bak", 1), ("bas", 5)]) == "bas"
    assert closest("onboarding", [("vergadering", 50)]) is None
    assert closest("bal", []) is None
