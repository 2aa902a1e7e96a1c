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
    from authors.account_mail import deliver
    from authors.models import AccountMail

    def run():
        for (number,) in AccountMail.objects.filter(state="queued").values_list("pk"):
            deliver.call(number)

    return run
