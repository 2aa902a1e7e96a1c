"""Plain text with "> " as nested quotes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import quoting


def shape(blocks):
    return [shape(block.quoted) if block.quoted else block.text for block in blocks]


@pytest.mark.parametrize(
    ("text", "blocks"),
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
def test_quotes_nest(text, blocks):
    assert shape(quoting.blocks(text)) == blocks


@given(st.text(st.sampled_from("> \nab"), max_size=60))
def test_no_word_is_lost_or_moved(text):
    def words(blocks):
        return "".join(words(block.quoted) or block.text for block in blocks)

    found = words(quoting.blocks(text))
    assert re.sub("[^ab]", "", found) == re.sub("[^ab]", "", text)
