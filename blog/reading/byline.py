"""Groups authors of a byline by affiliation: "A and B from C". Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from authors.models import Author


@dataclass(frozen=True)
class Group:
    """Authors with the same affiliation, named together."""

    people: Sequence[Author]
    house: str
    url: str
    # "By A and by B of C": without the second "by", C would seem to be A's as well.
    again: bool = False


def groups(authors: Sequence[Author], *, houses: bool = True) -> list[Group]:
    """The authors in their order, neighbours of one house together; one group without `houses`."""
    if not houses:
        return [Group(authors, "", "")]
    found = [
        (list(people), house)
        for house, people in groupby(authors, key=lambda one: (one.house, one.website))
    ]
    again = any(len(people) > 1 or not house[0] for people, house in found[:-1])
    return [
        Group(people, house, url, again=again and place > 0)
        for place, (people, (house, url)) in enumerate(found)
    ]
