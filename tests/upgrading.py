"""A database of release 0.1.0 with a row in every table is brought to this release.

Run by `tests/config/test_upgrade.py` in a process of its own, with DATABASE_URL naming an empty
database: `python -m tests.upgrading`.
"""

from __future__ import annotations

import datetime
import itertools
import os
import sys

import django

os.environ["WEERWOORD_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django_tasks_db.models import DBTaskResult

# The last migrations of release 0.1.0.
RELEASE = [
    ("authors", "0005_affiliation"),
    ("blog", "0015_second_factor"),
    ("comments", "0009_log"),
    ("interchange", "0005_choices"),
    ("newsletter", "0003_forgotten"),
]
OURS = {app for app, _name in RELEASE}
# Every task of release 0.1.0, as it stands in its queue, and what it is about.
QUEUED = {
    "authors.tasks.mail_send": ["Bericht", "Tekst.", "anna@lezer.example"],
    "blog.announcing.ping_hub": [["/feed/"], 1],
    "blog.announcing.ping_indexnow": [["/2024/05/een-stuk/"], 1],
    "blog.tasks.links_renew": ["blog.article"],
    "blog.workflow.deliver": ["blog.articlemail"],
    "comments.mail.deliver": ["comments.delivery"],
    "comments.mail.deliver_event": ["x1"],
    "comments.quotes.review": ["blog.article"],
    "interchange.exports.export_make": ["interchange.export"],
    "interchange.moving.move_go_on": ["interchange.move"],
    "newsletter.sending.deliver": ["newsletter.mail"],
    "newsletter.sending.send_batch": ["newsletter.issue"],
}
# One of two, as constraints of the table have it.
LEFT_OUT = {
    ("blog.presence", "page"),
    ("newsletter.subscription", "author"),
    ("newsletter.subscription", "tag"),
}
DROPPED = {"newsletter.request"}
"""Tables that this release has no more."""
DERIVED = {"body_text", "search"}
"""Columns that are made anew from others, as this release makes them."""
numbers = itertools.count(1)


def value(field, rows):
    """Something that fits the field, different each time."""
    number = next(numbers)
    if isinstance(field, models.ForeignKey):
        related = field.related_model._meta.label_lower
        # Nobody is below herself; accounts of the site's people are there by then.
        return None if related == field.model._meta.label_lower else rows.get(related)
    if field.choices:
        return field.choices[0][0]
    if field.has_default():
        return field.get_default()
    kind = field.get_internal_type()
    made = {
        "BooleanField": False,
        "DateTimeField": datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC),
        "DateField": datetime.date(2024, 5, 1),
        "BinaryField": number.to_bytes(4, "big"),
        "JSONField": {},
        "FloatField": 0.5,
        "ArrayField": [],
        "EmailField": f"x{number}@lezer.example",
        "UUIDField": None,
    }
    if kind in made:
        return made[kind]
    if "Integer" in kind:
        return 1 if field.unique is False else number
    if isinstance(field, models.CharField | models.TextField):
        return f"x{number}"[: field.max_length or None]
    return None


def fill(old):
    """One row in each table of ours, those that are pointed at first; gives their keys."""
    rows, left = {}, [model for model in old.get_models() if model._meta.app_label in OURS]
    while left:
        ready = [
            model for model in left
            if all(
                field.related_model._meta.label_lower in rows or field.related_model == model
                or field.null or field.related_model._meta.app_label not in OURS
                for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)
            )
        ]  # fmt: skip
        assert ready, left
        for model in ready:
            left.remove(model)
            row = model()
            for field in model._meta.concrete_fields:
                if field.primary_key and not isinstance(field, models.ForeignKey):
                    continue
                if (model._meta.label_lower, field.name) in LEFT_OUT:
                    continue
                made = value(field, rows)
                if isinstance(made, models.Model) or made is not None:
                    setattr(row, field.name, made)
            row.save(force_insert=True)
            rows[model._meta.label_lower] = row
    return rows


def main():
    """Go the whole way; an AssertionError or any other fault ends it."""
    executor = MigrationExecutor(connection)
    others = [key for key in executor.loader.graph.leaf_nodes() if key[0] not in OURS]
    executor.migrate([*RELEASE, *others])
    rows = fill(executor.loader.project_state([*RELEASE, *others]).apps)
    for path, about in QUEUED.items():
        DBTaskResult.objects.create(
            task_path=path, backend_name="default", run_after=None, priority=0,
            args_kwargs={"args": [getattr(rows.get(one), "pk", one) if isinstance(one, str) else one
                                  for one in about], "kwargs": {}},
        )  # fmt: skip
    call_command("migrate", verbosity=0)
    for label, row in rows.items():
        if label in DROPPED:
            continue
        model = apps.get_model(label)
        now = model._base_manager.get(pk=row.pk)
        kept = {field.attname for field in model._meta.concrete_fields}
        for field in row._meta.concrete_fields:
            if field.attname in kept and field.attname not in DERIVED:
                before, after = getattr(row, field.attname), getattr(now, field.attname)
                after = bytes(after) if isinstance(after, memoryview) else after
                if before != after:
                    print(f"{label}.{field.name}: {before!r} became {after!r}")
    from blog.management.commands.worker import LeasedWorker

    worker = LeasedWorker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="x" * 32, excluded_queue_names=[],
    )  # fmt: skip
    worker.hold_lease()
    super(LeasedWorker, worker).run()
    for task in DBTaskResult.objects.filter(task_path__in=QUEUED).exclude(status="SUCCESSFUL"):
        print(f"{task.task_path}: {task.status} {task.traceback}")
    print(f"{len(rows)} tables", file=sys.stderr)


if __name__ == "__main__":
    main()
