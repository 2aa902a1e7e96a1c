"""Addresses in people's words are none any more, and ordinary text is itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.followable import name_of, quiet

LINK = "[link]"
# As mail programs look for addresses: a scheme, a mailbox, a number of a machine, or letters with
# a stop between them.
FOLLOWED = re.compile(
    r"\w://|\bwww\.\w|\S@\S+\.\w|(?<![\d.])\d+(?:\.\d+){3}(?![\d.])|localhost[:/]|[^\W_][.。．｡․][^\W\d_][\w-]"
)
HOSTS = st.sampled_from(
    ["evil.example", "abn.nl", "ing.com", "a.b.evil.example", "EVIL.Example", "xn--e1a.xn--p1ai",
     "127.0.0.1", "localhost:8155", "пример.рф", "例え.テスト", "x.भारत", "evil。com", "evil．com",
     "evil｡com", "evil․com", "ev\xadil.exam\xadple", "mr.nl", "bo@x.example", "www.abn.nl"]
)  # fmt: skip
BEFORE = st.sampled_from(
    ["", "http://", "https://", "ftp://", "//", "(", "“", "mailto:", "zie:", "...", "a/", "1.2."]
)
AFTER = st.sampled_from(
    ["", "/", "/pad?a=b", ":80/x", "#top", ".", "...", ")", "?", ",abn.nl", "/mine"]
)


@given(st.lists(st.tuples(BEFORE, HOSTS, AFTER).map("".join), min_size=1), st.sampled_from(" \n,;"))
def test_nothing_that_can_be_followed_is_left(addresses, between):
    text = quiet(between.join(["Kijk", *addresses, "eens"]), LINK)
    assert not FOLLOWED.search(text.replace(LINK, "")), text
    assert quiet(text, LINK) == text


@given(st.tuples(BEFORE, HOSTS, AFTER).map("".join))
def test_nor_in_a_name(address):
    assert not FOLLOWED.search(name_of(f"Bo {address} Jansen"))


@given(st.text(st.characters()))
def test_any_text_is_answered(text):
    assert isinstance(quiet(text, LINK), str)
    assert isinstance(name_of(text), str)


@pytest.mark.parametrize(
    "text",
    [
        "Dat kost 2.5 miljoen, e.d. en o.a. d.w.z. om 12.30 uur, op 1.2.2026.",
        "Wacht...en dan. J. P. Bakker zei: ja!",
        "La col·lecció és aquí. 你好。 v1.2.3 §3.2",
        "Hij/zij en 50/50, 12:30u.",
    ],
)
def test_ordinary_text_is_itself(text):
    assert quiet(text, LINK) == text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Het einde.Daarna niets.", "Het einde. Daarna niets."),
        ("ir.Jansen en J.P.Bakker", "ir. Jansen en J.P. Bakker"),
        ("kijk op evil.example/pad of abn.nl", "kijk op evil. example/pad of abn. nl"),
        ("of http://evil.example/q of www.abn.nl!", "of [link] of [link]"),
        ("op 10.0.0.1/a of localhost:80/x", "op [link] of [link]"),
    ],
)
def test_a_space_makes_an_address_none(typed, said):
    assert quiet(typed, LINK) == said
