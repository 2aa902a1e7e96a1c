"""Log lines that a stranger cannot split or colour."""

import logging
import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def one_line(text: str) -> str:
    """`text` with line breaks, escape codes and bidi controls shown as escapes."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


class OneLine(logging.Filter):
    """Keeps what came from outside (paths, names, reasons) on one line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; rewrites the message of `record` in place."""
        message = record.getMessage()
        tamed = one_line(message)
        if tamed != message:
            record.msg, record.args = tamed, ()
        return True
