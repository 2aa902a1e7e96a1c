"""Moves that an owner starts in the admin: done by the worker, a slice at a time."""

from __future__ import annotations

import datetime
import logging
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django_tasks import task

from authors.models import User
from interchange.apply.base import Options
from interchange.apply.run import Position, Run, fill
from interchange.commands import media_of
from interchange.kinds import SOURCES, records_of
from interchange.media import BadZip, inputs
from interchange.models import Move, MoveState
from interchange.report import RunReport
from interchange.spool import Spool

logger = logging.getLogger(__name__)
SLICE = 8.0
"""Seconds of work before the worker looks at its other duties."""
KEEP = datetime.timedelta(days=14)
"""How long the files of a move stay after it last went on: strangers' addresses are in them."""


def move_start(*, move: Move, user: User | None) -> Move:
    """Store a new move; the worker tries it first, and stores nothing yet."""
    move.user = user
    move.save()
    _enqueue(move)
    return move


@transaction.atomic
def move_pause(*, move: Move) -> bool:
    """Let the worker stop after what it has in hand; False when it was not under way."""
    rows = Move.objects.filter(pk=move.pk, state=MoveState.RUNNING)
    return bool(rows.update(state=MoveState.PAUSED))


@transaction.atomic
def move_resume(*, move: Move) -> bool:
    """Go on where it stopped; False when there is nothing to go on with."""
    rows = Move.objects.filter(pk=move.pk, state__in=(MoveState.PAUSED, MoveState.FAILED))
    changed = bool(rows.update(state=MoveState.RUNNING, fault=""))
    if changed:
        _enqueue(move)
    return changed


@transaction.atomic
def move_store(*, move: Move) -> bool:
    """After the trial: do it; False when the trial is not over."""
    changed = Move.objects.filter(pk=move.pk, state=MoveState.DONE, dry_run=True).update(
        state=MoveState.RUNNING, dry_run=False, step="reading", number=0, done=0, total=0, report={}
    )
    if changed:
        shutil.rmtree(_folder(move), ignore_errors=True)
        _enqueue(move)
    return bool(changed)


def move_delete(*, move: Move) -> None:
    """Forget a move with its files; what it stored stays."""
    _forget_files(move)
    move.delete()


def _forget_files(move: Move) -> None:
    shutil.rmtree(_folder(move), ignore_errors=True)
    for file in (move.file, move.media):
        if file:
            file.delete(save=False)


def _folder(move: Move) -> Path:
    return Path(settings.VAR_DIR) / "imports" / f"move-{move.pk}"


def _enqueue(move: Move) -> None:
    # Later than now: between two slices the worker does its recurring work.
    later = timezone.now() + datetime.timedelta(seconds=1)
    move_go_on.using(run_after=later).enqueue(move.pk)


@task()
def move_go_on(number: int) -> None:
    """One slice of a move, and the next one behind it."""
    move = Move.objects.filter(pk=number, state=MoveState.RUNNING).first()
    if move is None:
        return
    try:
        with translation.override(settings.LANGUAGE_CODE):
            whole = _slice(move)
    except (BadZip, OSError, ValueError) as fault:
        logger.warning("Move %s: %s", number, fault)
        Move.objects.filter(pk=number).update(state=MoveState.FAILED, fault=str(fault)[:300])
        return
    except Exception as fault:
        Move.objects.filter(pk=number).update(
            state=MoveState.FAILED, fault=f"{type(fault).__name__}: {fault}"[:300]
        )
        raise
    if whole:
        Move.objects.filter(pk=number).update(state=MoveState.DONE)
        shutil.rmtree(_folder(move), ignore_errors=True)
    elif Move.objects.filter(pk=number, state=MoveState.RUNNING).exists():
        _enqueue(move)


def _slice(move: Move) -> bool:
    """Work for a while; gives whether everything is done."""
    report = RunReport.from_data(move.report)
    folder = _folder(move)
    files, size, beside = inputs(Path(move.file.path), *SOURCES[move.kind].endings)
    if move.step == "reading":
        # What was half read when a worker died is read anew.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        report = RunReport()
    spool = Spool(folder / "spool")
    look = _Look(move, report)
    try:
        if move.step == "reading":
            found = records_of(
                move.kind,
                place=Path(move.file.path),
                files=files,
                chosen=move.options,
                told=lambda done: look.told("reading", done, size),
            )
            fill(spool, report, found)
            look.save(Position())
        position = Position(move.step, move.number)
        run = Run(
            kind=move.kind,
            spool=spool,
            report=report,
            options=Options.of(move.options, dry_run=move.dry_run),
            media=media_of(Path(move.media.path) if move.media else None, beside),
            position=position,
        )
        whole = run.go(told=look.told, wanted=look.wanted)
        look.save(run.position)
        return whole
    finally:
        spool.close()


class _Look:
    """Writes down how far it is, and looks whether somebody paused it."""

    def __init__(self, move: Move, report: RunReport) -> None:
        self.move, self.report = move, report
        self.end = time.monotonic() + SLICE
        self.last = 0.0
        self.paused = False

    def told(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        self.move.done, self.move.total = done, total
        if now - self.last < 1:
            return
        self.last = now
        Move.objects.filter(pk=self.move.pk).update(
            done=done, total=total, changed_at=timezone.now()
        )
        state = Move.objects.filter(pk=self.move.pk).values_list("state", flat=True).first()
        self.paused = state != MoveState.RUNNING

    def wanted(self) -> bool:
        return not self.paused and time.monotonic() < self.end

    def save(self, position: Position) -> None:
        self.move.step, self.move.number = position.step, position.number
        self.move.report = self.report.data()
        self.move.save(update_fields=["step", "number", "done", "total", "report", "changed_at"])


def forget_files() -> None:
    """Delete the files of moves that nobody went on with for two weeks; reports stay."""
    for move in Move.objects.filter(changed_at__lt=timezone.now() - KEEP).exclude(file=""):
        _forget_files(move)
        Move.objects.filter(pk=move.pk).update(file="", media="")
