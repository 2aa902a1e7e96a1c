"""JSON of scripts: whether one is to be answered, and what it sends, within bounds."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from django.http import HttpRequest

MAX_BYTES: Final = 64 * 1024


class BadJSON(ValueError):
    """The text is too long, no JSON, nested too deeply, or no object."""


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which shows the answer itself."""
    return request.headers.get("Accept", "").startswith("application/json")


def _constant(name: str) -> NoReturn:
    # Python reads Infinity and NaN (RFC 8259, section 6, knows neither); int() and jsonb do not.
    raise BadJSON(name)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise BadJSON(text[:20])
    return value


def parse_object(text: bytes | str, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The JSON object that `text` holds; at most `max_bytes` long (characters, for a str).

    Raises BadJSON for anything else: another value, broken UTF-8, infinities, deep nesting.
    """
    if len(text) > max_bytes:
        raise BadJSON(f"more than {max_bytes} bytes")
    try:
        value = json.loads(text, parse_constant=_constant, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise BadJSON(type(error).__name__) from error
    if not isinstance(value, dict):
        raise BadJSON("no object")
    return value
