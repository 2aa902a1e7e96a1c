"""The demo's drawings: whole, distinct, the same each time, and fit for the picture library."""

import io

import pytest
from PIL import Image

from core.pictures import inspect, normalise
from demo.pictures import ALT, KEYS, PORTRAIT_KEYS, article_picture, portrait


@pytest.mark.parametrize("key", KEYS)
def test_every_article_picture_can_be_uploaded(key: str) -> None:
    info = inspect(article_picture(key))
    assert (info.format, info.width, info.height) == ("jpeg", 1600, 900)


@pytest.mark.parametrize("key", PORTRAIT_KEYS)
def test_every_portrait_can_be_uploaded(key: str) -> None:
    info = inspect(portrait(key))
    assert (info.format, info.width, info.height) == ("jpeg", 800, 800)


def test_every_drawing_is_described_and_nothing_else_is() -> None:
    assert set(ALT) == {*KEYS, *PORTRAIT_KEYS}
    assert len(set(ALT.values())) == len(ALT)


def test_a_drawing_is_the_same_each_time_and_like_no_other() -> None:
    first = {article_picture(key) for key in KEYS[:3]}
    assert first == {article_picture(key) for key in KEYS[:3]}
    assert len(first) == 3


def test_a_drawing_keeps_its_shape_in_the_library() -> None:
    original = normalise(portrait(PORTRAIT_KEYS[0]))
    assert Image.open(io.BytesIO(original.data)).size == (800, 800)


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(KeyError):
        article_picture("author-1")
    with pytest.raises(KeyError):
        portrait("gesprek")
