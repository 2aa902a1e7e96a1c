"""Contrast of the accent, and the nearest shade that has enough."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.site import colours

CSS = (Path(__file__).parents[3] / "static/css/site.css").read_text("utf-8")
COLOURS = st.integers(0, 0xFFFFFF).map("{:06x}".format)
SCHEMES = st.sampled_from([colours.LIGHT, colours.DARK])


def token(name):
    light, dark = re.search(rf"--{name}: light-dark\(#(\w+), #(\w+)\)", CSS).groups()
    return light, dark


def test_the_surfaces_are_those_of_the_site():
    assert list(zip(colours.LIGHT, colours.DARK, strict=True)) == [token("paper"), token("surface")]
    assert "var(--accent) 10%, var(--paper)" in CSS


def test_the_site_s_own_accent_passes():
    assert token("accent") == colours.OWN
    light, dark = token("accent")
    assert colours.nearest(light, colours.LIGHT) == light
    assert colours.nearest(dark, colours.DARK) == dark


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("000000", "ffffff", 21), ("777777", "ffffff", 4.48), ("0000ff", "ffffff", 8.59)],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert colours.contrast(one, other) == pytest.approx(expected, abs=0.01)


@given(COLOURS, SCHEMES)
def test_the_nearest_always_passes_and_stays_what_passes(colour, surfaces):
    found = colours.nearest(colour, surfaces)
    assert colours.least(found, surfaces) >= colours.AA
    if colours.least(colour, surfaces) >= colours.AA:
        assert found == colour
    assert colours.nearest(found, surfaces) == found


@given(COLOURS)
def test_what_is_written_on_it_can_be_read(colour):
    assert colours.contrast(colours.on(colour), colour) >= colours.AA


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("#0B5D5A", "0b5d5a"),
        ("abc", "aabbcc"),
        (" #abc ", "aabbcc"),
        ("#abcd", None),
        ("red", None),
    ],
)
def test_colours_are_read_as_people_type_them(typed, read):
    assert colours.parse_colour(typed) == read
