"""Wall-clock times of a time zone, over the changes to and from summer time. Pure."""

from __future__ import annotations

import datetime


class NoSuchTime(ValueError):
    """The clock was put forward over that time; `later` is what it then shows."""

    def __init__(self, later: datetime.datetime) -> None:
        super().__init__(str(later))
        self.later = later


class TwiceThatTime(ValueError):
    """The clock was put back over that time: `first` and `second` are the two moments."""

    def __init__(self, first: datetime.datetime, second: datetime.datetime) -> None:
        super().__init__(str(first))
        self.first, self.second = first, second


def moments(wall: datetime.datetime, zone: datetime.tzinfo) -> list[datetime.datetime]:
    """The moments at which clocks in `zone` show the naive `wall`: none, one or two, in order."""
    found: list[datetime.datetime] = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold)
        back = moment.astimezone(datetime.UTC).astimezone(zone)
        if back.replace(tzinfo=None, fold=0) == wall.replace(fold=0):
            # Two times of one zone compare by their clocks; as moments they may differ.
            same = [one.utcoffset() == moment.utcoffset() for one in found]
            if not any(same):
                found.append(moment)
    return found


def moment(
    wall: datetime.datetime, zone: datetime.tzinfo, *, turn: int | None = None
) -> datetime.datetime:
    """The moment at which clocks in `zone` show `wall`; `turn` 0 or 1 chooses of two.

    Raises `NoSuchTime`, or `TwiceThatTime` where `turn` is None.
    """
    found = moments(wall, zone)
    if not found:
        # What the clock shows when as much time has passed as the change left out.
        later = wall.replace(tzinfo=zone, fold=0).astimezone(datetime.UTC).astimezone(zone)
        raise NoSuchTime(later)
    if len(found) == 1:
        return found[0]
    if turn is None:
        raise TwiceThatTime(*found)
    return found[turn]


def offset_name(moment: datetime.datetime) -> str:
    """The distance to UTC as people write it: "UTC+1", "UTC−3:30"."""
    offset = moment.utcoffset() or datetime.timedelta()
    minutes = round(abs(offset).total_seconds() / 60)
    sign = "−" if offset < datetime.timedelta() else "+"
    hours, rest = divmod(minutes, 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
