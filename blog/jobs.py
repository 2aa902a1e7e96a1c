"""The blog's recurring work (see `core.periodic`): here, or where it is imported from."""

from __future__ import annotations

from django.core.management import call_command

from authors import limits
from authors.second_factor import lockout
from blog.discovery import share_picture_jobs  # noqa: F401 - importing registers its work
from blog.publishing import articles, autosave, trash, workflow  # noqa: F401 - so do these
from blog.reading import related  # noqa: F401
from core.periodic import every


@every(seconds=24 * 3600)
def prune_task_results() -> None:
    """Forget finished tasks after two weeks."""
    call_command("prune_db_task_results", verbosity=0)


@every(seconds=3600)
def forget_sessions() -> None:
    """Drop sessions that ended, old traces of log-ins, and counters whose time is over."""
    call_command("clearsessions")
    lockout.attempts_forget_old()
    limits.counters_forget_old()
