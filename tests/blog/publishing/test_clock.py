"""Wall-clock times over both changes of summer time."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.publishing import clock

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# Amsterdam, New York, half an hour at Lord Howe Island, none in Kolkata.
ZONES = [AMSTERDAM, *map(ZoneInfo, ("America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"))]


def test_the_hour_that_is_left_out_has_no_moment():
    with pytest.raises(clock.NoSuchTime) as caught:
        clock.moment(datetime(2027, 3, 28, 2, 30), AMSTERDAM)
    assert (caught.value.later.hour, caught.value.later.minute) == (3, 30)
    assert clock.moment(datetime(2027, 3, 28, 3, 0), AMSTERDAM).utcoffset() == timedelta(hours=2)


def test_the_hour_that_comes_twice_is_asked():
    wall = datetime(2027, 10, 31, 2, 30)
    with pytest.raises(clock.TwiceThatTime) as caught:
        clock.moment(wall, AMSTERDAM)
    assert [clock.offset_name(one) for one in (caught.value.first, caught.value.second)] == [
        "UTC+2",
        "UTC+1",
    ]
    first, second = (clock.moment(wall, AMSTERDAM, turn=turn) for turn in (0, 1))
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2060, 1, 1)).map(
        lambda t: t.replace(microsecond=0)
    ),
    st.sampled_from(ZONES),
)
def test_every_moment_shows_the_clock_that_was_asked(wall, zone):
    for moment in clock.moments(wall, zone):
        there = moment.astimezone(UTC).astimezone(zone)
        assert there.replace(tzinfo=None, fold=0) == wall


@given(st.datetimes(datetime(1980, 1, 1), datetime(2060, 1, 1)), st.sampled_from(ZONES))
def test_every_moment_is_found_by_its_clock(utc, zone):
    moment = utc.replace(tzinfo=UTC).astimezone(zone)
    wall = moment.replace(tzinfo=None, fold=0)
    assert utc.replace(tzinfo=UTC) in [one.astimezone(UTC) for one in clock.moments(wall, zone)]


@pytest.mark.parametrize(
    ("hours", "name"), [(1, "UTC+1"), (0, "UTC+0"), (-3.5, "UTC−3:30"), (5.75, "UTC+5:45")]
)
def test_offsets_are_named_as_people_write_them(hours, name):
    assert clock.offset_name(datetime(2027, 1, 1, tzinfo=timezone(timedelta(hours=hours)))) == name
