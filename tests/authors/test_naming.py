"""An erased name goes from others' texts however it is spelt; ordinary words stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authors.personal import GONE, Person
from tests.hostile.pumping import MOST_GROWTH, growth

ZOE = Person(rows={}, names=frozenset(["Zoë Quintelier"]))
BETWEEN = [" ", "  ", "\xa0", "\n", "-", "** ", " **", "_ _", "\u200b ", ".", "\n> "]
FIRST = ["Zoë", "Zoe", "ZOË", "zoe\u0308", "zoe", "Ｚｏｅ"]
LAST = ["Quintelier", "QUINTELIER", "quintelier", "Quintélier", "Quinteliers", "Quintelier's"]


@given(st.sampled_from(FIRST), st.sampled_from(BETWEEN), st.sampled_from(LAST))
def test_every_spelling_goes(first, between, last):
    assert ZOE.without(f"Dag {first}{between}{last}, hoe is het?") == f"Dag {GONE}, hoe is het?"


@pytest.mark.parametrize(
    "said",
    [
        "Quintelier, Zoë",
        "Quintelier Zoe",
        "QUINTELIER, ZOË",
        "ZoëQuintelier",
        "**Quintelier**, Zoë",
    ],
)
def test_so_does_another_order(said):
    assert "uintelier" not in ZOE.without(f"Dag {said}!").lower()


def test_a_name_behind_a_sign_goes():
    assert ZOE.without("Dag @ZoëQuintelier en @zoequintelier.") == f"Dag @{GONE} en @{GONE}."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Jan Bakker", "De bakker Jan kwam; ik zag Jan. Bakkerijen zijn er genoeg."),
        ("Jan Sen", "Jansen zei dat jansen en JANSEN niets weten."),
        ("De Boer", "De boer zei dat de boer komt."),
        ("Zoë Quintelier", "Zoë kwam, en de familie Quintelier ook; Zoëquintelierstraat."),
        ("An De Bakker", "De bakker an sich."),
    ],
)
def test_ordinary_words_stay(name, text):
    assert Person(rows={}, names=frozenset([name])).without(text) == text


def test_words_between_small_ones_turn_around_too():
    anna = Person(rows={}, names=frozenset(["Anna van der Berg"]))
    for said in ("Berg, Anna van der", "Van der Berg, Anna", "ANNA VAN DER BERG"):
        assert anna.without(f"Dag {said}!") == f"Dag {GONE}!"
    assert Person(rows={}, names=frozenset(["De Boer"])).without("Dag De Boer!") == f"Dag {GONE}!"


@pytest.mark.parametrize(
    "piece", ["zoe ", "Zoë", "Zoë*", "quintelier, ", "-", "zoequintelier ", "@"]
)
def test_the_work_grows_with_the_text(piece):
    assert growth(ZOE.without, lambda many: piece * (many // len(piece))) <= MOST_GROWTH
