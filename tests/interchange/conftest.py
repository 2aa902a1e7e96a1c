"""Runs the import commands as an owner would."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.fixture
def bring(tmp_path, db, media_root):
    """Writes what is given to a file and imports it; gives the printed report."""

    def run(content, *, command="import_wordpress", name="export.xml", **options):
        if isinstance(content, (str, bytes)):
            place = tmp_path / name
            data = content if isinstance(content, bytes) else content.encode()
            place.write_bytes(data)
        else:
            place = content
        out = StringIO()
        call_command(command, str(place), stdout=out, stderr=StringIO(), **options)
        return out.getvalue()

    return run


@pytest.fixture
def worker(db):
    """Sends the mails that wait for the worker."""
    from django_tasks_db.models import DBTaskResult

    from authors.tasks import mail_send

    def run():
        for task in DBTaskResult.objects.filter(status="READY", task_path__endswith="mail_send"):
            mail_send.func(*task.args_kwargs["args"])

    return run
