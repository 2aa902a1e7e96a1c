"""What the import commands share: options, questions, a progress bar, Ctrl-C, the report."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from authors import accounts
from interchange import choices
from interchange.apply.base import Options
from interchange.apply.run import Busy, Run, fill
from interchange.kinds import SOURCES, Source, records_of
from interchange.media import BadZip, Folder, Media, Several, Zip, inputs
from interchange.report import RunReport
from interchange.spool import Spool

BAR = 24


class ProgressLine:
    """A line that says how far it is, how fast, and how long it still takes."""

    def __init__(self, stream: Any, *, shown: bool) -> None:
        self.stream, self.shown = stream, shown
        self.step, self.began, self.last, self.first = "", 0.0, 0.0, 0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show it, some times a second."""
        now = time.monotonic()
        if step != self.step:
            self.step, self.began, self.first = step, now, done
        elif now - self.last < 0.2 and done < total:
            return
        self.last = now
        if not self.shown or not total:
            return
        rate = (done - self.first) / max(now - self.began, 0.001)
        left = (total - done) / rate if rate else 0
        full = min(done * BAR // total, BAR)
        bar = "█" * full + "·" * (BAR - full)
        clock = f"{int(left // 60)}:{int(left % 60):02}"
        line = f"{step:<9} {bar} {done:,} / {total:,}  {rate:,.0f}/s  {clock}"
        self.stream.write(f"\r{line:<78}" + ("\n" if done >= total else ""))
        self.stream.flush()


class Stopper:
    """Ctrl-C: what is under way is finished first, then the run stops whole; twice: at once."""

    def __init__(self) -> None:
        self.stopped = False

    def __enter__(self) -> Stopper:
        try:
            self.before = signal.signal(signal.SIGINT, self._stop)
        except ValueError:  # Not in the main thread: nobody types there.
            self.before = None
        return self

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        if self.stopped:
            # The transaction in hand is undone; nothing else is lost.
            raise KeyboardInterrupt
        self.stopped = True

    def wanted(self) -> bool:
        """Whether to go on."""
        return not self.stopped

    def __exit__(self, *error: object) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)


class ImportCommand(BaseCommand):
    """The base of the import commands; each names its `kind` and gives its records."""

    kind = ""

    @property
    def source(self) -> Source:
        """How its exports are read."""
        return SOURCES[self.kind]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options that all share."""
        parser.add_argument("place", type=Path, help="the export: a file, a folder or a zip")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--report", type=Path, help="also write the report to this file")
        if self.source.whole:
            parser.add_argument("--media", type=Path, help="pictures: a folder or a zip")
        for choice in choices.of_kind(self.kind):
            choice.option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, store, report."""
        place: Path = options["place"]
        chosen = self._chosen(options)
        try:
            files, size, beside = inputs(place, *self.source.endings)
            media = media_of(options.get("media"), beside)
        except BadZip as error:
            raise CommandError(f"This zip is damaged or not to be trusted: {error}") from error
        except OSError as error:
            raise CommandError(f"{place}: {error.strerror or error}") from error
        if not files:
            endings = " or ".join(self.source.endings)
            raise CommandError(f"There is no {endings} file in {place}.")
        dry = bool(options["dry_run"])
        report = RunReport()
        progress = ProgressLine(self.stderr, shown=options["verbosity"] > 0 and _watched())
        with translation.override(settings.LANGUAGE_CODE), Stopper() as stopper:
            with tempfile.TemporaryDirectory(prefix="weerwoord-import-") as folder:
                spool = Spool(Path(folder) / "spool")
                found = records_of(
                    self.kind,
                    place=place,
                    files=files,
                    chosen=chosen,
                    told=lambda done: progress("reading", done, size),
                )
                whole = fill(spool, report, found, stopper.wanted)
                run = Run(
                    kind=self.kind,
                    spool=spool,
                    report=report,
                    options=Options.of(chosen, dry_run=dry),
                    media=media,
                )
                try:
                    whole = whole and run.go(told=progress, wanted=stopper.wanted)
                except Busy as error:
                    raise CommandError(str(error)) from error
                spool.close()
            text = report.text()
            if not whole:
                text = _("Stopped. Everything so far is kept; the same command goes on.") + (
                    f"\n\n{text}"
                )
            elif dry:
                text = _("Nothing was stored: this is what would happen.") + f"\n\n{text}"
        self.stdout.write(text)
        if options["report"]:
            options["report"].write_text(text + "\n", encoding="utf-8")
        for user in run.accounts.made:
            # At the terminal alone: who has the link has the account.
            self.stdout.write(f"{user.get_username()}: {accounts.password_link(user)}")

    def _chosen(self, options: dict[str, Any]) -> dict[str, Any]:
        """What was said, or is answered now. Raises CommandError for what cannot be."""
        given = dict(options)
        for choice in choices.of_kind(self.kind):
            if choice.question and given[choice.name] is None:
                may_ask = not options["dry_run"] and _watched()
                given[choice.name] = may_ask and _yes(choice.question)
        try:
            with translation.override("en"):
                return choices.checked(self.kind, given)
        except ValidationError as error:
            words = (
                f"--{name.replace('_', '-')}: {' '.join(found)}"
                for name, found in error.message_dict.items()
            )
            raise CommandError(" ".join(words)) from error


def _yes(question: str) -> bool:
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes", "j", "ja")


def _watched() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def media_of(given: Path | None, beside: Media | None) -> Media | None:
    """Where pictures are looked for: in what was given, then beside the export.

    Raises BadZip and OSError.
    """
    places: list[Media] = []
    if given is not None:
        if not given.exists():
            raise FileNotFoundError(2, "no such file or folder", str(given))
        places.append(Folder(given) if given.is_dir() else Zip(given))
    if beside is not None:
        places.append(beside)
    return Several(places) if places else None
