"""Account mails were tasks, whose arguments hold links that set passwords: those done are deleted."""

from typing import Any

from django.db import migrations


def forward(apps: Any, schema_editor: Any) -> None:
    tasks = apps.get_model("django_tasks_database", "DBTaskResult").objects
    done = tasks.filter(task_path="authors.tasks.mail_send").exclude(
        status__in=("READY", "RUNNING")
    )
    done.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("authors", "0006_account_mail"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop, elidable=True)]
