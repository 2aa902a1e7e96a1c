"""JSON of strangers: objects pass, everything odd is one kind of error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.json_input import BadJSON, parse_object

ODD = [
    "", "[]", "1", "null", '"x"', "{", '{"a": Infinity}', '{"a": -Infinity}', '{"a": NaN}',
    '{"a": 1e999}', '{"a": ' + "9" * 5_000 + "}", '{"a":' * 3_000, '{"a":' + "[" * 20_000, b"\xff",
    b"\x00", '{"a": ' + " " * 70_000 + "1}",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=lambda text: repr(text[:20]))
def test_odd_json_is_refused(text):
    with pytest.raises(BadJSON):
        parse_object(text)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@given(st.dictionaries(st.text(), values, max_size=4))
def test_every_plain_object_comes_back(value):
    assert parse_object(json.dumps(value)) == value
    assert parse_object(json.dumps(value).encode()) == value


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_nothing_but_its_own_error_leaves_it(text):
    try:
        assert isinstance(parse_object(text), dict)
    except BadJSON:
        pass
