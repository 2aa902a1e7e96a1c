"""The demo's drawings: whole, distinct, the same each time, and fit for the picture library."""

import io

import pytest
from PIL import Image

from core.pictures import inspect, normalise
from demo.pictures import PORTRAITS, SCENES, article_picture, portrait


@pytest.mark.parametrize("key", SCENES)
def test_every_article_picture_can_be_uploaded(key: str) -> None:
    info = inspect(article_picture(key))
    assert (info.format, info.width, info.height) == ("jpeg", 1600, 900)


@pytest.mark.parametrize("key", PORTRAITS)
def test_every_portrait_can_be_uploaded(key: str) -> None:
    info = inspect(portrait(key))
    assert (info.format, info.width, info.height) == ("jpeg", 800, 800)


def test_a_drawing_is_the_same_each_time_and_like_no_other() -> None:
    first = {article_picture(key) for key in list(SCENES)[:3]}
    assert first == {article_picture(key) for key in list(SCENES)[:3]}
    assert len(first) == 3


def test_a_drawing_keeps_its_shape_in_the_library() -> None:
    original = normalise(portrait(next(iter(PORTRAITS))))
    assert Image.open(io.BytesIO(original.data)).size == (800, 800)


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(KeyError):
        article_picture("author-1")
    with pytest.raises(KeyError):
        portrait("gesprek")
