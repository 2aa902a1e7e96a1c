"""The worker's part of a test: what requests have enqueued is done here."""

from __future__ import annotations

from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult


def work(name: str) -> int:
    """Do the enqueued tasks of the function `name`, as the worker would; gives their number."""
    waiting = list(DBTaskResult.objects.filter(task_path__endswith=f".{name}"))
    for one in waiting:
        one.delete()
        import_string(one.task_path).call(*one.args_kwargs["args"])
    return len(waiting)
