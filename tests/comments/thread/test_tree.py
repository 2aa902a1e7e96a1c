"""Paths sort a thread in reading order, and rows nest whatever page they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.thread import tree
from tests.comments.trees import outline, thread

BIGGEST = 2**63 - 1

# Around the places where an id needs one byte more, and anywhere else.
IDS = st.one_of(
    st.integers(1, BIGGEST),
    st.sampled_from([1, 254, 255, 256, 257, 65535, 65536, 2**24 - 1, 2**24, 2**32, BIGGEST]),
)
PATH_IDS = st.lists(IDS, min_size=1, max_size=6)


def path_of(ids: Iterable[int]) -> bytes:
    path = b""
    for number in ids:
        path = tree.path_for(path, number)
    return path


@st.composite
def forests(draw: st.DrawFn) -> dict[int, int | None]:
    """Parent by id: any thread in which a comment is younger than the one it answers."""
    ids = sorted(draw(st.sets(IDS, min_size=1, max_size=25)))
    return {number: draw(st.sampled_from([None, *ids[:index]])) for index, number in enumerate(ids)}


def paths_of(forest: dict[int, int | None]) -> dict[int, bytes]:
    paths: dict[int, bytes] = {}
    for number, parent in forest.items():
        paths[number] = tree.path_for(paths[parent] if parent else b"", number)
    return paths


def preorder(forest: dict[int, int | None], parent: int | None = None) -> list[int]:
    order = []
    for number in sorted(number for number, above in forest.items() if above == parent):
        order += [number, *preorder(forest, number)]
    return order


def test_a_path_is_a_length_byte_and_the_id_for_each_level() -> None:
    root = tree.path_for(b"", 7)
    assert root == b"\x01\x07"
    assert tree.path_for(root, 256) == b"\x01\x07\x02\x01\x00"


@given(PATH_IDS)
def test_paths_and_ids_are_the_same_thing(ids: list[int]) -> None:
    path = path_of(ids)
    assert tree.ids_of(path) == ids
    assert tree.ids_of(memoryview(path)) == ids
    assert tree.depth_of(path) == len(ids) - 1
    assert tree.parent_path(path) == path_of(ids[:-1])


@given(forests())
def test_sorting_by_path_is_reading_order(forest: dict[int, int | None]) -> None:
    paths = paths_of(forest)
    assert sorted(paths, key=lambda number: paths[number]) == preorder(forest)


@given(forests())
def test_bounds_hold_a_subtree_and_nothing_else(forest: dict[int, int | None]) -> None:
    paths = paths_of(forest)
    for root, path in paths.items():
        low, high = tree.subtree_bounds(path)
        inside = {number for number, other in paths.items() if low <= other < high}
        assert inside == {root, *preorder(forest, root)}
        assert inside - {root} == {n for n, other in paths.items() if tree.is_below(other, path)}


@given(PATH_IDS, PATH_IDS)
def test_bounds_against_any_other_path(ids: list[int], others: list[int]) -> None:
    low, high = tree.subtree_bounds(path_of(ids))
    assert (low <= path_of(others) < high) == (others[: len(ids)] == ids)
    assert low <= path_of([*ids, *others]) < high


def test_bounds_of_an_id_that_ends_in_full_bytes() -> None:
    path = path_of([65535])
    assert tree.subtree_bounds(path) == (b"\x02\xff\xff", b"\x03")


def test_is_below_leaves_out_the_comment_itself_and_takes_memoryviews() -> None:
    path, reply = path_of([5]), path_of([5, 6])
    assert not tree.is_below(path, path)
    assert not tree.is_below(path, reply)
    assert tree.is_below(memoryview(reply), memoryview(path))


@pytest.mark.parametrize("number", [0, -1, BIGGEST + 1])
def test_an_id_that_no_row_can_have_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not an id"):
        tree.path_for(b"", number)


@pytest.mark.parametrize(
    "path",
    [
        b"\x00",  # no digits
        b"\x01",  # digits missing
        b"\x02\x01",  # too few digits
        b"\x02\x00\x01",  # an id with a leading zero byte
        b"\x01\x00",  # id 0
        b"\x09" + b"\x01" * 9,  # more than a bigint
        b"\x08\x80" + b"\x00" * 7,  # one more than a bigint
        b"\x01\x07\x01",  # a good level, then half of one
    ],
)
def test_malformed_paths_are_refused(path: bytes) -> None:
    good = path_of([1])
    for call in (
        lambda: tree.ids_of(path),
        lambda: tree.depth_of(path),
        lambda: tree.parent_path(path),
        lambda: tree.subtree_bounds(path),
        lambda: tree.path_for(path, 1),
        lambda: tree.attach(path, 1),
        lambda: tree.is_below(path, good),
        lambda: tree.is_below(good, path),
    ):
        with pytest.raises(ValueError, match="malformed path"):
            call()


def test_the_empty_path_is_no_comment() -> None:
    assert tree.ids_of(b"") == []
    for call in (tree.depth_of, tree.parent_path, tree.subtree_bounds):
        with pytest.raises(ValueError, match="empty path"):
            call(b"")


@given(st.binary(max_size=12))
def test_any_bytes_are_either_a_path_or_refused(path: bytes) -> None:
    try:
        ids = tree.ids_of(path)
    except ValueError:
        return
    assert path_of(ids) == path


def test_depth_is_capped_and_replies_at_the_cap_become_siblings() -> None:
    path = b""
    for number in range(1, tree.MAX_DEPTH + 2):
        path = tree.attach(path, number)
    assert tree.depth_of(path) == tree.MAX_DEPTH
    reply = tree.attach(path, 500)
    assert tree.depth_of(reply) == tree.MAX_DEPTH
    assert tree.parent_path(reply) == tree.parent_path(path)
    assert path < reply


def test_attach_to_nothing_is_a_root() -> None:
    assert tree.attach(b"", 9) == tree.path_for(b"", 9)


# Nesting ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AtDepth:
    depth: int


def joined(nested: Iterable[tree.Nested[AtDepth]]) -> str:
    """The markup as a template joins it, with each row's depth for its text."""
    markup = ""
    for row, opens, closes, ends in nested:
        markup += "<ol><li>" * opens or "<li>"
        markup += str(row.depth)
        markup += "</li></ol>" * closes + "</li>" * ends
    return markup


