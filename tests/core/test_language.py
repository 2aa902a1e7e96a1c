"""In which language a text is, where that is sure."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import LONGEST, language_of

CONVERSATIONS = Path(__file__).parents[2] / "demo" / "conversations"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hoe gaat dat bij u op het werk?", "nl"),
        ("What are your thoughts on this subject?", "en"),
        ("Ik denk dat “the practice of management” hier niet voor is geschreven.", "nl"),
        ("> Dat is niet wat ik bedoel, en het is ook niet waar.\n\nBut it is what you said.", "en"),
        ("Eens!", "?"),
        ("Great!", "?"),
        ("", "?"),
        ("Je ne sais pas si c’est une bonne idée de dire que tu as raison.", "?"),
        ("Die Leute haben nicht gesagt, was wir in der Zukunft wollen.", "?"),
        ("مرحبا بكم في هذا المكان", "?"),
        ("Het is dat the and of is it dat niet you", "?"),
    ],
)
def test_a_sure_language(text, language):
    assert language_of(text, "?") == language


def test_no_comment_of_the_demo_is_taken_for_the_other_language():
    for file in CONVERSATIONS.glob("*.md"):
        for part in re.split(r"^===", file.read_text("utf-8"), flags=re.MULTILINE):
            head, _line, text = part.partition("\n")
            said = re.search(r"language=(\w\w)", head)
            written = said[1] if said else "en" if file.stem in ("bridge", "feedback-en") else "nl"
            assert language_of(text, written) == written, text


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text):
    assert language_of(text, "?") in ("?", "nl", "en")
    assert language_of("x " * LONGEST + text, "?") == "?"
