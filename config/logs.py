"""Log lines: one for each record, without addresses, tokens or anything that splits a line.

What a call logs should hold no address to begin with (rows have numbers); this is the last defence,
also for what Django, gunicorn and other libraries log. It needs no Django.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

from core.redact import redact

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# A stranger decides how long a path is; the patterns of core.redact get no more than this.
_LONGEST = 4096
_FRAMES = 4
_CAUSES = 3
_Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def one_line(text: str) -> str:
    """`text` with line breaks, escape codes and bidi controls shown as escapes."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


def told(fault: BaseException) -> str:
    """An exception in a line: its class, the first line of what it says, and where it happened.

    The innermost frames first, and the same of what caused it. Further lines stay out: there a
    database quotes the row that it refused.
    """
    parts: list[str] = []
    found: BaseException | None = fault
    while found is not None and len(parts) < _CAUSES:
        frames = traceback.extract_tb(found.__traceback__)[-_FRAMES:]
        where = " < ".join(f"{one.filename}:{one.lineno} {one.name}" for one in reversed(frames))
        words = str(found).partition("\n")[0]
        parts.append(f"{type(found).__name__}: {words} [{where}]")
        hidden = found.__suppress_context__
        found = found.__cause__ or (None if hidden else found.__context__)
    return " from ".join(parts)


class OneLine(logging.Formatter):
    """Writes every record as one line, with "…" for addresses and tokens."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. What a traceback would say stands in it, folded (`told`)."""
        record.message = record.getMessage()[:_LONGEST]
        if self.usesTime():
            record.asctime = self.formatTime(record, self.datefmt)
        fault: _Fault | None = record.exc_info
        if fault and fault[1] is not None:
            record.message += f" | {told(fault[1])}"
        return one_line(redact(self.formatMessage(record)[: 2 * _LONGEST]))
