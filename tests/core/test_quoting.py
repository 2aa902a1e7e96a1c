"""Plain text with "> " as nested quotes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import quoting


def shape(passages):
    return [shape(one.quoted) if one.quoted else one.text for one in passages]


@pytest.mark.parametrize(
    ("text", "nested"),
    [
        ("", []),
        ("a\nb\n\nc", ["a\nb", "c"]),
        ("> a\nb", [["a"], "b"]),
        ("> > a\n>\n> b\n\nc", [[["a"], "b"], "c"]),
        ("> a\n\n> b", [["a"], ["b"]]),
        ("a\n>> b", ["a", [["b"]]]),
        (">", []),
    ],
)
def test_quotes_nest(text, nested):
    assert shape(quoting.passages(text)) == nested


@given(st.text(st.sampled_from("> \nab"), max_size=60))
def test_no_word_is_lost_or_moved(text):
    def words(found):
        return "".join(words(one.quoted) or one.text for one in found)

    found = words(quoting.passages(text))
    assert re.sub("[^ab]", "", found) == re.sub("[^ab]", "", text)
