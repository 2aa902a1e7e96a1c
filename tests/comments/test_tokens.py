"""What tokens are for, how long they hold, and that those in mails already sent go on to work."""

import time

import pytest
from django.core import signing

from comments import tokens
from core.tokens import KINDS

DAY = 24 * 3600
DAYS = {
    "OWN": 30, "CONFIRM": 90, "MINE": 365, "STOP": 3650, "FOLLOW": 7, "MODERATE": 7,
    "JOIN": 7, "LEAVE": 3650, "BROWSER": 365, "READER": 3650,
}  # fmt: skip


def test_every_purpose_has_its_kind_and_its_time():
    assert {one.name: one.seconds / DAY for one in tokens.Purpose} == DAYS
    assert len({one.kind for one in tokens.Purpose}) == len(DAYS)
    assert {one.kind for one in tokens.Purpose} <= KINDS.keys()


@pytest.mark.parametrize("purpose", tokens.Purpose)
def test_a_token_of_an_earlier_release_holds(purpose):
    old = signing.dumps([1, "anna@lezer.example"], salt=f"comments.{purpose.name}")
    assert tokens.read(purpose, old) == [1, "anna@lezer.example"]
    others = [one for one in tokens.Purpose if one is not purpose]
    assert [tokens.read(one, old) for one in others] == [None] * len(others)


@pytest.mark.parametrize("purpose", tokens.Purpose)
def test_it_ends_when_its_time_is_over(purpose, monkeypatch):
    token, now = tokens.make(purpose, 7), time.time()
    monkeypatch.setattr(time, "time", lambda: now + purpose.seconds - 60)
    assert tokens.read(purpose, token) == 7
    monkeypatch.setattr(time, "time", lambda: now + purpose.seconds + 60)
    assert tokens.read(purpose, token) is None
