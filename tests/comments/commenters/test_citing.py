"""What others quote of somebody is found and replaced; what they say themselves is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.commenters.citing import Said, without

NOTE = "[weg]"
HERS = "Mijn **rooster** werd drie keer gewijzigd, en niemand zei iets.\n\nJa, echt."


def said(*texts):
    found = Said()
    found.add(texts or [HERS])
    return found


def settled(source, *, answering=False, hers=None):
    found = hers or said()
    return without(source, lambda text: found.holds(text, answering=answering), NOTE)


@pytest.mark.parametrize(
    "quoted",
    [
        "> Mijn rooster werd drie keer gewijzigd, en niemand zei iets.",
        "> mijn ROOSTER werd drie\n> keer gewijzigd",
        "> Mijn rooster werd drie keer gewijzigd [...]",
        ">> Mijn rooster werd drie keer gewijzigd",
        "  > Mijn rooster werd drie keer gewijzigd, en\nniemand zei iets.",
    ],
)
def test_a_quotation_becomes_a_note(quoted):
    source = f"Hallo.\n\n{quoted}\n\nDat klopt."
    assert settled(source, answering=True) == f"Hallo.\n\n> {NOTE}\n\nDat klopt."


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "„{}”", "«{}»"])
def test_between_quotation_marks_too(marks):
    spoken = marks.format("rooster werd drie keer gewijzigd")
    assert settled(f"U zegt {spoken} maar dat is niet zo.") == f"U zegt {NOTE} maar dat is niet zo."


@pytest.mark.parametrize(
    "own",
    [
        "> Een heel ander stuk tekst van een ander mens.",
        "Mijn eigen rooster is ook gewijzigd.",
        "Hij riep “dat is een heel ander verhaal dan dit” en ging weg.",
        "> Ja, echt.",
        "3 > 2",
    ],
)
def test_what_is_not_hers_stays(own):
    assert settled(own) == own


def test_a_short_quotation_counts_in_an_answer_to_her():
    assert settled("> Ja, echt.", answering=True) == f"> {NOTE}"
    assert settled("> Nee.", answering=True) == "> Nee."


def test_of_a_quotation_of_two_people_hers_goes():
    source = (
        "> Wij van de planning zagen dat al lang geleden aankomen, geloof mij maar, echt waar.\n"
        "> Mijn rooster werd drie keer gewijzigd"
    )
    first = source.split("\n")[0]
    assert settled(source) == f"{first}\n> {NOTE}"


def test_what_she_quoted_herself_and_what_was_known_is_not_hers():
    found, known = said("> Mijn rooster werd drie keer gewijzigd"), said()
    assert settled("> Mijn rooster werd drie keer gewijzigd", hers=found).count("[") == 0
    later = Said()
    later.add([HERS], known=known)
    assert settled("> Mijn rooster werd drie keer gewijzigd", hers=later).count("[") == 0


@given(st.text(alphabet=">“” a\nb", max_size=300), st.text(alphabet="ab \n", max_size=100))
def test_it_is_done_once(source, hers):
    once = settled(source, hers=said(hers), answering=True)
    assert settled(once, hers=said(hers), answering=True) == once
    assert settled(source, hers=said("")) == source


@pytest.mark.parametrize("piece", ["> ", '"', "“a", "> a b c d e\n", f'"{"a" * 24}', "\n"])
def test_no_text_makes_it_slow(piece, monkeypatch):
    """Of a text twice as long, twice as much is compared."""
    compared = []
    real = Said.holds

    def counted(self, text, *, answering):
        compared.append(len(text))
        return real(self, text, answering=answering)

    monkeypatch.setattr(Said, "holds", counted)
    work = []
    for size in (200, 400):
        settled(piece * size)
        work.append(sum(compared))
        compared.clear()
    assert work[1] <= 2.5 * work[0] + 10
