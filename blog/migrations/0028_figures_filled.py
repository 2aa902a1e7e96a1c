"""Every text gets the numbers of its pictures, in batches of their own: readers go on meanwhile.

Broken off, it may run again.
"""

from typing import Any

from django.db import connections, migrations

_BATCH = 500
_LAST = """
SELECT max(id) FROM (SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT %s) AS batch
"""
_FILL = """
UPDATE {table} SET figures = ARRAY(
    SELECT DISTINCT number::bigint
    FROM regexp_matches(body_source, 'data-(?:image|gallery)="([0-9,]+)"', 'g') AS found,
         unnest(string_to_array(found[1], ',')) AS number
    WHERE number <> '' AND length(number) <= 18
    ORDER BY 1
)
WHERE id > %(after)s AND id <= %(last)s
    AND (body_source LIKE '%%data-image=%%' OR body_source LIKE '%%data-gallery=%%')
"""


def fill(_apps: Any, schema_editor: Any) -> None:
    """Store the numbers that each text names."""
    with connections[schema_editor.connection.alias].cursor() as cursor:
        for table in ("blog_article", "blog_page"):
            after = 0
            while True:
                cursor.execute(_LAST.format(table=table), [after, _BATCH])
                [(last,)] = cursor.fetchall()
                if last is None:
                    break
                cursor.execute(_FILL.format(table=table), {"after": after, "last": last})
                after = last


class Migration(migrations.Migration):
    """Fills the column that 0027 added."""

    atomic = False

    dependencies = [("blog", "0027_library")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
