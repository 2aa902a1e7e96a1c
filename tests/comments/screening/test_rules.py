"""Rules: what they catch, and that no pattern can make posting slow."""

import time
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.screening import rules
from comments.screening.contribution import Contribution


@dataclass
class Rule:
    pattern: str
    match: str = "word"
    target: str = "text"
    effect: str = "hold"
    pk: int = 1


def found(subject, *given_rules):
    if isinstance(subject, str):
        subject = Contribution(text=subject)
    caught, _slow = rules.prepare(given_rules).check(subject)
    return [one.found for one in caught]


def test_a_word_is_a_whole_word():
    assert found("Speel in het casino!", Rule("Casino")) == ["casino"]
    assert found("casinobonus", Rule("casino")) == []
    assert found("Cásìno", Rule("casino")) == ["casino"]
    assert found("gratis  geld, nu", Rule("gratis geld")) == ["gratis geld"]
    assert found("gratis en geld", Rule("gratis geld")) == []


def test_a_part_is_found_inside_words():
    assert found("onlinecasinobonus", Rule("casino", "part")) == ["casino"]


def test_an_expression():
    assert found("bel 0900-1234", Rule(r"0900-?\d{4}", "regex")) == ["0900-1234"]
    assert found("een regel\nBONUS", Rule("^bonus", "regex")) == ["bonus"]
    assert found("wat een café", Rule("café", "regex")) == ["cafe"]


def test_each_part_of_a_comment_has_its_own_rules():
    subject = Contribution(
        text="niets", name="Casino Piet", email="a@spam.example", website="https://x.test/"
    )
    assert found(subject, Rule("casino", target="name")) == ["casino"]
    assert found(subject, Rule("casino")) == []
    assert found(subject, Rule("@spam.example", "part", "email")) == ["@spam.example"]
    assert found(subject, Rule("x.test", "part", "link")) == ["x.test"]


def test_the_strongest_effect_wins():
    ready = rules.prepare([Rule("een"), Rule("twee", effect="refuse"), Rule("drie", effect="spam")])
    caught, _slow = ready.check(Contribution("een twee drie"))
    assert rules.strongest(caught).found == "twee"
    assert rules.strongest([]) is None


@pytest.mark.parametrize(
    ("match", "pattern"),
    [
        ("regex", "("),
        ("regex", "a*"),
        ("regex", "(?P<a"),
        ("word", "!!"),
        ("part", "a"),
        ("part", " "),
    ],
)
def test_patterns_that_cannot_be_used(match, pattern):
    with pytest.raises(rules.Broken):
        rules.check_pattern(match, pattern)


def test_a_broken_stored_rule_is_left_out():
    assert found("casino", Rule("(", "regex"), Rule("casino")) == ["casino"]


def test_a_bomb_is_stopped_and_told():
    bombs = [Rule(f"(a|aa|{number})+$", "regex") for number in range(40)]
    begun = time.process_time()
    caught, slow = rules.prepare(bombs).check(Contribution("a" * 9000 + "b"))
    # Forty bombs of which each alone would run for years stay under their common limit.
    assert slow
    assert not caught
    assert time.process_time() - begun < 30


def test_ten_thousand_words_are_looked_up_in_one_go():
    ready = rules.prepare([Rule(f"woord{number}") for number in range(10_000)])
    assert len(ready.phrases["text"]) == 10_000
    caught, slow = ready.check(Contribution("tekst " * 500 + "woord9999"))
    assert [one.found for one in caught] == ["woord9999"]
    assert not slow


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_any_accepted_word_or_part_is_found_in_itself(around, pattern):
    for match in ("word", "part"):
        try:
            rules.check_pattern(match, pattern)
        except rules.Broken:
            continue
        assert found(f"{around} {pattern} {around}", Rule(pattern, match))
