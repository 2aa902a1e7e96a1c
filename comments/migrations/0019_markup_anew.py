"""The worker renders stored comments anew: quotes, numbers of lists, faces and strike-through."""

import datetime
from typing import Any

from django.db import migrations
from django.utils import timezone

from comments.thread.rerendering import markup_renew

# By then the worker is one of this release: an older one would find nothing to render anew.
_LATER = datetime.timedelta(hours=1)


def forward(apps: Any, _schema_editor: Any) -> None:
    if apps.get_model("comments", "Comment").objects.exists():
        markup_renew.using(run_after=timezone.now() + _LATER).enqueue(0)


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0018_dutch_words"),
        ("django_tasks_database", "__latest__"),
    ]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop, elidable=True)]
