"""Mails get the kind that their event began with, in batches of their own."""

from typing import Any

from django.db import connections, migrations

BATCH = 5_000
KINDS = (
    "confirm", "follow", "join", "mine", "comment", "digest", "held", "decided", "credited",
    "report", "unposted", "unsure", "sample",
)  # fmt: skip
LAST = """
SELECT max(id) FROM (SELECT id FROM comments_delivery WHERE id > %s ORDER BY id LIMIT %s) AS batch
"""
FILL = """
UPDATE comments_delivery SET kind = split_part(event, ' ', 1)
WHERE id > %s AND id <= %s AND kind = '' AND split_part(event, ' ', 1) = ANY(%s)
"""


def forward(_apps: Any, schema_editor: Any) -> None:
    """Each batch commits by itself; what is broken off goes on with those that have none."""
    last = 0
    with connections[schema_editor.connection.alias].cursor() as cursor:
        while True:
            cursor.execute(LAST, [last, BATCH])
            [(end,)] = cursor.fetchall()
            if end is None:
                return
            cursor.execute(FILL, [last, end, list(KINDS)])
            last = end


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("comments", "0016_delivery_kind")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop, elidable=True)]
