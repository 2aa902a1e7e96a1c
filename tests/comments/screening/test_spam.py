"""The spam filter: pure arithmetic, with properties, and what it knows on its first day."""

from hypothesis import given
from hypothesis import strategies as st

from comments.screening import spam
from comments.screening.contribution import Contribution
from comments.screening.spam import TOTAL, WordCounts

TEXT = st.text(max_size=400)
COUNTS = st.dictionaries(
    st.text(min_size=1, max_size=5), st.builds(WordCounts, st.integers(0, 50), st.integers(0, 50))
)


@given(TEXT, TEXT, TEXT)
def test_features_are_few_short_and_the_same_again(text, name, website):
    facts = Contribution(text, name, website=website)
    found = spam.features(facts)
    assert len(found) <= 300
    assert all(0 < len(word) <= 64 for word in found)
    assert found == spam.features(facts)


@given(
    st.frozensets(st.text(min_size=1, max_size=5)), COUNTS, st.integers(1, 50), st.integers(1, 50)
)
def test_a_score_is_between_nought_and_one(found, counts, bad, good):
    verdict = spam.verdict(found, counts | {TOTAL: WordCounts(bad, good)})
    assert 0 <= verdict.score <= 1


@given(st.integers(1, 40))
def test_more_spam_with_a_word_never_lowers_its_score(times):
    def score(seen):
        return spam.verdict(
            {"casino"}, {TOTAL: WordCounts(100, 100), "casino": WordCounts(seen, 1)}
        ).score

    assert score(times + 1) >= score(times)


def test_nothing_known_is_no_verdict():
    assert spam.verdict({"woord"}, {}).score == 0.5
    assert spam.verdict({"woord"}, {TOTAL: WordCounts(3, 0)}).score == 0.5
    assert spam.verdict(set(), spam.starter()).score == 0.5


def test_the_starter_knows_advertising_from_conversation():
    bad = "Best online casino bonus! Claim your free spins now: https://win.example http://spin.example"
    good = "Bij ons werkt het anders: het team beslist zelf over de roosters. Hoe doen jullie dat?"
    verdict = spam.verdict(spam.features(Contribution(bad)), spam.starter())
    assert verdict.score > spam.THRESHOLD
    assert "online casino" in verdict.reasons or "casino" in verdict.reasons
    assert "bonus" in spam.readable(verdict.reasons)
    assert spam.verdict(spam.features(Contribution(good)), spam.starter()).score < 0.5


def test_the_starter_holds_no_line_twice_and_nothing_of_both_kinds():
    lines = {
        kind: [
            line
            for line in (spam._STARTER / f"{kind}.txt").read_text().splitlines()
            if line.strip()
        ]
        for kind in ("spam", "ham")
    }
    assert all(len(set(found)) == len(found) >= 100 for found in lines.values())
    assert not set(lines["spam"]) & set(lines["ham"])


def test_dressed_up_letters_are_the_plain_ones():
    assert spam.words("𝐂𝐚𝐬𝐢𝐧𝐨 Cásinó ＣＡＳＩＮＯ") == ["casino"] * 3


def test_links_speed_and_shape_are_features():
    facts = Contribution(
        "KOOP NU DIT GELD €50 !!! https://a.example/x", website="https://b.example", seconds=2
    )
    found = spam.features(facts)
    assert {"links:2", "host:a.example", "host:b.example", "speed:fast"} <= found
    assert {"shape:capitals", "shape:money", "shape:exclaiming"} <= found


def test_an_address_that_is_none_breaks_nothing():
    found = spam.features(Contribution("kijk op www.[", website="http://[::1"))
    assert not any(word.startswith("host:") for word in found)


def test_reasons_are_told_once():
    assert spam.readable(["pair:online casino", "casino", "bonus"]) == "online casino, bonus"
