"""Taming leaves every living script alone and takes what breaks a page."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import core.text
from core.text import MAX_MARKS, is_visible, tame


@pytest.mark.parametrize(
    "text",
    [
        "Eén café, naïef, coördinatie; ’s avonds €5",
        "ที่นี่มีผู้คนจำนวนมาก",
        "हिन्दी में क्षत्रिय, ज़िंदगी",
        "العَرَبِيَّةُ مُمْتِعَةٌ",
        "می‌خواهم",
        "שָׁלוֹם\u200e!",
        "Tiếng Việt: những người đẹp",
        "မြန်မာစာ",
        "བོད་ཡིག",
        "日本語と한국어",
        "👩‍❤️‍💋‍👨 👩🏽‍🚀 🏳️‍🌈 1️⃣",
        "🇳🇱 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "tab\ten\nregel",
    ],
)
def test_living_scripts_and_emoji_are_left_alone(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert tame(text) == text


def test_vietnamese_in_pieces_is_composed() -> None:
    pieces = unicodedata.normalize("NFD", "những người đẹp")
    assert tame(pieces) == unicodedata.normalize("NFC", pieces)


@pytest.mark.parametrize(
    "bad", ["\0", "\x1b", "\x7f", "\x85", "\ud800", "\u202e", "\u2066", "\u2069",
            "\ufeff", "\uffff", "\ufdd0", "\U0010ffff", "\u206a"]
)  # fmt: skip
def test_what_breaks_pages_is_taken_out(bad: str) -> None:
    assert tame(f"a{bad}b") == "ab"


@pytest.mark.parametrize("joiner", ["", "\u200d", "\u200b", "\xad"])
def test_stacks_of_marks_are_cut(joiner: str) -> None:
    zalgo = "h" + (f"\u030d{joiner}\u0322{joiner}") * 50 + "oi"
    marks = [ch for ch in tame(zalgo) if unicodedata.combining(ch)]
    assert len(marks) == MAX_MARKS
    assert tame(zalgo).endswith("oi")


@given(
    st.text(st.characters())
    | st.text(st.sampled_from("ae\u0301\u0327\u0344\u0958\u093c\u1100\u1161\u200d\xad"))
)
def test_taming_twice_changes_nothing(text: str) -> None:
    once = tame(text)
    assert tame(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u3164", "\u2800", "\ufe0f", "\u0301"])
def test_what_shows_nothing(text: str) -> None:
    assert not is_visible(text)


@pytest.mark.parametrize("text", ["a", "?", "🙂", "ا", "€"])
def test_what_shows_something(text: str) -> None:
    assert is_visible(text)


@given(st.text(st.characters(max_codepoint=0x2BFF) | st.sampled_from("👍🏽🏳️\u200d")))
def test_the_short_way_for_most_texts_gives_the_same(text: str) -> None:
    by_hand = "".join(ch for ch in text if not core.text._UNWANTED.match(ch))
    cut = core.text._cut_marks
    assert tame(text) == cut(unicodedata.normalize("NFC", cut(by_hand)))
