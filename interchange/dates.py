"""Times as other sites write them."""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_PLAIN = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d*)?)?)?\s*"
    r"(Z|UTC|GMT|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)


def parse(text: str, zone: datetime.tzinfo) -> datetime.datetime | None:
    """A time with its zone (`zone` where none is written), or None for what is no time.

    `0000-00-00 00:00:00` is none. A local time that occurs twice at the end of summer time is the
    first of both; one that never was, because summer time began, is an hour later.
    """
    text = text.strip()
    match = _PLAIN.match(text)
    if match is None:
        return _mail_date(text, zone)
    year, month, day, hour, minute, second = (int(match[i] or 0) for i in range(1, 7))
    try:
        moment = datetime.datetime(
            year, month, day, hour, minute, min(second, 59), int((match[7] or "").ljust(6, "0"))
        )
    except ValueError:
        return None
    name = (match[8] or "").upper()
    if name in ("Z", "UTC", "GMT"):
        moment = moment.replace(tzinfo=datetime.UTC)
    elif name:
        sign = -1 if name[0] == "-" else 1
        shift = datetime.timedelta(hours=int(name[1:3]), minutes=int(name[-2:]))
        moment = moment.replace(tzinfo=datetime.timezone(sign * shift))
    else:
        moment = moment.replace(tzinfo=zone)
    return _sane(moment)


def _mail_date(text: str, zone: datetime.tzinfo) -> datetime.datetime | None:
    if "-0001" in text:
        return None  # What PHP makes of no date at all.
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _sane(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def _sane(moment: datetime.datetime) -> datetime.datetime | None:
    """In UTC, if it lies in the time of the web (WordPress writes -0001-11-30 for nothing)."""
    try:
        moment = moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1970 <= moment.year < 2200 else None


def best(
    zone: datetime.tzinfo, *, utc: str = "", mail: str = "", local: str = ""
) -> datetime.datetime | None:
    """The first that is a time: `utc`, then `mail` (RFC 2822), then `local` in the site's zone."""
    return parse(utc, datetime.UTC) or parse(mail, zone) or parse(local, zone)


def from_seconds(value: object) -> datetime.datetime | None:
    """A time from seconds, or milliseconds, since 1970."""
    try:
        number = float(value)  # type: ignore[arg-type]
        if number > 1e11:
            number /= 1000
        return _sane(datetime.datetime.fromtimestamp(number, datetime.UTC))
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name. Raises ValueError for none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError.
        raise ValueError(name) from error
    except KeyError as error:
        raise ValueError(name) from error
