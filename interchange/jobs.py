"""Recurring work of moving in and out (see `core.periodic`)."""

from __future__ import annotations

from core.periodic import every
from interchange import exports, moving


@every(seconds=3600)
def forget_exports() -> None:
    """Delete exports after a week."""
    exports.forget_exports()


@every(seconds=24 * 3600)
def forget_moves() -> None:
    """Delete the files of moves that nobody went on with for two weeks."""
    moving.forget_files()