def levels(markup: str) -> list[tuple[str, int]]:
    """Each row's text and the number of lists around it; fails when tags do not nest."""
    found: list[tuple[str, int]] = []
    stack: list[str] = []
    for piece in markup.replace("<", "\0<").replace(">", ">\0").split("\0"):
        if piece == "<ol>":
            # A list stands in an item, or is the only one at the top.
            assert stack[-1:] == ["li"] or (not stack and not found)
            stack.append("ol")
        elif piece == "<li>":
            assert stack[-1:] == ["ol"]
            stack.append("li")
        elif piece in ("</ol>", "</li>"):
            assert stack.pop() == piece.strip("</>")
        elif piece:
            assert stack[-1:] == ["li"]
            found.append((piece, stack.count("ol") - 1))
    assert not stack
    return found


def markup_of(depths: Iterable[int], start_depth: int = 0) -> str:
    return joined(tree.nest([AtDepth(depth) for depth in depths], start_depth))


@pytest.mark.parametrize(
    ("depths", "markup"),
    [
        ([], ""),
        ([0], "<ol><li>0</li></ol>"),
        ([0, 0], "<ol><li>0</li><li>0</li></ol>"),
        ([0, 1, 0], "<ol><li>0<ol><li>1</li></ol></li><li>0</li></ol>"),
        ([2, 0], "<ol><li><ol><li><ol><li>2</li></ol></li></ol></li><li>0</li></ol>"),
        ([0, 2], "<ol><li>0<ol><li><ol><li>2</li></ol></li></ol></li></ol>"),
    ],
)
def test_nesting_by_change_of_depth(depths: list[int], markup: str) -> None:
    assert markup_of(depths) == markup


@given(st.lists(st.integers(0, tree.MAX_DEPTH)), st.integers(0, 10))
def test_any_rows_give_one_balanced_list_with_true_levels(depths: list[int], start: int) -> None:
    expected = [(str(depth), max(depth - start, 0)) for depth in depths]
    assert levels(markup_of(depths, start)) == expected


@given(forests(), st.data())
def test_any_page_of_a_thread_nests(forest: dict[int, int | None], data: st.DataObject) -> None:
    depths = [tree.depth_of(path) for path in sorted(paths_of(forest).values())]
    first = data.draw(st.integers(0, len(depths)))
    page = depths[first : data.draw(st.integers(first, len(depths)))]
    assert levels(markup_of(page)) == [(str(depth), depth) for depth in page]


def test_rows_may_come_from_a_generator() -> None:
    assert joined(tree.nest(AtDepth(depth) for depth in (0, 1))) == markup_of([0, 1])


# Threads as text ----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a", "a b c", "a(b(c) d(e))", "a(b(c(d))) e(f g)"])
def test_a_thread_as_text_reads_back(text: str) -> None:
    assert outline(thread(text)) == text


def test_a_thread_as_text_has_paths_and_parents() -> None:
    rows = {row.name: row for row in thread("a(b(c) d(e))", first_id=10)}
    assert [row.id for row in rows.values()] == [10, 11, 12, 13, 14]
    assert rows["a"].parent_id is None
    assert rows["e"].parent_id == rows["d"].id
    assert tree.ids_of(rows["e"].path) == [10, 13, 14]
    assert rows["e"].depth == 2
