"""The worker renders stored comments anew: quotes, numbers of lists, faces and strike-through."""

from typing import Any

from django.db import migrations

from comments.thread.rerendering import markup_renew


def forward(apps: Any, _schema_editor: Any) -> None:
    if apps.get_model("comments", "Comment").objects.exists():
        markup_renew.enqueue(0)


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0018_dutch_words"),
        ("django_tasks_database", "__latest__"),
    ]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop, elidable=True)]
