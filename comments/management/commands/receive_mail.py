"""A pipe for the mail server: one message on standard input becomes a reply in its thread."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from comments.posting import by_mail


class Command(BaseCommand):
    help = "Reads one mail from standard input and posts it as the reply that it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits as sysexits.h has it: 0 taken or ignored, 65 no mail, 67 for nobody here, 75 try
        again later."""
        raw = sys.stdin.buffer.read(by_mail.MAX_BYTES + 1)
        try:
            result = by_mail.receive(raw)
        except (OperationalError, InterfaceError) as fault:
            self.stderr.write(f"The database is away: {fault}")
            sys.exit(os.EX_TEMPFAIL)
        self.stdout.write(result.value)
        if result is by_mail.Result.BROKEN:
            sys.exit(os.EX_DATAERR)
        if result is by_mail.Result.OFTEN:
            sys.exit(os.EX_TEMPFAIL)
        if result is by_mail.Result.NOBODY:
            sys.exit(os.EX_NOUSER)
